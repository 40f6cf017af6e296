"""kill -9 at random moments under a running list drop.

Shows: nothing lost (every in-area job of every list is in the database, every opportunity was
announced), no opportunity twice (one open one an address, one Message-ID an announcement), and every
duplicate mail bears the Message-ID of its twin.
"""

import argparse
import asyncio
import collections
import email
import pathlib
import random
import sqlite3
import tempfile
import time

from aiosmtpd.controller import Controller

from field import Field, free_port, links_in, pause, row, wait_for


class Post:
    """A relay that takes everything, slowly enough that a kill can fall into a delivery."""

    def __init__(self, seed):
        self.mails = []
        self.answering = False
        self.random = random.Random(seed)

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos[0], envelope.content))
        # Taken, and the answer is still to come: the moment in which a duplicate is owed.
        self.answering = True
        await asyncio.sleep(self.random.choice([0, 0, 0.02, 0.1]))
        self.answering = False
        return "250 taken"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--longest", type=float, default=0.7, help="seconds until a kill, at most")
    options = options.parse_args()
    dice = random.Random(options.seed)

    post = Post(options.seed)
    relay = Controller(post, hostname="127.0.0.1", port=free_port())
    relay.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            field = Field(
                pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"],
                smtp_port=relay.port)
            run(field, post, dice, options)
    finally:
        relay.stop()


def run(field, post, dice, options):
    rows = {}
    moments = collections.Counter()
    for number in range(options.kills):
        # Each list is the one before, a few jobs more and one changed: a snapshot.
        for _ in range(dice.randint(1, 3)):
            reference = f"SS{len(rows):06d}"
            rows[reference] = row(reference, len(rows) + 1, street="Pipit Lane")
        changed = dice.choice(list(rows))
        rows[changed][6] = dice.choice(["Open", "Pending", "Assigned"])
        field.put_list(f"list-{number:05d}.csv", rows.values())
        accepted = len(post.mails)
        field.start()
        # Most kills fall into the first tenths of a second: start, poll, delivery.
        pause(dice.uniform(0.02, dice.choice([0.15, 0.25, options.longest])))
        if field.process.poll() is not None:
            raise SystemExit("the daemon ended by itself:\n" + field.log.read_text()[-3000:])
        moments[moment(post, accepted)] += 1
        field.kill()

    # Left alone it must come to rest: every list taken, and no mail for a while.
    field.start()
    field.wait_until_ready()
    quiet = {"mails": -1, "since": 0.0}

    def at_rest():
        if list(field.drop.glob("*.csv")) or len(post.mails) != quiet["mails"]:
            quiet.update(mails=len(post.mails), since=time.monotonic())
        return time.monotonic() - quiet["since"] > 3

    wait_for("everything to be read and delivered", at_rest, 120)
    code = field.stop()
    judge(field.state / "triaged.sqlite", rows, post, field, code, moments, options)


def moment(post, accepted):
    if post.answering:
        return "while a mail was being accepted"
    return "after a mail" if len(post.mails) > accepted else "before any mail"


def judge(database, rows, post, field, code, moments, options):
    faults = []
    reader = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    if reader.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        faults.append("the database is damaged")
    stored = {reference for (reference,) in reader.execute("SELECT reference FROM job")}
    lost = set(rows) - stored
    if lost:
        faults.append(f"{len(lost)} jobs lost")
    twice = reader.execute(
        "SELECT count(*) FROM (SELECT address_key FROM opportunity WHERE state IN"
        " ('waiting', 'offered', 'claimed') GROUP BY address_key HAVING count(*) > 1)"
    ).fetchone()[0]
    made = reader.execute("SELECT count(*) FROM opportunity").fetchone()[0]
    if twice or made != len(rows):
        faults.append(f"{made} opportunities for {len(rows)} addresses, {twice} open ones twice")
    announced = reader.execute(
        "SELECT count(*) FROM announcement WHERE state = 'accepted'").fetchone()[0]
    if announced != len(rows):
        faults.append(f"{announced} announcements accepted for {len(rows)} opportunities")

    mails = [(email.message_from_bytes(content), content.decode()) for _, content in post.mails]
    ids = collections.Counter(message["Message-ID"] for message, _ in mails)
    digests = {
        name for (name,) in reader.execute("SELECT id FROM digest WHERE state = 'accepted'")
    }
    unknown = [name for name in ids if name.strip("<>").split("@")[0] not in digests]
    if unknown:
        faults.append(f"{len(unknown)} Message-IDs that no digest has")
    missing = digests - {name.strip("<>").split("@")[0] for name in ids}
    if missing:
        faults.append(f"{len(missing)} digests marked accepted that never came")
    in_mail = collections.defaultdict(set)
    for message, text in mails:
        for link in links_in(text):
            in_mail[link].add(message["Message-ID"])
    if len(in_mail) != len(rows):
        faults.append(f"{len(in_mail)} links in mails for {len(rows)} opportunities")
    spread = sum(1 for names in in_mail.values() if len(names) > 1)
    if spread:
        faults.append(f"{spread} opportunities came under two Message-IDs")
    if code != 0:
        faults.append(f"SIGTERM ended with {code}")

    duplicates = sum(count - 1 for count in ids.values())
    print(
        f"{options.kills} kills ({', '.join(f'{n} {k}' for k, n in sorted(moments.items()))}); "
        f"{len(rows)} jobs, {made} opportunities, {len(mails)} mails, "
        f"{duplicates} duplicates, all with the Message-ID of their twin: {not spread}")
    if faults:
        print(field.log.read_text()[-4000:])
        raise SystemExit("FAULTS: " + "; ".join(faults))
    print("nothing lost, nothing twice")


main()
