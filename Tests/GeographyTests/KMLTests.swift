import Foundation
import Testing
import Triage

@testable import Geography

private func kml(_ body: String) -> AreaFile {
  readAreas(
    file: "a.kml", bytes: Array("<kml><Document>\(body)</Document></kml>".utf8),
    grid: .britishNational, settings: .init())
}

private let coordinates = "-1.25,53.12 -1.24,53.12 -1.24,53.13 -1.25,53.12"
private let outline =
  "<outerBoundaryIs><LinearRing><coordinates>\(coordinates)</coordinates></LinearRing></outerBoundaryIs>"

@Suite("A KML file") struct KMLTests {
  @Test(
    "as Google Earth writes it: folders, schema data, a hole, parts of parts, a link not followed")
  func googleEarth() throws {
    let file = try read("good/google-earth.kml")
    let area = try #require(file.areas.first)
    #expect(file.areas.count == 1)
    #expect(area.id == "a" && area.name == "Area A" && area.margin == 12.5)
    #expect(area.polygons.count == 2 && area.polygons[0].holes.count == 1)
    #expect(
      file.problems.map(\.description) == [
        "good/google-earth.kml:27:1: warning: A NetworkLink is not followed: what it points to is not "
          + "among the areas."
      ])
  }

  @Test("as My Maps writes it: extended data, CDATA, a pin that is passed over")
  func myMaps() throws {
    let file = try read("good/my-maps.kml")
    #expect(file.areas.map(\.id) == ["a"])
    #expect(file.areas.first?.reason == "Many & bulky")
    #expect(file.areas.first?.from == CivilDay("2026-04-01"))
    #expect(file.problems.map(\.sentence) == ["The pin of 'Depot' is no area and is passed over."])
  }

  @Test("of others is read: text right in a Data element, no settings but the file's own system")
  func others() throws {
    let path = "Tests/GeographyTests/Fixtures/boundary.kml"
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: repository(path))))
    let file = readAreas(
      file: path, bytes: bytes, grid: .britishNational, settings: .init(crs: "EPSG:27700"))
    #expect(file.problems.isEmpty, "\(file.problems)")
    #expect(file.areas.map(\.id) == ["1", "2"] && file.areas.map(\.name) == ["foo", "bar"])
    let json = readAreas(
      file: "boundary", bytes: try fixture("boundary.geojson"), grid: .britishNational,
      settings: .init())
    #expect(json.areas.map(\.polygons) == file.areas.map(\.polygons))
  }

  @Test("without ids goes by names, and says what that means")
  func names() throws {
    let file = try read("good/name-serves.kml")
    #expect(file.areas.map(\.id) == ["New Cross  north"])
    #expect(file.areas.map(\.name) == ["New Cross, north"])
    #expect(file.problems.first?.sentence.contains("its name serves") == true)
    #expect(
      kml("<Placemark id='k'><Polygon>\(outline)</Polygon></Placemark>").areas.map(\.id) == ["k"])
    let twice = kml(
      (0..<2).map { _ in "<Placemark><name>n</name><Polygon>\(outline)</Polygon></Placemark>" }
        .joined())
    #expect(AreaSet([twice]).hasErrors)
  }

  @Test("inside a KMZ file is called by both, also when it is packed under the name .kml")
  func kmz() throws {
    let file = try read("good/areas.kmz")
    #expect(file.name == "good/areas.kmz" && file.areas.map(\.id) == ["a"])
    let renamed = readAreas(
      file: "b.kml", bytes: try fixture("good/areas.kmz"), grid: .britishNational, settings: .init()
    )
    #expect(renamed.areas.map(\.id) == ["a"])
    let whole = try fixture("good/areas.kmz")
    for cut in stride(from: 0, to: whole.count, by: 7) {
      let file = readAreas(
        file: "c.kmz", bytes: Array(whole[..<cut]), grid: .britishNational, settings: .init())
      #expect(file.hasErrors && file.areas.isEmpty)
    }
  }

  @Test(
    "made to do harm is refused, and costs little more a byte than one that is harmless",
    arguments: [
      String(repeating: "<Folder>", count: 200_000),
      "<Placemark>" + String(repeating: "<MultiGeometry>", count: 90),
      "<Placemark><MultiGeometry>" + String(repeating: "<Polygon/>", count: 300_000)
        + "</MultiGeometry></Placemark>",
      "<Placemark " + (0..<20_000).map { "a\($0)='' " }.joined() + "/>",
      String(repeating: "<NetworkLink/>", count: 100_000),
      "<Placemark><Polygon>\(outline)\(outline)</Polygon></Placemark>",
      "<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        + String(repeating: "nan,0x1p3 ", count: 100_000)
        + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>",
    ])
  func hostile(body: String) {
    let clock = ContinuousClock()
    var file: AreaFile?
    let taken = clock.measure { file = kml(body) }
    let ring = "<Folder><LinearRing><coordinates>\(coordinates)</coordinates></LinearRing></Folder>"
    let harmless = String(repeating: ring, count: 1 + body.utf8.count / ring.utf8.count)
    let usual = clock.measure { _ = kml(harmless) }
    #expect(file?.hasErrors == true && file?.areas.isEmpty == true)
    #expect((file?.problems.count ?? 0) <= 2 * AreaFileSettings.mostProblems + 2)
    #expect(taken < usual * 100 + .seconds(1), "\(taken), \(usual)")
  }
}
