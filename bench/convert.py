"""Writes a generated list (generate.py) as an Open311 GeoReport v2 answer: the same jobs, in JSON.

    python bench/convert.py LIST.csv OUT.json

Longitude and latitude are those of the easting and northing by PROJ; rows without coordinates have
neither field. Times carry Europe/London's offset. Notes become the description.
"""

import csv
import datetime
import json
import sys
from zoneinfo import ZoneInfo

import pyproj

LONDON = ZoneInfo("Europe/London")


def instant(text):
    """31/12/2025 09:30 in London, as 2025-12-31T09:30:00+00:00."""
    moment = datetime.datetime.strptime(text, "%d/%m/%Y %H:%M")
    return moment.replace(tzinfo=LONDON).isoformat()


def records(path):
    to_degrees = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    placed = [row for row in rows if row["Easting"] and row["Northing"]]
    longitudes, latitudes = to_degrees.transform(
        [float(row["Easting"]) for row in placed], [float(row["Northing"]) for row in placed]
    )
    for row, longitude, latitude in zip(placed, longitudes, latitudes):
        row["place"] = {"lat": round(latitude, 8), "long": round(longitude, 8)}
    for row in rows:
        # The standard knows only open and closed; our class and caller ride along as extra fields.
        record = {
            "service_request_id": row["Job Ref"],
            "status": "closed" if row["Cleared"] or row["Status"] == "Closed" else "open",
            "status_notes": row["Status"],
            "service_name": row["Type"],
            "service_code": row["Class"],
            "description": row["Notes"],
            "requested_datetime": instant(row["Recorded"]),
            "address": row["Address"],
            "address_id": row["UPRN"],
            "zipcode": row["Postcode"],
            "caller": row["Caller"],
            **row.get("place", {}),
        }
        if row["Cleared"]:
            record["closed_datetime"] = instant(row["Cleared"])
        if row["Due"]:
            record["expected_datetime"] = instant(row["Due"])
        yield record


def main():
    source, target = sys.argv[1:]
    with open(target, "w", encoding="utf-8") as file:
        file.write("[\n")
        for number, record in enumerate(records(source)):
            file.write((",\n" if number else "") + json.dumps(record, ensure_ascii=False))
        file.write("\n]\n")


if __name__ == "__main__":
    main()
