#!/usr/bin/env python3
"""Writes the shifts of OSTN15 into one file that triaged reads.

  scripts/make_ostn15.py share/triaged/ostn15.shifts

Debian's libgeo-coordinates-osgb-perl holds Ordnance Survey's shifts from ETRS89 to OSGB36 on
701 by 1,251 nodes one kilometre apart, in whole millimetres above a base value, each direction in
a file of its own. This file has both side by side, row by row from the south-west:

   0  16 bytes  "triaged shifts\\n\\0"
  16  u32       CRC-32 (ISO 3309) of everything behind it
  20  u32       version, 1
  24  u32, u32  columns, rows
  32  u32       metres between two nodes
  36  i32, i32  base of the eastward and of the northward shifts, millimetres
  44  u32       0
  48            for each node u16 east, u16 north: millimetres above the base

All numbers are little-endian. Nothing is written when the data are not those of OSTN15.
docs/areas.md says which licence they bear. Needs nothing but Python.
"""

import argparse
import array
import os
import pathlib
import struct
import sys
import zlib

SHIFTS = "/usr/share/perl5/auto/share/dist/Geo-Coordinates-OSGB"
COLUMNS, ROWS, SPACING = 701, 1251, 1000
EAST, NORTH = 82140, -84180
KNOWN = 0x896986F2


def read(folder, name):
    values = array.array("H", (pathlib.Path(folder) / name).read_bytes())
    if sys.byteorder == "big":
        values.byteswap()
    if len(values) != COLUMNS * ROWS:
        sys.exit(f"{folder}/{name} has {len(values)} values, not {COLUMNS * ROWS}; nothing is written.")
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shifts", default=SHIFTS, help="the folder of the two files")
    parser.add_argument("output")
    asked = parser.parse_args()
    nodes = array.array("H", bytes(4 * COLUMNS * ROWS))
    nodes[0::2] = read(asked.shifts, f"ostn_east_shift_{EAST}")
    nodes[1::2] = read(asked.shifts, f"ostn_north_shift_{NORTH}")
    if sys.byteorder == "big":
        nodes.byteswap()
    rest = struct.pack("<IIIIiiI", 1, COLUMNS, ROWS, SPACING, EAST, NORTH, 0) + nodes.tobytes()
    checksum = zlib.crc32(rest)
    if checksum != KNOWN:
        sys.exit(f"The shifts in {asked.shifts} are not those of OSTN15 (checksum {checksum:08X}); "
                 "nothing is written.")
    output = pathlib.Path(asked.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(output.name + ".part")
    part.write_bytes(b"triaged shifts\n\0" + struct.pack("<I", checksum) + rest)
    os.replace(part, output)


if __name__ == "__main__":
    main()
