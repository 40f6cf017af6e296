import Foundation
import Testing
import Triage

@testable import Geography

@Suite("The distance to an area's edge and GEOS") struct EdgeDistanceTests {
  @Test("agree to a micrometre on 20,000 points in and round the wards of Ashfield")
  func agree() throws {
    let path = "config/context/ashfield-wards.geojson"
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: repository(path))))
    let areas = readAreas(
      file: path, bytes: bytes, grid: .britishNational,
      settings: .init(idProperty: "WD13CD", nameProperty: "WD13CD")
    ).areas
    try #require(areas.count >= 15)
    let index = AreaIndex(areas)
    var random = Seeded(21)
    let box = index.box.grown(by: 2000)
    var points = (0..<19_000).map { _ in
      GridPoint(
        x: .random(in: box.minX...box.maxX, using: &random),
        y: .random(in: box.minY...box.maxY, using: &random))
    }
    let corners = areas.flatMap { $0.polygons.flatMap(\.outer) }
    points += corners.shuffled(using: &random).prefix(1000)

    let program = """
      import json, sys, numpy, shapely
      given = json.load(sys.stdin)
      edges = [shapely.MultiPolygon([(rings[0], rings[1:]) for rings in area]).boundary
               for area in given["areas"]]
      for point in shapely.points(numpy.array(given["points"])):
          print(*(repr(float(d)) for d in shapely.distance(edges, point)))
      """
    let input: [String: Any] = [
      "areas": areas.map { area in
        area.polygons.map { ([$0.outer] + $0.holes).map { $0.map { [$0.x, $0.y] } } }
      },
      "points": points.map { [$0.x, $0.y] },
    ]
    let theirs = try python(program, input: JSONSerialization.data(withJSONObject: input))
      .split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
    try #require(theirs.count == points.count)

    var worst = 0.0
    var near = 0
    for (point, distances) in zip(points, theirs) {
      try #require(distances.count == areas.count)
      let least = distances.min()!
      let ours = try #require(index.nearestEdge(to: point))
      worst = max(worst, abs(ours.metres - least), abs(distances[ours.position] - least))
      // A limit changes whether, and never what.
      let limited = index.nearestEdge(to: point, within: 250)
      if abs(least - 250) > 1e-6 { #expect((limited != nil) == (least < 250)) }
      if let limited {
        near += 1
        #expect(limited.metres == ours.metres)
      }
    }
    #expect(worst < 1e-6)
    #expect(near > 3000)
    // The edge of the own area: its distance, and as neighbours those whose edge is as near.
    var own = 0
    for (point, distances) in zip(points, theirs) {
      guard let position = index.firstPosition(holding: point) else { continue }
      let edge = index.edge(ofArea: position, near: point, within: 25)
      if abs(distances[position] - 25) > 1e-6 {
        #expect((edge != nil) == (distances[position] < 25), "\(point)")
      }
      guard let edge else { continue }
      own += 1
      worst = max(worst, abs(edge.metres - distances[position]))
      let near = distances.indices.filter {
        $0 != position && distances[$0] <= edge.metres + 1e-6
      }
      // Wards are cut as one, so there are no gaps: who is as near lies across, and nobody else does.
      #expect(edge.beyond == near, "\(point)")
      #expect(edge.also == [])
    }
    #expect(own > 700)
    #expect(worst < 1e-6)
    for (at, area) in areas.enumerated() {
      for (point, distances) in zip(points, theirs).prefix(40) {
        #expect(abs(area.distanceToEdge(point) - distances[at]) < 1e-6)
      }
    }
  }
}
