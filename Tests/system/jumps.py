"""Puts the daemon's clock forward and back at random, and restarts it between: no slot is told twice, none is missed.

    jumps.py --triaged .build/release/triaged --jumps 200

clock.c lies under the daemon and reads from a file, which this script writes, by how much the clock is off. The area is
told at 08:30 and 13:00, Monday to Friday, also where nothing is new, so that each slot is a mail. After each jump some
rounds of mail go by; what must have come by then is reckoned here, from the calendar alone. Days lie around both
changes of the clocks. Mails whose slot is told are found by the daemon's table.
"""

import argparse
import datetime
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zoneinfo

from field import Field, pause, wait_for

LONDON = zoneinfo.ZoneInfo("Europe/London")
SLOTS = [(8, 30), (13, 0)]


def holidays():
    """Of 2026: the file that comes with the field's configuration has none, so every weekday counts."""
    return set()


def in_force(now):
    """The key of the slot that is in force at an instant of UTC: of its own day, until the next one."""
    here = now.astimezone(LONDON)
    if here.weekday() > 4 or here.date() in holidays():
        return None
    passed = [(h, m) for h, m in SLOTS if (here.hour, here.minute) >= (h, m)]
    return f"{here.date()} {passed[-1][0]:02}:{passed[-1][1]:02}" if passed else None


class JumpedField(Field):
    """A field whose daemon reads the time from a file."""

    def __init__(self, *arguments, **others):
        super().__init__(*arguments, **others)
        self.clock = self.folder / "clock"
        team = self.config / "team.yaml"
        text = team.read_text().replace(
            "visits_need_two: false", "visits_need_two: false, announce: {times: [\"08:30\", \"13:00\"]}")
        team.write_text(text)
        # The register would be too old by a clock that is years ahead.
        main = self.config / "triaged.yaml"
        main.write_text(main.read_text() + "register: {max_age: 3650d}\n")

        # Saved before all that is played, so that it is still.
        saved = datetime.datetime(2026, 1, 5, tzinfo=datetime.timezone.utc).timestamp()
        os.utime(self.config / "register.csv", (saved, saved))
        self.library = self.folder / "clock.so"
        subprocess.run(
            ["clang", "-shared", "-fPIC", "-O2", "-o", str(self.library),
             str(pathlib.Path(__file__).with_name("clock.c")), "-ldl"], check=True)

    def set_clock(self, now):
        """Puts the clock to an instant, from which it goes on: where it stood still no timer would end."""
        written = self.folder / "clock.part"
        offset = (now - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        written.write_text(str(round(offset)))
        written.rename(self.clock)

    def start(self):
        journal = open(self.log, "ab")
        self.process = subprocess.Popen(
            [self.triaged, "run", "--config", str(self.config), "--state", str(self.state)],
            stdout=journal, stderr=journal,
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no", "LD_PRELOAD": str(self.library),
                 "CLOCK_FILE": str(self.clock), "TZ": "Europe/London"},
        )
        journal.close()
        return self.process

    def told(self):
        """Keys of the slots that were dealt with, each with the state of its mail."""
        # Of a copy: nobody else may open the daemon's.
        with tempfile.TemporaryDirectory() as folder:
            for end in ("", "-wal"):
                shutil.copy(f"{self.state}/triaged.sqlite{end}", f"{folder}/triaged.sqlite{end}")
            reader = sqlite3.connect(f"{folder}/triaged.sqlite")
            try:
                return reader.execute(
                    "SELECT slot, digest.state FROM announcement_slot LEFT JOIN digest"
                    " ON digest.id = announcement_slot.digest").fetchall()
            except sqlite3.DatabaseError:
                return []  # Copied in the middle of a write.
            finally:
                reader.close()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--jumps", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        field = JumpedField(pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"])
        try:
            run(field, dice, options)
        finally:
            field.stop()


def run(field, dice, options):
    now = datetime.datetime(2026, 10, 22, 6, 0, tzinfo=datetime.timezone.utc)
    field.set_clock(now)
    field.start()
    field.wait_until_ready()
    faults, expected, restarts, back = [], set(), 0, 0
    for number in range(options.jumps):
        before = now
        now = jumped(now, dice)
        if in_force(now) != in_force(now + datetime.timedelta(minutes=3)):
            now -= datetime.timedelta(minutes=5)  # So that the slot does not change while it is looked at.
        back += now < before
        field.set_clock(now)
        if dice.random() < 0.2:
            restarts += 1
            if dice.random() < 0.5:
                field.kill()
            else:
                field.stop()
            field.start()
            field.wait_until_ready()
        key = in_force(now)
        if key and key not in expected:
            expected.add(key)
            wait_for(f"the mail of {key} at {now.isoformat()} (jump {number})",
                     lambda: (key, "accepted") in field.told(), 60)
        else:
            # Some rounds go by in which nothing may come.
            pause(0.4)
        told = [slot for slot, _ in field.told()]
        if set(told) != expected or len(told) != len(expected):
            faults.append(f"jump {number} to {now.isoformat()}: told {sorted(set(told) ^ expected)}")
            break
    mails = field.mails()
    if len(mails) != len(expected):
        faults.append(f"{len(mails)} mails for {len(expected)} slots")
    print(f"{options.jumps} jumps, {back} of them back, {restarts} restarts: {len(expected)} slots were in force, "
          f"{len(mails)} mails")
    for fault in faults:
        print("FAULT:", fault)
    sys.exit(1 if faults else 0)


def jumped(now, dice):
    """Mostly some hours on; sometimes seconds, days or months, in both directions."""
    kind = dice.random()
    if kind < 0.4:
        step = dice.uniform(-6, 12) * 3600
    elif kind < 0.6:
        step = dice.uniform(-90, 90)
    elif kind < 0.85:
        step = dice.uniform(-5, 8) * 86400
    elif kind < 0.95:
        # To the night of a change of the clocks.
        change = dice.choice([datetime.datetime(2026, 10, 25, 1), datetime.datetime(2027, 3, 28, 1)])
        return change.replace(tzinfo=datetime.timezone.utc) + datetime.timedelta(
            seconds=round(dice.uniform(-3 * 3600, 36 * 3600)))
    else:
        step = dice.uniform(-60, 90) * 86400
    later = now + datetime.timedelta(seconds=round(step))
    least = datetime.datetime(2026, 10, 20, tzinfo=datetime.timezone.utc)
    most = datetime.datetime(2027, 10, 1, tzinfo=datetime.timezone.utc)
    return min(max(later, least), most)


main()
