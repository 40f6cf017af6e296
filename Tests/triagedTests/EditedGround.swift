import FlareImport
import Foundation
import Geography
import Testing
import Triage

@testable import triaged

/// A rectangle on the British grid, in whole metres.
struct Field: Hashable {
  var id: String
  var x: Int
  var y: Int
  var width: Int
  var height: Int
  var name: String?
  var from: CivilDay?

  var area: PilotArea {
    PilotArea(
      id: id, name: name ?? id.uppercased(),
      polygons: [Polygon(outer: corners.map { GridPoint(x: Double($0.0), y: Double($0.1)) })],
      from: from)
  }

  var corners: [(Int, Int)] {
    [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
  }

  func holds(_ x: Double, _ y: Double) -> Bool {
    x >= Double(self.x) && x <= Double(self.x + width) && y >= Double(self.y)
      && y <= Double(self.y + height)
  }

  /// A boundary file of these on the grid.
  static func file(_ fields: [Field]) -> String {
    let features = fields.map { field in
      let ring = (field.corners + [field.corners[0]]).map { "[\($0.0),\($0.1)]" }
      return #"{"type":"Feature","properties":{"id":"\#(field.id)","name":"#
        + #""\#(field.name ?? field.id.uppercased())"\#(field.from.map { ",\"from\":\"\($0)\"" } ?? "")},"#
        + #""geometry":{"type":"Polygon","coordinates":[[\#(ring.joined(separator: ","))]]}}"#
    }
    return #"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"#
      + "\"features\":[\n\(features.joined(separator: ",\n"))\n]}\n"
  }

  /// The two areas of the example team, side by side.
  static let west = Field(id: "new-cross", x: 450_000, y: 359_000, width: 400, height: 400)
  static let east = Field(id: "stanton-hill", x: 450_400, y: 359_000, width: 400, height: 400)
}

/// Writes a folder of boundary files anew.
func putFields(_ fields: [Field], in config: String) throws {
  let folder = config + "/areas"
  for name in try FileManager.default.contentsOfDirectory(atPath: folder)
  where name.hasSuffix(".geojson") {
    try FileManager.default.removeItem(atPath: folder + "/" + name)
  }
  for field in fields { try write(Field.file([field]), to: "\(folder)/\(field.id).geojson") }
  guard !fields.contains(where: { $0.id == Field.east.id }) else { return }
  let team = config + "/team.yaml"
  let text = try text(of: team)
  if let block = text.range(of: "  - area: \(Field.east.id)\n") {
    try write(String(text[..<block.lowerBound]), to: team)
  }
}

extension WatchedFeed {
  /// A feed whose areas are these.
  static func on(
    _ fields: [Field], archiveDays: Int? = nil, futurePercent: Int = 100
  ) throws -> WatchedFeed {
    let feed = try WatchedFeed(
      hold: "missing_percent: 100, shrunk_percent: 100, grown_times: 0, "
        + "future_percent: \(futurePercent)", archiveDays: archiveDays)
    try putFields(fields, in: feed.config)
    try feed.restart()
    return feed
  }

  /// A row of one house of its own; `received` as "12/11/2026 10:00" or empty.
  func row(
    _ number: Int, at x: Double, _ y: Double, received: String, type: String = "Bulky waste quote",
    street: String = "Pipit Lane", notes: String = ""
  ) -> String {
    "SS\(number),\(received),,,Bulky,\(type),Open,Public,,\"\(number) \(street), Sutton in Ashfield\","
      + "NG17 9CM,\(x),\(y),\(notes)"
  }

  func effects(
    _ from: [Field], _ to: [Field], now: Date, limits: ArchiveRead.Limits = .init()
  ) async throws -> AreaEffects {
    try await (await effector(limits: limits)).effects(
      from: from.map(\.area), to: to.map(\.area), since: now, now: now)
  }

  /// As the terminal has it.
  func lines(_ effects: AreaEffects) -> String {
    AreaEffectsText(effects: effects, isDone: false).plainText
  }

  /// The same without the ends of lines.
  func words(_ effects: AreaEffects) -> String {
    lines(effects).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
