"""What must hold in the database of an instance, whatever befell it; asked of the files, without the daemon."""

import pathlib
import shutil
import sqlite3

# What half a change would leave behind; each finds nothing in a whole state.
HALVES = {
    "an opportunity is claimed, and no claim is open":
        "SELECT id FROM opportunity WHERE state = 'claimed' AND NOT EXISTS ("
        " SELECT 1 FROM claim WHERE claim.opportunity = opportunity.id AND claim.ended_at IS NULL"
        "  AND claim.holder = opportunity.holder)",
    "a claim is open, and its opportunity is not claimed":
        "SELECT claim.opportunity FROM claim JOIN opportunity ON opportunity.id = claim.opportunity"
        " WHERE claim.ended_at IS NULL AND opportunity.state <> 'claimed'",
    "an opportunity is done, and no claim of it has ended by an outcome":
        "SELECT id FROM opportunity WHERE state = 'done' AND NOT EXISTS ("
        " SELECT 1 FROM claim JOIN outcome USING (opportunity, generation)"
        " WHERE claim.opportunity = opportunity.id AND claim.ended_how IN ('outcome', 'declined'))",
    "an outcome stands, and its opportunity is not done":
        "SELECT outcome.opportunity FROM outcome JOIN opportunity ON opportunity.id = outcome.opportunity"
        " WHERE opportunity.state <> 'done'",
    "a generation was counted without its event":
        "SELECT id FROM opportunity WHERE generation <> coalesce(("
        " SELECT max(generation) FROM desk_event WHERE desk_event.opportunity = opportunity.id), 0)"
        " AND generation <> 0 AND ended_at IS NULL",
    "an event has no row in the audit":
        "SELECT id FROM desk_event WHERE NOT EXISTS ("
        " SELECT 1 FROM audit WHERE audit.opportunity = desk_event.opportunity"
        "  AND audit.generation = desk_event.generation AND audit.action = desk_event.action AND result = 'ok')",
    "something is offered, and nobody is owed or was sent anything":
        "SELECT id FROM opportunity WHERE state = 'offered' AND shadow = 0 AND NOT EXISTS ("
        " SELECT 1 FROM announcement WHERE announcement.opportunity = opportunity.id)",
    "an announcement was accepted, and its mail was not":
        "SELECT announcement.id FROM announcement JOIN digest ON digest.id = announcement.digest"
        " WHERE announcement.state = 'accepted' AND digest.state <> 'accepted'",
    "a mail was accepted, and what it announced was not":
        "SELECT announcement.id FROM announcement JOIN digest ON digest.id = announcement.digest"
        " WHERE digest.state = 'accepted' AND announcement.state IN ('pending', 'bundled')",
    "something is in a mail without a link":
        "SELECT id FROM announcement WHERE state IN ('bundled', 'accepted') AND NOT EXISTS ("
        " SELECT 1 FROM link WHERE link.announcement = announcement.id)",
    "an offer is open of a job that its list lacks":
        "SELECT opportunity.id FROM opportunity JOIN job ON job.id = opportunity.trigger_job"
        " WHERE opportunity.state = 'waiting' AND job.gone IS NOT NULL",
    "an open opportunity has no job":
        "SELECT id FROM opportunity WHERE ended_at IS NULL AND NOT EXISTS ("
        " SELECT 1 FROM opportunity_job WHERE opportunity_job.opportunity = opportunity.id)",
}

# What an instance has come to, without instants, ids and what a second try may add.
ACCOUNT = {
    "jobs": "SELECT reference, type, status, closed IS NOT NULL, gone IS NOT NULL, area FROM job"
            " JOIN job_kind ON job_kind.id = job.kind",
    "opportunities": "SELECT address_key, state, offer, holder, generation FROM opportunity",
    "announcements": "SELECT address_key, recipient, channel, announcement.state, cause FROM announcement"
                     " JOIN opportunity ON opportunity.id = announcement.opportunity",
    "digests": "SELECT recipient, channel, state FROM digest",
    "notices": "SELECT recipient, channel, subject, state FROM notice",
    "claims": "SELECT address_key, claim.generation, claim.holder, ended_how FROM claim"
              " JOIN opportunity ON opportunity.id = claim.opportunity",
    "outcomes": "SELECT address_key, outcome.generation, kind, by FROM outcome"
                " JOIN opportunity ON opportunity.id = outcome.opportunity",
    "events": "SELECT address_key, desk_event.generation, actor, action FROM desk_event"
              " JOIN opportunity ON opportunity.id = desk_event.opportunity",
    "imports": "SELECT sha256 FROM import",
    "held": "SELECT sha256, trouble FROM held_list",
    "episodes": "SELECT trouble, ended IS NOT NULL FROM feed_episode",
    "matters": "SELECT kind, subject, ended IS NOT NULL FROM matter",
}


class Damaged(Exception):
    """The files are no whole database, or hold half a change."""


def copy_of(state, folder):
    """The database files as they lie there, for nobody else may open the daemon's. Answers the copy's path."""
    target = pathlib.Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for end in ("", "-wal"):
        kept = target / f"triaged.sqlite{end}"
        kept.unlink(missing_ok=True)
        source = pathlib.Path(state) / f"triaged.sqlite{end}"
        if source.exists():
            shutil.copyfile(source, kept)
    return target / "triaged.sqlite"


def opened(path):
    """A reader of a copy. Fails where there is none."""
    reader = sqlite3.connect(f"file:{path}?mode=rw", uri=True)
    # As the daemon does: no file beside it that tells connections of each other.
    reader.execute("PRAGMA locking_mode = EXCLUSIVE")
    return reader


def check(reader):
    """Raises `Damaged` with what is wrong."""
    try:
        (word,) = reader.execute("PRAGMA integrity_check(1)").fetchone()
        if word != "ok":
            raise Damaged(f"integrity_check: {word}")
        if reader.execute("PRAGMA foreign_key_check").fetchone():
            raise Damaged("a foreign key points nowhere")
        tables = {name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "outing" not in tables:
            return  # Of an older schema: the daemon migrates it at its start.
        for what, question in HALVES.items():
            if reader.execute(question).fetchone():
                raise Damaged(what)
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from error


# Each does a change by half; `check` must see it.
TAMPERINGS = [
    "DELETE FROM claim", "UPDATE opportunity SET generation = generation + 1 WHERE state = 'claimed'",
    "UPDATE opportunity SET state = 'offered', holder = NULL, claimed_at = NULL WHERE state = 'claimed'",
    "UPDATE digest SET state = 'deferred', accepted_at = NULL", "DELETE FROM link", "DELETE FROM announcement",
    "DELETE FROM opportunity_job", "UPDATE announcement SET state = 'bundled' WHERE state = 'accepted'",
    "UPDATE job SET kind = 0",
]


def self_test(path):
    """Shows, on a copy of an instance with one claim, that `check` finds what is done by half."""
    reader = opened(path)
    check(reader)
    reader.isolation_level = None
    for tampering in TAMPERINGS:
        reader.execute("BEGIN")
        if not reader.execute(tampering).rowcount:
            raise SystemExit(f"the self test of the oracle changes nothing: {tampering}")
        try:
            check(reader)
        except Damaged:
            reader.execute("ROLLBACK")
            continue
        raise SystemExit(f"the oracle sees nothing wrong after: {tampering}")
    reader.close()


def account(reader):
    """By table, what there is, sorted."""
    return {what: sorted(reader.execute(question).fetchall(), key=repr) for what, question in ACCOUNT.items()}


def differences(wanted, found):
    """What is there too much and what is missing, in a few words."""
    words = []
    for what in wanted:
        missing = [row for row in wanted[what] if row not in found[what]]
        beyond = [row for row in found[what] if row not in wanted[what]]
        if missing or beyond or len(wanted[what]) != len(found[what]):
            words.append(f"{what}: {len(wanted[what])} wanted, {len(found[what])} found;"
                         f" missing {missing[:3]}, beyond {beyond[:3]}")
    return "; ".join(words)


__all__ = ["Damaged", "account", "check", "copy_of", "differences", "opened", "self_test"]
