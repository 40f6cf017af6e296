"""Measures the import of `triaged` against what a user would write instead.

    python bench/run.py --triaged .build/release/triaged --sizes 10000,100000,1000000 --rounds 5

Every contender does the whole job in a process of its own, from the list's bytes to recorded
opportunities: wall time and peak memory are those of the process, its start included. They run
interleaved and in turning order on the same warm file, after one uncounted round each. All must
agree on what they counted, else the bench fails. Without --triaged only the rivals are measured.

The last lines are for scripts: `figure NAME VALUE UNIT` and `ratio NAME VALUE`, how many times
faster (or smaller) we are, the median of the interleaved pairs.
"""

import argparse
import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

# Kept small on purpose, no shapely and no polars here: until a child has replaced its program its
# memory counts as that of its parent, and the peak would remember it. So no figure of memory can
# be below what this script itself takes, some 22 MB.

HERE = Path(__file__).resolve().parent
RIVALS = {
    "plain": ["plain.py"],
    "polars": ["polars_shapely.py"],
    "polars_streaming": ["polars_shapely.py", "--streaming"],
}
TIME_LIMIT_SECONDS = 600


class Failure(Exception):
    """Stops the bench with a sentence."""


def feature_ids(areas: list[Path]) -> list[str]:
    return [
        feature["properties"]["id"]
        for path in areas
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    ]


def configuration(list_file: Path, areas: list[Path]) -> dict[str, str]:
    """The configuration folder for one list, by path in it. JSON is YAML too.

    The rules are those of job_types.json, which the rivals read, so that all do the same job.
    """
    table = json.loads((HERE / "job_types.json").read_text())
    settings = {
        "instance": "bench",
        "grid": "EPSG:27700",
        "timezone": "Europe/London",
        "listen": {"host": "127.0.0.1", "port": 8480},
        "public_url": "http://127.0.0.1:8480",
        # The rivals keep no copy of the list either.
        "archive_days": 0,
        "mail": {"from": "triaged@example.org"},
        "channels": {"post": {"kind": "maildir", "path": "${state}/mail"}},
    }
    feed = {
        "name": "bench",
        "file": str(list_file),
        "every": "1h",
        "settle": "0s",
        "kind": "snapshot",
        "timezone": "Europe/London",
        "dates": ["dd/MM/yyyy HH:mm"],
        "columns": {
            "reference": "Job Ref",
            "received": "Recorded",
            "due": "Due",
            "closed": "Cleared",
            "class": "Class",
            "type": "Type",
            "status": "Status",
            "caller": "Caller",
            "uprn": "UPRN",
            "address": ["Address"],
            "postcode": "Postcode",
            "easting": "Easting",
            "northing": "Northing",
        },
        "closed": ["Closed"],
    }
    rules = {
        "version": "bench",
        "agreed_by": "nobody",
        "agreed_on": "2026-01-01",
        "review_on": "2030-01-01",
        "bands": {"high": table["line"]},
        "signals": {"repeat": table["repeat_points"]},
        "stop_words": table["stop_words"],
        "callers_without_resident": table["callers_without_resident"],
        "types": [
            {
                "id": re.sub("[^a-z]+", "-", kind["type"].lower()),
                "name": kind["type"],
                "class": [kind["class"]],
                "type": [kind["type"]],
                "offer": "visit" if kind["points"] else "none",
                "points": kind["points"],
                "window": {"opens": 0, "closes": table["window_days"]},
                "reason": f"{kind['type']}.",
            }
            for kind in table["types"]
        ],
    }
    team = {
        "members": [{"id": "ann", "name": "Ann", "email": "ann@example.org", "channel": "post"}],
        "areas": [
            {"area": area, "leaders": ["ann"], "members": ["ann"], "weekly_capacity": 0}
            for area in feature_ids(areas)
        ],
    }
    files = {
        "triaged.yaml": settings,
        "feeds/bench.yaml": feed,
        "rules.yaml": rules,
        "team.yaml": team,
    }
    return {name: json.dumps(content, indent=2) + "\n" for name, content in files.items()} | {
        "register.csv": "uprn,address,postcode,flag,expires\n"
    }


def write_configuration(folder: Path, list_file: Path, areas: list[Path]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in configuration(list_file, areas).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "areas").mkdir()
    for path in areas:
        shutil.copy(path, folder / "areas" / path.name)


def counts_in_log(log: str) -> dict[str, int]:
    """What the daemon says of the poll: `List read. feed=bench in_area=59895 made=606 rows=…`.

    On a fresh state folder the opportunities made are all that there are.
    """
    lines = [line for line in log.splitlines() if "List read." in line]
    said = dict(re.findall(r"\b(\w+)=(\d+)", lines[-1])) if lines else {}
    names = {"rows": "rows", "in_area": "in_area", "made": "opportunities"}
    return {name: int(said[key]) for key, name in names.items() if key in said}


def phases_in_log(log: str) -> dict[str, float]:
    """How long the parts of the poll took: `read_seconds=0.31 record_seconds=0.12 …`."""
    return {name: float(value) for name, value in re.findall(r"\b(\w+)_seconds=([\d.]+)", log)}


@dataclass
class Measured:
    seconds: float
    cpu_seconds: float
    megabytes: float
    counts: dict[str, int]
    phases: dict[str, float]
    said: str


def measure(command: list[str], log_file: Path) -> tuple[float, float, float, str, str]:
    """Wall seconds, processor seconds, peak megabytes, standard output and standard error."""
    out_file = log_file.with_suffix(".out")
    with open(out_file, "wb") as out, open(log_file, "wb") as log:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=log)
        watch = threading.Timer(TIME_LIMIT_SECONDS, child.kill)
        watch.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            watch.cancel()
        seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    output = out_file.read_text(encoding="utf-8", errors="replace")
    errors = log_file.read_text(encoding="utf-8", errors="replace")
    if child.returncode != 0:
        raise Failure(f"{' '.join(command)} ended with {child.returncode}:\n{output}{errors}")
    # Linux counts ru_maxrss in KiB.
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6, output, errors


class Contest:
    """All contenders on one list."""

    def __init__(self, list_file: Path, areas: list[Path], work: Path, triaged: Path | None):
        self.list_file, self.areas, self.work, self.triaged = list_file, areas, work, triaged
        self.names = (["import"] if triaged else []) + list(RIVALS)
        self.results: dict[str, list[Measured]] = {name: [] for name in self.names}
        self.repolls: list[Measured] = []
        # What each count is, and who said so first.
        self.agreed: dict[str, tuple[int, str]] = {}
        if triaged:
            write_configuration(work / "config", list_file, areas)

    def run_ours(self) -> Measured:
        command = [str(self.triaged), "run", "--once"]
        command += ["--config", str(self.work / "config"), "--state", str(self.work / "state")]
        seconds, cpu, megabytes, output, log = measure(command, self.work / "triaged.log")
        return Measured(
            seconds, cpu, megabytes, counts_in_log(log), phases_in_log(log), output + log
        )

    def run_rival(self, name: str) -> Measured:
        database = self.work / f"{name}.db"
        database.unlink(missing_ok=True)
        script, *options = RIVALS[name]
        command = [sys.executable, str(HERE / "rivals" / script), str(self.list_file)]
        command += [str(database), *options, "--areas", *map(str, self.areas)]
        seconds, cpu, megabytes, output, log = measure(command, self.work / f"{name}.log")
        return Measured(seconds, cpu, megabytes, json.loads(output), {}, output + log)

    def run(self, name: str, counted: bool) -> None:
        if name == "import":
            shutil.rmtree(self.work / "state", ignore_errors=True)
            (self.work / "state").mkdir()
            result = self.run_ours()
            if counted:
                self.repolls.append(self.run_ours())
        else:
            result = self.run_rival(name)
        self.check(name, result)
        if counted:
            self.results[name].append(result)

    def check(self, name: str, result: Measured) -> None:
        missing = [key for key in ("rows", "in_area") if key not in result.counts]
        if missing:
            raise Failure(
                f"{name} does not say what it counted (no {', no '.join(missing)}):\n{result.said}"
            )
        for key, value in result.counts.items():
            said, first = self.agreed.setdefault(key, (value, name))
            if said != value:
                raise Failure(
                    f"They disagree on {key}: {first} counts {said} and {name} {value}, in "
                    f"{self.list_file.name}."
                )

    def rounds(self, count: int) -> None:
        with open(self.list_file, "rb") as file:
            while file.read(1 << 20):
                pass
        for name in self.names:
            self.run(name, counted=False)
        for turn in range(count):
            at = turn % len(self.names)
            for name in self.names[at:] + self.names[:at]:
                self.run(name, counted=True)


def make_list(rows: int, areas: list[Path], work: Path, seed: int, today: datetime.date) -> Path:
    """Generates the list unless it is there: same rows, seed, day, areas and generator."""
    digest = hashlib.sha256()
    for path in [HERE / "generate.py", HERE / "job_types.json", *areas]:
        digest.update(path.read_bytes())
    path = work / f"list-{rows}-{today}-{seed}-{digest.hexdigest()[:8]}.csv"
    if not path.exists():
        for old in work.glob(f"list-{rows}-*.csv"):
            old.unlink()
        command = [sys.executable, str(HERE / "generate.py"), str(rows), str(path)]
        command += ["--seed", str(seed), "--today", str(today), "--areas", *map(str, areas)]
        subprocess.run(command, check=True)
        os.sync()
    return path


def figures(contest: Contest, rows: int) -> list[str]:
    """The machine-read lines of one list."""
    lines = []
    for name, results in contest.results.items():
        seconds = median(r.seconds for r in results)
        prefix = f"figure {name}_{rows}"
        lines += [
            f"{prefix}_seconds {seconds:.4f} s",
            f"{prefix}_best_seconds {min(r.seconds for r in results):.4f} s",
            f"{prefix}_rows_per_second {rows / seconds:.0f} rows/s",
            f"{prefix}_peak_memory {max(r.megabytes for r in results):.1f} MB",
        ]
        for phase in results[0].phases:
            each = [r.phases[phase] for r in results if phase in r.phases]
            lines.append(f"{prefix}_{phase}_seconds {median(each):.4f} s")
    if not contest.triaged:
        return lines
    repoll = median(r.seconds for r in contest.repolls)
    lines.append(f"figure repoll_{rows}_seconds {repoll:.4f} s")
    ours = contest.results["import"]
    for name in RIVALS:
        pairs = list(zip(contest.results[name], ours))
        faster = median(rival.seconds / our.seconds for rival, our in pairs)
        smaller = median(rival.megabytes / our.megabytes for rival, our in pairs)
        lines.append(f"ratio import_{rows}_against_{name} {faster:.2f}")
        lines.append(f"ratio memory_{rows}_against_{name} {smaller:.2f}")
    return lines


def table(contest: Contest) -> str:
    lines = [f"{'':18}{'median':>9}{'best':>9}{'worst':>9}{'cpu':>9}{'peak':>10}"]
    for name, results in contest.results.items():
        seconds = [r.seconds for r in results]
        cpu = median(r.cpu_seconds for r in results)
        lines.append(
            f"{name:18}{median(seconds):8.3f}s{min(seconds):8.3f}s{max(seconds):8.3f}s{cpu:8.3f}s"
            f"{max(r.megabytes for r in results):7.0f} MB"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--triaged", type=Path, help="the release build; without it only rivals")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="rows, with commas between")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", type=Path, default=HERE.parent / "artifacts" / "bench")
    parser.add_argument("--areas", type=Path, nargs="+", help="default: config/areas/*.geojson")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    areas = options.areas or sorted((HERE.parent / "config" / "areas").glob("*.geojson"))
    if not areas:
        parser.error("no areas: name files with --areas")
    if options.triaged and not options.triaged.is_file():
        parser.error(f"there is no {options.triaged}; build it with `make release`")
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    areas = [path.resolve() for path in areas]
    triaged = options.triaged.resolve() if options.triaged else None
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)

    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} processors, load {load}, {options.rounds} rounds", flush=True)
    lines = []
    try:
        for rows in sizes:
            list_file = make_list(rows, areas, work, options.seed, datetime.date.today())
            contest = Contest(list_file, areas, work, triaged)
            contest.rounds(options.rounds)
            megabytes = list_file.stat().st_size / 1e6
            counted = ", ".join(f"{key} {value}" for key, (value, _) in contest.agreed.items())
            print(f"\n{rows} rows, {megabytes:.1f} MB; all agree: {counted}")
            print(table(contest), flush=True)
            lines += figures(contest, rows)
    except (Failure, subprocess.CalledProcessError) as failure:
        print(f"The bench failed. {failure}", file=sys.stderr)
        return 1
    print("", *lines, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
