"""Counts the Boston example with none of our code: csv, pyproj and shapely only.

    python Tests/boston/count.py            prints the counts as JSON
    python Tests/boston/count.py --check    compares them with expected.json; exit 1 if they differ

Points go from WGS84 (EPSG:4326) to Massachusetts Mainland in metres (EPSG:26986), the grid of the
example, and so do the corners of the areas. No row lies within 20 m of an edge (also checked), so
the choice of datum shift, at most a metre or two, cannot move a row across a boundary.
"""

import argparse
import csv
import json
import sys
from pathlib import Path

import pyproj
import shapely

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "config" / "examples" / "boston"
CITY_HALL = ("42.3594", "-71.0587")
TO_GRID = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:26986", always_xy=True)


def load_areas(folder: Path) -> dict[str, shapely.Geometry]:
    areas = {}
    for path in sorted(folder.glob("*.geojson")):
        for feature in json.loads(path.read_text())["features"]:
            wgs84 = shapely.from_geojson(json.dumps(feature["geometry"]))
            grid = shapely.transform(wgs84, TO_GRID.transform, interleaved=False)
            areas[feature["properties"]["id"]] = grid
    return areas


def count(example: Path) -> dict:
    areas = load_areas(example / "areas")
    with open(example / "lists" / "boston311-100.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    located = at_city_hall = in_area = 0
    nearest_edge = float("inf")
    per_area = {name: {"references": [], "by_type": {}} for name in areas}
    for row in rows:
        latitude, longitude = row["latitude"].strip(), row["longitude"].strip()
        if not latitude or not longitude:
            continue
        located += 1
        at_city_hall += (latitude, longitude) == CITY_HALL
        point = shapely.Point(TO_GRID.transform(float(longitude), float(latitude)))
        holders = [name for name, shape in areas.items() if shape.covers(point)]
        in_area += bool(holders)
        for name in holders:
            per_area[name]["references"].append(row["case_enquiry_id"])
            by_type = per_area[name]["by_type"]
            key = f"{row['type']} / {row['case_status']}"
            by_type[key] = by_type.get(key, 0) + 1
        nearest_edge = min(nearest_edge, *(a.boundary.distance(point) for a in areas.values()))

    for name, shape in areas.items():
        per_area[name]["rows"] = len(per_area[name]["references"])
        per_area[name]["references"].sort()
        per_area[name]["square_kilometres"] = round(shape.area / 1e6, 2)
    return {
        "rows": len(rows),
        "located": located,
        "at_city_hall": at_city_hall,
        "in_area": in_area,
        "outside": located - in_area,
        "not_located": len(rows) - located,
        "nearest_row_to_an_edge_metres": int(nearest_edge),
        "areas": per_area,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--example", type=Path, default=EXAMPLE)
    parser.add_argument("--check", action="store_true", help="compare with expected.json")
    options = parser.parse_args()

    counted = count(options.example)
    if counted["nearest_row_to_an_edge_metres"] < 20:
        print("A row lies within 20 m of an edge; redraw the area.", file=sys.stderr)
        return 1
    if not options.check:
        print(json.dumps(counted, indent=2, sort_keys=True))
        return 0
    expected = json.loads((Path(__file__).parent / "expected.json").read_text())
    if counted != expected:
        print("The counts differ from expected.json:", json.dumps(counted, indent=2), sep="\n")
        return 1
    print("The counts are those of expected.json.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
