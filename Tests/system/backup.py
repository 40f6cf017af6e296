"""Backups of a running daemon under load, each put back in a state folder of its own and looked into.

Lists come all the while and claims are pressed one after the other. Shows, of every backup: SQLite finds nothing wrong
with it; every claim that was acknowledged before it was begun is in it; `triaged restore` takes it within a minute; and
the daemon's answers did not wait for it.
"""

import argparse
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time

from field import Field, Forms, links_in, path_of, request, row, wait_for

# Seconds that a claim may take beside a backup and a list.
SLOWEST_CLAIM = 5


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--backups", type=int, default=100)
    options.add_argument("--claims", type=int, default=0, help="claims in all; as a rule two for each backup")
    options = options.parse_args()
    claims = options.claims or max(20, 2 * options.backups)
    with tempfile.TemporaryDirectory() as folder:
        field = Field(
            pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"], capacity=claims + 50)
        run(field, options.backups, claims, pathlib.Path(folder) / "restored")


def run(field, backups, claims, restored):
    rows = [row(f"SS{n:05d}", n + 1, street="Pipit Lane") for n in range(claims)]
    field.put_list("list-00000.csv", rows)
    field.start()
    field.wait_until_ready()
    wait_for("the mails", lambda: len(links(field)) >= claims, 300)
    load = Load(field, rows, links(field))
    load.start()
    faults = []
    slowest_backup = slowest_restore = 0.0
    try:
        for number in range(backups):
            before = set(load.acknowledged)
            started = time.monotonic()
            made = triaged(field, "backup", "--json")
            slowest_backup = max(slowest_backup, time.monotonic() - started)
            path = json.loads(made)["file"]
            started = time.monotonic()
            faults += [f"backup {number}: {fault}" for fault in look(field, path, before, restored)]
            slowest_restore = max(slowest_restore, time.monotonic() - started)
            pathlib.Path(path).unlink()
    finally:
        load.stop()
    wait_for("the last list", lambda: not list(field.drop.glob("*.csv")), 120)
    if field.stop() != 0:
        faults.append("SIGTERM did not end the daemon well")
    if load.trouble:
        faults.append(f"a claim failed: {load.trouble}")
    if not load.lists or len(load.acknowledged) < min(backups, claims):
        faults.append(f"there was no load: {len(load.acknowledged)} claims and {load.lists} lists")
    if load.slowest > SLOWEST_CLAIM:
        faults.append(f"a claim waited {load.slowest:.1f} s")
    if slowest_restore > 60:
        faults.append(f"a restore took {slowest_restore:.0f} s")
    print(
        f"{backups} backups under load: {len(load.acknowledged)} claims and {load.lists} lists meanwhile, a backup took "
        f"{slowest_backup:.2f} s at most, putting it back {slowest_restore:.2f} s, a claim {load.slowest:.2f} s")
    if faults:
        print(field.log.read_text()[-3000:])
        raise SystemExit("FAULTS: " + "; ".join(faults))
    print("every backup whole, every acknowledged claim in it")


def triaged(field, *arguments, state=None):
    done = subprocess.run(
        [str(field.triaged), *arguments, "--config", str(field.config), "--state", str(state or field.state)],
        capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise SystemExit(f"{arguments}: {done.stdout}{done.stderr}\n{field.log.read_text()[-3000:]}")
    return done.stdout


def look(field, path, before, state):
    shutil.rmtree(state, ignore_errors=True)
    triaged(field, "restore", path, state=state)
    faults = []
    reader = sqlite3.connect(f"file:{state}/triaged.sqlite?mode=ro", uri=True)
    if reader.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        faults.append("damaged")
    if reader.execute("PRAGMA foreign_key_check").fetchone():
        faults.append("a row refers to nothing")
    held = {
        address.split(" ")[0]
        for (address,) in reader.execute(
            "SELECT address FROM opportunity JOIN claim ON claim.opportunity = opportunity.id"
            " WHERE claim.ended_at IS NULL")
    }
    reader.close()
    lost = before - held
    if lost:
        faults.append(f"{len(lost)} acknowledged claims lost")
    return faults


def links(field):
    found = set()
    for mail in field.mails():
        found.update(links_in(mail.read_text()))
    return sorted(found)


class Load(threading.Thread):
    """Presses one claim after the other, and puts a list between them."""

    def __init__(self, field, rows, links):
        super().__init__(daemon=True)
        self.field, self.rows, self.links = field, rows, links
        self.acknowledged = []
        self.lists = 0
        self.slowest = 0.0
        self.trouble = None
        self.ends = threading.Event()

    def stop(self):
        self.ends.set()
        self.join(60)

    def run(self):
        try:
            for link in self.links:
                if self.ends.is_set():
                    return
                self.claim(link)
                self.change_list()
                self.ends.wait(0.05)
            while not self.ends.wait(0.1):
                self.change_list()
        except BaseException as trouble:  # told by the main thread
            self.trouble = repr(trouble)

    def claim(self, link):
        _, page = request(self.field.port, "GET", path_of(link))
        form = Forms(page).ending("/claim")
        pressed = time.monotonic()
        status, page = request(
            self.field.port, "POST", path_of(form["action"]), {**form["fields"], "member": "bob"})
        self.slowest = max(self.slowest, time.monotonic() - pressed)
        if status != 200:
            raise SystemExit(f"a claim was answered with {status}")
        self.acknowledged.append(re.search(r"(\d+) Pipit Lane", page)[1])

    def change_list(self):
        """One list at a time: a round that has begun reads all that lie there, and shutdown waits for it."""
        if list(self.field.drop.glob("*.csv")):
            return
        self.lists += 1
        self.rows[self.lists % len(self.rows)][6] = ["Open", "Pending", "Assigned"][self.lists % 3]
        self.field.put_list(f"list-{self.lists:05d}.csv", self.rows)


main()
