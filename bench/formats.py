"""Measures the same list as CSV, as a spreadsheet and as an Open311 answer.

    python bench/formats.py --triaged .build/release/triaged --rows 100000 --rounds 5

Ours is a whole `triaged run --once` on a fresh state folder; the rival is rivals/plain.py with
openpyxl (read-only) or the json module. Interleaved, in turning order, one uncounted round each; all
must agree on the rows and on those in area. Last comes what an unchanged list costs: a second run on
the same state folder against the first, and the same bytes dropped once more.
"""

import argparse
import datetime
import json
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

import run

HERE = Path(__file__).resolve().parent


def feed_of(kind: str, list_file: Path, feed: dict) -> dict:
    feed = {**feed, "file": str(list_file)}
    if kind == "xlsx":
        feed["format"] = "xlsx"
    if kind == "open311":
        feed["columns"] = {
            "reference": "service_request_id",
            "received": "requested_datetime",
            "due": "expected_datetime",
            "closed": "closed_datetime",
            "class": "service_code",
            "type": "service_name",
            "status": "status_notes",
            "caller": "caller",
            "uprn": "address_id",
            "address": ["address"],
            "postcode": "zipcode",
            "longitude": "long",
            "latitude": "lat",
        }
        feed["dates"] = ["yyyy-MM-dd'T'HH:mm:ssXXX"]
    return feed


def configure(folder: Path, kind: str, list_file: Path, areas: list[Path]) -> None:
    run.write_configuration(folder, list_file, areas)
    path = folder / "feeds" / "bench.yaml"
    path.write_text(json.dumps(feed_of(kind, list_file, json.loads(path.read_text()))))


class Kind:
    """One way to write the list, measured on both sides."""

    def __init__(self, name: str, list_file: Path, areas, work: Path, triaged: Path):
        self.name, self.list_file, self.areas, self.triaged = name, list_file, areas, triaged
        self.work = work / name
        self.work.mkdir(parents=True, exist_ok=True)
        configure(self.work / "config", name, list_file, areas)
        self.ours: list[run.Measured] = []
        self.again: list[run.Measured] = []
        self.rival: list[run.Measured] = []

    def run_ours(self, fresh: bool) -> run.Measured:
        state = self.work / "state"
        if fresh:
            shutil.rmtree(state, ignore_errors=True)
        command = [str(self.triaged), "run", "--once", "--config", str(self.work / "config")]
        command += ["--state", str(state)]
        seconds, cpu, megabytes, output, log = run.measure(command, self.work / "triaged.log")
        return run.Measured(
            seconds, cpu, megabytes, run.counts_in_log(log), run.phases_in_log(log), output + log
        )

    def run_rival(self) -> run.Measured:
        command = [sys.executable, str(HERE / "rivals" / "plain.py"), str(self.list_file)]
        command += [str(self.work / "plain.db"), "--areas", *map(str, self.areas)]
        seconds, cpu, megabytes, output, log = run.measure(command, self.work / "plain.log")
        return run.Measured(seconds, cpu, megabytes, json.loads(output), {}, output + log)

    def round(self, counted: bool) -> None:
        ours, again, rival = self.run_ours(True), self.run_ours(False), self.run_rival()
        for key in ("rows", "in_area"):
            if ours.counts.get(key) != rival.counts.get(key):
                raise run.Failure(
                    f"They disagree on {key} of {self.name}: {ours.counts} and {rival.counts}.\n"
                    + ours.said
                )
        if counted:
            self.ours.append(ours)
            self.again.append(again)
            self.rival.append(rival)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--triaged", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kinds", default="csv,xlsx,open311")
    parser.add_argument("--work", type=Path, default=HERE.parent / "artifacts" / "bench")
    options = parser.parse_args()
    areas = sorted((HERE.parent / "config" / "areas").resolve().glob("*.geojson"))
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    source = run.make_list(options.rows, areas, work, 1, datetime.date.today())
    files = {"csv": source, "xlsx": source.with_suffix(".xlsx"), "open311": source.with_suffix(".json")}
    kinds = []
    for name in options.kinds.split(","):
        if not files[name].exists():
            subprocess.run(
                [sys.executable, str(HERE / "convert.py"), str(source), str(files[name])],
                check=True,
            )
        kinds.append(Kind(name, files[name], areas, work / "formats", options.triaged.resolve()))
    lines = []
    try:
        for turn in range(options.rounds + 1):
            at = turn % len(kinds)
            for kind in kinds[at:] + kinds[:at]:
                kind.round(counted=turn > 0)
    except (run.Failure, subprocess.CalledProcessError) as failure:
        print(f"The bench failed. {failure}", file=sys.stderr)
        return 1
    for kind in kinds:
        ours = median(m.seconds for m in kind.ours)
        read = median(m.phases.get("read", 0) for m in kind.ours)
        again = median(m.seconds for m in kind.again)
        rival = median(m.seconds for m in kind.rival)
        faster = median(r.seconds / o.seconds for r, o in zip(kind.rival, kind.ours))
        megabytes = max(m.megabytes for m in kind.ours)
        size = kind.list_file.stat().st_size / 1e6
        print(
            f"{kind.name:8} {size:7.1f} MB  ours {ours:7.3f} s (reading {read:.3f} s, "
            f"{megabytes:.0f} MB)  plain {rival:7.3f} s  unchanged {again:.3f} s"
        )
        prefix = f"{kind.name}_{options.rows}"
        lines += [
            f"figure {prefix}_seconds {ours:.4f} s",
            f"figure {prefix}_read_seconds {read:.4f} s",
            f"figure {prefix}_rows_per_second_read {options.rows / read if read else 0:.0f} rows/s",
            f"figure {prefix}_peak_memory {megabytes:.1f} MB",
            f"figure {prefix}_unchanged_seconds {again:.4f} s",
            f"ratio {prefix}_against_plain {faster:.2f}",
        ]
    print("", *lines, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
