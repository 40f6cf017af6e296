"""Measures what a poll of an unchanged list costs, against its first import.

    python bench/unchanged.py --triaged .build/release/triaged --rows 1000000

A daemon imports the list, then polls it five times a second for a while. Its processor time over
those polls, all its other loops included, divided by their number, is the price of one; a daemon
without any feed due in the same time is measured for comparison. Then the same bytes are put down
once more under a new time, as an export job does that has nothing new to tell.
"""

import argparse
import datetime
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import run

HERE = Path(__file__).resolve().parent
POLLS_PER_SECOND = 5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Daemon:
    def __init__(self, triaged: Path, work: Path, list_file: Path, areas, every: str):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        run.write_configuration(work / "config", list_file, areas)
        feed = work / "config" / "feeds" / "bench.yaml"
        feed.write_text(json.dumps({**json.loads(feed.read_text()), "every": every}))
        main = work / "config" / "triaged.yaml"
        port = free_port()
        settings = {
            **json.loads(main.read_text()),
            "listen": {"host": "127.0.0.1", "port": port},
            "public_url": f"http://127.0.0.1:{port}",
        }
        main.write_text(json.dumps(settings))
        self.log = work / "triaged.log"
        self.began = time.perf_counter()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [triaged, "run", "--config", work / "config", "--state", work / "state"],
                stdout=log,
                stderr=log,
            )

    def lists_read(self, count: int, seconds: float = 120) -> str:
        """The line that tells of the list; waits for the given number of them."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            text = self.log.read_text(errors="replace")
            lines = [line for line in text.splitlines() if re.search(r"List read", line)]
            if len(lines) >= count:
                return lines[count - 1]
            time.sleep(0.02)
        raise run.Failure(f"No list was read in time:\n{self.log.read_text(errors='replace')}")

    def busy(self, seconds: float) -> float:
        before = cpu_seconds(self.process.pid)
        time.sleep(seconds)
        return cpu_seconds(self.process.pid) - before

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--triaged", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--work", type=Path, default=HERE.parent / "artifacts" / "bench")
    options = parser.parse_args()
    areas = sorted((HERE.parent / "config" / "areas").resolve().glob("*.geojson"))
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    source = run.make_list(options.rows, areas, work, 1, datetime.date.today())
    copy = work / "unchanged-list.csv"
    shutil.copyfile(source, copy)
    triaged = options.triaged.resolve()
    try:
        daemon = Daemon(triaged, work / "unchanged", copy, areas, f"{1 / POLLS_PER_SECOND}s")
        phases = run.phases_in_log(daemon.lists_read(1))
        first = sum(phases.values())
        time.sleep(2)
        polling = daemon.busy(options.seconds)
        # Nothing is said of a list that came before; its price shows above that of the polls.
        os.utime(copy)
        again = daemon.busy(5) - polling * 5 / options.seconds
        if again < 0.05:
            raise run.Failure("The same bytes under a new time were not looked at.")
        daemon.stop()
        idle = Daemon(triaged, work / "idle", copy, areas, "1h")
        idle.lists_read(1)
        time.sleep(2)
        resting = idle.busy(options.seconds)
        idle.stop()
    except run.Failure as failure:
        print(f"The bench failed. {failure}", file=sys.stderr)
        return 1
    polls = options.seconds * POLLS_PER_SECOND
    poll = polling / polls
    print(
        f"first import {first:.3f} s; {polls:.0f} polls of the unchanged list took {polling:.2f} s of "
        f"processor time ({resting:.2f} s without polls): {poll * 1000:.2f} ms each, "
        f"{100 * poll / first:.3f} % of the import"
    )
    print(f"the same bytes under a new time: {again:.3f} s, {100 * again / first:.1f} % of the import")
    print(f"\nfigure unchanged_{options.rows}_poll_seconds {poll:.6f} s")
    print(f"figure unchanged_{options.rows}_share_percent {100 * poll / first:.4f} %")
    print(f"figure unchanged_{options.rows}_same_bytes_share_percent {100 * again / first:.2f} %")
    return 0 if poll < first / 100 else 1


if __name__ == "__main__":
    sys.exit(main())
