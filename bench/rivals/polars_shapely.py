"""The fast thing that a data analyst would write: polars, shapely on arrays, sqlite3.

    python bench/rivals/polars_shapely.py LIST.csv OUT.db --areas config/areas/*.geojson

Does the same job as plain.py, on all cores. Prints one line of JSON.
"""

import argparse
import datetime
import json
import sqlite3
from pathlib import Path

import numpy
import polars as pl
import pyproj
import shapely

TABLE = json.loads((Path(__file__).resolve().parents[1] / "job_types.json").read_text())
COLUMNS = [
    "Job Ref", "Recorded", "Due", "Cleared", "Class", "Type", "Status", "Caller", "UPRN", "Address",
    "Postcode", "Easting", "Northing",
]  # fmt: skip
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
    areas = {}
    for path in paths:
        for feature in json.loads(Path(path).read_text())["features"]:
            shape = shapely.from_geojson(json.dumps(feature["geometry"]))
            shape = shapely.transform(shape, to_grid.transform, interleaved=False)
            shapely.prepare(shape)
            areas[feature["properties"]["id"]] = shape
    return areas


def located(frame):
    """Coordinates as numbers; rows without them left out."""
    grid = pl.col("Easting", "Northing")
    return frame.with_columns(grid.cast(pl.Float64, strict=False)).drop_nulls(
        ["Easting", "Northing"]
    )


def read(path):
    """The number of rows, and a frame of those that have coordinates."""
    everything = pl.read_csv(path, columns=COLUMNS, infer_schema=False)
    return everything.height, located(everything)


def read_streaming(path, areas):
    """The same with less memory: only the rows in the box round all areas are kept."""
    west, south, east, north = shapely.total_bounds(list(areas.values()))
    everything = pl.scan_csv(path, infer_schema=False).select(COLUMNS)
    near = located(everything).filter(
        pl.col("Easting").is_between(west, east), pl.col("Northing").is_between(south, north)
    )
    count, near = pl.collect_all([everything.select(pl.len()), near], engine="streaming")
    return count.item(), near


def locate(jobs, areas):
    """Those of the rows that an area holds, with the first that does."""
    x, y = jobs["Easting"].to_numpy(), jobs["Northing"].to_numpy()
    held_by = numpy.full(jobs.height, -1)
    for position, shape in reversed(list(enumerate(areas.values()))):
        held_by[shapely.intersects_xy(shape, x, y)] = position
    names = pl.Series(list(areas), dtype=pl.String)
    return jobs.filter(held_by >= 0).with_columns(area=names.gather(held_by[held_by >= 0]))


def tidy(jobs):
    dates = pl.col("Recorded", "Due", "Cleared").str.to_datetime("%d/%m/%Y %H:%M", strict=False)
    uprn = pl.col("UPRN").str.strip_chars_start("0")
    words = pl.col("Address").str.to_uppercase().str.replace_all("[^A-Z0-9]+", " ")
    postcode = pl.col("Postcode").str.to_uppercase().str.replace_all(" ", "", literal=True)
    written = pl.format("addr:{}|{}", words.fill_null(""), postcode.fill_null(""))
    by_uprn = uprn.is_not_null() & (uprn != "")
    return jobs.with_columns(
        dates, key=pl.when(by_uprn).then(pl.format("uprn:{}", uprn)).otherwise(written)
    )


def score(jobs, now):
    """A frame with one row for each address that reaches the line."""
    points = pl.DataFrame(TABLE["types"]).select(
        Class="class", Type="type", points=pl.col("points").cast(pl.Int64)
    )
    stopped = pl.col("Type").str.to_lowercase().str.contains_any(TABLE["stop_words"])
    history = jobs.filter(
        pl.col("Recorded").is_between(now - datetime.timedelta(days=365), now), ~stopped
    )
    candidates = (
        history.filter(
            pl.col("Recorded") >= now - datetime.timedelta(days=TABLE["window_days"]),
            pl.col("Cleared").is_null(),
            pl.col("Status") != "Closed",
            ~pl.col("Caller").is_in(TABLE["callers_without_resident"]),
        )
        .join(points, on=["Class", "Type"])
        .filter(pl.col("points") > 0)
        .sort("points", descending=True, maintain_order=True)
        .unique("key", keep="first")
    )
    lengths = history.group_by("key").agg(jobs=pl.len())
    repeat = pl.when(pl.col("jobs") > 1).then(TABLE["repeat_points"]).otherwise(0)
    return (
        candidates.join(lengths, on="key")
        .with_columns(score=pl.col("points") + repeat)
        .filter(pl.col("score") >= TABLE["line"])
        .select("key", "area", "score", "jobs", "Type")
    )


def record(path, jobs, opportunities):
    Path(path).unlink(missing_ok=True)
    as_text = pl.col("Recorded", "Due", "Cleared").dt.strftime("%Y-%m-%d %H:%M")
    rows = jobs.with_columns(as_text).select("Job Ref", "area", "key", *COLUMNS[1:])
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    with database:
        database.executemany(f"INSERT INTO job VALUES ({','.join('?' * 15)})", rows.iter_rows())
        database.executemany(
            "INSERT INTO opportunity VALUES (?,?,?,?,?)", opportunities.iter_rows()
        )
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
    parser.add_argument("--streaming", action="store_true", help="scan_csv and a box first")
    options = parser.parse_args()
    areas = load_areas(options.areas)
    rows, jobs = read_streaming(options.list, areas) if options.streaming else read(options.list)
    jobs = tidy(locate(jobs, areas))
    opportunities = score(jobs, options.now)
    record(options.out, jobs, opportunities)
    counts = {"rows": rows, "in_area": jobs.height, "addresses": jobs["key"].n_unique()}
    print(json.dumps({**counts, "opportunities": opportunities.height}))


if __name__ == "__main__":
    main()
