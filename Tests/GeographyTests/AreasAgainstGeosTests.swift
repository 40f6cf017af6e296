import Foundation
import Testing
import Triage

@testable import Geography

/// `make test-areas` asks ten million points; `make test` a hundredth of them.
private let scale = Double(ProcessInfo.processInfo.environment["TRIAGED_AREA_POINTS"] ?? "") ?? 1e5

@Suite("The area index and GEOS's covers") struct AreasAgainstGeosTests {
  @Test("name the same areas for every point of Ashfield's wards")
  func wards() throws {
    try compare(
      "Ashfield's wards", boundaries("config/context/ashfield-wards.geojson", "WD13CD"),
      Int(scale * 0.15))
  }

  @Test("name the same areas for every point of Ashfield's output areas")
  func outputAreas() throws {
    let path = "Tests/GeographyTests/Fixtures/ashfield-output-areas.geojson"
    try compare("Ashfield's output areas", boundaries(path, "OA11CD"), Int(scale * 0.25))
  }

  @Test("name the same areas for every point of a synthetic country")
  func country() throws {
    try compare(
      "A synthetic country", syntheticCountry(areas: scale > 1e6 ? 7_500 : 400, seed: 5),
      Int(scale * 0.3))
  }

  @Test("name the same areas for every point of nasty polygons", arguments: 0..<6)
  func nasty(seed: UInt64) throws {
    let areas = nastyAreas(seed: seed)
    let border = try compare("Nasty polygons \(seed)", areas, Int(scale * 0.05))
    // Of each family some points are on its borders.
    var families: [String: Int] = [:]
    for area in areas { families[area.name] = 0 }
    for pair in border { families[areas[pair.area].name]! += 1 }
    print(
      families.sorted { $0.key < $1.key }.map { "  border of \($0.key): \($0.value) times" }
        .joined(separator: "\n"))
    #expect(families.count == 11)
    for (family, count) in families { #expect(count > 0, "no point on the border of \(family)") }
  }

  private func boundaries(_ path: String, _ property: String) throws -> [PilotArea] {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: repository(path))))
    return readAreas(
      file: path, bytes: bytes, grid: .britishNational,
      settings: .init(idProperty: property, nameProperty: property)
    ).areas
  }

  /// Prints what was asked.
  /// - Returns: the points that are on a border, by GEOS's word, with its area.
  @discardableResult
  private func compare(
    _ name: String, _ areas: [PilotArea], _ count: Int
  ) throws -> [(point: Int, area: Int)] {
    try #require(!areas.isEmpty)
    let index = AreaIndex(areas)
    let points = closePoints(count, to: areas, seed: 31)
    var first = [Int32](repeating: -2, count: points.count)
    points.withUnsafeBufferPointer { points in
      first.withUnsafeMutableBufferPointer { index.firstPositions(of: points, into: $0) }
    }
    var held: [Int32] = []
    for (at, point) in points.enumerated() {
      let positions = index.positions(holding: point)
      for position in positions { held += [Int32(at), Int32(position)] }
      let single = index.firstPosition(holding: point)
      if single != positions.first || first[at] != Int32(single ?? -1) {
        Issue.record("\(point): \(positions), first \(single ?? -1), in a batch \(first[at])")
        return []
      }
    }
    return try withTemporaryFolder { folder in
      let files = SampleFiles(in: folder)
      try files.write(areas)
      try files.write(points)
      try files.write(held: held)
      let program = """
        import runpy, sys
        sys.argv = ["covers.py", \(quoted(folder.path(percentEncoded: false)))]
        runpy.run_path(\(quoted(repository("Tests/GeographyTests/covers.py"))), run_name="__main__")
        """
      let lines = try python(program, input: []).split(separator: "\n").map(String.init)
      try #require(lines.count >= 2)
      #expect(lines[1] == "0", "\(lines.dropFirst(2).joined(separator: "; "))")
      let pairs = try #require(Int(lines[0]))
      #expect(pairs > points.count / 4, "\(pairs) of \(points.count): the points miss the areas")
      let border = try readPairs(folder.appending(path: "border"))
      print(
        "\(name): \(areas.count) areas, \(points.count) points, held \(pairs) times, "
          + "on a border \(border.count) times; differences: \(lines[1])")
      tally(points, border)
      return border
    }
  }

  /// Points by their kind, and that those are on borders that ought to be; points on the borders of
  /// several areas are held by all of them, as every pair is compared.
  private func tally(_ points: [GridPoint], _ border: [(point: Int, area: Int)]) {
    var asked: [CloseKind: Int] = [:]
    for at in points.indices { asked[CloseKind(at), default: 0] += 1 }
    var on: [CloseKind: Int] = [:]
    var shared = 0
    var last = -1
    var times = 0
    for pair in border {
      times = pair.point == last ? times + 1 : 1
      if times == 1 { on[CloseKind(pair.point), default: 0] += 1 }
      if times == 2 { shared += 1 }
      last = pair.point
    }
    for kind in CloseKind.allCases {
      print("  \(asked[kind]!) points \(kind.rawValue), \(on[kind, default: 0]) on a border")
    }
    print("  \(shared) points on the borders of two areas or more")
    #expect(on[.vertex] == asked[.vertex])
    #expect(shared > points.count / 100)
  }

  private func readPairs(_ file: URL) throws -> [(point: Int, area: Int)] {
    try Data(contentsOf: file).withUnsafeBytes { bytes in
      let numbers = bytes.bindMemory(to: Int32.self)
      return stride(from: 0, to: numbers.count, by: 2).map {
        (Int(numbers[$0]), Int(numbers[$0 + 1]))
      }
    }
  }

  private func quoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
