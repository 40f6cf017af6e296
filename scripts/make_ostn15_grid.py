#!/usr/bin/env python3
"""Make the NTv2 grid from which PROJ knows OSTN15, from the shifts in Debian's Perl package.

  apt-get install libgeo-coordinates-osgb-perl
  scripts/make_ostn15_grid.py --output DATA/OSTN15_NTv2_OSGBtoETRS.gsb

The package holds Ordnance Survey's shifts from ETRS89 to OSGB36 in eastings and northings, on
701 x 1251 nodes one kilometre apart, in whole millimetres. NTv2 wants them in seconds of arc on a
lattice of latitude and longitude, so each of its nodes is computed exactly, and PROJ interpolates
between them. The cells do not coincide: the result is within 2 mm of OSTN15 in the mean and
within 2 cm at 99.9 of 100 places; where the shifts have a kink it is up to 8 cm off.
`--check` measures it against the definition (bilinear on the kilometre grid).

Needs numpy and pyproj. Layout: "NTv2 developer's guide", Geomatics Canada. Definition: Ordnance
Survey, "Transformations and OSGM15 user guide". Data: © Ordnance Survey Limited 2016.
"""

import argparse
import struct
import sys

import numpy
import pyproj

SHIFTS = "/usr/share/perl5/auto/share/dist/Geo-Coordinates-OSGB"
TMERC = "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps="
ETRS89 = pyproj.Proj(TMERC + "GRS80")
OSGB36 = pyproj.Proj(TMERC + "airy")
# Seconds of arc. A finer lattice gains little: 15 by 25 is 80 MB and still 4 cm off at kinks.
SOUTH, NORTH, WEST, EAST = 178_200, 220_500, -33_300, 9_000
LATITUDE_STEP, LONGITUDE_STEP = 30, 50


def read_shifts(folder, name, lowest):
    millimetres = numpy.fromfile(f"{folder}/{name}_{lowest}", "<u2").astype(float) + lowest
    return millimetres.reshape(1251, 701) / 1000


def interpolate(shifts, x, y):
    """Bilinear, as Ordnance Survey defines it; beyond the lattice the border's value holds."""
    x = numpy.clip(x / 1000, 0, 699.999999)
    y = numpy.clip(y / 1000, 0, 1249.999999)
    column, row = x.astype(int), y.astype(int)
    t, u = x - column, y - row
    return (
        (1 - t) * (1 - u) * shifts[row, column]
        + t * (1 - u) * shifts[row, column + 1]
        + t * u * shifts[row + 1, column + 1]
        + (1 - t) * u * shifts[row + 1, column]
    )


def record(name, value):
    if isinstance(value, int):
        return name.ljust(8).encode() + struct.pack("<i4x", value)
    if isinstance(value, float):
        return name.ljust(8).encode() + struct.pack("<d", value)
    return name.ljust(8).encode() + value.ljust(8).encode()


def write(path, east, north):
    rows = (NORTH - SOUTH) // LATITUDE_STEP + 1
    columns = (EAST - WEST) // LONGITUDE_STEP + 1
    latitudes = (SOUTH + LATITUDE_STEP * numpy.arange(rows)) / 3600
    # NTv2 counts longitude westwards, from the east.
    longitudes = (EAST - LONGITUDE_STEP * numpy.arange(columns)) / 3600
    longitude, latitude = numpy.meshgrid(longitudes, latitudes)
    easting, northing = OSGB36(longitude, latitude)
    x, y = easting, northing
    for _ in range(8):
        x, y = easting - interpolate(east, x, y), northing - interpolate(north, x, y)
    to_longitude, to_latitude = ETRS89(x, y, inverse=True)
    nodes = numpy.zeros((rows, columns, 4), "<f4")
    nodes[..., 0] = (to_latitude - latitude) * 3600
    nodes[..., 1] = (longitude - to_longitude) * 3600
    header = [
        ("NUM_OREC", 11), ("NUM_SREC", 11), ("NUM_FILE", 1), ("GS_TYPE", "SECONDS"),
        ("VERSION", "NTv2.0"), ("SYSTEM_F", "OSGB36"), ("SYSTEM_T", "ETRS89"),
        ("MAJOR_F", 6377563.396), ("MINOR_F", 6356256.909),
        ("MAJOR_T", 6378137.0), ("MINOR_T", 6356752.31414),
        ("SUB_NAME", "OSTN15"), ("PARENT", "NONE"), ("CREATED", ""), ("UPDATED", ""),
        ("S_LAT", float(SOUTH)), ("N_LAT", float(NORTH)),
        ("E_LONG", float(-EAST)), ("W_LONG", float(-WEST)),
        ("LAT_INC", float(LATITUDE_STEP)), ("LONG_INC", float(LONGITUDE_STEP)),
        ("GS_COUNT", int(rows * columns)),
    ]  # fmt: skip
    with open(path, "wb") as file:
        for name, value in header:
            file.write(record(name, value))
        file.write(nodes.tobytes())
        file.write(b"END     " + bytes(8))


def check(path, east, north):
    through_proj = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +inv +proj=hgridshift +grids={path} +step {TMERC}airy"
    )
    random = numpy.random.default_rng(1)
    longitude, latitude = random.uniform(-6.5, 1.9, 400_000), random.uniform(49.9, 60.9, 400_000)
    x, y = ETRS89(longitude, latitude)
    px, py = through_proj.transform(longitude, latitude)
    off = numpy.hypot(
        x + interpolate(east, x, y) - px, y + interpolate(north, x, y) - py
    )
    print(
        f"400,000 points, sea among them: mean {off.mean() * 1000:.1f} mm, "
        f"99.9 % within {numpy.quantile(off, 0.999) * 1000:.1f} mm, "
        f"largest {off.max() * 1000:.1f} mm"
    )
    if not off.max() < 0.15:
        sys.exit("The grid is not OSTN15.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shifts", default=SHIFTS)
    parser.add_argument("--output", required=True)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    east = read_shifts(asked.shifts, "ostn_east_shift", 82140)
    north = read_shifts(asked.shifts, "ostn_north_shift", -84180)
    write(asked.output, east, north)
    if asked.check:
        check(asked.output, east, north)


if __name__ == "__main__":
    main()
