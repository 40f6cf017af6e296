import Foundation
import Triage

/// A map of the areas and of the jobs in them, as SVG that needs nothing else.
///
/// Jobs are gathered in squares of fifty metres, so that no mark stands on a house.
func areaMap(_ day: FirstDay) -> String {
  guard let frame = MapFrame(day.areas) else { return "" }
  var svg = Markup()
  let marks = gather(day)
  let counts = FirstDay.Outcome.allCases.map { outcome in
    (outcome, marks.filter { $0.outcome == outcome }.reduce(0) { $0 + $1.jobs })
  }
  let told = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.words)" }.joined(separator: ", ")
  svg.open(
    "svg",
    "xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(short(frame.width)) "
      + "\(short(frame.height))\" role=\"img\" aria-labelledby=\"map-title map-desc\"")
  svg.add("title", "id=\"map-title\"", "Map of the areas and of the jobs in them")
  let names = day.areas.prefix(20).map(\.name).joined(separator: ", ")
  svg.add(
    "desc", "id=\"map-desc\"",
    "North is up. Areas: \(names). Jobs: \(told.isEmpty ? "none" : told). The tables below say the "
      + "same in words.")
  for area in day.areas {
    svg.raw("<path class=\"area\" fill-rule=\"evenodd\" d=\"\(path(area, frame))\"/>\n")
  }
  // Opportunities last, so that they lie on top.
  for mark in marks.sorted(by: { ($0.outcome.rawValue, $0.jobs) > ($1.outcome.rawValue, $1.jobs) })
  {
    let (x, y) = frame.place(aside(mark))
    let size = (mark.outcome == .opportunity ? 4.2 : 2.4) + 1.3 * log2(Double(mark.jobs) + 1)
    svg.raw(shape(mark.outcome, x, y, size) + "\n")
  }
  for area in day.areas.prefix(60) {
    guard let top = frame.top(of: area) else { continue }
    svg.add("text", "class=\"label\" x=\"\(short(top.x))\" y=\"\(short(top.y - 6))\"", area.name)
    svg.raw("\n")
  }
  svg.raw(frame.scaleBar)
  svg.close("svg")
  return svg.text
}

/// The marks and what they stand for.
func mapLegend(_ day: FirstDay) -> String {
  var html = Markup()
  html.open("ul", "class=\"legend\"")
  for outcome in FirstDay.Outcome.allCases {
    html.open("li")
    html.raw("<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\">\(shape(outcome, 8, 8, 6))</svg> ")
    html.raw(Markup.escaped(outcome.words))
    html.close("li")
  }
  html.close("ul")
  return html.text
}

/// Where a mark stands in its square: each outcome in a quarter of its own, so that none hides another.
private func aside(_ mark: MapMark) -> GridPoint {
  let quarter = square / 4
  let (east, north) = (mark.outcome.rawValue % 2 == 1, mark.outcome.rawValue / 2 == 0)
  return GridPoint(
    x: mark.at.x + (east ? quarter : -quarter), y: mark.at.y + (north ? quarter : -quarter))
}

/// Jobs of one outcome in one square of fifty metres.
private struct MapMark {
  var at: GridPoint
  var outcome: FirstDay.Outcome
  var jobs: Int
}

private let square = 50.0
private let mostMarks = 3000

private func gather(_ day: FirstDay) -> [MapMark] {
  struct Key: Hashable {
    var x: Int
    var y: Int
    var outcome: FirstDay.Outcome
  }
  var counts: [Key: Int] = [:]
  for (job, standing) in zip(day.jobs, day.verdict.standings) {
    guard let point = job.place.point, abs(point.x) < 1e9, abs(point.y) < 1e9 else { continue }
    let key = Key(
      x: Int((point.x / square).rounded(.down)), y: Int((point.y / square).rounded(.down)),
      outcome: day.outcome(standing))
    counts[key, default: 0] += 1
  }
  let marks = counts.map { key, jobs in
    MapMark(
      at: GridPoint(x: (Double(key.x) + 0.5) * square, y: (Double(key.y) + 0.5) * square),
      outcome: key.outcome, jobs: jobs)
  }
  return Array(
    marks.sorted {
      ($0.outcome.rawValue, $1.jobs, $0.at.x, $0.at.y)
        < ($1.outcome.rawValue, $0.jobs, $1.at.x, $1.at.y)
    }.prefix(mostMarks))
}

/// A circle, a triangle, a square or a diamond.
private func shape(_ outcome: FirstDay.Outcome, _ x: Double, _ y: Double, _ size: Double) -> String
{
  let kind = "class=\"mark m\(outcome.rawValue)\""
  switch outcome {
  case .opportunity:
    return "<circle \(kind) cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"\(short(size))\"/>"
  case .belowTheLine:
    return "<path \(kind) d=\"M\(short(x)) \(short(y - size))l\(short(size)) \(short(1.8 * size))"
      + "h\(short(-2 * size))z\"/>"
  case .history:
    let half = size * 0.75
    return "<rect \(kind) x=\"\(short(x - half))\" y=\"\(short(y - half))\" "
      + "width=\"\(short(2 * half))\" height=\"\(short(2 * half))\"/>"
  case .unknownType:
    return "<path \(kind) d=\"M\(short(x)) \(short(y - size))l\(short(size)) \(short(size))"
      + "\(short(-size)) \(short(size))\(short(-size)) \(short(-size))z\"/>"
  }
}

/// Every ring as a closed path; points nearer together than half a unit are one.
private func path(_ area: PilotArea, _ frame: MapFrame) -> String {
  var text = ""
  for polygon in area.polygons {
    for ring in [polygon.outer] + polygon.holes {
      var last: (x: Double, y: Double)?
      for point in ring {
        let (x, y) = frame.place(point)
        if let last, abs(x - last.x) < 0.5, abs(y - last.y) < 0.5 { continue }
        text += "\(last == nil ? "M" : "L")\(short(x)) \(short(y))"
        last = (x, y)
      }
      text += "Z"
    }
  }
  return text
}

/// One decimal, and none where it is zero.
private func short(_ number: Double) -> String {
  guard number.isFinite, abs(number) < 1e12 else { return "0" }
  let tenths = Int((number * 10).rounded())
  let sign = tenths < 0 ? "-" : ""
  return "\(sign)\(abs(tenths) / 10)" + (tenths % 10 == 0 ? "" : ".\(abs(tenths) % 10)")
}

/// From the grid's metres to the picture's units: north is up.
private struct MapFrame {
  let width = 480.0
  let height: Double
  private let scale: Double
  private let left: Double
  private let top: Double

  init?(_ areas: [PilotArea]) {
    let points = areas.lazy.flatMap(\.polygons).flatMap(\.outer)
    var (west, east, south, north) = (
      Double.infinity, -Double.infinity, Double.infinity, -Double.infinity
    )
    for point in points {
      (west, east) = (min(west, point.x), max(east, point.x))
      (south, north) = (min(south, point.y), max(north, point.y))
    }
    guard west <= east, south <= north else { return nil }
    let margin = 26.0
    let (across, up) = (max(east - west, 50), max(north - south, 50))
    scale = min((width - 2 * margin) / across, (640 - 2 * margin) / up)
    height = max(220, up * scale + 2 * margin + 14)
    left = (west + east) / 2 - width / 2 / scale
    top = (south + north) / 2 + (height - 14) / 2 / scale
  }

  func place(_ point: GridPoint) -> (x: Double, y: Double) {
    ((point.x - left) * scale, (top - point.y) * scale)
  }

  /// The middle of the upper edge of the box round an area's largest part: a name there hides no mark.
  func top(of area: PilotArea) -> (x: Double, y: Double)? {
    let largest = area.polygons.max { ringArea($0.outer) < ringArea($1.outer) }
    guard let ring = largest?.outer, let first = ring.first else { return nil }
    var (low, high) = (first, first)
    for point in ring {
      low = GridPoint(x: min(low.x, point.x), y: min(low.y, point.y))
      high = GridPoint(x: max(high.x, point.x), y: max(high.y, point.y))
    }
    return place(GridPoint(x: (low.x + high.x) / 2, y: high.y))
  }

  /// A length that people know, at most a third of the picture.
  var scaleBar: String {
    let most = width / 3 / scale
    var metres = 1.0
    for step in [
      1.0, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000,
    ]
    where step <= most {
      metres = step
    }
    let length = metres * scale
    let (x, y) = (14.0, height - 12)
    let label = metres >= 1000 ? "\(Int(metres / 1000)) km" : "\(Int(metres)) m"
    return "<path class=\"bar\" d=\"M\(short(x)) \(short(y - 5))v5h\(short(length))v-5\"/>"
      + "<text class=\"barlabel\" x=\"\(short(x + length + 6))\" y=\"\(short(y))\">\(label)</text>\n"
  }
}
