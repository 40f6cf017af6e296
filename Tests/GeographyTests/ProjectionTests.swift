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
  /// These eastings were made with the Helmert shift that PROJ takes without a grid, as their
  /// half-metre agreement shows; OSTN15 is up to 3.6 m off them.
  @Test(
    "brings published points to where they are published, to the whole metre",
    arguments: [
      "OGC:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326",
      "http://www.opengis.net/def/crs/EPSG/0/4326",
    ])
  func publishedPoints(crs: String) throws {
    let grid = Grid.britishNational
    let projection = try makeProjection(from: crs, to: grid)
    let operation = try describeOperation(from: crs, to: grid)
    #expect(operation.accuracyMetres == 2)
    #expect(operation.name.contains("OSGB36 to WGS 84 (6)"))
    let expected = try columns("points-27700.csv")
    let degrees = try columns("points-4326.csv")
    #expect(degrees.count == 3)
    for (from, to) in zip(degrees, expected) {
      let point = try #require(projection.toGrid(from.0, from.1))
      #expect(GridPoint(x: point.x.rounded(), y: point.y.rounded()) == GridPoint(x: to.0, y: to.1))
    }
  }

  @Test("takes a shift grid from the data folder before the coarser formula, and says so")
  func shiftGrid() throws {
    try withTemporaryFolder { folder in
      let grid = Grid.britishNational
      let path = folder.path(percentEncoded: false)
      let without = try describeOperation(from: longitudeLatitude, to: grid, dataFolder: path)
      #expect(without.accuracyMetres == 2)

      // One second of arc northwards, between 53 and 54 degrees north, 2 and 1 west.
      try Data(shiftGridFile(northwards: 1)).write(
        to: folder.appending(path: "OSTN15_NTv2_OSGBtoETRS.gsb"))
      let operation = try describeOperation(from: longitudeLatitude, to: grid, dataFolder: path)
      #expect(operation.name.contains("OSGB36 to WGS 84 (9)"))
      #expect(operation.accuracyMetres == 1)
      #expect(operation.sentence.hasSuffix("British National Grid, accuracy 1 m."))

      let projection = try makeProjection(from: longitudeLatitude, to: grid, dataFolder: path)
      let onAiry = try makeProjection(from: "EPSG:4277", to: grid)
      let shifted = try #require(projection.toGrid(-1.5, 53.5 + 1 / 3600.0))
      #expect(metres(shifted, try #require(onAiry.toGrid(-1.5, 53.5))) < 0.001)
      // One operation for all points: beyond its grid there is no answer, not a coarser one.
      #expect(projection.toGrid(0, 52) == nil)
    }
  }

  @Test("from the grid to itself changes nothing and says so")
  func identity() throws {
    let projection = try makeProjection(from: "EPSG:27700", to: .britishNational)
    #expect(projection.toGrid(450_000.25, 359_000) == GridPoint(x: 450_000.25, y: 359_000))
    let operation = try describeOperation(from: "EPSG:27700", to: .britishNational)
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
    let projection = try makeProjection(from: longitudeLatitude, to: .britishNational)
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
      try makeProjection(from: crs, to: .britishNational)
    }
  }

  @Test("serves many threads at once with the answers that one thread gets")
  func manyThreads() throws {
    let projection = try makeProjection(from: longitudeLatitude, to: .britishNational)
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

  @Test("is made by many threads at once, each with the folder of data and PROJ's own")
  func madeByManyThreads() throws {
    let folder = NSTemporaryDirectory()
    let failures = Answers(count: 16)
    DispatchQueue.concurrentPerform(iterations: 16) { seed in
      let made = (0..<40).map { _ in
        let projection = try? makeProjection(
          from: longitudeLatitude, to: .britishNational, dataFolder: folder)
        return projection?.toGrid(-1.25, 53.12)
      }
      failures.set(seed, made)
    }
    #expect(failures.all.joined().allSatisfy { $0 != nil })
  }
}

/// An NTv2 file of four nodes that all shift by the same seconds of arc.
private func shiftGridFile(northwards seconds: Float) -> [UInt8] {
  func bytes(_ value: some Any) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
  func name(_ text: String) -> [UInt8] {
    Array(text.utf8) + Array(repeating: 0x20, count: 8 - text.utf8.count)
  }
  func whole(_ key: String, _ value: Int32) -> [UInt8] { name(key) + bytes(value) + [0, 0, 0, 0] }
  func real(_ key: String, _ value: Double) -> [UInt8] { name(key) + bytes(value) }
  var file = whole("NUM_OREC", 11) + whole("NUM_SREC", 11) + whole("NUM_FILE", 1)
  for (key, text) in [
    ("GS_TYPE", "SECONDS"), ("VERSION", "NTv2.0"), ("SYSTEM_F", "OSGB36"), ("SYSTEM_T", "ETRS89"),
  ] { file += name(key) + name(text) }
  file += real("MAJOR_F", 6377563.396) + real("MINOR_F", 6356256.909)
  file += real("MAJOR_T", 6_378_137) + real("MINOR_T", 6356752.31414)
  for (key, text) in [("SUB_NAME", "TEST"), ("PARENT", "NONE"), ("CREATED", ""), ("UPDATED", "")] {
    file += name(key) + name(text)
  }
  file += real("S_LAT", 53 * 3600) + real("N_LAT", 54 * 3600)
  file += real("E_LONG", 1 * 3600) + real("W_LONG", 2 * 3600)
  file += real("LAT_INC", 3600) + real("LONG_INC", 3600) + whole("GS_COUNT", 4)
  for _ in 0..<4 { file += bytes(seconds) + bytes(Float(0)) + bytes(Float(0)) + bytes(Float(0)) }
  return file + name("END") + Array(repeating: 0, count: 8)
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
