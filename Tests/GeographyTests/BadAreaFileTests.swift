import Foundation
import Testing
import Triage

@testable import Geography

/// Fixtures named for their flaw, with the line and the beginning of the sentence each must give.
private let flaws: [(file: String, line: Int?, sentence: String)] = [
  ("all-points-the-same", 13, "A ring has 5 points, of which 1 differ"),
  ("comma-too-many", 14, "The file is not valid JSON: there is a comma too many"),
  ("coordinate-in-quotes", 15, "A coordinate is a text, not a number"),
  ("cut-off", 13, "The file is not valid JSON: the file ends where a value is expected"),
  ("degrees-as-eastings", 20, "These look like longitudes and latitudes"),
  ("eastings-as-degrees", 14, "These look like eastings and northings"),
  ("empty-file", 1, "The file is not valid JSON: the file is empty"),
  ("encloses-nothing", 13, "A ring encloses less than one square metre"),
  ("fraction-as-id", 7, "Its id is a number with a fraction"),
  ("geocentric-system", 16, "The coordinate system 'EPSG:4978' (WGS 84) is neither"),
  ("id-with-comma", 7, "Its id cannot be used"),
  ("in-paris", 14, "The point lies outside the reach of the grid EPSG:27700"),
  ("latitude-first", 14, "Latitude and longitude look swapped"),
  ("line", 10, "Its geometry is a LineString"),
  ("nested-too-deep", 1, "The file is not valid JSON: brackets are nested too deep"),
  ("no-coordinates", 10, "Its Polygon has no coordinates"),
  ("no-features", 1, "The collection holds no feature"),
  ("no-geometry", 4, "It has no geometry"),
  ("no-id", 4, "It has no id (property 'id')"),
  ("northing-first", 20, "Easting and northing look swapped"),
  ("not-a-feature", 4, "This is no Feature"),
  ("not-json", 1, "The file is not valid JSON: it begins like a web page"),
  ("number-too-large", 24, "The file is not valid JSON: this number is too large"),
  ("one-vertex-astray", 22, "The point lies outside the reach of the grid"),
  ("pipeline-as-system", 16, "The coordinate system '+proj=longlat"),
  ("point-with-one-number", 22, "A point of a ring is a list of 1, not a pair"),
  ("polygon-declared-multi", 15, "A point of a ring is a number, not a pair"),
  ("priority-in-words", 9, "Its priority is a text, not a number"),
  ("system-by-link", 3, "The `crs` member names no coordinate system"),
  ("text-after-the-end", 40, "The file is not valid JSON: the text goes on after the end"),
  ("three-points", 13, "A ring has 3 points, of which 2 differ"),
  ("topology", 1, "The file's type is 'Topology'"),
  ("twice-the-same-key", 2, "The file is not valid JSON: the key 'id' appears twice"),
  ("unknown-system", 16, "The coordinate system 'EPSG:99999' is not known"),
  ("utf-16", 1, "The file is not valid JSON: this is UTF-16"),
  ("collection-with-a-line", 40, "Its geometry is a LineString; an area is a Polygon"),
  ("crosses-itself", 14, "A ring crosses itself at (-1.245, 53.125)"),
  ("crosses-itself-in-a-vertex", 14, "A ring crosses itself at (-1.245, 53.125)"),
  ("day-of-another-order", 9, "Its 'until' is not a day of the calendar"),
  ("empty-collection", 10, "Its GeometryCollection holds no geometry"),
  ("ends-before-it-begins", 10, "It ends on 2026-04-30, before it begins on 2026-05-01"),
  ("hole-across-the-outline", 18, "Two of its rings cross at (-1.24, 53.122)"),
  ("hole-in-a-hole", 58, "A hole lies within another hole at (-1.247, 53.123)"),
  ("hole-outside", 36, "A hole lies outside its outline at (-1.235, 53.122)"),
  ("margin-below-zero", 9, "Its margin is not a number of metres from 0 to 1000"),
  ("no-such-day", 9, "Its 'from' is not a day of the calendar"),
  ("null-geometry", 4, "It has no geometry"),
  ("reason-is-a-number", 9, "Its reason is a number, not a text"),
  ("runs-back", 18, "A ring runs back over itself at (-1.24, 53.13)"),
  ("crosses-itself.kml", 8, "A ring crosses itself at (-1.245, 53.125)"),
  ("cut-off.kml", 13, "The file is not valid KML: "),
  ("day-that-is-none.kml", 6, "Its 'until' is not a day of the calendar"),
  ("document-type.kml", 2, "The file is not valid KML: it has a document type declaration"),
  ("eastings.kml", 8, "These look like eastings and northings"),
  ("latitude-first.kml", 8, "Latitude and longitude look swapped: KML has longitude first"),
  ("letters-in-coordinates.kml", 10, "A coordinate is a text, not a number"),
  ("line.kml", 7, "Its geometry is a LineString"),
  ("no-geometry.kml", 4, "It has no geometry"),
  ("no-outer-boundary.kml", 7, "Its Polygon has no coordinates"),
  ("only-a-network-link.kml", 1, "The file holds no Placemark"),
  ("space-behind-comma.kml", 10, "A coordinate is a text, not a number"),
  ("web-page.kml", 1, "The file is not valid KML: it begins like a web page"),
  ("no-kml.kmz", nil, "The file cannot be read as KMZ: there is no .kml file in it"),
  ("not-a-zip.kmz", nil, "The file cannot be read as KMZ: it is no whole ZIP file"),
  ("unpacks-to-far-more.kmz", nil, "The file cannot be read as KMZ: it unpacks to more"),
]

/// Flaws of a whole file, which have no feature; and flaws of a place, which name it.
private let wholeFiles: Set = [
  "comma-too-many", "cut-off", "empty-file", "nested-too-deep", "no-features", "not-json",
  "number-too-large", "system-by-link", "text-after-the-end", "topology", "twice-the-same-key",
  "utf-16", "cut-off.kml", "document-type.kml", "only-a-network-link.kml", "web-page.kml",
  "no-kml.kmz", "not-a-zip.kmz", "unpacks-to-far-more.kmz",
]
private let places: Set = [
  "all-points-the-same", "degrees-as-eastings", "eastings-as-degrees", "encloses-nothing",
  "in-paris",
  "latitude-first", "northing-first", "one-vertex-astray", "three-points", "crosses-itself",
  "crosses-itself-in-a-vertex", "hole-across-the-outline", "hole-in-a-hole",
  "hole-outside", "runs-back", "crosses-itself.kml",
  "eastings.kml", "latitude-first.kml",
]

@Suite("A bad boundary file") struct BadAreaFileTests {
  @Test("says what is wrong, in which line, and takes no effect", arguments: flaws)
  func flaw(_ flaw: (file: String, line: Int?, sentence: String)) throws {
    let file = try read("bad/\(flaw.file)" + (flaw.file.contains(".") ? "" : ".geojson"))
    #expect(file.hasErrors)
    #expect(file.areas.isEmpty || !places.contains(flaw.file))
    let found = file.problems.first { $0.sentence.hasPrefix(flaw.sentence) }
    #expect(found?.severity == .error, "\(file.problems)")
    #expect(found?.line == flaw.line, "\(file.problems)")
    #expect(file.problems.count { $0.severity == .error } == 1, "\(file.problems)")
    #expect(found?.file.hasPrefix("bad/\(flaw.file)") == true)
    #expect((found?.feature == nil) == wholeFiles.contains(flaw.file), "\(file.problems)")
    #expect((found?.place != nil) == places.contains(flaw.file), "\(file.problems)")
  }

  @Test("has a fixture in the table, and the table has no other")
  func completeTable() throws {
    let folder = repository("Tests/GeographyTests/Fixtures/bad")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    let named =
      flaws.map { $0.file.contains(".") ? $0.file : $0.file + ".geojson" } + ["three-flaws.geojson"]
    #expect(Set(files) == Set(named))
  }

  @Test(
    "whose outline crosses itself comes with a picture, which links to nothing and is well-formed")
  func picture() throws {
    for name in ["crosses-itself.geojson", "crosses-itself.kml", "hole-across-the-outline.geojson"]
    {
      let picture = try #require(try read("bad/\(name)").problems.last?.picture)
      #expect(
        !picture.contains("href") && !picture.contains("<script") && !picture.contains("url("))
      #expect(picture.contains("cx=\"") && picture.utf8.count < 2000)
      let program = """
        import sys, xml.etree.ElementTree as e
        for x in e.fromstring(sys.stdin.read()).iter(): print(x.tag.split("}")[1])
        """
      let tags = try python(program, input: picture.utf8).split(separator: "\n")
      #expect(tags == ["svg", "title", "path", "circle"])
    }
    let tall = Tangle(
      kind: .crossing, ring: 0, point: 0, otherRing: 0, place: SourcePoint(x: 0, y: 5))
    let many = (0..<50_000).map { SourcePoint(x: Double($0 % 2), y: Double($0)) }
    #expect(draw(tall, of: [many], inDegrees: false).utf8.count < 100_000)
  }

  @Test("with several flaws names them all at once, with feature, line and place")
  func several() throws {
    let file = try read("bad/three-flaws.geojson")
    #expect(file.areas.map(\.id) == ["c"])
    #expect(
      file.problems.filter { $0.severity == .error }.map(\.feature) == ["number 1", "b", "d"])
    let (errors, warnings) = (file.problems.prefix(3), file.problems.dropFirst(3))
    #expect(errors.map(\.line) == [4, 43, 104] && warnings.map(\.line) == [35])
    #expect(errors.last?.place == .init(x: 53.12, y: -1.25))
    #expect(
      errors.last?.description
        == "bad/three-flaws.geojson:104:7: error: feature d: Latitude and longitude look swapped: "
        + "GeoJSON has longitude first.")
  }

  @Test("with more than a hundred flaws lists a hundred and counts the rest")
  func manyFlaws() {
    let feature = #"{"type":"Feature","geometry":null},"#
    let text =
      #"{"type":"FeatureCollection","features":["#
      + String(repeating: feature, count: 200).dropLast() + "]}"
    let file = readAreas(
      file: "many.geojson", bytes: Array(text.utf8), grid: .britishNational, settings: .init())
    // Each lacks an id and a geometry.
    #expect(file.problems.count == AreaFileSettings.mostProblems + 1)
    #expect(file.problems.last?.sentence == "300 more errors are not listed.")
  }

  @Test("larger than the limit is not read")
  func tooLarge() {
    let bytes = [UInt8](repeating: 0x20, count: AreaFileSettings.largestFile + 1)
    let file = readAreas(
      file: "large.geojson", bytes: bytes, grid: .britishNational, settings: .init())
    #expect(file.problems.map(\.sentence) == ["The file is larger than 32 MB and was not read."])
  }

  @Test(
    "is refused as well when the grid cannot be used",
    arguments: [
      ("EPSG:4326", "is not a projected system"), ("EPSG:2249", "is measured in US survey foot"),
      ("EPSG:0", "is not known"), ("nonsense", "is not known"),
    ])
  func badGrid(_ grid: String, _ sentence: String) throws {
    let file = try read("good/single-feature.geojson", grid: Grid(crs: grid))
    #expect(file.areas.isEmpty)
    #expect(file.problems.contains { $0.sentence.contains(sentence) }, "\(file.problems)")
  }
}
