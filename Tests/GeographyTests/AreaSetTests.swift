import Foundation
import Testing
import Triage

@testable import Geography

private func file(_ name: String, _ features: (id: String, priority: String)...) -> AreaFile {
  let ring = "[[450000,359000],[450700,359000],[450700,359600],[450000,359000]]"
  let texts = features.map {
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
      set.problems.map(\.description) == [
        "a:2:1: error: feature x: The id is already taken by the feature at a:1; every area needs "
          + "an id of its own.",
        "b:2:1: error: feature x: The id is already taken by the feature at a:1; every area needs "
          + "an id of its own.",
      ])
  }

  @Test("of a folder has its .geojson files, and names those that it does not read")
  func folder() throws {
    try withTemporaryFolder { folder in
      func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appending(path: name))
      }
      try write("1-good.geojson", try fixture("good/single-feature.geojson"))
      try write("2-bad.GeoJSON", try fixture("bad/latitude-first.geojson"))
      try write("3-old.kml", [])
      try write("README.md", [])
      try write(".hidden.geojson", [])
      let set = readAreas(
        folder: folder.path(percentEncoded: false), grid: .britishNational, settings: .init())
      #expect(set.areas.map(\.id) == ["a"])
      #expect(set.problems.map(\.severity) == [.error, .warning])
      #expect(set.problems[0].sentence.hasPrefix("Latitude and longitude look swapped"))
      #expect(set.problems[1].file.hasSuffix("3-old.kml"))
    }
  }

  @Test("of a folder that is empty or missing is an error, not an empty map")
  func noFolder() throws {
    try withTemporaryFolder { folder in
      let path = folder.path(percentEncoded: false)
      let empty = readAreas(folder: path, grid: .britishNational, settings: .init())
      #expect(
        empty.problems.map(\.sentence) == [
          "The folder holds no .geojson file, so there is no area."
        ])
      let missing = readAreas(
        folder: path + "/missing", grid: .britishNational, settings: .init())
      #expect(missing.hasErrors)
    }
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
