import Foundation
import Testing
import Triage

@testable import Geography

/// The folder that `make deps` fills.
private func sharedFolder() throws -> String {
  let folder = repository("share/triaged")
  try #require(
    FileManager.default.fileExists(atPath: folder + "/" + ShiftTable.fileName),
    "No \(ShiftTable.fileName) in \(folder): run `make deps`.")
  return folder
}

/// Great Britain's coast, drawn with a coarse pencil: Cornwall to Kent, up the east to Caithness,
/// and back along the west; then Shetland and Orkney, the Western Isles.
private let land: [[(Double, Double)]] = [
  [
    (-5.6, 50.1), (-3.7, 50.25), (-3.4, 50.65), (-2.4, 50.6), (-1.1, 50.75), (0.2, 50.75),
    (1.35, 51.15), (0.7, 51.55), (1.7, 52.6), (0.4, 52.95), (0.1, 53.6), (-0.2, 54.2),
    (-1.5, 55.1), (-2.1, 55.9), (-2.9, 56.2), (-2.1, 57.2), (-1.9, 57.6), (-3.9, 57.7),
    (-3.2, 58.6), (-5.0, 58.6), (-5.8, 57.5), (-6.2, 56.7), (-5.6, 55.4), (-4.9, 54.8),
    (-3.2, 54.9), (-3.5, 54.5), (-2.9, 53.9), (-3.1, 53.4), (-4.5, 53.3), (-4.2, 52.5),
    (-5.2, 51.8), (-4.2, 51.6), (-3.0, 51.4), (-4.4, 51.0),
  ],
  [(-1.6, 59.85), (-0.7, 60.8), (-1.2, 60.8), (-1.7, 60.2)],
  [(-3.3, 58.75), (-2.6, 59.3), (-3.2, 59.2), (-3.4, 58.9)],
  [(-7.6, 56.8), (-7.1, 57.2), (-6.2, 58.4), (-6.9, 58.3), (-7.6, 57.6)],
]

private func metres(_ a: GridPoint, _ b: GridPoint) -> Double {
  ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
}

/// A file of 3 by 2 nodes that says of itself what the arguments say.
private func smallTable(
  version: UInt32 = 1, columns: UInt32 = 3, rows: UInt32 = 2, cut: Int = 0, flip: Int? = nil
) -> [UInt8] {
  func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
  var rest = bytes(version) + bytes(columns) + bytes(rows) + bytes(UInt32(1000))
  rest += bytes(Int32(90_000)) + bytes(Int32(-80_000)) + bytes(UInt32(0))
  for node: (UInt16, UInt16) in [(0, 0), (1000, 0), (0, 500), (0, 2000), (1000, 2000), (0, 0)] {
    rest += bytes(node.0) + bytes(node.1)
  }
  let sum = ~rest.reduce(UInt32.max) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1
    }
  }
  var file = Array("triaged shifts\n\0".utf8) + bytes(sum) + rest
  if let flip { file[flip] ^= 0x10 }
  return Array(file.dropLast(cut))
}

@Suite("OSTN15") struct OSTN15Tests {
  /// The oracle reads Ordnance Survey's data and computes its own projection (convertbng, in Rust,
  /// answers in whole millimetres).
  @Test("equals another's exact transformation within 2 cm at 100,000 points on land, both ways")
  func equalsOracle() throws {
    let projection = try makeProjection(
      from: longitudeLatitude, to: .britishNational, dataFolder: try sharedFolder())
    // Even-odd, in degrees: any index of rings will do.
    let index = AreaIndex(
      land.enumerated().map { at, ring in
        PilotArea(
          id: "\(at)", name: "\(at)",
          polygons: [Polygon(outer: ring.map { GridPoint(x: $0.0, y: $0.1) })])
      })
    var random = Seeded(15)
    var points: [(Double, Double)] = []
    while points.count < 100_000 {
      let point = GridPoint(
        x: .random(in: -7.7...1.8, using: &random), y: .random(in: 49.9...60.9, using: &random))
      if index.firstPosition(holding: point) != nil { points.append((point.x, point.y)) }
    }
    let program = """
      import sys, convertbng.cutil as c, numpy
      given = numpy.fromstring(sys.stdin.read(), sep=" ").reshape(-1, 2)
      east, north = c.convert_bng(given[:, 0].copy(), given[:, 1].copy())
      for x, y in zip(east.tolist(), north.tolist()): print(x, y)
      """
    let input = points.map { "\($0.0) \($0.1)\n" }.joined()
    let rows = try python(program, input: input.utf8).split(separator: "\n")
    try #require(rows.count == points.count)
    var (furthest, sum, back) = (0.0, 0.0, 0.0)
    for (row, from) in zip(rows, points) {
      let fields = row.split(separator: " ").compactMap { Double($0) }
      let point = try #require(projection.toGrid(from.0, from.1), "\(from)")
      let off = metres(point, GridPoint(x: fields[0], y: fields[1]))
      try #require(off.isFinite)
      (furthest, sum) = (max(furthest, off), sum + off)
      let again = try #require(projection.fromGrid?(point))
      back = max(back, abs(again.x - from.0) * 67_000, abs(again.y - from.1) * 111_000)
    }
    print("OSTN15: furthest \(furthest) m, mean \(sum / 100_000) m, there and back \(back) m")
    #expect(furthest < 0.02)
    #expect(back < 0.000_1)
  }

  @Test("is said to be in force, with its accuracy; without its file the coarser one and a remedy")
  func said() throws {
    let folder = try sharedFolder()
    for crs in ["OGC:CRS84", "EPSG:4326", "EPSG:4258", "urn:ogc:def:crs:EPSG::4326", "EPSG:3857"] {
      let with = try describeOperation(from: crs, to: .britishNational, dataFolder: folder)
      #expect(
        with.sentence == "\(crs) to EPSG:27700: OSTN15 of Ordnance Survey, accuracy 0.02 m.")
      let without = try describeOperation(from: crs, to: .britishNational)
      // EPSG adds a metre for taking ETRS89 for WGS 84.
      let coarse = crs == "EPSG:4258" ? 3 : 2
      #expect(without.accuracyMetres == Double(coarse))
      #expect(
        without.sentence.hasSuffix(
          "accuracy \(coarse) m. With ostn15.shifts in the data folder (`make deps` makes it) it would be "
            + "OSTN15, accuracy 0.02 m."))
    }
    // Another datum, another country, and the grid itself have nothing to do with it.
    for (crs, grid) in [
      ("EPSG:4277", "EPSG:27700"), ("OGC:CRS84", "EPSG:26986"), ("EPSG:27700", "EPSG:27700"),
      ("OGC:CRS84", "EPSG:32630"),
    ] {
      let operation = try describeOperation(from: crs, to: Grid(crs: grid), dataFolder: folder)
      #expect(!operation.sentence.contains("OSTN15"))
    }
  }

  @Test("brings every system on WGS 84 or ETRS89 to the same place")
  func otherSystems() throws {
    let folder = try sharedFolder()
    let grid = Grid.britishNational
    let expected = try #require(
      try makeProjection(from: longitudeLatitude, to: grid, dataFolder: folder)
        .toGrid(-1.25, 53.12))
    let radius = 6_378_137.0
    for crs in ["EPSG:3857", "EPSG:32630", "EPSG:25830", "EPSG:4979", "EPSG:4258"] {
      let there = try makeProjection(from: longitudeLatitude, to: Grid(crs: "EPSG:32630"))
      let asGiven: (Double, Double) =
        switch crs {
        case "EPSG:3857":
          (radius * -1.25 * .pi / 180, radius * log(tan((45 + 53.12 / 2) * .pi / 180)))
        case "EPSG:32630", "EPSG:25830":
          (there.toGrid(-1.25, 53.12).map { ($0.x, $0.y) }) ?? (0, 0)
        default: (-1.25, 53.12)
        }
      let projection = try makeProjection(from: crs, to: grid, dataFolder: folder)
      let point = try #require(projection.toGrid(asGiven.0, asGiven.1), "\(crs)")
      #expect(metres(point, expected) < 0.001, "\(crs): \(point), \(expected)")
      let back = try #require(projection.fromGrid?(point))
      #expect(abs(back.x - asGiven.0) < 0.001 && abs(back.y - asGiven.1) < 0.001)
    }
  }

  /// They were made with the Helmert shift, as their half-metre agreement with it shows
  /// (ProjectionTests): OSTN15 lies as far off them as the two lie apart there.
  @Test("agrees with published points to the metres that their maker's formula is off")
  func publishedPoints() throws {
    let projection = try makeProjection(
      from: longitudeLatitude, to: .britishNational, dataFolder: try sharedFolder())
    func columns(_ name: String) throws -> [(Double, Double)] {
      String(decoding: try fixture(name), as: UTF8.self).split(whereSeparator: \.isNewline)
        .dropFirst().map { row in
          let fields = row.split(separator: ",").suffix(2).compactMap { Double($0) }
          return (fields[0], fields[1])
        }
    }
    let pairs = zip(try columns("points-4326.csv"), try columns("points-27700.csv"))
    for (from, to) in pairs {
      let point = try #require(projection.toGrid(from.0, from.1))
      let off = metres(point, GridPoint(x: to.0, y: to.1))
      #expect(off < 4, "\(off)")
    }
  }

  @Test(
    "has no answer beyond the 700 by 1,250 km for which there are shifts, and one all over them")
  func beyond() throws {
    let projection = try makeProjection(
      from: longitudeLatitude, to: .britishNational, dataFolder: try sharedFolder())
    let fromGrid = try #require(projection.fromGrid)
    for (x, y) in [(100.0, 100.0), (699_800, 200), (200, 1_249_800), (699_800, 1_249_800)] {
      let degrees = try #require(fromGrid(GridPoint(x: x, y: y)))
      let point = try #require(projection.toGrid(degrees.x, degrees.y))
      #expect(metres(point, GridPoint(x: x, y: y)) < 0.000_1)
    }
    // Within the grid's area of use, where the Helmert shift does answer: far out in the Atlantic.
    #expect(
      try makeProjection(from: longitudeLatitude, to: .britishNational).toGrid(-8.9, 51) != nil)
    #expect(projection.toGrid(-8.9, 51) == nil)
    #expect(fromGrid(GridPoint(x: -5_000, y: 100_000)) == nil)
    #expect(fromGrid(GridPoint(x: .nan, y: 0)) == nil)
    for (x, y) in [(Double.nan, 53.0), (-1.2, .infinity), (1e300, 1e300), (0, 0), (53, -1)] {
      #expect(projection.toGrid(x, y) == nil)
    }
  }

  @Test(
    "with a file that is damaged, of another version or of other shifts is refused with a sentence",
    arguments: [
      (smallTable(), "its checksum is not that of OSTN15"),
      (smallTable(version: 2), "its version is 2, and 1 is known"),
      (smallTable(cut: 1), "its size is not what its beginning says"),
      (smallTable(columns: 4), "its size is not what its beginning says"),
      (smallTable(columns: .max, rows: .max), "its size is not what its beginning says"),
      (smallTable(flip: 60), "its checksum is wrong"),
      (smallTable(flip: 0), "it is no file of shifts"),
      ([], "it is no file of shifts"),
    ])
  func damaged(_ bytes: [UInt8], _ why: String) throws {
    try withTemporaryFolder { folder in
      try Data(bytes).write(to: folder.appending(path: ShiftTable.fileName))
      let path = folder.path(percentEncoded: false)
      #expect {
        try makeProjection(from: longitudeLatitude, to: .britishNational, dataFolder: path)
      } throws: { error in
        let sentence = (error as? ProjectionError)?.sentence ?? ""
        return sentence.contains("are not used: \(why)") && sentence.contains("make deps")
      }
      let file = readAreas(
        file: "a", bytes: try fixture("good/single-feature.geojson"), grid: .britishNational,
        settings: .init(dataFolder: path))
      #expect(file.hasErrors && file.areas.isEmpty)
      // What needs no shifts is not stopped by them.
      #expect(throws: Never.self) {
        try makeProjection(from: "EPSG:4277", to: .britishNational, dataFolder: path)
      }
    }
  }

  @Test("interpolates between the four nodes round a point, border included, and back")
  func interpolation() throws {
    let table = try ShiftTable(smallTable())
    #expect(table.shift(at: SIMD2(0, 0)) == SIMD2(90, -80))
    #expect(table.shift(at: SIMD2(500, 0)) == SIMD2(90.5, -80))
    #expect(table.shift(at: SIMD2(500, 500)) == SIMD2(90.5, -79))
    #expect(table.shift(at: SIMD2(2000, 1000)) == SIMD2(90, -80))
    #expect(table.shift(at: SIMD2(1500, 250)) == SIMD2(90.5, -79.5625))
    for (x, y) in [(-0.001, 0.0), (0, -0.001), (2000.001, 0), (0, 1000.001), (.nan, 0)] {
      #expect(table.shift(at: SIMD2(x, y)) == nil)
    }
    let shift = try #require(table.shift(at: SIMD2(700, 300)))
    let back = try #require(table.unshifted(SIMD2(700, 300) + shift))
    #expect(abs(back.x - 700) < 0.000_01 && abs(back.y - 300) < 0.000_01)
  }
}
