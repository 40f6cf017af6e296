import Foundation
import Testing
import Triage

@testable import Geography

@Suite("A boundary file") struct AreaFileTests {
  @Test(
    "in another form that means the same gives the same area",
    arguments: [
      "crs84-member", "with-heights", "not-closed", "single-feature", "bare-polygon",
      "id-of-the-feature", "number-as-id", "byte-order-mark-and-crlf", "escaped-name", "no-name",
      "bare-collection", "collection-in-a-collection", "plain.kml", "my-maps.kml", "areas.kmz",
      "name-serves.kml",
    ])
  func sameArea(name: String) throws {
    let plain = try read("good/single-feature.geojson")
    let file = try read("good/\(name)" + (name.contains(".") ? "" : ".geojson"))
    #expect(!file.hasErrors, "\(file.problems)")
    #expect(file.areas.map(\.polygons) == plain.areas.map(\.polygons))
    #expect(plain.areas[0].squareMetres > 700_000 && plain.areas[0].squareMetres < 800_000)
  }

  @Test("states dates, reason, margin and priority, all of them optional")
  func properties() throws {
    let file = try read("good/properties.geojson")
    #expect(file.problems.isEmpty, "\(file.problems)")
    let area = try #require(file.areas.first)
    #expect(area.reason == "Many bulky items." && area.margin == 10)
    #expect(area.from == CivilDay("2026-04-01") && area.until == CivilDay("2027-03-31"))
    #expect(file.entries.first?.priority == 2)
    let days = ["2026-03-31", "2026-04-01", "2027-03-31", "2027-04-01"].compactMap { CivilDay($0) }
    #expect(days.map { area.counts(on: $0) } == [false, true, true, false])
    let bare = try #require(try read("good/single-feature.geojson").areas.first)
    #expect(bare.reason.isEmpty && bare.from == nil && bare.until == nil && bare.margin == nil)
    #expect(days.allSatisfy { bare.counts(on: $0) })
  }

  @Test("whose outline touches itself in a point is in order: its inside is never in doubt")
  func touching() throws {
    let file = try read("good/touches-itself.geojson")
    #expect(file.problems.isEmpty && file.areas.count == 1, "\(file.problems)")
  }

  @Test("gives the ids and names that it states")
  func names() throws {
    func area(_ name: String) throws -> PilotArea {
      try #require(try read("good/\(name).geojson").areas.first)
    }
    #expect(try area("single-feature").id == "a")
    #expect(try area("single-feature").name == "Area A")
    #expect(try area("id-of-the-feature").id == "a")
    #expect(try area("number-as-id").id == "17")
    #expect(try area("escaped-name").name == "Café 😀 Row")
    #expect(try area("no-name").name == "a")
    #expect(try area("bare-polygon").id == "bare-polygon")
  }

  @Test(
    "of the grid's own system is taken as it stands, whichever way the system is named",
    arguments: [
      "urn-of-the-grid", "short-code-of-the-grid", "code-as-number", "crs-on-the-feature",
    ])
  func ownSystem(name: String) throws {
    let file = try read("good/\(name).geojson")
    #expect(file.problems.isEmpty)
    let outer = [
      GridPoint(x: 450_000, y: 359_000), GridPoint(x: 450_700, y: 359_000),
      GridPoint(x: 450_700, y: 359_600), GridPoint(x: 450_000, y: 359_600),
    ]
    #expect(file.areas.map(\.polygons) == [[Polygon(outer: outer)]])
    #expect(file.operations.map(\.name) == [""])
  }

  @Test("without a `crs` member is in the system of the settings")
  func systemOfSettings() throws {
    let text = String(decoding: try fixture("good/short-code-of-the-grid.geojson"), as: UTF8.self)
    let bare = text.replacing("\"crs\"", with: "\"other\"")
    let settings = AreaFileSettings(crs: "EPSG:27700")
    let file = readAreas(
      file: "a", bytes: Array(bare.utf8), grid: .britishNational, settings: settings)
    #expect(file.areas.first?.squareMetres == 420_000)
  }

  @Test(
    "may wind its rings either way: a hole stays a hole, an island an island",
    arguments: [
      "hole-and-island", "hole-and-island-other-winding",
    ])
  func winding(name: String) throws {
    let file = try read("good/\(name).geojson")
    let toGrid = try makeProjection(from: longitudeLatitude, to: .britishNational)
    let index = AreaIndex(file.areas)
    func isInside(_ longitude: Double, _ latitude: Double) throws -> Bool {
      index.firstPosition(holding: try #require(toGrid.toGrid(longitude, latitude))) == 0
    }
    #expect(try isInside(-1.249, 53.125))
    #expect(try !isInside(-1.2465, 53.1235))
    #expect(try isInside(-1.245, 53.125))
    #expect(try !isInside(-1.251, 53.125))
    #expect(try isInside(-1.25, 53.12))
    #expect(try isInside(-1.247, 53.123))
  }

  @Test("with an open ring is read, with a warning that says where")
  func openRing() throws {
    let file = try read("good/not-closed.geojson")
    #expect(file.problems.map(\.severity) == [.warning])
    #expect(file.problems.map(\.place) == [.init(x: -1.25, y: 53.13)])
    #expect(file.problems.map(\.line) == [26])
  }

  @Test("that others publish is read: 15 wards and 385 output areas of Ashfield, by their codes")
  func ashfield() throws {
    let wards = readAreas(
      file: "wards",
      bytes: [UInt8](
        try Data(contentsOf: URL(filePath: repository("config/context/ashfield-wards.geojson")))),
      grid: .britishNational,
      settings: .init(idProperty: "WD13CD", nameProperty: "WD13NM"))
    #expect(wards.problems.isEmpty)
    #expect(wards.areas.count == 15)
    #expect(wards.areas.first?.name == "Hucknall Central")
    let cells = try read(
      "ashfield-output-areas.geojson", settings: .init(idProperty: "OA11CD", nameProperty: "OA11CD")
    )
    #expect(cells.problems.isEmpty)
    #expect(cells.areas.count == 385)
    // Both cover the district, which the Office for National Statistics gives as 110 km².
    for areas in [wards.areas, cells.areas] {
      let sum = areas.reduce(0) { $0 + $1.squareMetres }
      #expect(sum > 109e6 && sum < 111e6, "\(sum)")
    }
  }

  @Test("of another country goes onto that country's grid")
  func otherGrid() throws {
    let text = #"""
      {"type": "Feature", "properties": {"id": "b", "name": "Back Bay"}, "geometry": {"type":
      "Polygon", "coordinates": [[[-71.09, 42.34], [-71.07, 42.34], [-71.07, 42.36], [-71.09, 42.34]]]}}
      """#
    let grid = Grid(crs: "EPSG:26986")
    let file = readAreas(file: "b", bytes: Array(text.utf8), grid: grid, settings: .init())
    #expect(file.problems.isEmpty, "\(file.problems)")
    let first = try #require(file.areas.first?.polygons.first?.outer.first)
    #expect(first.x > 230_000 && first.x < 240_000 && first.y > 895_000 && first.y < 905_000)
  }
}
