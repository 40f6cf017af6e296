"""Measures what a daemon costs to which nothing happens: processor, memory, files, wake-ups.

    idle.py --triaged .build/release/triaged --minutes 10

The settings are those of a council: a folder looked at every minute, mail once a minute, the register, the areas, the
board and the admin socket as always; and a service manager that wants to hear of it every 30 seconds, as systemd does. One list comes at first, of 312 rows with 14 in area, of which five are offered;
from then on nothing changes. Fails where the processor's share is 0.1 % of a core or more, or where more files are open
at the end than at the beginning.
"""

import argparse
import os
import pathlib
import socket
import tempfile
import threading

from field import Field, pause, row, wait_for

SHARE = 0.001


class IdleField(Field):
    """A field with the times that a council would set."""

    def __init__(self, *arguments, **others):
        super().__init__(*arguments, **others)
        feed = self.config / "feeds" / "street-scene.yaml"
        feed.write_text(feed.read_text().replace("every: 0.1s", "every: 60s"))
        main = self.config / "triaged.yaml"
        main.write_text(main.read_text().replace(
            "deliver: {every: 0.1s, retry: {first: 0.2s, most: 1s, lifetime: 5d}}", "deliver: {every: 60s}"))


def service_manager(folder):
    """A socket where a service manager would listen; what is said there is let go."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(f"{folder}/notify")
    os.environ.update(NOTIFY_SOCKET=f"{folder}/notify", WATCHDOG_USEC="30000000")

    def hear():
        while listener.recv(4096) != b"enough":
            pass

    threading.Thread(target=hear, daemon=True).start()


class Use:
    """What a process has used up to now, and uses now (proc(5))."""

    def __init__(self, process):
        folder = pathlib.Path(f"/proc/{process}")
        # Behind the name, which may have anything in it.
        numbers = (folder / "stat").read_text().rpartition(")")[2].split()
        self.seconds = (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")
        status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        self.memory = int(status["VmRSS"].split()[0]) * 1024
        self.own = int(status["RssAnon"].split()[0]) * 1024
        self.threads = int(status["Threads"])
        self.files = len(list((folder / "fd").iterdir()))
        self.wakes = 0
        for task in (folder / "task").iterdir():
            for line in (task / "status").read_text().splitlines():
                if line.startswith("voluntary_ctxt_switches"):
                    self.wakes += int(line.split()[1])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--settle", type=float, default=75, help="seconds before it is measured")
    options.add_argument("--share", type=float, default=SHARE, help="of a core")
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service_manager(folder)
        field = IdleField(pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"], capacity=5)
        rows = [row(f"SS{at}", at) for at in range(1, 313)]
        for far in rows[14:]:
            far[11] = "460000"
        field.put_list("one.csv", rows)
        field.start()
        try:
            field.wait_until_ready()
            wait_for("the first list", lambda: list((field.state / "archive").rglob("*one*")), 120)
            pause(options.settle)
            before = Use(field.process.pid)
            pause(options.minutes * 60)
            after = Use(field.process.pid)
        finally:
            field.stop()
    seconds = options.minutes * 60
    share = (after.seconds - before.seconds) / seconds
    print(
        f"idle for {options.minutes:g} minutes: {share * 100:.3f} % of a core "
        f"({after.seconds - before.seconds:.2f} s), {after.memory / 2**20:.1f} MiB in memory, "
        f"{after.own / 2**20:.1f} MiB of them its own (before: {before.memory / 2**20:.1f} and "
        f"{before.own / 2**20:.1f}), {after.files} files open (before: {before.files}), {after.threads} threads, "
        f"{(after.wakes - before.wakes) / seconds:.1f} wake-ups a second")
    if share >= options.share:
        raise SystemExit(f"that is {share / options.share:.1f} times what it may use")
    if after.files > before.files:
        raise SystemExit("files were opened and not closed")


main()
