import Foundation
import Testing
import Triage

@testable import Geography

/// A ring with an edge along a parallel over half of England, one along a meridian, and slants.
private let wide = [
  SourcePoint(x: -4.5, y: 52.5), SourcePoint(x: 0.5, y: 52.5), SourcePoint(x: 0.5, y: 54.5),
  SourcePoint(x: -1.25, y: 53.12), SourcePoint(x: -1.2501, y: 53.1201),
]

private func densified(_ ring: [SourcePoint], from crs: String = longitudeLatitude) throws -> Ring {
  let projection = try makeProjection(from: crs, to: .britishNational)
  var (budget, looks) = (1_000_000, 1_000_000)
  return try densify(ring, by: projection, budget: &budget, looks: &looks)
}

@Suite("A straight edge") struct DensifyTests {
  @Test("stays within 1 cm of where it was drawn, as pyproj and shapely see it")
  func withinOneCentimetre() throws {
    let ring = try densified(wide)
    #expect(ring.count > 500 && ring.count < 20_000, "\(ring.count)")
    let program = """
      import json, sys, numpy, pyproj, shapely
      given = json.load(sys.stdin)
      line = shapely.LinearRing(given["ring"])
      t = pyproj.Transformer.from_pipeline(given["pipeline"])
      corners = given["corners"] + given["corners"][:1]
      worst = 0
      shapely.prepare(line)
      for (ax, ay), (bx, by) in zip(corners, corners[1:]):
          share = numpy.linspace(0, 1, 40001)
          x, y = t.transform(ax + (bx - ax) * share, ay + (by - ay) * share)
          tree = shapely.STRtree([shapely.LineString(pair) for pair in
              zip(given["ring"], given["ring"][1:] + given["ring"][:1])])
          points = shapely.points(x, y)
          _, distance = tree.query_nearest(points, return_distance=True, all_matches=False)
          worst = max(worst, distance.max())
      print(repr(float(worst)))
      """
    let pipeline =
      "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
      + "+step +proj=cart +ellps=WGS84 +step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 "
      + "+rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector "
      + "+step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 +step +proj=tmerc +lat_0=49 "
      + "+lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
    let input: [String: Any] = [
      "ring": ring.map { [$0.x, $0.y] }, "corners": wide.map { [$0.x, $0.y] },
      "pipeline": pipeline,
    ]
    let printed = try python(program, input: JSONSerialization.data(withJSONObject: input))
    let worst = try #require(Double(printed.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(worst < 0.01, "\(worst) m")
    // And it is not finer than it must be: the tolerance is used.
    #expect(worst > 0.001, "\(worst) m")
  }

  @Test("keeps its corners, and gets no point where it is short")
  func corners() throws {
    let projection = try makeProjection(from: longitudeLatitude, to: .britishNational)
    let ring = try densified(wide)
    for corner in wide {
      #expect(ring.contains(try #require(projection.toGrid(corner.x, corner.y))))
    }
    let small = [
      SourcePoint(x: -1.25, y: 53.12), SourcePoint(x: -1.249, y: 53.12),
      SourcePoint(x: -1.249, y: 53.121),
    ]
    #expect(try densified(small).count == 3)
  }

  @Test("is the same line for the neighbour who draws it the other way")
  func bothDirections() throws {
    let there = try densified(wide)
    let back = try densified(wide.reversed())
    #expect(Set(there) == Set(back))
    let from = try #require(there.firstIndex(of: back[0]))
    let turned = Array(there[...from].reversed() + there[(from + 1)...].reversed())
    #expect(turned == back)
  }

  @Test("in another projected system is followed as well")
  func webMercator() throws {
    let ring = try densified(
      [
        SourcePoint(x: -500_000, y: 6_900_000), SourcePoint(x: 50_000, y: 6_900_000),
        SourcePoint(x: 50_000, y: 7_200_000),
      ], from: "EPSG:3857")
    #expect(ring.count > 100)
  }

  @Test("that would take more points than allowed is refused, not cut short")
  func budget() throws {
    let projection = try makeProjection(from: longitudeLatitude, to: .britishNational)
    for (most, mostLooks) in [(100, 1_000_000), (1_000_000, 100)] {
      var (budget, looks) = (most, mostLooks)
      #expect(throws: RingProblem.self) {
        try densify(wide, by: projection, budget: &budget, looks: &looks)
      }
    }
  }
}
