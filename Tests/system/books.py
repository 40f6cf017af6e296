"""Runs every command of the books on a small installation, and holds the rest of the pages to what there is.

    books.py --triaged PROGRAM [--page docs/backup.md] [--verbose]

Every command line of README.md, CONTRIBUTING.md and docs is run by a shell and has to end with 0, but for those of GUIDES and
those that CASES and ELSEWHERE name, with the reason. What a page shows as printed has to be printed, numbers and names of files
apart. A command that is in no page any more may be in neither list. Verbs in running text have to exist with their options, links
and paths have to lead somewhere, and each feed and channel file of a page has to be accepted (book_files.py).
"""

import argparse
import concurrent.futures
import contextlib
import dataclasses
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from book_files import check_channels, check_feeds
from book_words import check_links, check_mentions, check_paths, make_targets
from bookshelf import GUIDES, commands, pages
from field import ROOT
from installation import Installation

# When a command is run: while all is well (page beside page); after that where it takes away what others look for; when a mail
# was refused; when everything waits for a word at once; or at the end, around a stop.
WELL, TAKING, REFUSED, TROUBLED, STOPPED = "well", "taking", "refused", "troubled", "stopped"


@dataclasses.dataclass(frozen=True)
class Case:
    """What a command wants that is not run as it stands while all is well, ending with 0."""

    why: str
    when: str = WELL
    code: int = 0
    # Words of the page, and what stands in their place here: asked of the installation at the time.
    put: dict = dataclasses.field(default_factory=dict)
    before: object = None
    after: object = None
    # In place of running it.
    instead: object = None


def later(installation):
    """A day that is still to come, whenever the test runs."""
    return (datetime.date.today() + datetime.timedelta(days=9)).isoformat()


def without_feed(installation):
    """Where the page's `config` is, another one for this command."""
    link = installation.desk("docs/commands.md") / "config"
    link.unlink()
    (link / "feeds").mkdir(parents=True)


def with_feed(installation):
    link = installation.desk("docs/commands.md") / "config"
    shutil.rmtree(link)
    link.symlink_to(installation.config)


def make_key(installation):
    done = installation.run(
        "gpg --batch --quiet --passphrase '' --quick-generate-key backup@example.org", installation.folder)
    if done.returncode != 0:
        raise SystemExit(f"no key for gpg: {done.stderr}")


CASES = {
    'echo "whsec_$(openssl rand -base64 32)" | install -m 0640 -g triaged-read /dev/stdin /etc/triaged/webhook-secret': Case(
        "the group is the package's", put={"-g triaged-read ": lambda installation: ""}),
    "triaged preview list.xlsx --write-feed config/feeds/street-scene.yaml": Case(
        "a file that is there is not overwritten", before=without_feed, after=with_feed),
    'triaged pause --area new-cross --why "On a course" --until 2026-12-01': Case(
        "a pause ends on a day to come; others claim meanwhile", TAKING, put={"2026-12-01": later}),
    "triaged resume --area new-cross": Case("behind the pause", TAKING),
    "triaged run --config config --state DIR": Case(
        "it goes on; the installation's own daemon is started so", instead=Installation.demand_started_so),
    "triaged links revoke --opportunity 12": Case("one that somebody has", put={"12": Installation.claim}),
    "triaged links revoke --recipient ann": Case("others want links meanwhile", TAKING),
    "triaged links revoke --all": Case("the same", TAKING),
    'triaged pause --why "Looking into a lost phone"': Case(
        "others want mails meanwhile", TAKING, after=lambda here: here.says("resume")),
    "triaged claims release 12": Case("one that somebody holds", put={"12": Installation.claim}),
    "triaged audit verify --head 3b5d5c3712955042": Case(
        "the head of this installation", put={"3b5d5c3712955042": lambda here: here.answer("status")["audit"]["head"]}),
    'triaged audit acknowledge --row 17 --note "The disk failed on 3 May; see incident 22/117"': Case(
        "a whole audit has nothing to acknowledge", code=1),
    "gpg --export --armor backup@example.org > triaged-backup.asc": Case("a key to export", before=make_key),
    'triaged subject erase --address "12 Mill Lane" --postcode "NG17 9CM" --yes': Case("another page asks for that address", TAKING),
    "triaged feeds accept street-scene --list 3f2a9b1c": Case(
        "a list that is held", TROUBLED, put={"3f2a9b1c": lambda here: here.accepting("feeds")}),
    "triaged areas accept 3f2a9b1c": Case(
        "a slip that waits", TROUBLED, put={"3f2a9b1c": lambda here: here.accepting("areas")}),
    "docs/register.md: triaged status": Case(
        "a register that has lost most of its entries", TROUBLED, code=1, before=lambda here: here.accepting("register")),
    "triaged register accept 2": Case("the same", TROUBLED, put={" 2": lambda here: " " + here.accepting("register")}),
    "docs/outbox.md: triaged outbox list, and what it prints": Case("a mail that was refused", REFUSED, code=1),
    "docs/operations.md: triaged reload, and what it prints": Case(
        "a team's file with a mistake", TROUBLED, code=1, before=Installation.spoil_team, after=Installation.mend_team),
    "systemctl stop triaged": Case("no systemd here", STOPPED, instead=Installation.stop),
    "triaged restore /var/lib/triaged/backups/triaged-20261122T021500Z.sqlite": Case(
        "a backup of today", STOPPED,
        put={"/var/lib/triaged/backups/triaged-20261122T021500Z.sqlite": Installation.newest_backup}),
    "systemctl start triaged": Case(
        "no systemd here", STOPPED, instead=lambda here: (here.start(), here.wait_until_ready())),
    "mkdir -m 700 drill": Case("the drill comes behind the restore", STOPPED),
    "triaged restore triaged-20261122T021500Z.sqlite --state $PWD/drill": Case(
        "a backup of today", STOPPED, put={"triaged-20261122T021500Z.sqlite": Installation.newest_backup}),
    "sqlite3 drill/triaged.sqlite 'SELECT count(*) FROM job'": Case("behind the restore", STOPPED),
    "rm -r drill": Case("behind the restore", STOPPED),
}

PLAIN = Case("")

JOURNAL = "it wants systemd's journal: package.py runs it in a booted machine"
MAP = "it wants a download of the Office for National Statistics, which is not in the repository"
# What is not run here, and why. `make TARGET` is looked up in the Makefile.
ELSEWHERE = {
    "journalctl -u triaged -p warning --since -2h": JOURNAL,
    "journalctl -u triaged TRIAGED_FEED=street-scene": JOURNAL,
    "journalctl -u triaged -p warning --since today": JOURNAL,
    "journalctl -u triaged -x": JOURNAL,
    'scripts/make_pilot_area.py ashfield-output-areas.geojson --id new-cross --name "New Cross" --easting 450000 --northing 359000 '
    "--hectares 40 --output config/areas/new-cross.geojson": MAP,
    'scripts/make_pilot_area.py ashfield-output-areas.geojson --id stanton-hill --name "Stanton Hill" --easting 448400 '
    "--northing 360500 --hectares 32 --output config/areas/stanton-hill.geojson": MAP,
}


def machine_commands():
    """What package.py runs in a booted machine."""
    return [text for text, why in ELSEWHERE.items() if why == JOURNAL]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True, type=pathlib.Path)
    options.add_argument("--page", help="the commands of this page alone")
    options.add_argument("--verbose", action="store_true")
    options = options.parse_args()
    texts = pages()
    told = json.loads(subprocess.run(
        [options.triaged, "--experimental-dump-help"], capture_output=True, check=True, text=True).stdout)["command"]
    problems = [*check_links(texts), *check_paths(texts), *check_mentions(texts, told)]
    given = [command for page, text in texts.items() if page not in GUIDES for command in commands(page, text)]
    problems += stale(given)
    given = [command for command in given if options.page in (None, command.page)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, relay(folder) as port:
        here = Installation(options.triaged.resolve(), pathlib.Path(folder) / "i", port)
        try:
            here.begin()
            problems += [*perform(here, given, options.verbose), *check_feeds(texts, here), *check_channels(texts, here)]
        except SystemExit:
            print(here.log.read_text()[-6000:])
            raise
        finally:
            here.stop()
    for problem in problems:
        print(problem)
    print(f"{len(given)} commands of {len({command.page for command in given})} pages, in {time.monotonic() - began:.0f} s")
    sys.exit(1 if problems else 0)


@contextlib.contextmanager
def relay(folder):
    """A relay that knows no mailbox; gives its port."""
    words = [folder, "rcpt:550 5.1.1 <ann@example.org> no mailbox here", "--tls", "none"]
    process = subprocess.Popen(
        [sys.executable, ROOT / "Tests/smtp_server.py", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield json.loads(process.stdout.readline())["port"]
    finally:
        process.communicate()


def name_of(command):
    return f"{command.page}: {command.text}" + (", and what it prints" if command.shown else "")


def case_of(command):
    return CASES.get(name_of(command)) or CASES.get(command.text) or PLAIN


def is_same(one, other):
    """What one page says as another does is run once, where nothing of it depends on files that the page names."""
    return one.text == other.text and case_of(one) is case_of(other) and not one.shown and "--html" not in one.text


def stale(given):
    """What the lists name that no page has."""
    known = {command.text for command in given} | {name_of(command) for command in given}
    for name in [*CASES, *ELSEWHERE]:
        if name not in known:
            yield f"{name}: is in no page, so the list in books.py is out of date"


def perform(here, given, verbose):
    """Runs them all; gives what went wrong."""
    targets = make_targets()
    runs = []
    for command in given:
        words = command.text.split()
        if words[0] == "make":
            if not set(words[1:]) <= targets:
                yield f"{command}: the Makefile has no such target"
        elif command.text not in ELSEWHERE and not any(is_same(command, other) for other, _ in runs):
            runs.append((command, case_of(command)))
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        pages_of = {}
        for command, case in runs:
            if case.when == WELL:
                pages_of.setdefault(command.page, []).append((command, case))
        for problems in pool.map(lambda those: [*each(here, those, verbose)], pages_of.values()):
            yield from problems
    for when, prepare in [
        (TAKING, None), (REFUSED, here.have_mail_refused), (TROUBLED, here.get_into_trouble), (STOPPED, None),
    ]:
        those = [(command, case) for command, case in runs if case.when == when]
        if prepare and those:
            prepare()
        yield from each(here, those, verbose)


def each(here, those, verbose):
    for command, case in those:
        yield from run(here, command, case, verbose)


def run(here, command, case, verbose):
    began = time.monotonic()
    if case.before:
        case.before(here)
    text = command.text
    for word, value in case.put.items():
        text = text.replace(word, str(value(here)))
    if case.instead:
        case.instead(here)
    else:
        done = here.run(text, here.desk(command.page))
        if done.returncode != case.code:
            yield f"{command}: ended with {done.returncode}, not {case.code}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"
        yield from lacking(here, command, done.stdout + done.stderr)
    if case.after:
        case.after(here)
    if verbose:
        print(f"{time.monotonic() - began:5.1f} s  {command}", flush=True)


def lacking(here, command, said):
    """Lines that the page shows and that were not printed so."""
    said = said.replace(str(here.config), "/etc/triaged").replace("127.0.0.1", "smtp.example.org")
    printed = {shape(line) for line in said.splitlines()}
    for line in command.shown:
        if shape(line) not in printed:
            yield f"{command}: the page shows '{line}', and this was printed:\n{said}"


def shape(line):
    """A line with every number, digest and identifier made alike."""
    line = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{8,64}\b", "#", line)
    return re.sub(r"\d+", "0", line).strip()


if __name__ == "__main__":
    main()
