"""Writes the look-alike lists of this folder: headings as FORMATS.md has them, everything else invented.

Run it in this folder; the same lists come out each time."""

import csv
import json
import random
from datetime import datetime, timedelta

dice = random.Random(311)
STREETS = ["Mill Lane", "Church Hill", "Station Road", "Alder Close", "Quarry Street", "Forge Row"]
TYPES = ["Bulky waste quote", "Bulky collection", "Missed bin - refuse", "Fly tipping", "Noise", "Replacement bin"]
NAMES = ["Ann Example", "Bob Example", "Charlie Example"]
START = datetime(2026, 9, 1, 8, 0)
ROWS = 30


class Job:
    def __init__(self, n, middle=(449500, 359000), postcode="NG17"):
        self.n = n
        self.received = START + timedelta(hours=31 * n, minutes=17 * n % 60)
        self.closed = self.received + timedelta(days=3, hours=2) if n % 3 == 0 else None
        self.type = TYPES[n % len(TYPES)]
        self.status = "Closed" if self.closed else ("Open", "In progress")[n % 2]
        self.house = 2 + 3 * n % 90
        self.street = STREETS[n % len(STREETS)]
        self.postcode = f"{postcode} {n % 9 + 1}{'ABDEFGHJ'[n % 8]}{'LNPQRSTU'[n * 3 % 8]}"
        self.uprn = 100031200000 + 37 * n
        self.e = middle[0] + dice.randrange(-1500, 1500)
        self.n_ = middle[1] + dice.randrange(-1500, 1500)
        self.lon = round(-1.26 + dice.uniform(-0.02, 0.02), 6)
        self.lat = round(53.125 + dice.uniform(-0.012, 0.012), 6)
        self.name = NAMES[n % 3]
        self.note = (
            "The resident says that the items stand in the front garden, behind the gate, "
            f"and asks for a call before the visit; number {n} of the list."
        )

    address = property(lambda self: f"{self.house} {self.street}")


def jobs(**more):
    return [Job(n, **more) for n in range(ROWS)]


def write(name, header, rows, delimiter=",", encoding="utf-8", above=(), below=(), end="\n"):
    with open(name, "w", newline="", encoding=encoding) as file:
        out = csv.writer(file, delimiter=delimiter, lineterminator=end)
        out.writerows(above)
        if header:
            out.writerow(header)
        out.writerows(rows)
        out.writerows(below)


def uk(at, form="%d/%m/%Y %H:%M"):
    return at.strftime(form) if at else ""


# Flare, as a printed report: titles above, totals below, codes with a letter before them.
write(
    "flare-report.csv",
    ["Job Ref", "Date Received", "Code", "Job Type", "Status", "Caller Type", "UPRN", "Premises Address",
     "Postcode", "Easting", "Northing", "Officer", "Complainant Name", "Contact Tel", "Job Notes"],
    [[f"K{40000 + j.n}", uk(j.received), "K12", j.type, j.status, ("PUBLIC", "ENF", "POL")[j.n % 3],
      j.uprn if j.n % 4 else "", j.address, j.postcode, j.e, j.n_, "AB", j.name, f"01623 {400000 + j.n}", j.note]
     for j in jobs()],
    above=[["Street Scene Jobs"], ["Printed 21/11/2026 06:00"], []],
    below=[["Grand Total", ROWS], ["Page 1 of 1"]], end="\r\n")

write(
    "symology.csv",
    ["History Date/Time", "Recorded Date", "CRNo", "Stage Desc.", "Date Cleared", "Inspection", "LCA",
     "Action Due", "Event Type", "Stage", "NSGRef", "Easting", "Northing"],
    [[uk(j.received + timedelta(hours=1)), uk(j.received, "%d/%m/%Y"), f"{560000 + j.n:08d}",
      ("CLEARED", "INSPECTION DUE", "WORKS ORDERED")[j.n % 3], uk(j.closed), "", ("LIGHTING", "SITEINSP", "EMERG MS")[j.n % 3],
      uk(j.received + timedelta(days=5), "%d/%m/%Y"), j.type, f"{j.n % 3 + 7:02d}", 20601234, j.e, j.n_]
     for j in jobs()], encoding="cp1252", end="\r\n")

write(
    "bartec.csv",
    ["id", "ServiceCode", "UPRN", "USRN", "Address1", "Address2", "Street", "Locality", "Town", "PostCode",
     "Easting", "Northing", "ServiceLocation Easting", "ServiceLocation Northing", "DateRequested", "ServiceType",
     "ServiceClass", "ServiceStatus", "SLA", "ExternalReference", "ReporterName", "ReporterEmail", "CrewNumber", "LandType"],
    [[9000 + j.n, f"SR{51000 + j.n:08d}", j.uprn, 20601234, "", j.house, j.street, "", "Exampleton", j.postcode,
      f"{j.e}.972837897", f"{j.n_}.482", j.e + 9, j.n_ - 7, j.received.strftime("%Y-%m-%dT%H:%M:%S"), j.type, "Waste",
      ("OPEN", "CLOSED", "IN PROGRESS", "CANCELLED")[j.n % 4], "0001-01-01T00:00:00", "", j.name, "ann@example.org", 4, "Public"]
     for j in jobs()])

write(
    "whitespace.csv",
    ["WorksheetReference", "Uprn", "ServiceId", "ServiceName", "WorksheetMessage", "WorksheetDueDate", "WorksheetStatus",
     "SiteAddress", "SitePostCode", "CreatedDate"],
    [[f"WS-{7000 + j.n}", j.uprn, 270 + j.n % 5, j.type, j.note, f"{j.received + timedelta(days=7):%Y-%m-%d} 23:59",
      j.status, j.address, j.postcode, f"{j.received:%Y-%m-%d %H:%M:%S}"] for j in jobs()])

write(
    "echo.csv",
    ["Guid", "Id", "EventType", "EventTypeName", "EventDate", "ResolvedDate", "EventState", "UPRN", "USRN", "Address", "Notes"],
    [[f"{dice.randrange(16**8):08x}-0000-4000-8000-{j.n:012x}", 123000 + j.n, (2104, 2118, 2135, 3130)[j.n % 4], j.type,
      uk(j.received), uk(j.closed), ("New", "Completed", "Not Completed")[j.n % 3], j.uprn, 20601234,
      f"{j.address}, Exampleton, {j.postcode}", f"Left by the gate | {j.note}"] for j in jobs()])

write(
    "confirm.csv",
    ["EnquiryNumber", "ServiceCode", "ServiceName", "SubjectCode", "SubjectName", "EnquiryStatusCode", "EnquiryDescription", "EnquiryLocation",
     "EnquiryX", "EnquiryY", "EnquiryLogTime", "LoggedTime", "SiteCode", "ContactName", "ContactPhone"],
    [[2000 + j.n, ("BULK", "CLEA")[j.n % 2], "Waste", ("BQ", "BC", "FT")[j.n % 3], j.type, ("INP", "FOR", "DUP")[j.n % 3], j.note,
      f"{j.address}, {j.postcode}", f"{j.e}.00", f"{j.n_}.00", j.received.strftime("%Y-%m-%dT%H:%M:%S"),
      j.received.strftime("%Y-%m-%dT%H:%M:%SZ"), 20601234, j.name, f"01623{400000 + j.n}"] for j in jobs()])

write(
    "jadu.csv",
    ["ens-reference", "ens-uprn", "ens-full_address", "ens-latitude_longitude", "ens-waste_types", "ens-request_type", "ens-date",
     "ens-time", "ens-status", "ens-customer_name", "ens-customer_email"],
    [[f"EN-{800 + j.n}", j.uprn, f"{j.address}, {j.postcode}", f"{j.lat},{j.lon}", "sofa, fridge", j.type,
      uk(j.received, "%d/%m/%Y"), uk(j.received, "%H:%M"), j.status, j.name, "bob@example.org"] for j in jobs()])

write(
    "fixmystreet.csv",
    ["Report ID", "Title", "Detail", "User Name", "Category", "Subcategory", "Created", "Confirmed", "Acknowledged", "Fixed",
     "Closed", "Status", "Latitude", "Longitude", "Query", "Ward", "Easting", "Northing", "Report URL", "Device Type",
     "Site Used", "Reported As"],
    [[70000 + j.n, f"Thing {j.n}", j.note + "\nSecond line", j.name, "Waste", j.type, j.received.strftime("%Y-%m-%dT%H:%M:%S"),
      j.received.strftime("%Y-%m-%dT%H:%M:%S"), "", "", j.closed.strftime("%Y-%m-%dT%H:%M:%S") if j.closed else "",
      ("closed", "investigating", "confirmed")[j.n % 3], j.lat, j.lon, "", "Central", j.e, j.n_,
      f"https://reports.example.org/report/{j.n}", "desktop", "Cobrand", ("", "body", "anonymous")[j.n % 3]] for j in jobs()])

write(
    "seeclickfix.csv",
    ["id", "request_type", "summary", "description", "address", "lat", "lng", "created_at", "acknowledged_at", "closed_at", "reporter_name",
     "reporter_email", "media_url"],
    [[500 + j.n, j.type, "Bin", j.note, f"{j.house} Example Avenue", round(41.88 + j.n / 1000, 5), round(-87.63 - j.n / 1000, 5),
      j.received.strftime("%m/%d/%Y %I:%M %p"), "", j.closed.strftime("%m/%d/%Y %I:%M %p") if j.closed else "", j.name,
      "ann@example.org", ""] for j in jobs()])

write(
    "noiseworks.csv",
    ["Case id", "created", "kind", "kind_other", "uprn", "easting", "northing", "radius", "location_cache", "ward", "where", "estate", "assigned_id"],
    [[j.n + 1, f"{j.received:%Y-%m-%d %H:%M:%S}+00:00", ("music", "diy", "other")[j.n % 3], "", j.uprn, j.e, j.n_, "",
      f"{j.address}, {j.postcode}", "E05000001", "residence", ("y", "n")[j.n % 2], ""] for j in jobs()], delimiter="\t")

json.dump(
    [{"itemId": f"5d{j.n:022x}", "itemsTitle": f" {j.n} - {j.address}", "subtitle": j.type,
      "createdDate": j.received.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "lastEditDate": j.received.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
      "geometry": {"type": "Point", "coordinates": [j.lon, j.lat]},
      "attributes": {"status": j.status, "reference": f"DEF-{300 + j.n}", "postcode": j.postcode, "description": j.note}} for j in jobs()],
    open("alloy.json", "w"), indent=1)

# What is wrong with these is their name.
plain = ["Job Ref", "Received", "Type", "Status", "Address", "Postcode", "Easting", "Northing"]


def row(j, received=None, x=None, y=None, ref=None):
    return [ref or f"J{j.n}", received if received is not None else uk(j.received), j.type, j.status, j.address, j.postcode,
            j.e if x is None else x, j.n_ if y is None else y]


write("easting-northing-swapped.csv", plain, [row(j, x=j.n_, y=j.e) for j in jobs()])
write("easting-northing-swapped-in-kent.csv", plain,
      [row(j, x=j.n_, y=j.e) for j in jobs(middle=(615000, 155000), postcode="CT1")])
write("degrees-under-easting.csv", plain, [row(j, x=j.lon, y=j.lat) for j in jobs()])
write("latitude-longitude-swapped.csv", plain[:6] + ["Latitude", "Longitude"], [row(j, x=j.lon, y=j.lat) for j in jobs()])
write("grid-under-latitude.csv", plain[:6] + ["Longitude", "Latitude"], [row(j) for j in jobs()])
write("month-before-day.csv", plain, [row(j, uk(j.received, "%m/%d/%Y %H:%M")) for j in jobs()])
write("day-and-month-mixed.csv", plain, [row(j, uk(j.received, "%m/%d/%Y" if j.n % 4 == 0 else "%d/%m/%Y")) for j in jobs()])
write("dates-ambiguous-but-for-the-future.csv", plain,
      [row(j, f"{j.n % 3 + 10:02d}/0{j.n % 9 + 1}/2026") for j in jobs()])
write("received-in-the-future.csv", plain, [row(j, uk(j.received + timedelta(days=400))) for j in jobs()])
write("excel-serial-dates.csv", plain, [row(j, f"{46266 + j.n}.{j.n % 10}") for j in jobs()])
write("no-header.csv", None, [row(j) for j in jobs()])
write("titles-and-totals.csv", plain, [row(j) for j in jobs()], delimiter=";", encoding="utf-16",
      above=[["Weekly list of jobs"], ["Area", "All"], []], below=[[], ["Total", "", "", ROWS], ["End of report"]])
write("no-reference.csv", plain[1:], [row(j)[1:] for j in jobs()])
write("nowhere.csv", plain[:4], [row(j)[:4] for j in jobs()])
write("heading-twice.csv", plain + ["Status"], [row(j) + ["x"] for j in jobs()])
write("special-category.csv", plain + ["Ethnicity", "Disability Flag", "Benefit Claimed", "Grace Road"],
      [row(j) + ["", "Y", "N", ""] for j in jobs()])
write("uprn-spoiled.csv", plain[:6] + ["UPRN"], [row(j)[:6] + ["1.00E+11" if j.n % 2 else j.uprn // 10**7 * 10**7] for j in jobs()])
write("state-plane-only.csv", plain[:6] + ["X", "Y"], [row(j, x=1000445 + j.n, y=1230851 + j.n) for j in jobs()])
write("wkt.csv", plain[:6] + ["geom"], [row(j)[:6] + [f"POINT ({j.lon} {j.lat})"] for j in jobs()])
write("irish.csv", plain, [row(j) for j in jobs(middle=(333000, 374000), postcode="BT7")])
write("header-only.csv", plain, [])
write("references-repeat.csv", plain, [row(j, ref=f"J{j.n // 3}") for j in jobs()])
write("nameless-coordinates.csv", plain[:5] + ["P1", "P2"], [row(j)[:5] + [j.e, j.n_] for j in jobs()])
write("zeros-and-blanks.csv", plain, [row(j, x=0 if j.n % 3 == 0 else None, y=0 if j.n % 3 == 0 else None) for j in jobs()])
