"""The disk of the state folder fills up and is freed again, twenty times, under a daemon at work. Wants root.

    fulldisk.py --triaged PROGRAM [--cycles 20] [--seed 1]

The state folder is a small file system of its own, in a mount name space that goes with this program. In each cycle it is
filled (to the last byte, or until a few kilobytes are left), a list is dropped and claims are pressed meanwhile, and it is
freed. By then /readyz has said "disk" within 10 s, every page was a page, every claim was either answered with 200 and is
there, or refused as the service's own trouble with a 503. Afterwards, without a restart, the list is taken, its mail comes,
what was refused is pressed again and taken. In every fourth cycle the daemon is killed in between, and must start again
once there is room. In the end nothing is lost, nothing is there by half, and no offer came under two Message-IDs.
"""

import argparse
import asyncio
import collections
import contextlib
import email
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

from aiosmtpd.controller import Controller

from field import Field, Forms, free_port, links_in, path_of, pause, request, row, wait_for
from oracle import check, copy_of, opened

MEGABYTE = 1 << 20


class Post:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope.content)
        await asyncio.sleep(0)
        return "250 taken"


class Volume:
    """A file system of some megabytes at a folder."""

    def __init__(self, folder, size):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)], check=True)
        self.filler = folder / "filler"

    def fill(self, leave):
        """Until so many bytes are left."""
        with open(self.filler, "wb", buffering=0) as filler:
            with contextlib.suppress(OSError):
                while True:
                    filler.write(bytes(MEGABYTE))
            with contextlib.suppress(OSError):
                while True:
                    filler.write(bytes(4096))
            filler.truncate(max(0, filler.tell() - leave))

    def free(self):
        self.filler.unlink()

    def left(self):
        disk = os.statvfs(self.folder)
        return disk.f_bavail * disk.f_frsize


class Trial:
    def __init__(self, field, volume, post, dice):
        self.field, self.volume, self.post, self.dice = field, volume, post, dice
        self.rows, self.claims, self.answers = [], {}, collections.Counter()
        self.seen_after, self.well_after = [], []
        self.faults = []

    def put_list(self, number):
        for _ in range(5):
            at = len(self.rows) + 1
            self.rows.append(row(f"SS{at:06d}", at, street="Pipit Lane"))
        self.field.put_list(f"list-{number:04d}.csv", self.rows)

    def links(self):
        return sorted({link for mail in self.post.mails for link in links_in(mail.decode())})

    def wait_for_mails(self):
        count = len(self.rows)
        wait_for("the mails of every list", lambda: len(self.links()) >= count, 90)

    def form(self, link):
        status, page = request(self.field.port, "GET", path_of(link))
        if status != 200:
            self.faults.append(f"a page was answered with {status} on a full disk")
        return Forms(page).ending("/claim")

    def claim(self, link, form):
        """Answers the status. What was answered with 200 must be there in the end."""
        status, page = request(
            self.field.port, "POST", path_of(form["action"]), {**form["fields"], "member": "ann"})
        self.answers[status] += 1
        if status == 200:
            self.claims[link] = form
        elif "<h1>" not in page:
            self.faults.append("a refusal was no page")
        return status

    def ready(self):
        try:
            return request(self.field.port, "GET", "/readyz")
        except OSError:
            return 0, ""

    def cycle(self, number):
        free = [link for link in self.links() if link not in self.claims][:3]
        forms = {link: self.form(link) for link in free}
        began = time.monotonic()
        self.volume.fill(self.dice.choice([0, 0, 4096, 65536, 2 * MEGABYTE, 12 * MEGABYTE]))
        self.put_list(number)

        def told():
            status, text = self.ready()
            return status == 503 and re.search(r"(?m)^.*disk", text)

        wait_for("/readyz to tell of the disk", told, 10)
        self.seen_after.append(time.monotonic() - began)
        refused = []
        for link, form in forms.items():
            status = self.claim(link, form)
            if status == 503:
                refused.append(link)
            elif status != 200:
                self.faults.append(f"a claim on a full disk was answered with {status}")
            if self.form(link) is None and status != 200:
                self.faults.append("an offer whose claim was refused is open no more")
        # Some rounds of everything on the full disk.
        pause(self.dice.uniform(0.5, 2))
        if self.field.process.poll() is not None:
            self.faults.append(f"the daemon ended with {self.field.process.returncode} on a full disk")
            self.volume.free()
            self.field.start()
        elif number % 4 == 3:
            self.field.kill()
            self.volume.free()
            self.field.start()
        else:
            self.volume.free()
        began = time.monotonic()
        wait_for("the daemon to be well again", lambda: self.ready()[0] == 200, 60)
        self.well_after.append(time.monotonic() - began)
        self.wait_for_mails()
        for link in refused:
            if self.claim(link, forms[link]) != 200:
                self.faults.append("a claim that was refused on a full disk is not taken afterwards")

    def judge(self):
        with tempfile.TemporaryDirectory() as folder:
            reader = opened(copy_of(self.field.state, folder))
            check(reader)
            stored = {name for (name,) in reader.execute("SELECT reference FROM job")}
            held = reader.execute("SELECT count(*) FROM claim WHERE ended_at IS NULL").fetchone()[0]
            ids = {name for (name,) in reader.execute("SELECT id FROM digest UNION ALL SELECT id FROM notice")}
            reader.close()
        lost = {line[0] for line in self.rows} - stored
        if lost:
            self.faults.append(f"{len(lost)} jobs lost")
        if held != len(self.claims):
            self.faults.append(f"{held} claims are there of {len(self.claims)} that were answered with 200")
        names, under = collections.Counter(), collections.defaultdict(set)
        for content in self.post.mails:
            name = email.message_from_bytes(content)["Message-ID"].strip("<>").split("@")[0]
            names[name] += 1
            for link in links_in(content.decode()):
                under[link].add(name)
        if set(names) - ids:
            self.faults.append("a mail came that nothing here knows of")
        if any(len(each) > 1 for each in under.values()):
            self.faults.append("an offer came under two Message-IDs")
        return sum(count - 1 for count in names.values())


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--cycles", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = options.parse_args()
    if not options.inside:
        if os.geteuid() != 0:
            raise SystemExit("a small file system is mounted for this: it wants root")
        raise SystemExit(subprocess.run(
            ["unshare", "-m", "--propagation", "private", sys.executable, *sys.argv, "--inside"], check=False).returncode)
    with tempfile.TemporaryDirectory() as folder:
        volume = Volume(pathlib.Path(folder) / "state", "48m")
        try:
            play(folder, volume, options)
        finally:
            subprocess.run(["umount", "-l", str(volume.folder)], check=True)


def play(folder, volume, options):
    post = Post()
    relay = Controller(post, hostname="127.0.0.1", port=free_port())
    relay.start()
    field = Field(pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"], smtp_port=relay.port)
    trial = Trial(field, volume, post, random.Random(options.seed))
    try:
        field.start()
        field.wait_until_ready()
        trial.put_list(0)
        trial.wait_for_mails()
        for number in range(1, options.cycles + 1):
            trial.cycle(number)
        code = field.stop()
        if code != 0:
            trial.faults.append(f"SIGTERM ended it with {code}")
        twice = trial.judge()
    except BaseException:
        print(field.log.read_text()[-6000:])
        raise
    finally:
        if field.process and field.process.poll() is None:
            field.process.kill()
            field.process.wait()
        relay.stop()
    answers = ", ".join(f"{count} with {status}" for status, count in sorted(trial.answers.items()))
    print(
        f"{options.cycles} times full and free: /readyz told of it after {max(trial.seen_after):.1f} s at most, well again"
        f" {max(trial.well_after):.1f} s at most after there was room; claims answered: {answers};"
        f" {len(trial.rows)} jobs, {len(post.mails)} mails, {twice} of them duplicates")
    if trial.faults:
        print(field.log.read_text()[-4000:])
        for fault, count in collections.Counter(trial.faults).most_common():
            print(f"FAULT: {fault} ({count} times)")
        sys.exit("FAULTS")
    print("nothing lost, and it came back by itself")


main()
