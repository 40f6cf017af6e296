"""Whether GEOS holds the same points to be in the same areas.

    python covers.py FOLDER

FOLDER has, in the order of bytes of this machine: `rings`, three int32 for each ring (area, polygon,
number of vertices; a polygon's first ring is its outer one); `vertices`, two float64 each; `points`,
two float64 each; `held`, two int32 for each pair of a point and an area that holds it, ascending.
Prints how many pairs there are, then how many differ, then the first of those, and writes to `border`
the pairs of which the point is on the border of one of the area's polygons, as `held` is laid out.
Prepared geometries answer `covers`, and `contains` of what they cover, which a border is not; of an
area's polygons each is asked by itself.
"""

import pathlib
import sys

import numpy
import shapely


def polygons(folder):
    rings = numpy.fromfile(folder / "rings", dtype=numpy.int32).reshape(-1, 3)
    vertices = numpy.fromfile(folder / "vertices", dtype=numpy.float64).reshape(-1, 2)
    made, owners = [], []
    start = 0
    for area, polygon, count in rings.tolist():
        ring = vertices[start:start + count]
        start += count
        # GEOS takes no ring of fewer than four points, its first one repeated.
        ring = numpy.concatenate([ring, ring[:1]] if count >= 3 else [ring] + [ring[-1:]] * (4 - count))
        if polygon == len(made):
            made.append((ring, []))
            owners.append(area)
        else:
            made[-1][1].append(ring)
    return [shapely.Polygon(outer, holes) for outer, holes in made], numpy.array(owners, numpy.int64)


def pairs(shapes, owners, xy, chunk=1_000_000):
    """Every point and area that holds it, and those with the point on a border.

    As point · number of areas + area, ascending.
    """
    tree = shapely.STRtree(shapes)
    shapely.prepare(shapes)
    areas = int(owners.max()) + 1
    found, border = [], []
    for start in range(0, len(xy), chunk):
        points = shapely.points(xy[start:start + chunk])
        point, shape = tree.query(points)
        order = numpy.argsort(shape, kind="stable")
        point, shape = point[order], shape[order]
        bounds = numpy.searchsorted(shape, numpy.arange(len(shapes) + 1))
        for at in range(len(shapes)):
            candidates = point[bounds[at]:bounds[at + 1]]
            if len(candidates):
                held = candidates[shapely.covers(shapes[at], points[candidates])]
                within = shapely.contains(shapes[at], points[held])
                pair = (held.astype(numpy.int64) + start) * areas + owners[at]
                found.append(pair)
                border.append(pair[~within])
    none = [numpy.empty(0, numpy.int64)]
    return (*(numpy.unique(numpy.concatenate(some or none)) for some in (found, border)), areas)


def main():
    folder = pathlib.Path(sys.argv[1])
    shapes, owners = polygons(folder)
    xy = numpy.fromfile(folder / "points", dtype=numpy.float64).reshape(-1, 2)
    theirs, border, areas = pairs(shapes, owners, xy)
    held = numpy.fromfile(folder / "held", dtype=numpy.int32).reshape(-1, 2).astype(numpy.int64)
    ours = held[:, 0] * areas + held[:, 1]
    numpy.stack([border // areas, border % areas], 1).astype(numpy.int32).tofile(folder / "border")
    differing = numpy.setxor1d(ours, theirs)
    print(len(theirs))
    print(len(differing) + abs(len(ours) - len(numpy.unique(ours))))
    for pair in differing[:5].tolist():
        point, area = divmod(pair, areas)
        x, y = xy[point].tolist()
        print(f"({x!r}, {y!r}), area {area}: {'GEOS' if pair in theirs else 'the index'} alone")


if __name__ == "__main__":
    main()
