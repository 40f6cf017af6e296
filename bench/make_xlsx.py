"""Writes an invented street-scene list as a workbook (.xlsx) of any length, in little memory.

    python bench/make_xlsx.py 100000 /tmp/list.xlsx --seed 1 [--inline] [--like-xml /tmp/list.xml]

Twelve of the columns of generate.py's list, one header row, dates as serial numbers with a style,
numbers as numbers, texts in the table of shared texts as Excel writes them or, with --inline, in the
cells as streaming writers do. `--like-xml` writes the same rows as an Open311-like XML list too. Same
rows and seed, same bytes. Everything in it is made up.
"""

import argparse
import random
import zipfile
from xml.sax.saxutils import escape

from generate import CALLERS, ENDS, KINDS, PHRASES, STARTS

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
COLUMNS = [
    "Job Ref", "Recorded", "Due", "Class", "Type", "Status", "Caller", "UPRN", "Address", "Easting",
    "Northing", "Notes",
]  # fmt: skip
TYPE_NAMES = ["Bulky waste", "Fly-tipping", "Missed bin", "Graffiti", "Assisted collection"]
EPOCH_DAY = 46_000  # in December 2025
DATE = 1  # the style of dates

FIXED = {
    "[Content_Types].xml": f'<Types xmlns="{TYPES}">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SHEET}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHEET}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
    '<sheet name="Jobs" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{LINKS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def rows(count, seed):
    """Each row as twelve values: texts, numbers, and (days,) for a date."""
    rng = random.Random(seed)
    streets = [
        f"{rng.choice(STARTS)}{rng.choice(ENDS)} {rng.choice(KINDS)}" for _ in range(2000)
    ]
    callers = [name for name, weight in CALLERS for _ in range(weight)]
    for number in range(count):
        recorded = EPOCH_DAY + rng.randrange(525_600) / 1440
        # A note of its own for every row, so that the shared texts grow with the list.
        notes = f"{rng.choice(PHRASES)}. {rng.choice(PHRASES)} ({number})."
        yield [
            f"SS{1_000_000 + number}", (recorded,), (recorded + 5,), "Street Scene",
            rng.choice(TYPE_NAMES), rng.choice(["Open", "In hand", "Cleared"]), rng.choice(callers),
            900_000_000_000 + rng.randrange(10**9), f"{rng.randrange(1, 200)} {rng.choice(streets)}",
            round(rng.uniform(440_000, 460_000), 2), round(rng.uniform(350_000, 360_000), 2), notes,
        ]  # fmt: skip


def cell(place, value, texts):
    if isinstance(value, tuple):
        return f'<c r="{place}" s="{DATE}"><v>{value[0]!r}</v></c>'
    if not isinstance(value, str):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if texts is None:
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>'


def row(number, values, texts):
    cells = "".join(cell(f"{chr(65 + n)}{number}", value, texts) for n, value in enumerate(values))
    return f'<row r="{number}" spans="1:12">{cells}</row>'


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inline", action="store_true", help="texts in the cells, none shared")
    parser.add_argument("--like-xml", help="write the rows as an XML list, too")
    asked = parser.parse_args()
    texts = None if asked.inline else {}
    with zipfile.ZipFile(asked.out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in FIXED.items():
            archive.writestr(zipfile.ZipInfo(name), HEAD + text, zipfile.ZIP_DEFLATED)
        sheet = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        sheet.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(sheet, "w", force_zip64=True) as stream:
            last = asked.rows + 1
            stream.write(
                f'{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="A1:L{last}"/><sheetData>'.encode()
            )
            stream.write(row(1, COLUMNS, texts).encode())
            for number, values in enumerate(rows(asked.rows, asked.seed), 2):
                stream.write(row(number, values, texts).encode())
            stream.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts or {})
        archive.writestr(
            zipfile.ZipInfo("xl/sharedStrings.xml"),
            f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(texts or {})}">{shared}</sst>',
            zipfile.ZIP_DEFLATED,
        )
    if asked.like_xml:
        tags = [name.lower().replace(" ", "_") for name in COLUMNS]
        with open(asked.like_xml, "w", encoding="utf-8") as stream:
            stream.write(HEAD + "<service_requests>\n")
            for values in rows(asked.rows, asked.seed):
                plain = [value[0] if isinstance(value, tuple) else value for value in values]
                fields = "".join(f"<{t}>{escape(str(v))}</{t}>" for t, v in zip(tags, plain))
                stream.write(f"<request>{fields}</request>\n")
            stream.write("</service_requests>\n")


if __name__ == "__main__":
    main()
