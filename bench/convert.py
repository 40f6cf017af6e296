"""Writes a generated list (generate.py) as a workbook, or as an Open311 GeoReport v2 answer in JSON.

    python bench/convert.py LIST.csv OUT.xlsx
    python bench/convert.py LIST.csv OUT.json

In the workbook dates are serial numbers with a style and coordinates are numbers, under the headings
of the list. In JSON, longitude and latitude are those of the easting and northing by PROJ; rows
without coordinates have neither field. Times carry Europe/London's offset. Notes become the description.
"""

import csv
import datetime
import json
import sys
from zoneinfo import ZoneInfo

import openpyxl
import pyproj
from openpyxl.cell import WriteOnlyCell

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


def write_json(source, target):
    with open(target, "w", encoding="utf-8") as file:
        file.write("[\n")
        for number, record in enumerate(records(source)):
            file.write((",\n" if number else "") + json.dumps(record, ensure_ascii=False))
        file.write("\n]\n")


def write_workbook(source, target):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Jobs")
    with open(source, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        heading = next(rows)
        sheet.append(heading)
        dates = {"Recorded", "Due", "Cleared"}
        numbers = {"Easting", "Northing"}
        for row in rows:
            cells = []
            for name, text in zip(heading, row):
                if not text:
                    cells.append(None)
                elif name in dates:
                    moment = datetime.datetime.strptime(text, "%d/%m/%Y %H:%M")
                    cell = WriteOnlyCell(sheet, moment)
                    cell.number_format = "dd/mm/yyyy hh:mm"
                    cells.append(cell)
                else:
                    cells.append(int(text) if name in numbers else text)
            sheet.append(cells)
    book.save(target)


def main():
    source, target = sys.argv[1:]
    (write_workbook if target.endswith(".xlsx") else write_json)(source, target)


if __name__ == "__main__":
    main()
