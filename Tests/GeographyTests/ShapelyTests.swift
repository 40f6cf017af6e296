import Foundation
import Testing
import Triage

@testable import Geography

@Suite("The area index and GEOS") struct ShapelyTests {
  /// GEOS answers `covers` for the same rings on the grid: points on edges and vertices inside.
  @Test(
    "agree on 100,000 points of Ashfield, vertices and middles of edges among them",
    arguments: [
      ("config/context/ashfield-wards.geojson", "WD13CD"),
      ("Tests/GeographyTests/Fixtures/ashfield-output-areas.geojson", "OA11CD"),
    ])
  func agree(_ path: String, _ property: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: repository(path))))
    let file = readAreas(
      file: path, bytes: bytes, grid: .britishNational,
      settings: .init(idProperty: property, nameProperty: property))
    let areas = file.areas
    try #require(areas.count >= 15)

    var points: [GridPoint] = []
    let rings = areas.flatMap { $0.polygons.flatMap { [$0.outer] + $0.holes } }
    for ring in rings {
      for (index, a) in ring.enumerated() {
        let b = ring[(index + 1) % ring.count]
        points.append(a)
        points.append(GridPoint(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2))
        points.append(GridPoint(x: a.x.nextUp, y: a.y))
      }
    }
    var random = Seeded(11)
    let corners = rings.joined()
    let xs = corners.map(\.x).min()! - 500...corners.map(\.x).max()! + 500
    let ys = corners.map(\.y).min()! - 500...corners.map(\.y).max()! + 500
    while points.count < 100_000 {
      points.append(
        GridPoint(x: .random(in: xs, using: &random), y: .random(in: ys, using: &random)))
    }

    let index = AreaIndex(areas)
    let ours = points.enumerated().flatMap { at, point in
      index.positions(holding: point).map { "\(at) \($0)" }
    }
    let program = """
      import json, sys, numpy, shapely
      given = json.load(sys.stdin)
      areas = [shapely.MultiPolygon([(rings[0], rings[1:]) for rings in area])
               for area in given["areas"]]
      points = shapely.points(numpy.array(given["points"]))
      for at, area in sorted(shapely.STRtree(areas).query(points, "covered_by").T.tolist()):
          print(at, area)
      """
    let input: [String: Any] = [
      "areas": areas.map { area in
        area.polygons.map { ([$0.outer] + $0.holes).map { $0.map { [$0.x, $0.y] } } }
      },
      "points": points.map { [$0.x, $0.y] },
    ]
    let theirs = try python(program, input: JSONSerialization.data(withJSONObject: input))
      .split(separator: "\n").map(String.init)
    #expect(theirs.count > 40_000)
    let differing = Set(ours).symmetricDifference(theirs)
    #expect(ours == theirs, "\(differing.count) differ, such as \(differing.first ?? "the order")")
  }
}
