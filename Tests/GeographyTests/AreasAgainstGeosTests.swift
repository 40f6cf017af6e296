import Foundation
import Testing
import Triage

@testable import Geography

/// `make test-areas` asks ten million points; `make test` a hundredth of them.
private let scale = Double(ProcessInfo.processInfo.environment["TRIAGED_AREA_POINTS"] ?? "") ?? 1e5

@Suite("The area index and GEOS's covers") struct AreasAgainstGeosTests {
  @Test("name the same areas for every point of Ashfield's wards")
  func wards() throws {
    try compare(boundaries("config/context/ashfield-wards.geojson", "WD13CD"), Int(scale * 0.15))
  }

  @Test("name the same areas for every point of Ashfield's output areas")
  func outputAreas() throws {
    let path = "Tests/GeographyTests/Fixtures/ashfield-output-areas.geojson"
    try compare(boundaries(path, "OA11CD"), Int(scale * 0.25))
  }

  @Test("name the same areas for every point of a synthetic country")
  func country() throws {
    try compare(syntheticCountry(areas: scale > 1e6 ? 7_500 : 400, seed: 5), Int(scale * 0.3))
  }

  @Test("name the same areas for every point of nasty polygons", arguments: 0..<6)
  func nasty(seed: UInt64) throws {
    try compare(nastyAreas(seed: seed), Int(scale * 0.05))
  }

  private func boundaries(_ path: String, _ property: String) throws -> [PilotArea] {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: repository(path))))
    return readAreas(
      file: path, bytes: bytes, grid: .britishNational,
      settings: .init(idProperty: property, nameProperty: property)
    ).areas
  }

  private func compare(_ areas: [PilotArea], _ count: Int) throws {
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
        return
      }
    }
    try withTemporaryFolder { folder in
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
    }
  }

  private func quoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
