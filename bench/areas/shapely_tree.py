"""What shapely's bulk query of an STRtree takes for the points that BenchAreas asked.

    python bench/areas/shapely_tree.py FOLDER

FOLDER has a folder for each data set, as `BenchAreas --samples` leaves it: flat files
(Tests/GeographyTests/covers.py says how they are laid out), and `ours`, the nanoseconds that a single
look-up and one of a batch took there. Prints figures and ratios; ends with 1 where answers differ.
"""

import pathlib
import sys
import time
from statistics import median

import numpy
import shapely

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests" / "GeographyTests"))
import covers  # noqa: E402

ROUNDS = 3
POINTS = 50_000


def main():
    agree = True
    for folder in sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.is_dir()):
        shapes, owners = covers.polygons(folder)
        xy = numpy.fromfile(folder / "points", dtype=numpy.float64).reshape(-1, 2)[:POINTS]
        points = shapely.points(xy)
        shapely.prepare(shapes)
        tree = shapely.STRtree(shapes)
        taken = []
        for _ in range(ROUNDS):
            began = time.thread_time()
            found = tree.query(points, "intersects")
            taken.append((time.thread_time() - began) / len(points) * 1e9)
        held = numpy.fromfile(folder / "held", dtype=numpy.int32).reshape(-1, 2)
        ours = {tuple(pair) for pair in held[held[:, 0] < len(points)].tolist()}
        theirs = set(zip(found[0].tolist(), owners[found[1]].tolist()))
        if ours != theirs:
            agree = False
            print(f"{folder.name}: {len(ours ^ theirs)} answers differ")
        print(f"figure areas_{folder.name}_shapely_bulk {median(taken):.1f} ns")
        for name, nanoseconds in zip(("single", "batch"), (folder / "ours").read_text().split()):
            ratio = median(taken) / float(nanoseconds)
            print(f"ratio areas_{folder.name}_{name}_against_shapely {ratio:.1f}", flush=True)
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
