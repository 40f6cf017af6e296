"""The simplest thing that does the job: the csv module, prepared shapely geometry, sqlite3.

    python bench/rivals/plain.py LIST OUT.db --areas config/areas/*.geojson

The list is CSV (the csv module), .xlsx (openpyxl, read-only) or Open311 .json (the json module).

Reads the list, keeps the jobs inside the areas, rolls them up by address, scores each address and
writes jobs and opportunities to a fresh SQLite file in one transaction. Prints one line of JSON.
"""

import argparse
import csv
import datetime
import json
import re
import sqlite3
from collections import defaultdict
from pathlib import Path

import pyproj
import shapely

TABLE = json.loads((Path(__file__).resolve().parents[1] / "job_types.json").read_text())
POINTS = {(t["class"], t["type"]): t["points"] for t in TABLE["types"]}
KEPT = [
    "Job Ref", "Recorded", "Due", "Cleared", "Class", "Type", "Status", "Caller", "UPRN", "Address",
    "Postcode",
]  # fmt: skip
NOT_A_WORD = re.compile(r"[^A-Z0-9]+")
SCHEMA = """
CREATE TABLE job (
  reference TEXT PRIMARY KEY, area TEXT NOT NULL, address_key TEXT NOT NULL, received TEXT,
  due TEXT, closed TEXT, class TEXT, type TEXT, status TEXT, caller TEXT, uprn TEXT, address TEXT,
  postcode TEXT, easting REAL, northing REAL
) STRICT;
CREATE TABLE opportunity (
  address_key TEXT PRIMARY KEY, area TEXT NOT NULL, score INTEGER NOT NULL, jobs INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
"""


def load_areas(paths):
    to_grid = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    areas = []
    for path in paths:
        for feature in json.loads(Path(path).read_text())["features"]:
            shape = shapely.from_geojson(json.dumps(feature["geometry"]))
            shape = shapely.transform(shape, to_grid.transform, interleaved=False)
            shapely.prepare(shape)
            areas.append((feature["properties"]["id"], shape, *shape.bounds))
    return areas


def iso(text):
    """31/12/2025 09:30 as 2025-12-31 09:30, which sorts."""
    return f"{text[6:10]}-{text[3:5]}-{text[:2]} {text[11:]}" if text else None


def address_key(uprn, address, postcode):
    uprn = uprn.lstrip("0")
    if uprn:
        return f"uprn:{uprn}"
    return f"addr:{NOT_A_WORD.sub(' ', address.upper())}|{postcode.upper().replace(' ', '')}"


def csv_rows(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        yield next(reader)
        yield from reader


def xlsx_rows(path):
    """Cells as text, dates as the CSV list writes them."""
    import openpyxl

    def text(cell):
        if cell is None:
            return ""
        if isinstance(cell, datetime.datetime):
            return f"{cell:%d/%m/%Y %H:%M}"
        return str(cell)

    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    for row in sheet.iter_rows(values_only=True):
        yield [text(cell) for cell in row]


def open311_rows(path):
    """Under the CSV list's headings; longitude and latitude go through PROJ all at once."""
    with open(path, encoding="utf-8") as file:
        records = json.load(file)
    placed = [record for record in records if "lat" in record]
    to_grid = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    points = to_grid.transform([r["long"] for r in placed], [r["lat"] for r in placed])
    for record, x, y in zip(placed, *points):
        record["x"], record["y"] = x, y

    def civil(instant):
        return f"{instant[8:10]}/{instant[5:7]}/{instant[:4]} {instant[11:16]}" if instant else ""

    yield KEPT + ["Easting", "Northing"]
    for record in records:
        yield [
            record["service_request_id"], civil(record["requested_datetime"]),
            civil(record.get("expected_datetime")), civil(record.get("closed_datetime")),
            record["service_code"], record["service_name"], record["status_notes"],
            record["caller"], record["address_id"], record["address"], record["zipcode"],
            record.get("x", ""), record.get("y", ""),
        ]  # fmt: skip


ROWS = {".csv": csv_rows, ".xlsx": xlsx_rows, ".json": open311_rows}


def read(path, areas):
    """The number of rows, and those of them that lie in an area."""
    count, jobs = 0, []
    rows = ROWS[Path(path).suffix](path)
    header = next(rows)
    easting, northing = header.index("Easting"), header.index("Northing")
    kept = [header.index(name) for name in KEPT]
    for row in rows:
        count += 1
        try:
            x, y = float(row[easting]), float(row[northing])
        except ValueError:
            continue
        for name, shape, west, south, east, north in areas:
            if west <= x <= east and south <= y <= north and shapely.intersects_xy(shape, x, y):
                reference, received, due, closed, *rest = [row[at] for at in kept]
                key = address_key(*rest[-3:])
                dates = iso(received), iso(due), iso(closed)
                jobs.append((reference, name, key, *dates, *rest, x, y))
                break
    return count, jobs


def score(jobs, now):
    """One line for each address that reaches the line, and the number of addresses."""
    opens = (now - datetime.timedelta(days=TABLE["window_days"])).isoformat(" ", "minutes")
    year_ago = (now - datetime.timedelta(days=365)).isoformat(" ", "minutes")
    until = now.isoformat(" ", "minutes")
    unasked = set(TABLE["callers_without_resident"])
    stops = TABLE["stop_words"]

    by_address = defaultdict(list)
    for job in jobs:
        by_address[job[2]].append(job)
    opportunities = []
    for key, at_address in by_address.items():
        best, area, reason, history = 0, "", "", 0
        for _, in_area, _, received, _, closed, job_class, kind, status, caller, *_ in at_address:
            if not received or any(word in kind.lower() for word in stops):
                continue
            if year_ago <= received <= until:
                history += 1
            points = POINTS.get((job_class, kind), 0)
            is_open = closed is None and status != "Closed"
            if points > best and is_open and caller not in unasked and opens <= received <= until:
                best, area, reason = points, in_area, kind
        if not best:
            continue
        total = best + (TABLE["repeat_points"] if history > 1 else 0)
        if total >= TABLE["line"]:
            opportunities.append((key, area, total, history, reason))
    return opportunities, len(by_address)


def record(path, jobs, opportunities):
    Path(path).unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    with database:
        database.executemany(f"INSERT INTO job VALUES ({','.join('?' * 15)})", jobs)
        database.executemany("INSERT INTO opportunity VALUES (?,?,?,?,?)", opportunities)
        database.execute("CREATE INDEX job_address ON job (address_key)")
    database.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("list")
    parser.add_argument("out")
    parser.add_argument("--areas", nargs="+", required=True)
    parser.add_argument(
        "--now", type=datetime.datetime.fromisoformat, default=datetime.datetime.now()
    )
    options = parser.parse_args()
    rows, jobs = read(options.list, load_areas(options.areas))
    opportunities, addresses = score(jobs, options.now)
    record(options.out, jobs, opportunities)
    counts = {"rows": rows, "in_area": len(jobs), "addresses": addresses}
    print(json.dumps({**counts, "opportunities": len(opportunities)}))


if __name__ == "__main__":
    main()
