import Foundation
import Geography
import Testing
import Triage

@testable import triaged

@Suite("A new boundary file in its place among the others")
struct AreaEditTests {
  private let settings = AreaFileSettings(squareKilometres: 0.001...50)

  private func file(_ name: String, _ fields: [Field]) -> AreaFile {
    readAreas(
      file: name, bytes: Array(Field.file(fields).utf8), grid: .britishNational, settings: settings)
  }

  private func edit(
    _ new: AreaFile, among files: [AreaFile], replacing: String? = nil
  ) throws -> AreaEdit {
    try AreaEdit(new, among: files, in: "c/areas", replacing: replacing, settings: settings)
  }

  @Test("By its name, by what a person says, by the areas it holds, else beside them")
  func places() throws {
    let (west, east) = (Field.west, Field.east)
    let files = [file("c/areas/b.geojson", [west]), file("c/areas/d.geojson", [east])]
    var moved = west
    moved.width = 300
    let named = try edit(file("/tmp/b.geojson", [moved]), among: files)
    #expect(named.set.areas == [moved.area, east.area])
    #expect(named.says == ["b.geojson takes the place of the file of that name."])

    // It takes its place in the order too.
    let said = try edit(file("/tmp/z.geojson", [moved]), among: files, replacing: "b.geojson")
    #expect(said.set.areas == [moved.area, east.area])
    let held = try edit(file("/tmp/z.geojson", [moved, east]), among: files)
    #expect(held.set.areas == [moved.area, east.area])
    #expect(
      held.says == [
        "z.geojson takes the place of b.geojson and d.geojson: it has all areas of it too."
      ])
    var third = east
    (third.id, third.x) = ("third", 451_000)
    let beside = try edit(file("/tmp/c.geojson", [third]), among: files)
    #expect(beside.set.areas == [west.area, third.area, east.area] && !beside.set.hasErrors)
    #expect(beside.says[0].hasPrefix("c.geojson is added"))
    #expect(throws: AreaEditRefusal.self) {
      try edit(file("/tmp/z.geojson", [moved]), among: files, replacing: "bb.geojson")
    }
  }

  @Test("An id that is then there twice is an error, told of the file that a person has at hand")
  func twice() throws {
    let (west, east) = (Field.west, Field.east)
    let files = [file("c/areas/b.geojson", [west, east])]
    let edit = try edit(file("/tmp/c.geojson", [east]), among: files)
    #expect(edit.set.hasErrors)
    #expect(
      edit.set.problems.filter { $0.severity == .error }.map(\.description) == [
        "/tmp/c.geojson:2:1: error: feature stanton-hill: The id is already taken by the feature at "
          + "c/areas/b.geojson:3; every area needs an id of its own."
      ])
    // Of a file that takes another's place nothing is told under that one's name.
    var wide = west
    (wide.width, wide.height) = (9_000, 9_000)
    let named = try self.edit(file("/tmp/b.geojson", [wide, wide]), among: files)
    #expect(named.set.problems.allSatisfy { $0.file == "/tmp/b.geojson" })
    #expect(!named.set.problems.map(\.description).joined().contains("c/areas"))
  }
}
