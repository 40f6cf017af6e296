"""Plays systemd to the daemon: hears what it says at the notify socket, stops it, reloads it, ends it.

    service.py --triaged .build/release/triaged

Shows: READY only once pages and admin socket answer; a line of status that a person can read; a beat at least every half
of what the watchdog allows, and none while the process is stopped; RELOADING and READY around SIGHUP; STOPPING and exit
code 0 on SIGTERM; nobody's name and no street in any of it.
"""

import argparse
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

from field import Field, pause, row, wait_for

WATCHDOG = 2.0
# Of a machine that has other work, too.
LATE = 0.7


class Manager:
    """The service manager's end of the socket: every datagram with the moment at which it came."""

    def __init__(self, name):
        self.heard = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(name)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                text = self.socket.recv(65536).decode()
            except OSError:
                return
            self.heard.append((time.monotonic(), text))

    def said(self, start):
        return [text for _, text in self.heard if text.startswith(start)]

    def beats(self, since=0.0):
        return [at for at, text in self.heard if text == "WATCHDOG=1" and at >= since]


class WatchedField(Field):
    """A field whose daemon is told that it is watched, by its own process id."""

    def start_watched(self, name):
        command = 'WATCHDOG_PID=$$; export WATCHDOG_PID; exec "$0" run --config "$1" --state "$2"'
        with open(self.log, "ab") as journal:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", command, self.triaged, str(self.config), str(self.state)],
                stdout=journal, stderr=journal,
                env={**os.environ, "SWIFT_BACKTRACE": "enable=no", "NOTIFY_SOCKET": name,
                     "WATCHDOG_USEC": str(int(WATCHDOG * 1_000_000))})


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--triaged", required=True)
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        name = folder + "/notify"
        manager = Manager(name)
        field = WatchedField(pathlib.Path(options.triaged).resolve(), folder, ["ann", "bob"])
        try:
            run(field, manager, name)
        except BaseException:
            print(field.log.read_text()[-3000:])
            raise
        finally:
            if field.process.poll() is None:
                os.kill(field.process.pid, signal.SIGCONT)
            field.stop()
            manager.socket.close()


def run(field, manager, name):
    field.start_watched(name)
    wait_for("READY=1", lambda: manager.said("READY=1"))
    assert field.get("/livez")[0] == 200, "it was ready before the pages were"
    with socket.socket(socket.AF_UNIX) as admin:
        admin.connect(str(field.state / "admin.sock"))

    wait_for("a first status", lambda: manager.said("STATUS=no list yet"))
    field.put_list("first.csv", [row(f"SS{n:04d}", n, street="Pipit Lane") for n in range(1, 5)])
    line = wait_for("the status of the list", lambda: [
        text for text in manager.said("STATUS=last list ") if "4 in area; 4 open" in text])[-1]
    assert re.fullmatch(
        r"STATUS=last list \d\d:\d\d( GMT| BST)?, 4 rows, 4 in area; 4 open, 0 held; "
        r"(next poll \d\d:\d\d( GMT| BST)?|polling)", line), line

    begun = time.monotonic()
    wait_for("beats", lambda: len(manager.beats(begun)) >= 12)
    beats = manager.beats(begun)
    longest = max(after - before for before, after in zip(beats, beats[1:]))
    assert longest <= WATCHDOG / 2 + LATE, f"{longest:.2f} s without a beat"

    os.kill(field.process.pid, signal.SIGSTOP)
    pause(0.3)
    stopped = time.monotonic()
    pause(1.5 * WATCHDOG)
    assert not manager.beats(stopped), "it beats although it is stopped"
    os.kill(field.process.pid, signal.SIGCONT)
    wait_for("beats again", lambda: manager.beats(stopped))

    readies = len(manager.said("READY=1"))
    os.kill(field.process.pid, signal.SIGHUP)
    wait_for("the reload", lambda: len(manager.said("READY=1")) > readies)
    reload = manager.said("RELOADING=1")
    assert len(reload) == 1 and re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=\d+", reload[0]), reload
    order = [text.split("=")[0] for _, text in manager.heard if text.startswith(("READY", "RELOADING"))]
    assert order == ["READY", "RELOADING", "READY"], order

    field.process.terminate()
    code = field.process.wait(timeout=25)
    assert code == 0, f"it ended with {code}"
    assert manager.said("STOPPING=1") == ["STOPPING=1"], "it did not say that it stops"
    all_of_it = " ".join(text for _, text in manager.heard)
    for word in ["Pipit", "Ann", "Bob", "NG17", "SS0001"]:
        assert word not in all_of_it, f"'{word}' was told to the service manager"
    print(f"{len(manager.heard)} datagrams, {len(beats)} beats at most {longest:.2f} s apart: ready, watched, reloaded, stopped")


main()
