"""A database that is damaged, or that another process holds: the daemon does not start on it, and says what to do.

    damage.py --triaged PROGRAM [--damages 1000] [--seed 1]

Each damage is of a copy of the database of an instance that was killed, with its log: some bytes of a page by chance, a
whole page, a page in the place of another, an end that is missing, or a log whose end is torn or spoilt. Where SQLite's
integrity_check, asked by this script, finds a fault, or finds none and the file is not one of this version's any more (its
application_id or the name of a step of its schema was hit), the daemon must end with an error that names the file and
speaks of a backup, and leave every byte as it was; it may never make a new database in its place. Where it finds none (a
free page, a torn log that is read to its last whole commit) it starts. And another process that holds the file, before the start or while the daemon runs, changes nothing.
"""

import argparse
import collections
import hashlib
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from field import Field, request, row, wait_for
from oracle import copy_of, opened
from scenarios import quiet

PAGE = 16384


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--damages", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        field = Field(pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"])
        field.put_list("list.csv", [row(f"SS{at:06d}", at, street="Pipit Lane") for at in range(1, 120)])
        assert run(field)[0] == 0
        leave_a_log(field)
        told = damages(field, pathlib.Path(folder) / "good", random.Random(options.seed), options)
        held(field)
    refused, started = told["refused"], told["started"]
    print(
        f"{options.damages} damages, seed {options.seed}: {refused} found and refused with the file left as it was,"
        f" {started} of what SQLite finds no fault with; none started on silently, none replaced")
    print("a database that another process holds is not started on, and one that the daemon holds is nobody else's")


def leave_a_log(field):
    """As a kill does: the newest changes are in the log alone."""
    field.start()
    field.wait_until_ready()
    field.put_list("list-2.csv", [row(f"SS{at:06d}", at, street="Pipit Lane") for at in range(1, 125)])
    wait_for("the second list", lambda: not list(field.drop.glob("*.csv")) and len(field.mails_with_links()) > 1)
    field.kill()
    # What no copy can be made of, and no start needs.
    (field.state / "admin.sock").unlink(missing_ok=True)
    if not (field.state / "triaged.sqlite-wal").stat().st_size:
        raise SystemExit("the killed daemon has left no log")


def run(field):
    done = subprocess.run(
        [field.triaged, "run", "--once", "--config", str(field.config), "--state", str(field.state)],
        capture_output=True, text=True, env=quiet(), timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def damages(field, good, dice, options):
    database = field.state / "triaged.sqlite"
    shutil.copytree(field.state, good, symlinks=True)
    sound = look(good, good.parent / "look")
    if not sound:
        raise SystemExit("FAULT: the database is damaged before any damage was done")
    told = collections.Counter()
    for number in range(options.damages):
        shutil.rmtree(field.state)
        shutil.copytree(good, field.state, symlinks=True)
        what = spoil(database, dice)
        before = fingerprint(field.state)
        fate = judged(look(field.state, good.parent / "look"), sound)
        code, words = run(field)
        where = f"damage {number} ({what})"
        if code < 0:
            raise SystemExit(f"FAULT: {where}: signal {-code} ended the daemon")
        if fate == "either":
            told[fate] += 1
            continue
        if fate == "started":
            if code != 0:
                raise SystemExit(f"FAULT: {where}: SQLite finds no fault, and the daemon ended with {code}: {words[-500:]}")
            told["started"] += 1
            continue
        if code == 0:
            raise SystemExit(f"FAULT: {where}: it is damaged or another's, and the daemon started")
        if str(database) not in words or "restore" not in words:
            raise SystemExit(f"FAULT: {where}: what it says does not help: {words[-500:]}")
        if fingerprint(field.state) != before:
            raise SystemExit(f"FAULT: {where}: the damaged file was changed")
        told["refused"] += 1
    shutil.rmtree(field.state)
    shutil.copytree(good, field.state, symlinks=True)
    if not told["refused"] or not told["started"]:
        raise SystemExit(f"FAULT: the damages are all of one kind: {dict(told)}")
    return told


def spoil(database, dice):
    kind = dice.choice(["bytes", "bytes", "bytes", "page", "other page", "end", "zeros", "torn log", "spoilt log"])
    if kind.endswith("log"):
        return spoil_log(pathlib.Path(f"{database}-wal"), kind, dice)
    content = bytearray(database.read_bytes())
    pages = len(content) // PAGE
    page = dice.randrange(pages)
    start = page * PAGE
    if kind == "bytes":
        for _ in range(dice.choice([1, 4, 64])):
            content[start + dice.randrange(PAGE)] = dice.randrange(256)
    elif kind == "page":
        content[start : start + PAGE] = dice.randbytes(PAGE)
    elif kind == "other page":
        other = dice.randrange(pages) * PAGE
        content[start : start + PAGE] = content[other : other + PAGE]
    elif kind == "zeros":
        content[start : start + PAGE] = bytes(PAGE)
    else:
        del content[dice.randrange(len(content)) :]
    database.write_bytes(content)
    return f"{kind}, page {page}"


def spoil_log(log, kind, dice):
    content = bytearray(log.read_bytes())
    at = dice.randrange(len(content))
    if kind == "torn log":
        del content[at:]
    else:
        content[at] ^= dice.randrange(1, 256)
    log.write_bytes(content)
    return f"{kind}, byte {at}"


def fingerprint(state):
    """Of what is the database's; its lock is written at every start."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(state.glob("triaged.sqlite*"))
            if not path.name.endswith((".lock", "-shm")) and path.stat().st_size}


def judged(found, sound):
    """What must become of a start. The words of the schema are no part of what the daemon holds a file against: with another
    trigger that SQLite can read it may start, and may meet it later."""
    if not found or (found["application"], found["steps"]) != (sound["application"], sound["steps"]):
        return "refused"
    return "started" if found["schema"] == sound["schema"] else "either"


def look(state, folder):
    """Whose the database is and of which schema; None where integrity_check finds a fault. By a copy, which looking may change."""
    database = copy_of(state, folder)
    if database.stat().st_size == 0:
        return None
    try:
        reader = opened(database)
        try:
            if reader.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                return None
            return {
                "application": reader.execute("PRAGMA application_id").fetchone()[0],
                "steps": reader.execute("SELECT identifier FROM grdb_migrations ORDER BY 1").fetchall(),
                "schema": reader.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall(),
            }
        finally:
            reader.close()
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None


def held(field):
    database = field.state / "triaged.sqlite"
    other = sqlite3.connect(database, isolation_level=None, timeout=0)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    code, words = run(field)
    if code <= 0 or str(database) not in words:
        raise SystemExit(f"FAULT: with the file in another's hands the daemon ended with {code}: {words[-500:]}")
    if time.monotonic() - began > 30:
        raise SystemExit("FAULT: the daemon waited longer than 30 s for a file in another's hands")
    other.execute("ROLLBACK")
    other.close()
    field.start()
    try:
        field.wait_until_ready()
        for question in ("SELECT count(*) FROM job", "BEGIN IMMEDIATE", "DELETE FROM job"):
            other = sqlite3.connect(database, isolation_level=None, timeout=0)
            try:
                other.execute(question).fetchall()
            except sqlite3.OperationalError:
                pass
            else:
                raise SystemExit(f"FAULT: beside a daemon another process could do: {question}")
            finally:
                other.close()
        status, text = request(field.port, "GET", "/readyz")
        if "database" in text and status != 200 and "cannot be written" in text:
            raise SystemExit(f"FAULT: another process that asked for the file disturbs the daemon: {text}")
    finally:
        code = field.stop()
    if code != 0:
        sys.exit(f"FAULT: SIGTERM ended it with {code}")


main()
