import Foundation
import Testing
import Triage

@testable import Geography

/// Areas one beside the other, 1 km apart.
private func file(_ name: String, _ features: (id: String, priority: String)...) -> AreaFile {
  let texts = features.map {
    let east = 450_000 + 1000 * ($0.id.utf8.first.map { Int($0) } ?? 0)
    let ring =
      "[[\(east),359000],[\(east + 700),359000],[\(east + 700),359600],[\(east),359000]]"
    return
      #"{"type":"Feature","properties":{"id":"\#($0.id)","name":"N","priority":\#($0.priority)},"#
      + #""geometry":{"type":"Polygon","coordinates":[\#(ring)]}}"#
  }
  let text = #"{"type":"FeatureCollection","features":[\#(texts.joined(separator: ",\n"))]}"#
  return readAreas(
    file: name, bytes: Array(text.utf8), grid: .britishNational,
    settings: .init(crs: "EPSG:27700"))
}

@Suite("The set of boundary files") struct AreaSetTests {
  @Test("is in the order of file names, then of the files")
  func order() {
    let set = AreaSet([file("b", ("3", "null"), ("1", "null")), file("a", ("2", "null"))])
    #expect(set.areas.map(\.id) == ["2", "3", "1"])
    #expect(set.problems.isEmpty)
  }

  @Test("puts areas with a priority first, the lowest number leading")
  func priority() {
    let set = AreaSet([file("a", ("x", "null"), ("y", "2")), file("b", ("z", "1"), ("w", "2"))])
    #expect(set.areas.map(\.id) == ["z", "y", "w", "x"])
  }

  @Test("refuses an id that is used twice, in one file or in two, and says where it is taken")
  func duplicates() {
    let set = AreaSet([file("a", ("x", "1"), ("x", "2")), file("b", ("y", "3"), ("x", "4"))])
    #expect(set.hasErrors)
    #expect(
      set.problems.filter { $0.severity == .error }.map(\.description) == [
        "a:2:1: error: feature x: The id is already taken by the feature at a:1; every area needs "
          + "an id of its own.",
        "b:2:1: error: feature x: The id is already taken by the feature at a:1; every area needs "
          + "an id of its own.",
      ])
  }

  @Test("of a folder has all kinds of files that are read, and names those that are not")
  func folder() throws {
    try withTemporaryFolder { folder in
      func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appending(path: name))
      }
      try write("1-good.geojson", try fixture("good/single-feature.geojson"))
      try write("2-bad.GeoJSON", try fixture("bad/latitude-first.geojson"))
      try write("3-old.topojson", [])
      try write("4-map.kml", try fixture("good/my-maps.kml"))
      try write("5-nothing.KMZ", [])
      try write("README.md", [])
      try write(".hidden.geojson", [])
      let set = readAreas(
        folder: folder.path(percentEncoded: false), grid: .britishNational, settings: .init())
      #expect(set.areas.map(\.id) == ["a", "a"])
      #expect(
        set.problems.map(\.severity) == [.error, .warning, .warning, .error, .error, .warning])
      #expect(set.problems[0].sentence.hasPrefix("Latitude and longitude look swapped"))
      #expect(set.problems[1].file.hasSuffix("3-old.topojson"))
      #expect(set.problems[2].sentence == "The pin of 'Depot' is no area and is passed over.")
      #expect(set.problems[3].file.hasSuffix("5-nothing.KMZ"))
      #expect(
        set.problems[4].sentence.contains("1-good.geojson:1; every area needs an id of its own"))
      #expect(set.problems[5].sentence.hasPrefix("It shares about 74"))
    }
  }

  @Test("of a folder that is empty or missing is an error, not an empty map")
  func noFolder() throws {
    try withTemporaryFolder { folder in
      let path = folder.path(percentEncoded: false)
      let empty = readAreas(folder: path, grid: .britishNational, settings: .init())
      #expect(
        empty.problems.map(\.sentence) == [
          "The folder holds no boundary file (such as .geojson), so there is no area."
        ])
      let missing = readAreas(
        folder: path + "/missing", grid: .britishNational, settings: .init())
      #expect(missing.hasErrors)
    }
  }

  @Test("refuses an area that is far too small or too large for one, unless the settings allow it")
  func sizes() {
    func square(_ id: String, _ metres: Double) -> AreaFile {
      let (x, y) = (450_000.0, 359_000.0)
      let ring = [(x, y), (x + metres, y), (x + metres, y + metres), (x, y + metres), (x, y)]
      let text =
        #"{"type":"Feature","properties":{"id":"\#(id)","name":"N"},"geometry":{"type":"Polygon","#
        + #""coordinates":[[\#(ring.map { "[\($0.0),\($0.1)]" }.joined(separator: ","))]]}}"#
      return readAreas(
        file: id, bytes: Array(text.utf8), grid: .britishNational,
        settings: .init(crs: "EPSG:27700"))
    }
    #expect(AreaSet([square("a", 101)]).problems.isEmpty)
    #expect(AreaSet([square("a", 7071)]).problems.isEmpty)
    #expect(
      AreaSet([square("a", 99)]).problems.map(\.description) == [
        "a:1:1: error: feature a: It is 0.0098 km² large; an area has 0.01 to 50 km². If that is "
          + "right, widen `areas: size` in the settings."
      ])
    #expect(AreaSet([square("a", 7072)]).hasErrors)
    let wide = AreaFileSettings(squareKilometres: 0.001...1000)
    #expect(AreaSet([square("a", 99)], settings: wide).problems.isEmpty)
  }

  @Test("that ships in config/areas is in order: two pilot areas of 0.3 to 0.6 km²")
  func shipped() {
    let set = readAreas(
      folder: repository("config/areas"), grid: .britishNational, settings: .init())
    #expect(set.problems.isEmpty)
    #expect(set.areas.map(\.id) == ["new-cross", "stanton-hill"])
    #expect(set.areas.map(\.name) == ["New Cross", "Stanton Hill"])
    for area in set.areas {
      #expect(area.squareMetres > 300_000 && area.squareMetres < 600_000)
    }
    let index = AreaIndex(set.areas)
    #expect(index.firstPosition(holding: GridPoint(x: 450_000, y: 359_000)) == 0)
    #expect(index.firstPosition(holding: GridPoint(x: 448_400, y: 360_500)) == 1)
  }
}
