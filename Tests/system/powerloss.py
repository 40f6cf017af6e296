"""The power goes: every sync of a busy day is a moment at which it may, and the disk may hold many things then.

    powerloss.py --triaged PROGRAM [--rounds 40] [--states 12000] [--seed 1] [--daemon 60]

A daemon lives through some rounds with faults.c under it: lists come, mails go out, people claim, give back, undo and
record outcomes, and it is killed and stopped between. All that it writes, syncs, renames and removes is recorded, and, in
the same order, what others were told: a press that was answered with 200, a mail that was taken, a list that was
dropped. Then crashes.py works out what a disk may hold before each sync, and at moments between, and each such disk is
opened by SQLite: whole, no change by half, and all that anybody was told by then is there. Some of them are given
to the daemon itself, which must start on them, read what is to be read, and lose nothing.
"""

import argparse
import asyncio
import collections
import csv
import hashlib
import io
import json
import multiprocessing
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time

from aiosmtpd.controller import Controller

from crashes import Choice, Disk, Entry, Kind, folder_of, read_record
from field import Field, Forms, HEADER, free_port, links_in, path_of, pause, request, row, wait_for
from oracle import Damaged, check, opened
from scenarios import quiet

ANSWERS = {"kind": {"kind": "no_thank_you"}, "known": {"known": "no"}}


class Recorder:
    """The harness's own entries in the record of the daemon."""

    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, entry):
        os.write(self.file, entry.packed())

    def note(self, **what):
        self.add(Entry(Kind.NOTE, path=json.dumps(what)))


class Post:
    """Takes every mail, and writes down that it has."""

    def __init__(self, recorder):
        self.recorder, self.mails = recorder, []

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode()
        name = re.search(r"(?im)^Message-ID:\s*<([^@>]+)@", text)[1]
        self.recorder.note(told="mail", id=name)
        self.mails.append(text)
        await asyncio.sleep(0)
        return "250 taken"


class Day:
    """What happens while it is recorded."""

    def __init__(self, field, post, recorder, library, record, dice):
        self.field, self.post, self.recorder, self.dice = field, post, recorder, dice
        self.environment = {
            "LD_PRELOAD": str(library), "FAULTS_UNDER": f"{field.state}:{field.drop}", "FAULTS_RECORD": str(record)}
        self.rows, self.held, self.told = [], {}, collections.Counter()

    def start(self):
        with open(self.field.log, "ab") as journal:
            self.field.process = subprocess.Popen(
                [self.field.triaged, "run", "--config", str(self.field.config), "--state", str(self.field.state)],
                stdout=journal, stderr=journal, env=quiet(self.environment))
        self.field.wait_until_ready()

    def put_list(self, number):
        """As a sender does whose own disk is sure: from here on the list is in the folder."""
        for _ in range(self.dice.randint(1, 3)):
            at = len(self.rows) + 1
            self.rows.append(row(f"SS{at:06d}", at, street="Pipit Lane"))
        changed = self.dice.choice(self.rows)
        changed[6] = self.dice.choice(["Open", "Pending", "Assigned"])
        name = f"list-{number:04d}.csv"
        part, whole = self.field.drop / f".{name}.part", self.field.drop / name
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(HEADER)
        writer.writerows(self.rows)
        part.write_text(text.getvalue())
        inode = part.stat().st_ino
        for entry in (
            Entry(Kind.CREATE, inode, path=str(part)), Entry(Kind.WRITE, inode, 0, str(part), data=part.read_bytes()),
            Entry(Kind.SYNC, inode, path=str(part)), Entry(Kind.RENAME, path=str(part), other=str(whole)),
            Entry(Kind.SYNC_FOLDER, path=str(self.field.drop)),
        ):
            self.recorder.add(entry)
        self.recorder.note(
            told="list", name=str(whole), references=[line[0] for line in self.rows],
            sha256=hashlib.sha256(part.read_bytes()).hexdigest())
        part.rename(whole)

    def links(self):
        return [link for text in self.post.mails for link in links_in(text)]

    def press(self, link, form, extra=None):
        """Sends a form; what is answered with 200 is written down as told."""
        status, page = request(
            self.field.port, "POST", path_of(form["action"]), {**form["fields"], **(extra or {})})
        if status == 200:
            self.recorder.note(
                told="press", link=path_of(link).rsplit("/", 1)[1], generation=int(form["fields"]["generation"]) + 1,
                action=form["action"].rsplit("/", 1)[1])
            self.told[form["action"].rsplit("/", 1)[1]] += 1
        return status, page

    def somebody_does_something(self):
        link = self.dice.choice(self.links())
        if link in self.held:
            page = self.held.pop(link)
            doing = self.dice.choice(["release", "undo", "outcome", "outcome"])
            form = Forms(page).ending("/" + doing)
            if not form:
                return
            if doing == "outcome":
                self.record(link, form)
            else:
                self.press(link, form)
            return
        form = Forms(request(self.field.port, "GET", path_of(link))[1]).ending("/claim")
        if form:
            status, page = self.press(link, form, {"member": self.dice.choice(["ann", "bob"])})
            if status == 200:
                self.held[link] = page

    def record(self, link, form):
        fields, page = form["fields"], ""
        for _ in range(8):
            status, page = request(self.field.port, "POST", path_of(form["action"]), fields)
            forms = [each for each in Forms(page).forms if each["action"].endswith("/outcome")]
            if status != 200 or not forms or "step" not in forms[-1]["fields"]:
                return
            form = forms[-1]
            step = form["fields"]["step"]
            answer = ANSWERS.get(step, {"line": "none"})
            if step == "line":
                self.press(link, form, answer)
                return
            fields = {**form["fields"], **answer}

    def live(self, rounds):
        self.start()
        for number in range(rounds):
            self.put_list(number)
            count = len(self.rows)
            wait_for("the mails of a list", lambda: len(set(self.links())) >= count, 60)
            for _ in range(self.dice.randint(2, 5)):
                self.somebody_does_something()
            end = self.dice.random()
            if end < 0.15:
                self.field.kill()
                self.start()
            elif end < 0.3:
                self.field.stop()
                self.start()
        self.field.stop()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--rounds", type=int, default=40)
    options.add_argument("--states", type=int, default=12000, help="at least so many disks are looked at")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--daemon", type=int, default=60, help="so many of them are given to the daemon")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--keep", help="a folder in which each disk is left that does not hold what it must")
    options = options.parse_args()
    options.triaged = str(pathlib.Path(options.triaged).resolve())
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place, prefix="power-") as folder:
        folder = pathlib.Path(folder)
        library = folder / "faults.so"
        subprocess.run(
            ["clang", "-shared", "-fPIC", "-O2", "-o", str(library),
             str(pathlib.Path(__file__).with_name("faults.c")), "-ldl"], check=True)
        field, told = recorded_day(folder, library, options)
        entries = read_record(folder / "record")
        replay(folder, field, entries, told, options)


def recorded_day(folder, library, options):
    recorder = Recorder(folder / "record")
    post = Post(recorder)
    relay = Controller(post, hostname="127.0.0.1", port=free_port())
    relay.start()
    (folder / "live").mkdir()
    field = Field(options.triaged, folder / "live", ["ann", "bob"], smtp_port=relay.port)
    day = Day(field, post, recorder, library, folder / "record", random.Random(options.seed))
    try:
        day.live(options.rounds)
    finally:
        if field.process and field.process.poll() is None:
            field.process.kill()
            field.process.wait()
        relay.stop()
    return field, day.told


def moments(entries, wanted):
    """(index, how many disks): before each sync, and, with what is left, after writes between. The disk is that on which
    the first `index` entries were begun."""
    syncs = [at for at, entry in enumerate(entries) if entry.kind in (Kind.SYNC, Kind.SYNC_FOLDER)]
    others = [at + 1 for at, entry in enumerate(entries)
              if entry.kind in (Kind.WRITE, Kind.CUT, Kind.CREATE, Kind.RENAME, Kind.REMOVE)]
    least = len(Choice.KINDS)
    # Each kind once before every sync and after every change of a name; then once more around, as long as there are too few.
    names = [at + 1 for at, entry in enumerate(entries) if entry.kind in (Kind.CREATE, Kind.RENAME, Kind.REMOVE)]
    chosen = collections.Counter({at: least for at in set(syncs) | set(names)})
    step = max(1, len(others) // max(1, wanted // (2 * least)))
    for at in others[::step]:
        chosen[at] = max(chosen[at], least)
    rounds = -(-wanted // max(1, sum(chosen.values())))
    return sorted((at, count * max(1, rounds)) for at, count in chosen.items())


def replay(folder, field, entries, told, options):
    began = time.monotonic()
    chosen = moments(entries, options.states)
    everywhere = sum(count for _, count in chosen)
    print(f"{len(entries)} entries recorded; {everywhere} disks to look at, at {len(chosen)} moments", flush=True)
    results = multiprocessing.Queue()
    workers = [
        multiprocessing.Process(
            target=look, args=(at, folder / f"worker-{at}", field, entries, chosen, everywhere, options, results))
        for at in range(options.workers)]
    for worker in workers:
        worker.start()
    answers = [results.get() for _ in workers]
    found = found_by_lies(folder, field, entries, options)
    for worker in workers:
        worker.join()
    kinds = collections.Counter(entry.kind for entry in entries)
    states = sum(answer["states"] for answer in answers)
    distinct = len(set().union(*(answer["distinct"] for answer in answers)))
    faults = [fault for answer in answers for fault in answer["faults"]]
    presses = ", ".join(f"{count} {name}" for name, count in sorted(told.items()))
    print(
        f"recorded: {kinds[Kind.WRITE]} writes, {kinds[Kind.SYNC]} syncs of files and {kinds[Kind.SYNC_FOLDER]} of folders,"
        f" {kinds[Kind.CREATE]} new files, {kinds[Kind.RENAME]} renamings, {kinds[Kind.REMOVE]} removals;"
        f" told to others: {presses}, and {sum(1 for e in entries if e.kind == Kind.NOTE) - sum(told.values())} mails and lists")
    print(
        f"{states} disks at {len(chosen)} moments, {distinct} of them different, {sum(a['started'] for a in answers)}"
        f" given to the daemon, in {time.monotonic() - began:.0f} s, seed {options.seed}")
    print(f"with a disk that lies about its syncs {found} of {LIES} disks were found wanting")
    if not found:
        faults.append("what a lying disk loses is not found: the proof shows nothing")
    if faults or not told or states < options.states:
        for fault in faults[:20]:
            print("FAULT:", fault)
        raise SystemExit(f"FAULTS: {len(faults)}, or too little was looked at")
    print("every disk is whole, and all that was told is there")


# A line is told after so many disks.
PROGRESS = 1000

# So many disks of the self test.
LIES = 40


def found_by_lies(folder, field, entries, options):
    """Of disks on which nothing of the log was ever synced, how many are seen to lack what was told."""
    disk, notes = Disk(lies=True), []
    for entry in entries:
        disk.play(entry)
        if entry.kind == Kind.NOTE:
            notes.append(json.loads(entry.path))
            if sum(1 for note in notes if note["told"] == "press") >= 2:
                break
    dice, found = random.Random(options.seed), 0
    for _ in range(LIES):
        files = disk.crash(Choice("first", dice))
        found += bool(judged(files, notes, folder / "lies", field, False, {}, options))
    return found


def look(at, folder, field, entries, chosen, everywhere, options, results):
    os.nice(10)
    answer = {"states": 0, "distinct": set(), "faults": [], "started": 0}
    try:
        disk, played, notes = Disk(), 0, []
        every = max(1, everywhere // max(1, options.daemon))
        number = 0
        for moment, count in chosen:
            while played < moment:
                entry = entries[played]
                disk.play(entry)
                if entry.kind == Kind.NOTE:
                    notes.append(json.loads(entry.path))
                played += 1
            for sample in range(count):
                number += 1
                if number % options.workers != at:
                    continue
                kind = Choice.KINDS[sample % len(Choice.KINDS)]
                choice = Choice(kind, random.Random(f"{options.seed} {moment} {sample}"))
                files = disk.crash(choice)
                answer["states"] += 1
                if number % PROGRESS == 0:
                    print(f"  {number} of {everywhere} disks", flush=True)
                answer["distinct"].add(digest(files))
                why = judged(files, notes, folder, field, number % every < options.workers, answer, options)
                if why:
                    answer["faults"].append(f"at entry {moment}, {kind}, sample {sample}: {why}")
                    if options.keep:
                        kept = pathlib.Path(options.keep) / f"{moment}-{kind}-{sample}"
                        shutil.rmtree(kept, ignore_errors=True)
                        lay(files, field, kept)
    except BaseException:
        import traceback
        answer["faults"].append(traceback.format_exc())
    results.put(answer)


def digest(files):
    whole = hashlib.blake2b(digest_size=12)
    for path in sorted(files):
        whole.update(path.encode() + b"\0" + len(files[path]).to_bytes(8, "little"))
        whole.update(files[path])
    return whole.digest()


def lay(files, field, folder):
    """Lays a disk out under another folder."""
    for path, content in files.items():
        target = folder / pathlib.Path(path).relative_to(field.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(0o600)


def judged(files, notes, folder, field, is_for_daemon, answer, options):
    """What is wrong with a disk; `None` where nothing is."""
    shutil.rmtree(folder, ignore_errors=True)
    lay(files, field, folder)
    database = folder / "state" / "triaged.sqlite"
    told = [note for note in notes if note["told"] != "list"]
    if not database.exists():
        return "what was told is lost with the whole database" if told else None
    if told:
        key = files.get(str(field.state / "link.key"))
        if key is None or bytes(key) != (field.state / "link.key").read_bytes():
            return "mails were sent, and the key of their links is not the one that made them"
    lists = {note["sha256"] for note in notes if note["told"] == "list"}
    for path, content in files.items():
        name = pathlib.Path(path)
        if name.parent.name == "archive" and not name.name.startswith("."):
            if hashlib.sha256(content).hexdigest() not in lists:
                return f"{name.name} in the archive is no list that came"
    why = unkept(database, files, notes)
    if why or not is_for_daemon:
        return why
    # It was opened, and so mended: the daemon gets it as it was.
    shutil.rmtree(folder, ignore_errors=True)
    lay(files, field, folder)
    answer["started"] += 1
    return by_daemon(files, notes, folder, field, options)


def unkept(database, files, notes):
    try:
        reader = opened(database)
        try:
            check(reader)
            return missing(reader, files, notes)
        finally:
            reader.close()
    except Damaged as error:
        return str(error)


def missing(reader, files, notes):
    """What others were told and is not there."""
    ids = {name for (name,) in reader.execute("SELECT id FROM digest UNION ALL SELECT id FROM notice")}
    for note in notes:
        if note["told"] == "mail" and note["id"] not in ids:
            return f"the mail {note['id']} was taken and is not known"
        if note["told"] == "press":
            found = reader.execute(
                "SELECT 1 FROM link JOIN announcement ON announcement.id = link.announcement"
                " JOIN desk_event ON desk_event.opportunity = announcement.opportunity"
                " WHERE link.hash = ? AND desk_event.generation = ? AND desk_event.action = ?",
                (hashlib.sha256(note["link"].encode()).digest(), note["generation"], note["action"])).fetchone()
            if not found:
                return f"a {note['action']} was answered with 200 and is not there (generation {note['generation']})"
        # The last one that names them is enough; earlier ones name fewer.
    jobs = None
    for note in notes:
        if note["told"] == "list" and note["name"] not in files:
            jobs = jobs or {name for (name,) in reader.execute("SELECT reference FROM job")}
            lost = set(note["references"]) - jobs
            if lost:
                return f"{folder_of(note['name'])} has the list no more, and {len(lost)} of its jobs are not there"
    return None


def by_daemon(files, notes, folder, field, options):
    """The daemon starts on it, reads and sends what is to be, and ends in order."""
    config = folder / "config"
    shutil.copytree(field.config, config)
    for path in [*config.glob("*.yaml"), *config.glob("feeds/*.yaml")]:
        path.write_text(path.read_text().replace(str(field.drop), str(folder / "drop")))
    (folder / "drop").mkdir(exist_ok=True)
    done = subprocess.run(
        [options.triaged, "run", "--once", "--config", str(config), "--state", str(folder / "state")],
        capture_output=True, text=True, env=quiet(), timeout=120, check=False)
    if done.returncode != 0:
        return f"the daemon ended with {done.returncode}: {(done.stdout + done.stderr)[-800:]}"
    # Lists that lay there are read by now.
    left = {path: content for path, content in files.items() if (folder / pathlib.Path(path).relative_to(field.folder)).exists()}
    return unkept(folder / "state" / "triaged.sqlite", left, notes)


if __name__ == "__main__":
    main()
