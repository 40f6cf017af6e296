import Foundation
import Triage

/// Writes areas so that they can be kept: one GeoJSON FeatureCollection on the grid, with a `crs` member
/// (GeoJSON of 2008), which QGIS opens too.
///
/// Exact: ``readKeptAreas(_:grid:)`` gives equal areas in the same order.
package func writeAreas(_ areas: [PilotArea], grid: Grid) -> [UInt8] {
  var text = #"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"#
  text += quoted(grid.crs) + "}},\"features\":["
  for (number, area) in areas.enumerated() {
    text += number == 0 ? "\n" : ",\n"
    text += #"{"type":"Feature","properties":{"id":"# + quoted(area.id)
    text += ",\"name\":" + quoted(area.name)
    text += ",\"reason\":" + quoted(area.reason)
    if let from = area.from { text += ",\"from\":\"\(from)\"" }
    if let until = area.until { text += ",\"until\":\"\(until)\"" }
    // Swift writes the shortest digits that mean this very number (SE-0071), and no other.
    if let margin = area.margin { text += ",\"margin\":\(margin)" }
    text += #"},"geometry":{"type":"MultiPolygon","coordinates":["#
    for (number, polygon) in area.polygons.enumerated() {
      text += number == 0 ? "[" : ",["
      append(polygon.outer, to: &text)
      for hole in polygon.holes {
        text += ","
        append(hole, to: &text)
      }
      text += "]"
    }
    text += "]}}"
  }
  return Array((text + "\n]}\n").utf8)
}

/// Reads what ``writeAreas(_:grid:)`` wrote. Nothing of it is judged again: it was when it took effect.
/// - Returns: `nil` for anything else, and for areas on another grid.
package func readKeptAreas(_ bytes: [UInt8], grid: Grid) -> [PilotArea]? {
  guard let root = try? JSONScanner.read(bytes),
    root["crs"]?["properties"]?["name"]?.string == grid.crs,
    let features = root["features"]?.array
  else { return nil }
  var areas: [PilotArea] = []
  for feature in features {
    guard let properties = feature["properties"], let id = properties["id"]?.string,
      let name = properties["name"]?.string, let reason = properties["reason"]?.string,
      let from = day(properties["from"]), let until = day(properties["until"]),
      let margin = number(properties["margin"]),
      let parts = feature["geometry"]?["coordinates"]?.array
    else { return nil }
    var polygons: [Polygon] = []
    for part in parts {
      guard let nodes = part.array else { return nil }
      let rings = nodes.compactMap(ring)
      guard rings.count == nodes.count, let outer = rings.first else { return nil }
      polygons.append(Polygon(outer: outer, holes: Array(rings.dropFirst())))
    }
    areas.append(
      PilotArea(
        id: id, name: name, polygons: polygons, reason: reason, from: from.value,
        until: until.value, margin: margin.value))
  }
  return areas
}

/// As GeoJSON has it: the first point once more at the end.
private func append(_ ring: Ring, to text: inout String) {
  text += "["
  for point in ring { text += "[\(point.x),\(point.y)]," }
  if let first = ring.first { text += "[\(first.x),\(first.y)]" }
  text += "]"
}

private func ring(_ node: JSONNode) -> Ring? {
  guard let positions = node.array else { return nil }
  let points = positions.compactMap { position -> GridPoint? in
    guard let pair = position.array, pair.count == 2, let x = pair[0].number,
      let y = pair[1].number
    else { return nil }
    return GridPoint(x: x, y: y)
  }
  return points.count == positions.count ? Ring(points.dropLast()) : nil
}

/// A member that need not be there, and that must be understood if it is.
private struct Stated<Value> {
  var value: Value?
}

private func day(_ node: JSONNode?) -> Stated<CivilDay>? {
  guard let node else { return Stated() }
  return node.string.flatMap { CivilDay($0) }.map { Stated(value: $0) }
}

private func number(_ node: JSONNode?) -> Stated<Double>? {
  guard let node else { return Stated() }
  return node.number.map { Stated(value: $0) }
}

/// A text as JSON has it (RFC 8259, section 7).
private func quoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case _ where scalar.value < 0x20:
      quoted += "\\u" + String(format: "%04x", scalar.value)
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
