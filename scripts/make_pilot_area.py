#!/usr/bin/env python3
"""Make a pilot area as the union of census output areas around a place.

Starts with the output area that holds the place and takes in the nearest neighbours that touch
what is there already, until the area has the size asked for. The result is one GeoJSON feature
collection in longitude and latitude, rounded to six decimals (about 10 cm).

  scripts/make_pilot_area.py ashfield-output-areas.geojson \\
      --id new-cross --name "New Cross" --easting 450000 --northing 359000 \\
      --hectares 40 --output config/areas/new-cross.geojson

Needs shapely and pyproj (`make deps-test` puts them into .venv).
"""

import argparse
import json
import sys

import pyproj
import shapely
import shapely.geometry

ATTRIBUTION = (
    "Union of census output areas. Contains National Statistics data © Crown copyright and "
    "database right 2016. Contains Ordnance Survey data © Crown copyright and database right "
    "2016. Open Government Licence v3.0. From martinjc/UK-GeoJSON at 88339000."
)


def grow(cells, start, hectares):
    """Names of the cells taken, nearest first, each touching what was taken before."""
    home = next((name for name, cell in cells.items() if cell.covers(start)), None)
    if home is None:
        sys.exit("No output area holds the place.")
    taken = [home]
    union = cells[home]
    while union.area < hectares * 10_000:
        beside = [
            name
            for name, cell in cells.items()
            if name not in taken and cell.intersection(union).length > 1
        ]
        if not beside:
            break
        nearest = min(beside, key=lambda name: (cells[name].centroid.distance(start), name))
        taken.append(nearest)
        union = union.union(cells[nearest])
    return taken


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("input")
    parser.add_argument("--id", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--easting", type=float, required=True)
    parser.add_argument("--northing", type=float, required=True)
    parser.add_argument("--hectares", type=float, default=45)
    parser.add_argument("--output", required=True)
    asked = parser.parse_args()

    with open(asked.input, encoding="utf-8") as file:
        features = json.load(file)["features"]
    degrees = {
        feature["properties"]["OA11CD"]: shapely.geometry.shape(feature["geometry"]).buffer(0)
        for feature in features
    }
    transformer = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:27700", always_xy=True)

    def to_grid(shape):
        return shapely.transform(shape, transformer.transform, interleaved=False)

    metres = {name: to_grid(cell) for name, cell in degrees.items()}
    place = shapely.Point(asked.easting, asked.northing)
    taken = grow(metres, place, asked.hectares)

    union = shapely.union_all([degrees[name] for name in taken], grid_size=1e-6)
    if union.geom_type != "Polygon" or not union.is_valid:
        sys.exit(f"The union is a {union.geom_type}: {shapely.is_valid_reason(union)}")
    rings = [union.exterior, *union.interiors]
    rounded = [[[round(x, 6), round(y, 6)] for x, y in ring.coords] for ring in rings]
    area = to_grid(shapely.geometry.Polygon(rounded[0], rounded[1:]))
    if not area.is_valid:
        sys.exit(f"Rounding spoiled it: {shapely.is_valid_reason(area)}")

    lines = ",\n".join(
        "[" + ",\n".join(json.dumps(point) for point in ring) + "]" for ring in rounded
    )
    feature = {"id": asked.id, "name": asked.name, "output_areas": sorted(taken)}
    with open(asked.output, "w", encoding="utf-8") as file:
        file.write(
            '{"type": "FeatureCollection",\n'
            f'"attribution": {json.dumps(ATTRIBUTION, ensure_ascii=False)},\n'
            '"features": [\n'
            f'{{"type": "Feature",\n"properties": {json.dumps(feature)},\n'
            f'"geometry": {{"type": "Polygon", "coordinates": [\n{lines}\n]}}}}\n]}}\n'
        )
    print(
        f"{asked.output}: {len(taken)} output areas, {area.area / 1e6:.3f} km², "
        f"{sum(len(ring) for ring in rounded)} points, {len(rounded) - 1} holes"
    )


if __name__ == "__main__":
    main()
