"""Writes the workbooks of the tests: with openpyxl what it can write, by hand what it cannot.

    python make_workbooks.py NAME OUT.xlsx [COUNT]

Everything in them is made up. `random` writes OUT.xlsx.0, OUT.xlsx.1 … with openpyxl and prints, as
JSON, for each the cells that openpyxl itself reads back from it, as the text that a reader of lists
should give.
"""

import datetime
import json
import random
import struct
import sys
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def links(*entries, kinds=LINKS):
    return (
        HEAD
        + f'<Relationships xmlns="{PACKAGE}">'
        + "".join(
            f'<Relationship Id="{id}" Type="{kinds}/{kind}" Target="{target}"{more}/>'
            for id, kind, target, more in entries
        )
        + "</Relationships>"
    )


def sheet(rows, namespace=MAIN, before="", after=""):
    return (
        HEAD + f'<worksheet xmlns="{namespace}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    )


def parts(sheets, texts=None, styles=None, properties="", kinds=LINKS, namespace=MAIN, folder="xl"):
    """The parts of a workbook: `sheets` are (name, state, XML)."""
    entries = [
        (f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml", "") for n in range(1, len(sheets) + 1)
    ]
    if texts is not None:
        entries.append(("rId900", "sharedStrings", "sharedStrings.xml", ""))
    if styles is not None:
        entries.append(("rId901", "styles", "styles.xml", ""))
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}"{state and " state=" + repr(state)} r:id="rId{n}"/>'
        for n, (name, state, _) in enumerate(sheets, 1)
    )
    found = {
        "_rels/.rels": links(("rId1", "officeDocument", f"{folder}/workbook.xml", ""), kinds=kinds),
        f"{folder}/workbook.xml": HEAD
        + f'<workbook xmlns="{namespace}" xmlns:r="{kinds}">{properties}<sheets>{listed}</sheets></workbook>',
        f"{folder}/_rels/workbook.xml.rels": links(*entries, kinds=kinds),
    }
    for n, (_, _, xml) in enumerate(sheets, 1):
        found[f"{folder}/worksheets/sheet{n}.xml"] = xml
    if texts is not None:
        found[f"{folder}/sharedStrings.xml"] = (
            HEAD + f'<sst xmlns="{namespace}">' + "".join(f"<si>{text}</si>" for text in texts) + "</sst>"
        )
    if styles is not None:
        found[f"{folder}/styles.xml"] = HEAD + f'<styleSheet xmlns="{namespace}">{styles}</styleSheet>'
    return found


def pack(out, parts, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


def text_cell(place, text, kind="inlineStr"):
    return f'<c r="{place}" t="{kind}"><is><t>{text}</t></is></c>'


def text_rows(rows):
    """Rows of inline texts, without any reference."""
    return "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )


LIST = [["Ref", "Received"], ["A1", "13/03/2026"], ["A2", "14/03/2026"]]


def kinds(out):
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve"> in line </t></is></c>'
        '<c r="B2" t="str"><f>A1&amp;"x"</f><v>worked out</v></c><c r="C2" t="b"><v>1</v></c>'
        '<c r="D2" t="b"><v>0</v></c><c r="E2" t="e"><v>#N/A</v></c><c r="F2"><v>42</v></c>'
        '<c r="G2" t="n"><v>1.00012345678E11</v></c><c r="H2"><v>450123.45000000001</v></c>'
        '<c r="I2"><f>SUM(F2)</f><v>-7</v></c><c r="J2" t="d"><v>2026-03-13T11:45:00.000</v></c>'
        '<c r="K2"><v>1E-7</v></c><c r="L2"><v>1e300</v></c><c r="M2"><v>not a number</v></c>'
        '<c r="N2"><v>100000000000000000</v></c><c r="O2"/><c r="P2" t="s"><v>3</v></c></row>'
    )
    texts = [
        "<t>plain &amp; simple</t>",
        "<r><rPr><b/><t>no</t></rPr><t>rich </t></r><r><t>text</t></r>",
        '<t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh><phoneticPr fontId="1"/>',
        "<t>one_x000D_two _x005F_x000D_ _xD83D__xDE00_ _xZZZZ_ a_x0000_b</t>",
    ]
    pack(out, parts([("Jobs", "", sheet(rows))], texts=texts, styles="<cellXfs><xf/></cellXfs>"))


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/>'
    '<numFmt numFmtId="165" formatCode="0.0&quot; days&quot;"/><numFmt numFmtId="166" formatCode="[Red]0"/>'
    '<numFmt numFmtId="167" formatCode="mmm"/><numFmt numFmtId="168" formatCode="[h]:mm"/>'
    '<numFmt numFmtId="169" formatCode="[$-809]d mmmm yyyy;@"/><numFmt numFmtId="170" formatCode="0\\d"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    + "".join(
        f'<xf numFmtId="{id}"/>' for id in [0, 14, 22, 164, 165, 166, 167, 168, 169, 170, 46, 45, 31, 58]
    )
    + '</cellXfs><dxfs><dxf><numFmt numFmtId="165" formatCode="yyyy"/></dxf></dxfs>'
)


def dates(out, properties=""):
    cells = [
        (1, "45383"), (2, "45383.5"), (3, "45383.489583333336"), (4, "45383"), (5, "45383"),
        (6, "45383"), (7, "1.5"), (8, "45383"), (9, "45383"), (10, "0.5"), (11, "0.25"), (12, "45383"),
        (13, "45383"), (1, "59"), (1, "60"), (1, "61"), (1, "1"), (1, "0"), (1, "-1"), (1, "2958465"),
        (1, "2958466"), (2, "45383.999999"), (2, "0.9999999"), (0, "45383"), (99, "45383"),
    ]  # fmt: skip
    rows = "".join(f'<row r="{n}"><c s="{s}"><v>{v}</v></c></row>' for n, (s, v) in enumerate(cells, 1))
    pack(out, parts([("Dates", "", sheet(rows))], styles=STYLES, properties=properties))


def gaps(out):
    rows = (
        '<row r="3"><c r="C3"><v>1</v></c></row>'
        '<row r="4"/><row r="5"><c r="A5" s="1"/></row>'
        '<row><c><v>2</v></c><c r="D6"><v>3</v></c><c><v>4</v></c></row>'
        '<row r="2"><c r="B2"><v>5</v></c></row>'
        '<row r="10"><c r="AA10"><v>6</v></c><c r="B10"><v>7</v></c></row>'
        '<row r="9999999"><c><v>8</v></c></row><row r="x"><c r="??"><v>9</v></c></row>'
    )
    pack(out, parts([("Gaps", "", sheet(rows))]))


def prefixed(out):
    rows = '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>Ref</x:t></x:is></x:c></x:row>'
    found = parts([("Jobs", "", "")], kinds=STRICT_LINKS, namespace=STRICT)
    found["xl/workbook.xml"] = (
        HEAD
        + f'<x:workbook xmlns:x="{STRICT}" xmlns:rel="{STRICT_LINKS}"><x:sheets>'
        + '<x:sheet name="Jobs" sheetId="1" rel:id="rId1"/></x:sheets></x:workbook>'
    )
    found["xl/worksheets/sheet1.xml"] = (
        HEAD + f'<x:worksheet xmlns:x="{STRICT}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    )
    pack(out, found)


def several(out):
    cover = sheet(text_rows([["Street Scene"], ["Jobs of the week"]]))
    pack(
        out,
        parts([
            ("Old jobs", "hidden", sheet(text_rows(LIST))),
            ("Cover", "", cover),
            ("Jobs", "", sheet(text_rows([["Open jobs"], []] + LIST))),
            ("Secret", "veryHidden", sheet(text_rows([["Secret", "Row"], ["x", "y"]]))),
            ("Later", "visible", sheet(text_rows(LIST))),
        ]),
    )  # fmt: skip


def all_hidden(out):
    pack(out, parts([("Jobs", "hidden", sheet(text_rows(LIST)))]))


def simple(out, **more):
    pack(out, parts([("Jobs", "", sheet(text_rows(LIST)))], **more))


def paths(out):
    """Targets that climb, are absolute, are written with backslashes, or lead outside."""
    found = parts([("Jobs", "", sheet(text_rows(LIST)))])
    found["_rels/.rels"] = links(("rId1", "officeDocument", "/xl/../xl/./workbook.xml", ""))
    found["xl/_rels/workbook.xml.rels"] = links(
        ("rId5", "worksheet", "file:///etc/passwd", ' TargetMode="External"'),
        ("rId6", "worksheet", "../../../../etc/passwd", ""),
        ("rId1", "worksheet", "..\\xl\\WORKSHEETS\\Sheet1.xml", ""),
    )
    found["xl\\worksheets\\sheet1.xml"] = found.pop("xl/worksheets/sheet1.xml")
    pack(out, found)


def escaping(out):
    found = parts([("Jobs", "", "")])
    found["xl/_rels/workbook.xml.rels"] = links(("rId1", "worksheet", "../../../etc/passwd", ""))
    pack(out, found)


def without(part):
    def write(out):
        found = parts([("Jobs", "", sheet(text_rows(LIST)))], texts=["<t>x</t>"], styles=STYLES)
        found.pop(part)
        pack(out, found)

    return write


def replaced(part, text):
    def write(out):
        found = parts([("Jobs", "", sheet(text_rows(LIST)))], texts=["<t>x</t>"], styles=STYLES)
        found[part] = text if isinstance(text, (str, bytes)) else text(found[part])
        pack(out, found)

    return write


def zeros(out, part="xl/worksheets/sheet1.xml", megabytes=100):
    """A part that unpacks to a thousand times its size: rows that say nothing."""
    found = parts([("Jobs", "", "")], texts=[])
    found.pop(part)
    head, row, tail = {
        "xl/worksheets/sheet1.xml": (f'<worksheet xmlns="{MAIN}"><sheetData>', ("<row>" + " " * 1000 + "</row>") * 1000, ""),
        "xl/sharedStrings.xml": (f'<sst xmlns="{MAIN}">', ("<si><t>" + "a" * 2000 + "</t></si>") * 1000, "</sst>"),
    }[part]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in found.items():
            archive.writestr(name, text)
        with archive.open(part, "w") as stream:
            stream.write(head.encode())
            for _ in range(megabytes * 1_000_000 // len(row)):
                stream.write(row.encode())
            stream.write(tail.encode())


def laughs(out):
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "' + f"&{chr(97 + n)};" * 10 + '">' for n in range(9)
    )
    replaced(
        "xl/worksheets/sheet1.xml",
        f"<!DOCTYPE worksheet [{entities}]>"
        + sheet('<row><c t="inlineStr"><is><t>&j;</t></is></c></row>').removeprefix(HEAD),
    )(out)


def deep(out):
    replaced(
        "xl/worksheets/sheet1.xml",
        sheet(text_rows(LIST), after="<a>" * 100_000 + "</a>" * 100_000),
    )(out)


def names(out):
    """Nothing but new names: what expat remembers would fill the machine."""
    text = "".join(f"<n{n:x} a{n:x}=''/>" for n in range(700_000))
    replaced("xl/worksheets/sheet1.xml", sheet(text_rows(LIST), after=text))(out)


def wide(out):
    """Cells beyond the last column, and a row longer than a row may be."""
    rows = (
        text_rows(LIST[:1])
        + '<row r="2"><c r="A2"><v>1</v></c><c r="XFE2"><v>2</v></c><c r="ZZZZZZZZZZ2"><v>3</v></c></row>'
        + f'<row r="3"><c r="A3" t="inlineStr"><is><t>{"x" * 2_000_000}</t></is></c></row>'
        + '<row r="4"><c r="A4"><v>4</v></c></row>'
    )
    pack(out, parts([("Jobs", "", sheet(rows))]))


def far(out):
    rows = text_rows(LIST[:1]) + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    pack(out, parts([("Jobs", "", sheet(rows))]))


def locked_zip(out):
    """Says of every part that it is encrypted."""
    simple(out)
    with open(out, "rb") as file:
        data = bytearray(file.read())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    with open(out, "wb") as file:
        file.write(data)


def compound(name):
    def write(out):
        header = bytearray(512)
        header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        struct.pack_into("<HHHH", header, 24, 0x3E, 3, 0xFFFE, 9)
        struct.pack_into("<I", header, 48, 1)
        entries = bytearray(512)
        for n, text in enumerate(["Root Entry", name]):
            entries[128 * n : 128 * n + 2 * len(text)] = text.encode("utf-16-le")
        with open(out, "wb") as file:
            file.write(bytes(header) + bytes(512) + bytes(entries) + bytes(4096))

    return write


def ods(out):
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office/>")


def xlsb(out):
    found = parts([("Jobs", "", "")])
    found["_rels/.rels"] = links(("rId1", "officeDocument", "xl/workbook.bin", ""))
    found["xl/workbook.bin"] = found.pop("xl/workbook.xml")
    pack(out, found)


def plain_zip(out):
    pack(out, {"list.csv": "Ref,Received\n"})


def vast_directory(out):
    """Claims four thousand million entries in the 64-bit form."""
    simple(out)
    with open(out, "rb") as file:
        data = file.read()
    end = data.rfind(b"PK\x05\x06")
    place = struct.unpack_from("<I", data, end + 16)[0]
    many = 4_000_000_000
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, many, many, end - place, place)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    old = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    with open(out, "wb") as file:
        file.write(data[:end] + record + locator + old)


def shown(value, fmt):
    """A cell that openpyxl read, as text: by its own rules, not by ours."""
    if value is None or (isinstance(value, str) and value.startswith("#") and fmt == "error"):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        value = (value + datetime.timedelta(milliseconds=500)).replace(microsecond=0)
        return value.strftime("%Y-%m-%d") if value.time() == datetime.time() else value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if value == int(value) and abs(value) < 1e15:
            return str(int(value))
        text = format(__import__("decimal").Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value


def random_book(out, seed):
    import openpyxl

    random.seed(seed)
    book = openpyxl.Workbook()
    if random.random() < 0.3:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    page = book.active
    page.title = "Jobs"
    rows, columns = random.randint(1, 60), random.randint(1, 30)

    def moment():
        return datetime.datetime(1905, 1, 2) + datetime.timedelta(seconds=random.randrange(4_000_000_000))

    def cell(place):
        kind = random.randrange(14)
        if kind < 3:
            return
        if kind == 3:
            place.value = random.choice(["", "x", "Ünïcode – 東京 😀", "a\nb", "&<>\"'", "  spaces  ", "007", "=", "'"])
        elif kind == 4:
            place.value = random.randrange(10 ** random.randint(1, 15)) * random.choice([1, -1])
        elif kind == 5:
            place.value = random.uniform(-1, 1) * 10 ** random.randint(-12, 14)
        elif kind == 6:
            place.value = round(random.uniform(0, 700_000), random.randint(0, 4))
        elif kind == 7:
            place.value = random.random() < 0.5
        elif kind == 8:
            place.value = moment().replace(hour=0, minute=0, second=0)
            place.number_format = random.choice(["dd/mm/yyyy", "mm-dd-yy", "d-mmm-yy", "yyyy-mm-dd"])
        elif kind == 9:
            place.value = moment()
            place.number_format = random.choice(["dd/mm/yyyy hh:mm", "yyyy-mm-dd h:mm:ss", "m/d/yy h:mm", "[$-809]d mmmm yyyy"])
        elif kind == 10:
            place.value = datetime.time(random.randrange(24), random.randrange(60), random.randrange(60))
            place.number_format = "h:mm:ss"
        elif kind == 11:
            place.value = datetime.timedelta(seconds=random.randrange(1_000_000))
            place.number_format = "[h]:mm:ss"
        elif kind == 12:
            place.value = random.choice(["#N/A", "#REF!", "#DIV/0!"])
            place.data_type = "e"
        else:
            place.value = random.randrange(60_000)
            place.number_format = random.choice(["0", "#,##0.00", "0%", '"day "0', "General", "0.00E+00", "@", '[Red]0;"d"0'])

    for row in range(1, rows + 1):
        if random.random() < 0.15:
            continue
        for column in range(1, columns + 1):
            if random.random() < 0.8:
                cell(page.cell(row, column))
    book.save(out)
    with open(out, "rb") as file:
        back = openpyxl.load_workbook(file).active
    return [
        [shown(c.value, "error" if c.data_type == "e" else "") for c in row]
        for row in back.iter_rows(min_row=1, min_col=1)
    ]


def random_books(out, count=1):
    json.dump([random_book(f"{out}.{seed}", seed) for seed in range(count)], sys.stdout)


MAKERS = {
    "kinds": kinds,
    "dates": dates,
    "dates-1904": lambda out: dates(out, '<workbookPr date1904="1"/>'),
    "gaps": gaps,
    "prefixed": prefixed,
    "several": several,
    "all-hidden": all_hidden,
    "simple": simple,
    "other-folder": lambda out: simple(out, folder="book"),
    "stored": lambda out: pack(out, parts([("Jobs", "", sheet(text_rows(LIST)))]), zipfile.ZIP_STORED),
    "paths": paths,
    "escaping": escaping,
    "no-package-links": without("_rels/.rels"),
    "no-links": without("xl/_rels/workbook.xml.rels"),
    "no-sheet": without("xl/worksheets/sheet1.xml"),
    "no-workbook": without("xl/workbook.xml"),
    "no-styles": without("xl/styles.xml"),
    "no-texts": without("xl/sharedStrings.xml"),
    "text-out-of-range": replaced(
        "xl/worksheets/sheet1.xml", sheet(text_rows(LIST) + '<row><c t="s"><v>7</v></c></row>')
    ),
    "text-number-vast": replaced(
        "xl/worksheets/sheet1.xml", sheet('<row><c t="s"><v>99999999999999999999999</v></c></row>')
    ),
    "cut-texts": replaced("xl/sharedStrings.xml", lambda text: text[:-9]),
    "cut-styles": replaced("xl/styles.xml", lambda text: text[:300]),
    "cut-sheet": replaced("xl/worksheets/sheet1.xml", lambda text: text[: text.index("A2")]),
    "broken-behind": replaced("xl/worksheets/sheet1.xml", lambda text: text.replace("</worksheet>", "<")),
    "empty-sheet": replaced("xl/worksheets/sheet1.xml", sheet("")),
    "chart": replaced("xl/worksheets/sheet1.xml", f'<chartsheet xmlns="{MAIN}"/>'),
    "doctype": replaced(
        "xl/workbook.xml", lambda text: HEAD + '<!DOCTYPE x SYSTEM "file:///etc/passwd">' + text[len(HEAD) :]
    ),
    "laughs": laughs,
    "deep": deep,
    "names": names,
    "wide": wide,
    "far": far,
    "bomb-sheet": zeros,
    "bomb-texts": lambda out: zeros(out, "xl/sharedStrings.xml"),
    "locked-zip": locked_zip,
    "locked": compound("EncryptedPackage"),
    "xls": compound("Workbook"),
    "ods": ods,
    "xlsb": xlsb,
    "plain-zip": plain_zip,
    "vast-directory": vast_directory,
    "random": random_books,
}

if __name__ == "__main__":
    MAKERS[sys.argv[1]](sys.argv[2], *map(int, sys.argv[3:]))
