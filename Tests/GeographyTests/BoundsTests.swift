import Foundation
import Testing
import Triage

@testable import Geography

private func readText(
  _ text: String, file: String = "a.geojson", grid: Grid = .britishNational,
  settings: AreaFileSettings = .init()
) -> AreaFile {
  readAreas(file: file, bytes: Array(text.utf8), grid: grid, settings: settings)
}

private func feature(_ id: String, _ geometry: String) -> String {
  #"{"type":"Feature","properties":{"id":"\#(id)","name":"N"},"geometry":\#(geometry)}"#
}

private func polygon(_ west: Double, _ south: Double, _ size: Double = 0.01) -> String {
  let corners = [
    (west, south), (west + size, south), (west + size, south + size), (west, south),
  ]
  let ring = corners.map { "[\($0.0),\($0.1)]" }.joined(separator: ",")
  return #"{"type":"Polygon","coordinates":[[\#(ring)]]}"#
}

private func collection(_ features: [String]) -> String {
  #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#
}

@Suite("What one boundary file may cost and say") struct BoundsTests {
  @Test("Warnings without number are no error, and hide none")
  func manyWarnings() throws {
    let open = #"{"type":"Polygon","coordinates":[[[-1.25,53.12],[-1.24,53.12],[-1.24,53.13]]]}"#
    let good = (0..<150).map { feature("\($0)", open) }
    let warned = readText(collection(good))
    #expect(!warned.hasErrors && warned.areas.count == 150)
    #expect(warned.problems.count == 101)
    #expect(
      warned.problems.last?.description == "a.geojson: warning: 50 more warnings are not listed.")
    let hidden = readText(collection(good + [feature("x", "null")]))
    #expect(hidden.problems.first?.sentence == "It has no geometry.")
    #expect(hidden.problems.count { $0.severity == .error } == 1)
    let pin = "<Placemark><name>P</name><Point><coordinates>-1,53</coordinates></Point></Placemark>"
    let ring = "-1.25,53.12 -1.24,53.12 -1.24,53.13 -1.25,53.12"
    let area =
      "<Placemark><name>A</name><Polygon><outerBoundaryIs><LinearRing><coordinates>\(ring)"
      + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    let pins = readText(
      "<kml><Document>\(String(repeating: pin, count: 130))\(area)</Document></kml>", file: "a.kml")
    #expect(!pins.hasErrors && pins.areas.count == 1)
    // One more is that the name serves as id.
    #expect(pins.problems.last?.sentence == "31 more warnings are not listed.")
  }

  @Test("A place late in a long line is found as fast as one early in it")
  func places() {
    // As many bytes each: with a walk from the first byte for every area one takes a thousand times longer.
    func taken(_ count: Int, padding: Int) -> Duration {
      let pad = String(repeating: " ", count: padding)
      let text = collection((0..<count).map { feature("\($0)", "null") + pad })
      let bytes = Array(text.utf8)
      return ContinuousClock().measure {
        let index = LineIndex(bytes)
        for offset in stride(from: 0, to: bytes.count, by: max(1, bytes.count / count)) {
          _ = index.place(of: offset, in: bytes)
        }
      }
    }
    let few = (0..<3).map { _ in taken(20, padding: 50_000) }.min() ?? .zero
    let many = (0..<3).map { _ in taken(5_000, padding: 110) }.min() ?? .zero
    #expect(many < few * 60 + .milliseconds(50), "\(few), \(many)")
    let bytes = Array("é\nab".utf8) + [UInt8](repeating: 0x61, count: 5000) + Array("\nx".utf8)
    let index = LineIndex(bytes)
    let places = [0, 2, 3, 4, 4097, bytes.count - 1, bytes.count, 99_999].map { offset in
      let place = index.place(of: offset, in: bytes)
      return [place.line, place.column]
    }
    #expect(places == [[1, 1], [1, 2], [2, 1], [2, 2], [2, 4095], [3, 1], [3, 2], [3, 2]])
  }

  @Test("A tangle is found before its edges are followed on the grid")
  func tangleFirst() {
    // A star of edges across the country.
    let points = (0..<400).map { number -> String in
      let turn = Double(number) * 2.4
      return "[\(-2 + 0.9 * cos(turn)),\(53 + 0.9 * sin(turn))]"
    }
    let geometry =
      #"{"type":"Polygon","coordinates":[[\#((points + [points[0]]).joined(separator: ","))]]}"#
    let conversions = Conversions(grid: .britishNational, settings: .init())
    var reader = AreaFileReader(
      file: "a", bytes: Array(feature("a", geometry).utf8), conversions: conversions)
    let file = reader.read()
    #expect(file.problems.first?.sentence.hasPrefix("A ring crosses itself") == true)
    #expect(reader.looks.left == LooksBudget().left)
  }

  @Test("Edges too long to be an area's are refused, and so are more than a file may cost")
  func longEdges() {
    let far = readText(feature("a", polygon(-4.5, 51, 3.5)))
    #expect(
      far.problems.map(\.sentence) == [
        "An edge is more than 200 km long; put points on it if that is meant."
      ])
    // Each has edges of 100 km and more.
    let many = readText(collection((0..<200).map { feature("\($0)", polygon(-3, 51.5, 1.5)) }))
    #expect(
      many.problems.first?.sentence.contains("are too long to be followed") == true,
      "\(many.problems.map(\.sentence))")
    #expect(!many.areas.isEmpty && many.areas.count < 100)
  }

  @Test("One file names sixteen coordinate systems at most")
  func systems() {
    let features = (0..<40).map { number in
      let crs = #""crs":{"type":"name","properties":{"name":"EPSG:\#(32600 + number % 20 + 1)"}},"#
      return feature("\(number)", "{" + crs + polygon(-1.25, 53.12).dropFirst())
    }
    let file = readText(collection(features))
    let sentence = "The file names more than 16 coordinate systems; save it in one."
    #expect(file.problems.count { $0.sentence == sentence } == 8, "\(file.problems)")
  }

  @Test("Coordinates that are nowhere on Earth are refused on a grid that reaches everywhere")
  func nowhere() {
    // Fiji's lies over the 180th meridian, so its reach is not known.
    let ring = #"{"type":"Polygon","coordinates":[[[0,0],[1e30,0],[1e30,1e30],[0,0]]]}"#
    let file = readText(
      feature("a", ring), grid: Grid(crs: "EPSG:3460"), settings: .init(crs: "EPSG:3460"))
    #expect(file.areas.isEmpty)
    #expect(file.problems.map(\.sentence) == ["An edge leaves the reach of the grid EPSG:3460."])
    // Whatever comes by another way: too large for an area, it is not compared with others.
    func huge(_ id: String) -> AreaFile.Entry {
      let outer = [(0, 0), (1e30, 0), (1e30, 1e30)].map { GridPoint(x: $0.0, y: $0.1) }
      return AreaFile.Entry(
        area: PilotArea(id: id, name: id, polygons: [Polygon(outer: outer)]))
    }
    let set = AreaSet([AreaFile(name: "a", entries: [huge("a"), huge("b")], problems: [])])
    #expect(set.problems.map(\.severity) == [.error, .error])
  }

  @Test("More values than any boundary has end the reading, in GeoJSON and in KML")
  func values() throws {
    let json = Array(("[" + String(repeating: "0,", count: 98) + "0]").utf8)
    #expect(try JSONScanner.read(json, mostValues: 100).array?.count == 99)
    do throws(JSONSyntaxError) {
      _ = try JSONScanner.read(json, mostValues: 99)
      Issue.record("Read all the same.")
    } catch {
      #expect(error.sentence == "it holds more than 99 values; split it" && error.offset == 197)
    }
    var text = KMLText()
    Array("0,0 0,0,0 ".utf8).withUnsafeBytes { text.add($0, at: 0) }
    var left = 7
    #expect(text.positions(&left)?.array?.count == 2 && left == 0)
    left = 6
    #expect(text.positions(&left) == nil)
  }

  @Test("Parts of one area that lie over each other are told with what they share")
  func overlappingParts() {
    let settings = AreaFileSettings(crs: "EPSG:27700")
    func square(_ x: Int) -> String {
      "[[[\(x),359000],[\(x + 1000),359000],[\(x + 1000),360000],[\(x),360000],[\(x),359000]]]"
    }
    func set(_ x: Int) -> AreaSet {
      let geometry = #"{"type":"MultiPolygon","coordinates":[\#(square(450_000)),\#(square(x))]}"#
      return AreaSet([readText(feature("a", geometry), settings: settings)])
    }
    #expect(set(451_000).problems.isEmpty)
    let problem = set(450_900).problems
    #expect(
      problem.map(\.severity) == [.warning]
        && problem[0].sentence.hasPrefix("Parts of it share about 100000 m², around 450950,"),
      "\(problem)")
  }

  @Test("Pairs that are not listed are told of the file that has them")
  func unlisted() {
    let one = readText(collection([feature("first", polygon(-1.4, 53.12))]), file: "a.geojson")
    let many = readText(
      collection((0..<20).map { feature("\($0)", polygon(-1.25, 53.12)) }), file: "b.geojson")
    let set = AreaSet([one, many])
    #expect(
      set.problems.first { $0.sentence.contains("not listed") }?.description
        == "b.geojson: warning: 90 more pairs of areas may overlap and are not listed.")
  }
}
