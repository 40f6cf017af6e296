#!/usr/bin/env python3
"""Writes the lists of flaws/, each with the one flaw that its name says, byte by byte.

What is to become of each is not written here: flaws/expected.json is written by hand. All data is
invented. Run with TRIAGED_PYTHON (openpyxl); the spreadsheets and archives carry a fixed date, so
that writing them again changes nothing.
"""

import gzip
import io
import pathlib
import struct
import zipfile
from datetime import datetime

import openpyxl

FOLDER = pathlib.Path(__file__).parent / "flaws"
FOLDER.mkdir(exist_ok=True)
HEADER = "Ref,Received,Status,Class,Type,Address,Postcode,UPRN,Easting,Northing,Notes".split(",")
GOOD = dict(
    Received="13/03/2026 11:45", Status="Open", Class="Waste", Type="Bulky collection",
    Address="12 Mill Lane", Postcode="NG17 1AA", UPRN="10001234", Easting="450500",
    Northing="359500", Notes="")


def row(ref, **cells):
    """A row inside the pilot area unless the cells say otherwise."""
    return [ref] + [cells.get(name, GOOD[name]) for name in HEADER[1:]]


def far(ref, **cells):
    return row(ref, **{"Easting": "440500", **cells})


def quoted(cell, delimiter=","):
    if any(c in cell for c in (delimiter, '"', "\r", "\n")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def lines(rows, delimiter=",", end="\r\n"):
    return "".join(delimiter.join(quoted(c, delimiter) for c in r) + end for r in rows)


def put(name, data):
    if isinstance(data, str):
        data = data.encode()
    (FOLDER / name).write_bytes(data)


def csv(name, *rows, header=HEADER, encoding="utf-8", **options):
    put(name, lines([header, *rows], **options).encode(encoding))


def zipped(name, members, compress=True, **attributes):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member, data in members:
            info = zipfile.ZipInfo(member, (2026, 3, 13, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
            archive.writestr(info, data)
    put(name, buffer.getvalue())


def sheet(name, change, epoch=None):
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    change(book)
    book.properties.created = book.properties.modified = datetime(2026, 3, 13)
    buffer = io.BytesIO()
    book.save(buffer)
    members = []
    with zipfile.ZipFile(buffer) as archive:
        for info in archive.infolist():
            data = archive.read(info)
            if info.filename == "docProps/core.xml":
                continue
            members.append((info.filename, data))
    fixed = []
    for member, data in members:
        if member in ("[Content_Types].xml", "_rels/.rels"):
            text = data.decode()
            import re
            text = re.sub(r'<Override[^>]*core\.xml[^>]*/>', "", text)
            text = re.sub(r'<Relationship [^>]*core\.xml[^>]*/>', "", text)
            data = text.encode()
        fixed.append((member, data))
    zipped(name, fixed)


A, B, C = row("A1"), far("A2"), row("A3")

# ── The 32 quirks of FORMATS.md 1.12 ──────────────────────────────────────────────────────────
csv("q01-windows-1252-bytes.csv", A, row("A2", Notes="Café – 20° slope, £5"), C, encoding="cp1252")
text = lines([HEADER, A, row("A2", Notes="Café"), C])
put("q02-utf-16le-without-mark.csv", text.encode("utf-16-le"))
put("q02-utf-16le-with-mark.csv", b"\xff\xfe" + text.encode("utf-16-le"))
put("q03-mark-glued-to-quoted-heading.csv",
    b"\xef\xbb\xbf" + lines([HEADER, A, B]).replace("Ref", '"Ref"', 1).encode())
csv("q04-tabs-in-a.csv", A, B, delimiter="\t")
csv("q04-commas-in-a.tsv", A, B)
put("q05-html-login-page.csv",
    "<!DOCTYPE html>\r\n<html><head><title>Sign in</title></head>"
    "<body><form>Your session has ended, please sign in.</form></body></html>\r\n")
zipped("q06-zip-of-a-picture-named.csv", [("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(200))])
zipped("q06-zip-of-a-list-named.csv", [("jobs.csv", lines([HEADER, A, B, C]))])
put("q06-empty.csv", b"")
put("q06-twelve-bytes.csv", b"not a list\r\n")
put("q07-zero-bytes.csv", lines([HEADER, A, row("A2", Notes="so@me"), B, row("A3", Type="Bulky@@")])
    .replace("@", "\0"))
put("q08-cut-mid-row.csv", lines([HEADER, A, B, C])[:-38])
put("q08-cut-in-quotes.csv", lines([HEADER, A, B]) + 'A3,13/03/2026,Open,Waste,Bin,"12 Mill')
csv("q09-header-only.csv")
csv("q09-only-commas.csv", [""] * len(HEADER))
csv("q09-ragged-rows.csv", A, row("A2")[:-1], row("A3") + ["", ""], row("A4") + ["what", "ever"],
    ["A5", "13/03/2026"])
csv("q10-glued-headings.csv", A,
    header=[h if h != "Postcode" else "Postcode" for h in HEADER[:7]] + ["UPRNProperty_URN"] + HEADER[8:])
csv("q11-column-set-of-maintenance.csv", ["A1", "13/03/2026", "CLEARED", "450500", "359500", "M2", "SK55"],
    header="CRNo,Recorded Date,Date Cleared,Easting,Northing,Maint. Stage,L.A.Code".split(","))
csv("q11-column-set-of-cleansing.csv", ["A1", "13/03/2026", "FLYTIP", "450500", "359500", "SK55", "M2"],
    header="CRNo,Recorded Date,Stage Desc.,Easting,Northing,L.A.Code,Maint. Stage".split(","))
csv("q12-leading-zeros.csv", row("00560250", UPRN="000010001234"), row("00560251", UPRN="10001234"))
csv("q13-uprn-spoiled-by-spreadsheet.csv", row("A1", UPRN="1.00E+11"), row("A2", UPRN="100030000000"),
    row("A3", UPRN="1.00031E+11", Easting="", Northing=""), row("A4"))
csv("q14-uprn-lengths.csv", row("A1", UPRN="7"), row("A2", UPRN="1001"), row("A3", UPRN="100012345678"),
    row("A4", UPRN=""), row("A5", UPRN="1000123456789"))
csv("q15-dates-as-serial-numbers.csv", row("A1", Received="46094"), row("A2", Received="46094.489583"),
    row("A3", Received="99999"), row("A4", Received="12"))
csv("q16-month-before-day.csv", *[row(f"A{n}", Received=f"{n:02}/{day}/2026")
    for n, day in enumerate([14, 15, 20, 28, 30], start=1)], row("A6", Received="03/12/2026"),
    row("A7", Received="04/12/2026"), row("A8", Received="05/12/2026"))
csv("q17-two-date-formats-in-one-column.csv", row("A1", Received="13/03/2026 00:00"),
    row("A2", Received="2026-03-13 00:00"), row("A3", Received=""))
csv("q18-sentinel-dates.csv", row("A1", Received="01/01/0001"), row("A2", Received="0001-01-01T00:00:00"),
    row("A3", Received="01/01/2050"), row("A4", Received="01/01/1899"))
csv("q19-hours-of-the-clock-change.csv", row("A1", Received="25/10/2026 01:30"),
    row("A2", Received="29/03/2026 01:30"), row("A3", Received="25/10/2026 02:30"))
csv("q20-degrees-under-eastings.csv", row("A1", Easting="-1.2474", Northing="53.1304"),
    row("A2", Easting="-1.2475", Northing="53.1305"))
csv("q20-easting-and-northing-swapped.csv", row("A1", Easting="359500", Northing="450500"),
    row("A2", Easting="359510", Northing="450510"))
csv("q21-no-coordinates.csv", row("A1", Easting="0", Northing="0", UPRN="", Postcode=""),
    row("A2", Easting="0", Northing="0", Postcode=""), row("A3", Easting="", Northing="", UPRN=""),
    row("A4", Easting="", Northing="", UPRN="", Postcode="NG17 1AB"),
    row("A5", Easting="", Northing="", UPRN="", Postcode="NG99 9ZZ"), far("A6"))
csv("q22-wrong-name-of-the-grid.csv", A + ["OSGB3"], B + ["WGS84"], header=HEADER + ["CoordinateSystem"])
csv("q23-premises-beside-service-location.csv", A + ["440500", "359500"], B + ["450500", "359500"],
    header=HEADER + ["ServiceEasting", "ServiceNorthing"])
csv("q24-street-record.csv", row("A1", Address="STREET RECORD, MILL LANE"),
    row("A2", Address="OPEN SPACE, MILL LANE"), row("A3"))
csv("q25-notes-of-many-lines.csv", row("A1", Notes="Sofa\r\nby the gate"),
    row("A2", Notes="Sofa\\nby the gate"), row("A3", Notes="Sofa | by the gate"), row("A4", Notes="a\nb\rc"))
csv("q26-blanks-in-words.csv", row("A1", UPRN=" ", Received=" "), row("A2", UPRN="N/A", Received="n/a"),
    row("A3", UPRN="Unspecified", Received="UNSPECIFIED"),
    row("A4", Easting="N/A", Northing="N/A", UPRN=" ", Postcode=" "))
csv("q27-rows-again-0900.csv", A, row("A2", Status="In progress"), far("A3"))
csv("q27-rows-again-1000.csv", row("A2", Status="Cleared"), A, A, row("A4"))
put("q28-second-header-and-total.csv", lines([HEADER, A, B, HEADER, C]) + ",,,,,,,,,,\r\nTotal: 3,,,,,,,,,,\r\n")
NODE = """  <request>
    <service_request_id>{0}</service_request_id><status>open</status>
    <service_name>Bulky collection</service_name><requested_datetime>2026-03-13T11:45:00Z</requested_datetime>
    <updated_datetime/><address>12 Mill Lane</address><zipcode></zipcode><lat>53.1304</lat><long>-1.2474</long>
  </request>
"""
XML = '<?xml version="1.0" encoding="utf-8"?>\n'
put("q29-one-node.xml", XML + "<service_requests>\n" + NODE.format("A1") + "</service_requests>\n")
put("q29-empty-elements.xml", XML + "<service_requests>\n" + NODE.format("A1") + NODE.format("A2")
    + "  <request><service_request_id/><status/><service_name/><requested_datetime/>"
    "<updated_datetime/><address/><zipcode/><lat/><long/></request>\n</service_requests>\n")
csv("q30-one-type-in-two-classes.csv", row("A1", Class="Waste", Type="Missed"),
    row("A2", Class="Grass", Type="Missed"))
REQUEST = ('{{"service_request_id":"{0}","status":"open","service_name":"Bulky collection",'
           '"requested_datetime":"2026-03-13T11:45:00Z","updated_datetime":null,"address":"12 Mill Lane",'
           '"zipcode":"NG17 1AA","lat":53.1304,"long":-1.2474}}')
put("q31-exactly-the-limit.json", "[" + ",\n".join(REQUEST.format(f"A{n}") for n in range(10)) + "]\n")
csv("q32-everything-at-once.csv", *[far(f"B{n}") for n in range(60)], A)

# ── Further lies ──────────────────────────────────────────────────────────────────────────────
csv("33-reference-with-apostrophe.csv", row("'00123"), row("'00124", UPRN="'10001234"))
csv("34-hard-space-in-numbers.csv", row("A1", Easting="450\u00a0500", UPRN="", Postcode=""),
    row("A2", Easting="\u00a0450500\u00a0"))
csv("35-thousands-separators.csv", row("A1", Easting="450,500", Northing="359,500", UPRN="", Postcode=""))
csv("36-decimal-comma.csv", row("A1", Easting="450500,25", Northing="359500,75", UPRN="", Postcode=""),
    row("A2", Easting="450500.25"), delimiter=";")
csv("37-curly-quotes.csv", row("A1", Notes="“Sofa”, ‘old’"), row("A2", Address="“Rose Cottage” Mill Lane"))
csv("38-lines-end-with-cr.csv", A, B, C, end="\r")
put("39-mixed-line-ends.csv", lines([HEADER, A], end="\n") + lines([B], end="\r") + lines([C], end="\r\n")
    + lines([row("A4")], end="\n"))
csv("40-mapped-heading-twice.csv", A + ["13/03/2026"], header=HEADER + ["Received"])
csv("41-other-heading-twice.csv", A + ["x", "y"], header=HEADER + ["Team", "Team"])
csv("42-heading-empty.csv", A + ["x"], B + [""], header=HEADER + [""])
put("43-delimiter-at-row-end.csv", ",".join(HEADER) + "\r\n" + "".join(",".join(r) + ",\r\n" for r in (A, B, C)))
put("44-line-end-in-heading.csv", lines([HEADER, A, B]).replace("Received", '"Received\r\n"', 1)
    .replace("Easting", '"Easting "', 1))
put("45-mark-in-the-middle.csv", b"\xef\xbb\xbf" + lines([HEADER, A]).encode() + b"\xef\xbb\xbf"
    + lines([HEADER, C]).encode())
put("46-two-lists-with-other-columns.csv", lines([HEADER, A, B]) + lines([["Ref", "Team"], ["A3", "North"]]))
put("47-sep-line.csv", "sep=;\r\n" + lines([HEADER, A, B], delimiter=";"))
put("48-blank-lines-first.csv", "\r\n\r\n  \r\n" + lines([HEADER, A, B]))
put("49-tabs-in-quotes.csv", lines([HEADER, row("A1", Notes="one\ttwo\tthree\tfour\tfive"), B])
    .replace("one\t", '"one\t').replace("five", 'five"'))
put("50-formulas-as-text.csv", lines([HEADER]) + '="00123",' + ",".join(A[1:]) + "\r\n"
    + '"=""00124""",' + ",".join(A[1:]) + "\r\n")
put("51-byte-85.csv", lines([HEADER, row("A1", Notes="and so on@"), B]).encode().replace(b"@", b"\x85"))
put("52-utf-16be.csv", b"\xfe\xff" + text.encode("utf-16-be"))
put("53-surrogates-in-utf-8.csv", lines([HEADER, row("A1", Notes="@"), B]).encode()
    .replace(b"@", b"\xed\xa0\xbd\xed\xb8\x80"))
put("54-overlong-utf-8.csv", lines([HEADER, row("A1", Notes="@"), B]).encode().replace(b"@", b"\xc0\xaf"))
csv("55-field-of-30000-characters.csv", row("A1", Notes="long " * 6000), B)
put("56-twenty-thousand-columns.csv", lines([HEADER, A]) + "A2" + "," * 20000 + "end\r\n" + lines([C]))
csv("57-spaces-round-headings.csv", A, B, header=[f"  {h} " for h in HEADER])
csv("58-no-such-day.csv", *[row(f"A{n}", Received=d) for n, d in enumerate(
    ["29/02/2026", "31/04/2026", "13/13/2026", "00/01/2026", "29/02/2024", "32/01/2026"], start=1)])
csv("59-hour-24.csv", row("A1", Received="13/03/2026 24:00"), row("A2", Received="13/03/2026 23:60"),
    row("A3", Received="13/03/2026 23:59:60"))
csv("60-two-digit-years.csv", row("A1", Received="13/03/26"), row("A2", Received="13/03/2026"))
csv("61-month-names.csv", row("A1", Received="13 Mar 2026"), row("A2", Received="13-MAR-2026"))
csv("62-am-and-pm.csv", row("A1", Received="13/03/2026 12:15 AM"), row("A2", Received="13/03/2026 12:15 PM"),
    row("A3", Received="13/03/2026 0:15 PM"))
csv("63-negative-numbers.csv", row("A1", UPRN="-10001234"),
    row("A2", Easting="-450500", UPRN="", Postcode=""))
csv("64-numbers-with-decimals.csv", row("A1", UPRN="10001234.0", Easting="450500.0", Northing="3.595E+5"))
csv("65-postcode-spellings.csv", row("A1", Postcode="NG171AA", UPRN="", Easting=""),
    row("A2", Postcode="ng17 1aa", UPRN="", Easting=""), row("A3", Postcode="NG17  1AA.", UPRN="", Easting=""),
    row("A4", Postcode="NG17 IAA", UPRN="", Easting=""), row("A5", Postcode="NG17", UPRN="", Easting=""))
csv("66-orkney-and-shetland.csv", row("A1", Easting="344800", Northing="1010900"),
    row("A2", Easting="447600", Northing="1141500"), A[:1] + C[1:])
csv("67-irish-grid.csv", row("A1", Easting="333800", Northing="374000"),
    row("A2", Easting="750500", Northing="359500", UPRN="", Postcode=""))
csv("68-latitude-under-longitude.csv", ["A1", "2026-03-13 11:45:00", "Bulky collection", "53.1304", "-1.2474"],
    ["A2", "2026-03-13 11:45:00", "Bulky collection", "-1.2474", "53.1304"],
    ["A3", "2026-03-13 11:45:00", "Bulky collection", "", "-190"],
    header="id,opened,type,longitude,latitude".split(","))
ROW = ('{{"Ref":"{0}","Received":"13/03/2026 11:45","Status":"Open","Class":"Waste","Type":"Bulky collection",'
       '"Address":"12 Mill Lane","Postcode":"NG17 1AA","UPRN":10001234,"Easting":{1},"Northing":359500,"Notes":""}}')
put("70-comma-before-bracket.json", "[" + ROW.format("A1", 450500) + ",\n" + ROW.format("A2", 440500) + ",\n]\n")
put("71-cut.json", ("[" + ",\n".join(ROW.format(f"A{n}", 450500) for n in range(1, 5)) + "]")[:-60])
put("72-nan.json", "[" + ROW.format("A1", 450500) + ",\n" + ROW.format("A2", "NaN") + ",\n"
    + ROW.format("A3", 450500) + "]\n")
put("73-rows-within-an-object.json", '{"meta":{"count":2,"tags":["a","b","c"]},"jobs":['
    + ROW.format("A1", 450500) + "," + ROW.format("A2", 440500) + "]}\n")
put("74-one-bad-line.jsonl", ROW.format("A1", 450500) + "\n" + '{"Ref":"A2","Easting":\n'
    + ROW.format("A3", 450500) + "\n")
put("75-error-message.json", '{"error":"token expired","code":401}\n')
put("76-entities.xml", XML.rstrip("\n") + '\n<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>\n<service_requests>\n'
    + NODE.format("&c;") + "</service_requests>\n")
put("77-cut.xml", (XML + "<service_requests>\n" + NODE.format("A1") + NODE.format("A2"))[:-80])
put("78-soap-fault.xml", XML + "<Envelope><Body><Fault><faultstring>Access denied</faultstring></Fault></Body></Envelope>\n")


def title(book):
    page = book.active
    page.append(["Street Scene: open jobs"])
    page.merge_cells("A1:K1")
    page.append([])
    page.append(["", "", "", "Job", "", "Where"])
    page.append(HEADER)
    for r in (A, B, C):
        page.append(r)
    page.append(["Total", 3])


def typed(book):
    page = book.active
    page.append(HEADER)
    for ref in ("A1", "A2"):
        cells = row(ref, Received=datetime(2026, 3, 13, 11, 45), UPRN=10001234, Easting=450500.0, Northing=359500)
        page.append(cells)
        page.cell(page.max_row, 2).number_format = "dd/mm/yyyy hh:mm"


def hidden(book):
    book.active.title = "Lookup"
    book.active.append(["Code", "Meaning"])
    book.active.append(["B", "Bulky"])
    book.active.sheet_state = "hidden"
    page = book.create_sheet("Jobs")
    page.append(HEADER)
    for r in (A, B):
        page.append(r)
    book.active = 1


def errors(book):
    page = book.active
    page.append(HEADER)
    page.append(row("A1", Easting="#N/A", UPRN="", Postcode=""))
    page.append(row("A2", Notes="#REF!"))
    for cell in ("I2", "K3"):
        page[cell].data_type = "e"


sheet("79-title-and-two-header-rows.xlsx", title)
sheet("80-dates-since-1904.xlsx", typed, openpyxl.utils.datetime.CALENDAR_MAC_1904)
sheet("81-hidden-first-sheet.xlsx", hidden)
sheet("82-errors-in-cells.xlsx", errors)
zipped("83-bomb.zip", [("jobs.csv", lines([HEADER, A]) + "\r\n" * 2_000_000)])
zipped("84-two-lists.zip", [("jobs-a.csv", lines([HEADER, A])), ("jobs-b.csv", lines([HEADER, C]))])
zipped("85-name-climbs-out.zip", [("../../../tmp/jobs.csv", lines([HEADER, A, B]))])
whole = gzip.compress(lines([HEADER, *[row(f"A{n}", Notes=str(n * 7919)) for n in range(40)]]).encode(), mtime=0)
put("86-cut.csv.gz", whole[:-120])
put("87-whole.csv.gz", gzip.compress(lines([HEADER, A, B]).encode(), mtime=0))
put("88-old-spreadsheet.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504))
put("89-report.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n")
put("90-html-table-named.xls", "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body><table><tr><td>Ref</td></tr></table></body></html>")
put("91-title-lines-above.csv", "Street Scene: open jobs,,,,,,,,,,\r\nPrinted 13/03/2026 by STREETSCENE\r\n\r\n" + lines([HEADER, A, B]))
put("92-page-foot.csv", lines([HEADER, A, B]) + "Page 1 of 1,,,,,,,,,,\r\nPrinted 13/03/2026 12:00\r\n")
csv("93-reference-twice.csv", row("A1", Received="12/03/2026"), row("A1", Received="13/03/2026", Status="Closed"),
    row("A2"))
put("94-quote-never-closed.csv", lines([HEADER, A]) + 'A2,13/03/2026,Open,Waste,Bin,"12 Mill Lane,NG17 1AA,,450500,359500,\r\n' + lines([C]))
put("95-text-behind-quote.csv", lines([HEADER, A]) + 'A2,13/03/2026,Open,Waste,Bin,"12" Mill Lane,NG17 1AA,,450500,359500,\r\n' + lines([C]))
put("96-utf-16-with-odd-byte.csv", b"\xff\xfe" + text.encode("utf-16-le") + b"\x41")
csv("97-reference-in-scientific-notation.csv", row("1.23E+11"), row("1.23E+11", Address="14 Mill Lane"))
csv("98-health-column.csv", A + ["Wheelchair user"], header=HEADER + ["Medical condition"])
put("99-heading-with-hard-space.csv", lines([HEADER, A, B]).replace("Received", "\u00a0Received\u00a0", 1))
