import Foundation
import Testing
import Triage

@testable import Geography

@Suite("Areas that are kept")
struct KeptAreaTests {
  /// Any finite number, the odd ones among them.
  private func number(_ random: inout Seeded) -> Double {
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      [
        0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, 0.1,
        1e16,
        450_123.456789,
      ]
      .randomElement(using: &random)!
    case 1: Double.random(in: 0...700_000, using: &random).nextUp
    default:
      Double(
        bitPattern: UInt64.random(in: 0...UInt64.max, using: &random) & ~(1 << 62))
    }
  }

  private func ring(_ random: inout Seeded) -> Ring {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in
      GridPoint(x: number(&random), y: number(&random))
    }
  }

  private func area(_ random: inout Seeded) -> PilotArea {
    let letters: [Unicode.Scalar] = [
      "a", "\"", "\\", "\u{0}", "\u{1F}", "\n", "é", "e\u{301}".unicodeScalars.last!, "\u{2028}",
      "𝄞", "/",
    ]
    func text(_ random: inout Seeded) -> String {
      var text = ""
      for _ in 0..<Int.random(in: 0...9, using: &random) {
        text.unicodeScalars.append(letters.randomElement(using: &random)!)
      }
      return text
    }
    func day(_ random: inout Seeded) -> CivilDay? {
      Bool.random(using: &random)
        ? CivilDay(number: Int.random(in: -719_162...2_932_896, using: &random)) : nil
    }
    let polygons = (0..<Int.random(in: 0...3, using: &random)).map { _ in
      Polygon(
        outer: ring(&random),
        holes: (0..<Int.random(in: 0...2, using: &random)).map { _ in ring(&random) })
    }
    return PilotArea(
      id: text(&random), name: text(&random), polygons: polygons, reason: text(&random),
      from: day(&random), until: day(&random),
      margin: Bool.random(using: &random) ? number(&random) : nil)
  }

  @Test("What was written is read back the same, to the last bit and in the same order")
  func roundTrip() throws {
    var random = Seeded(8)
    for _ in 0..<2000 {
      let areas = (0..<Int.random(in: 0...4, using: &random)).map { _ in area(&random) }
      let bytes = writeAreas(areas, grid: .britishNational)
      let read = try #require(readKeptAreas(bytes, grid: .britishNational))
      #expect(read == areas)
      // Equality takes −0 for 0, and one spelling of é for the other.
      #expect(writeAreas(read, grid: .britishNational) == bytes)
    }
  }

  @Test("Real areas are read back the same, and from the file as the same areas too")
  func realAreas() throws {
    let areas = try read(
      "ashfield-output-areas.geojson", settings: .init(idProperty: "OA11CD", nameProperty: "OA11CD")
    ).areas
    #expect(areas.count > 100)
    let bytes = writeAreas(areas, grid: .britishNational)
    #expect(readKeptAreas(bytes, grid: .britishNational) == areas)
    let file = readAreas(
      file: "kept.geojson", bytes: bytes, grid: .britishNational, settings: .init())
    #expect(file.areas == areas && !file.hasErrors)
  }

  @Test("Nothing is read of another grid, of half a file, or of what is no set of areas")
  func refused() {
    let area = PilotArea(
      id: "a", name: "A", polygons: [Polygon(outer: [GridPoint(x: 1, y: 2)])], margin: 5)
    let bytes = writeAreas([area], grid: .britishNational)
    #expect(readKeptAreas(bytes, grid: Grid(crs: "EPSG:25832")) == nil)
    for length in 0..<(bytes.count - 1) {
      #expect(readKeptAreas(Array(bytes[..<length]), grid: .britishNational) == nil)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    for (old, new) in [
      ("[1.0,2.0]", "[1.0]"), ("[1.0,2.0]", "7"), ("5.0", "\"5\""), ("\"id\"", "\"ID\""),
      ("\"margin\":5.0", "\"from\":\"2026-02-30\""), ("MultiPolygon\",\"coord", "\",\"Coord"),
    ] {
      let spoilt = text.replacingOccurrences(of: old, with: new)
      #expect(spoilt != text)
      #expect(readKeptAreas(Array(spoilt.utf8), grid: .britishNational) == nil, "\(spoilt)")
    }
  }
}
