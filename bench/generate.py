"""Writes an invented list of a British street-scene team, of any length.

    python bench/generate.py 1000000 /tmp/list.csv --seed 1 --areas config/areas/*.geojson

Same rows, seed, day and areas: the same bytes. 14 columns, CRLF, UTF-8, about 262 bytes a row:
6 % of the rows lie in the pilot areas, 1 % have no coordinates, the others are spread over the
towns of Ashfield. Every note is quoted, a fifth of them have several lines, commas and doubled
quotes. About a third as many addresses as rows in area, a third of them without a UPRN.

Everything in it is made up. Postcodes use letters that no real inward code has (C I K M O V),
UPRNs begin with a nine, street names are put together from syllables.

What keeps the counts of different programs comparable: no point lies within 25 m of an edge of an
area (programs differ by metres in how they project WGS84), and no job was recorded 27 to 29 days
or more than 360 days ago (programs differ by hours in what they call now).
"""

import argparse
import datetime
import json
import math
import random
import sys
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pyproj
import shapely

HERE = Path(__file__).resolve().parent
IN_AREA = 0.06
NO_COORDINATES = 0.01
MARGIN_METRES = 25
OUTSIDE_ADDRESSES = 60_000
COLUMNS = (
    "Job Ref,Recorded,Due,Cleared,Class,Type,Status,Caller,UPRN,Address,Postcode,Easting,Northing,"
    "Notes"
)
# Town, outward code, middle and spread in metres on the National Grid, share of the rows.
TOWNS = [
    ("Sutton in Ashfield", "NG17", 449600, 358900, 1300, 38),
    ("Kirkby in Ashfield", "NG17", 450000, 356100, 1000, 24),
    ("Hucknall", "NG15", 453400, 349300, 1100, 26),
    ("Selston", "NG16", 446200, 353400, 900, 8),
    ("Underwood", "NG16", 447400, 350600, 600, 4),
]
CALLERS = [("Public", 52), ("Web", 24), ("Officer", 11), ("Anonymous", 10), ("Police", 3)]
STARTS = (
    "Amber Ashen Barrow Birken Brack Briar Calder Cinder Copper Cuckoo Damson Dunnock Elder Fallow "
    "Fennel Flint Gorse Harrow Hazel Heron Hollin Juniper Kestrel Kiln Larch Linnet Lovage Maple "
    "Marl Medlar Nettle Oaken Osier Pippin Plover Quarry Raven Rowan Rush Saffron Sedge Sorrel "
    "Sparrow Tansy Teasel Thistle Umber Wether Willow Yarrow"
).split()
ENDS = (
    "acre beck bourne bridge brook by combe cote croft dale dene fell field ford garth gill grave "
    "ham hay holme hurst keld ley low mere moor nock rigg royd scar shaw slack stead stow thorpe "
    "thwaite toft ton wade well wick worth"
).split()
KINDS = "Road Street Avenue Lane Drive Close Crescent Grove Gardens Terrace Way Walk".split()
PHRASES = [
    "Resident rang to ask when the crew will come",
    "Crew attended, no access to the rear of the property",
    "Two items at the kerb: a sofa and a mattress",
    "Photo received by web form, passed to the team leader",
    "Gate was locked, please use the path at the side",
    "Third report from the same street this month",
    "Bin not put out by 6.30 am according to the crew",
    "Quote of £35.00 given, payment to follow",
    "Caller would like a text before the visit",
    "Bags split open, contents over the pavement",
    "Inspected on site, no further action for now",
    "Asked for the larger container, form sent out",
    "Reported again after the bank holiday",
    "Blocked by parked cars, return on the next round",
    "Item is heavy, two people and the tail lift needed",
    "Left beside the garages, near the substation",
    "No evidence found in the waste",
    "Passed to highways, not ours to clear",
]
LINES = [
    'Crew said: ""nobody in, card left"", will try again',
    'Sticker on it reads ""do not take"", see photo',
    'Items: 1 fridge, 2 chairs, 1 ""table (glass)""',
    "Access by the alley, behind the shops, second gate",
    'Note from depot: ""call ahead"", then collect',
    "Update: route changed, vehicle off the road, moved to Thursday",
]


@dataclass(frozen=True, slots=True)
class Dwelling:
    uprn: str
    address: str
    postcode: str
    grid: str


def load_areas(paths: list[Path]) -> shapely.Geometry:
    """All areas as one shape on the National Grid (EPSG:27700)."""
    to_grid = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    shapes = [
        shapely.from_geojson(json.dumps(feature["geometry"]))
        for path in paths
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    ]
    grid = [shapely.transform(s, to_grid.transform, interleaved=False) for s in shapes]
    return shapely.union_all([shapely.make_valid(s) for s in grid])


class Streets:
    """Invents streets with their dwellings along a straight line of up to 240 m."""

    def __init__(self, source: random.Random):
        self.random = source
        self.names: set[str] = set()
        self.last_uprn = 900_000_000_000

    def name(self) -> str:
        while True:
            start, end = self.random.choice(STARTS), self.random.choice(ENDS)
            name = f"{start}{end} {self.random.choice(KINDS)}"
            if name not in self.names:
                self.names.add(name)
                return name

    def points(self, x: float, y: float) -> list[tuple[int, int]]:
        angle = self.random.uniform(0, math.tau)
        across = (math.cos(angle), math.sin(angle))
        points = []
        for step in range(self.random.randint(8, 30)):
            side = 12 if step % 2 else -12
            along = 8 * step
            points.append(
                (
                    round(x + across[0] * along - across[1] * side),
                    round(y + across[1] * along + across[0] * side),
                )
            )
        return points

    def dwellings(self, town: str, outward: str, points: list[tuple[int, int]]) -> list[Dwelling]:
        pick = self.random.choice
        street = self.name()
        postcode = f"{outward} {pick('123456789')}{pick('CIKMOV')}{pick('CIKMOV')}"
        found = []
        for number, (x, y) in enumerate(points, start=1):
            self.last_uprn += self.random.randint(1, 9)
            uprn = str(self.last_uprn) if self.random.random() < 2 / 3 else ""
            flat = f"Flat {pick('12345678')}, " if self.random.random() < 0.05 else ""
            address = f'"{flat}{number} {street}, {town}"'
            found.append(Dwelling(uprn, address, postcode, f"{x},{y}"))
        return found


def dwellings_inside(streets: Streets, areas: shapely.Geometry, count: int) -> list[Dwelling]:
    inner = areas.buffer(-MARGIN_METRES)
    if inner.is_empty:
        sys.exit("The areas are too small: nothing lies 25 m or more inside them.")
    shapely.prepare(inner)
    west, south, east, north = inner.bounds
    found: list[Dwelling] = []
    while len(found) < count:
        x, y = streets.random.uniform(west, east), streets.random.uniform(south, north)
        if not shapely.contains_xy(inner, x, y):
            continue
        points = streets.points(x, y)
        inside = shapely.contains_xy(inner, points)
        kept = [point for point, holds in zip(points, inside) if holds]
        found += streets.dwellings("Sutton in Ashfield", "NG17", kept)
    return found[:count]


def dwellings_outside(streets: Streets, areas: shapely.Geometry, count: int) -> list[Dwelling]:
    outer = areas.buffer(MARGIN_METRES)
    shapely.prepare(outer)
    shares = [town[5] for town in TOWNS]
    found: list[Dwelling] = []
    while len(found) < count:
        town, outward, x, y, spread, _ = streets.random.choices(TOWNS, shares)[0]
        points = streets.points(streets.random.gauss(x, spread), streets.random.gauss(y, spread))
        inside = shapely.intersects_xy(outer, points)
        kept = [point for point, holds in zip(points, inside) if not holds]
        found += streets.dwellings(town, outward, kept)
    return found[:count]


def notes(source: random.Random) -> tuple[list[str], list[str]]:
    """Notes of one line and of several, quoted and with their quotes doubled."""
    one = [". ".join(source.sample(PHRASES, source.randint(1, 2))) + "." for _ in range(4096)]
    several = []
    for _ in range(1024):
        lines = source.sample(LINES, source.randint(1, 2)) + source.sample(PHRASES, 2)
        source.shuffle(lines)
        several.append("\r\n".join(lines))
    return [f'"{text}"' for text in one], [f'"{text}"' for text in several]


def recorded_moments(source: random.Random, rows: int) -> list[int]:
    """Days ago * 1440 + minute of the day, the oldest job first."""
    days = [*range(1, 27), *range(30, 361)]
    moments = [-source.choice(days) * 1440 + source.randint(360, 1320) for _ in range(rows)]
    moments.sort()
    return moments


def write(rows: int, out: Path, seed: int, today: datetime.date, areas: shapely.Geometry) -> None:
    source = random.Random(seed)
    streets = Streets(source)
    near = dwellings_inside(streets, areas, max(1, round(rows * IN_AREA * 0.35)))
    far = dwellings_outside(streets, areas, max(1, min(OUTSIDE_ADDRESSES, round(rows * 0.33))))
    one_line, several_lines = notes(source)
    types = json.loads((HERE / "job_types.json").read_text())["types"]
    type_shares = list(accumulate(t["weight"] for t in types))
    callers = [name for name, _ in CALLERS]
    caller_shares = list(accumulate(share for _, share in CALLERS))
    day_text = {
        day: (today + datetime.timedelta(days=day)).strftime("%d/%m/%Y") for day in range(-361, 31)
    }
    clock = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440)]
    moments = recorded_moments(source, rows)
    # One pick of type and caller per thousand saves most of the time and is seen by nobody.
    type_pool = source.choices(types, cum_weights=type_shares, k=4096)
    caller_pool = source.choices(callers, cum_weights=caller_shares, k=4093)
    chance, choice = source.random, source.choice
    year = today.strftime("%y")

    lines = [COLUMNS]
    with open(out, "w", encoding="utf-8", newline="") as file:
        for number, moment in enumerate(moments, start=1):
            day, minute = divmod(moment, 1440)
            job = type_pool[int(chance() * 4096)]
            days = job["days"]
            where = chance()
            home = choice(near) if where < IN_AREA else choice(far)
            grid = "," if where > 1 - NO_COORDINATES else home.grid
            cleared_day = day + int(chance() * (days + 1))
            is_open = cleared_day >= 0 or chance() < (0.6 if day > -27 else 0.03)
            cleared = "" if is_open else f"{day_text[cleared_day]} {clock[1330 + number % 60]}"
            spelling = chance()
            address = home.address.upper() if spelling < 0.1 else home.address
            postcode = home.postcode.replace(" ", "") if spelling > 0.9 else home.postcode
            note = choice(several_lines) if chance() < 0.2 else choice(one_line)
            lines.append(
                f"SS{year}/{number:08},{day_text[day]} {clock[minute]},"
                f"{day_text[day + days]} 17:00,{cleared},{job['class']},{job['type']},"
                f"{'Open' if is_open else 'Closed'},{caller_pool[int(chance() * 4093)]},"
                f"{home.uprn},{address},{postcode},{grid},{note}"
            )
            if len(lines) >= 20_000:
                file.write("\r\n".join(lines) + "\r\n")
                lines.clear()
        if lines:
            file.write("\r\n".join(lines) + "\r\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.date.today())
    parser.add_argument(
        "--areas", type=Path, nargs="+", help="GeoJSON in WGS84; default: config/areas/*.geojson"
    )
    options = parser.parse_args()
    areas = options.areas or sorted((HERE.parent / "config" / "areas").glob("*.geojson"))
    if not areas:
        parser.error("no areas: name files with --areas")
    partial = options.out.with_name(options.out.name + ".part")
    write(options.rows, partial, options.seed, options.today, load_areas(areas))
    partial.replace(options.out)


if __name__ == "__main__":
    main()
