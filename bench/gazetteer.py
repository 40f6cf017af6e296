"""Measures `triaged gazetteer` on an invented list of UPRNs in the columns of OS Open UPRN.

    python bench/gazetteer.py --triaged .build/release/triaged --rows 5000000 --config config

Three ways over the same warm file, in turn: `import --count`, which is the CSV reader alone;
`import --dry-run`, which reads and filters; `import`, which also sorts, merges and writes. Once with
places kept round the areas (the usual way) and once with all of them kept (the worst way). Then the
time of one look-up, from a gazetteer in memory and from one on the disk.

The last lines are for scripts: `figure NAME VALUE UNIT` and `ratio NAME VALUE`. `gazetteer_read` is the
speed of reading for an import as a share of the speed of the CSV reader: at least 0.5 is wanted.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median


def generate(path: Path, rows: int, seed: int) -> None:
    """UPRNs ascend as in the product; places are spread over Great Britain."""
    rng = random.Random(seed)
    uprn = 0
    with path.open("w", encoding="ascii", newline="") as out:
        out.write("UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\r\n")
        # A block of lines with other UPRNs each time: writing, not inventing, is to take the time.
        tails = [
            f",{rng.uniform(80_000, 655_000):.2f},{rng.uniform(10_000, 1_219_000):.2f},"
            f"{rng.uniform(50, 60):.7f},{rng.uniform(-7, 1.7):.7f}\r\n"
            for _ in range(50_000)
        ]
        step = 999_999_999_999 // max(1, rows)
        for start in range(0, rows, len(tails)):
            lines = []
            for tail in tails[: rows - start]:
                uprn += 1 + rng.randrange(max(1, 2 * step - 1))
                lines.append(f"{min(uprn, 999_999_999_999)}{tail}")
            out.write("".join(lines))


def run(command: list[str]) -> tuple[float, int, str]:
    """Seconds, peak memory in bytes, and what was printed."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)} failed")
    return seconds, usage.ru_maxrss * 1024, output


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--triaged", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=Path("config"))
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the files lie; they are removed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        measure(options, Path(name))


def measure(options: argparse.Namespace, folder: Path) -> None:
    source = folder / "osopenuprn.csv"
    generate(source, options.rows, options.seed)
    size = source.stat().st_size
    print(f"{options.rows} rows, {size / 1e6:.0f} MB")

    base = [str(options.triaged), "gazetteer", "import", str(source), "--config", str(options.config)]
    ways = {"count": [*base, "--count"]}
    for kept, within in [("near", "5km"), ("all", "2000km")]:
        ways[f"read_{kept}"] = [*base, "--within", within, "--dry-run"]
        ways[f"import_{kept}"] = [*base, "--within", within, "--output", str(folder / kept)]
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    peaks = dict.fromkeys(ways, 0)
    for round_number in range(options.rounds + 1):
        for way, command in ways.items():
            took, peak, _ = run(command)
            if round_number > 0:  # The first one warms the file.
                seconds[way].append(took)
                peaks[way] = max(peaks[way], peak)
    for way, times in seconds.items():
        took = median(times)
        print(f"figure gazetteer_{way} {took:.3f} s")
        print(f"figure gazetteer_{way}_rows {options.rows / took / 1e6:.1f} Mrows/s")
        print(f"figure gazetteer_{way}_peak {peaks[way] / 1e6:.0f} MB")
    for way in list(ways)[1:]:
        ratio = median(a / b for a, b in zip(seconds["count"], seconds[way]))
        print(f"ratio gazetteer_{way} {ratio:.2f}")
    for kept in ["near", "all"]:
        path = folder / kept
        info = [str(options.triaged), "gazetteer", "info", "--file", str(path)]
        lookup = re.search(r"(\d+) ns each", run([*info, "--probe", "1000000"])[2])
        print(f"figure gazetteer_{kept}_file {path.stat().st_size / 1e6:.1f} MB")
        print(f"figure gazetteer_{kept}_open {run(info)[0]:.3f} s")
        if lookup:
            print(f"figure gazetteer_{kept}_lookup {lookup[1]} ns")


if __name__ == "__main__":
    main()
