import Foundation
import Synchronization
import Testing
import Triage

@testable import Geography

/// Rows of one of the two files with the same three points: the last two columns.
private func columns(_ name: String) throws -> [(Double, Double)] {
  String(decoding: try fixture(name), as: UTF8.self).split(whereSeparator: \.isNewline).dropFirst()
    .map { row in
      let fields = row.split(separator: ",").suffix(2).compactMap { Double($0) }
      return (fields[0], fields[1])
    }
}

private func metres(_ a: GridPoint, _ b: GridPoint) -> Double {
  ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
}

@Suite("A projection") struct ProjectionTests {
  @Test(
    "brings published points to within the 2 m that its operation promises",
    arguments: [
      "OGC:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326",
      "http://www.opengis.net/def/crs/EPSG/0/4326",
    ])
  func publishedPoints(crs: String) throws {
    let grid = Grid.britishNationalGrid
    let projection = try makeProjection(from: crs, to: grid)
    let operation = try describeOperation(from: crs, to: grid)
    #expect(operation.accuracyMetres == 2)
    #expect(operation.name.contains("OSGB36 to WGS 84 (6)"))
    let expected = try columns("points-27700.csv")
    let degrees = try columns("points-4326.csv")
    #expect(degrees.count == 3)
    for (from, to) in zip(degrees, expected) {
      let point = try #require(projection.toGrid(from.0, from.1))
      // The eastings are rounded to whole metres: up to 0.71 m more.
      #expect(metres(point, GridPoint(x: to.0, y: to.1)) < 2.71, "\(point) for \(to)")
    }
  }

  @Test("from the grid to itself changes nothing and says so")
  func identity() throws {
    let projection = try makeProjection(from: "EPSG:27700", to: .britishNationalGrid)
    #expect(projection.toGrid(450_000.25, 359_000) == GridPoint(x: 450_000.25, y: 359_000))
    let operation = try describeOperation(from: "EPSG:27700", to: .britishNationalGrid)
    #expect(operation.sentence == "EPSG:27700 is the grid itself; nothing is converted.")
  }

  @Test(
    "equals pyproj over the whole of a grid: to a millimetre where both take one formula",
    arguments: [
      ("EPSG:27700", -8.0, 50.0, 2.0, 60.5), ("EPSG:26986", -73.4, 41.5, -70.0, 42.8),
    ])
  func equalsPyproj(
    _ grid: String, _ west: Double, _ south: Double, _ east: Double, _ north: Double
  ) throws {
    let projection = try makeProjection(from: longitudeLatitude, to: Grid(crs: grid))
    var random = Seeded(3)
    let points = (0..<2000).map { _ in
      (
        Double.random(in: west...east, using: &random),
        Double.random(in: south...north, using: &random)
      )
    }
    // PROJ of another version; for Britain by the formula of EPSG:1314, written out.
    let britain =
      "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
      + "+step +proj=cart +ellps=WGS84 +step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 "
      + "+rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector "
      + "+step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 +step +proj=tmerc +lat_0=49 "
      + "+lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
    let transformer =
      grid == "EPSG:27700"
      ? "pyproj.Transformer.from_pipeline('\(britain)')"
      : "pyproj.Transformer.from_crs('OGC:CRS84', '\(grid)', always_xy=True)"
    let program = """
      import sys, pyproj
      t = \(transformer)
      for line in sys.stdin:
          x, y = t.transform(*map(float, line.split()))
          print(repr(x), repr(y))
      """
    let input = points.map { "\($0.0) \($0.1)\n" }.joined()
    let rows = try python(program, input: input.utf8).split(separator: "\n")
    #expect(rows.count == points.count)
    var furthest = 0.0
    for (row, from) in zip(rows, points) {
      let fields = row.split(separator: " ").compactMap { Double($0) }
      let point = try #require(projection.toGrid(from.0, from.1))
      furthest = max(furthest, metres(point, GridPoint(x: fields[0], y: fields[1])))
    }
    // WGS 84 to NAD83 is 0.1 m at best; both sides choose among the same published operations.
    #expect(furthest < (grid == "EPSG:27700" ? 0.001 : 2), "\(furthest) m")
  }

  @Test(
    "answers none beyond the reach of the grid and for what is no number",
    arguments: [
      (0.0, 0.0), (53.12, -1.25), (2.35, 48.86), (-71.06, 42.36), (181, 53), (-1.2, 91),
      (.nan, 53), (-1.2, .infinity), (1e300, 1e300), (450_000, 359_000),
    ])
  func beyondReach(x: Double, y: Double) throws {
    let projection = try makeProjection(from: longitudeLatitude, to: .britishNationalGrid)
    #expect(projection.toGrid(x, y) == nil)
    #expect(projection.toGrid(-1.25, 53.12) != nil)
  }

  @Test(
    "is refused for a system that is unknown, a command to PROJ, or no map at all",
    arguments: [
      "EPSG:99999", "", "EPSG:", ":27700", "British National Grid", "+proj=longlat",
      "/etc/passwd", "+init=epsg:27700", "urn:ogc:def:crs:EPSG::99999", "EPSG:4978", "EPSG:5701",
      "IGNF:\u{0}", String(repeating: "EPSG:27700", count: 20),
    ])
  func refusedSource(crs: String) {
    #expect(throws: ProjectionError.self) {
      try makeProjection(from: crs, to: .britishNationalGrid)
    }
  }

  @Test("serves many threads at once with the answers that one thread gets")
  func manyThreads() throws {
    let projection = try makeProjection(from: longitudeLatitude, to: .britishNationalGrid)
    @Sendable func answers(_ seed: Int) -> [GridPoint?] {
      var random = Seeded(UInt64(seed))
      return (0..<5000).map { _ in
        projection.toGrid(
          Double.random(in: -6...1, using: &random), Double.random(in: 50...58, using: &random))
      }
    }
    let alone = (0..<16).map(answers)
    let together = Answers(count: 16)
    DispatchQueue.concurrentPerform(iterations: 16) { seed in
      together.set(seed, answers(seed))
    }
    #expect(together.all == alone)
    #expect(alone.joined().allSatisfy { $0 != nil })
  }
}

/// Answers of several threads, by number.
private final class Answers: Sendable {
  private let answers: Mutex<[[GridPoint?]]>

  init(count: Int) {
    answers = Mutex(Array(repeating: [], count: count))
  }

  func set(_ at: Int, _ points: [GridPoint?]) {
    answers.withLock { $0[at] = points }
  }

  var all: [[GridPoint?]] { answers.withLock { $0 } }
}
