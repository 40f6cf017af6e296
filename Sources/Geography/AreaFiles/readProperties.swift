import Triage

/// What a feature says of its area beside id, name and boundary.
struct StatedProperties {
  var priority: Double?
  var reason = ""
  var from: CivilDay?
  var until: CivilDay?
  var margin: Double?
}

extension AreaFileReader {
  /// What cannot be understood is an error, and comes out as not stated.
  mutating func readProperties(
    _ properties: JSONNode?, by settings: AreaFileSettings
  ) -> StatedProperties {
    var found = StatedProperties()
    if let node = stated(properties?[settings.priorityProperty]) {
      found.priority = number(node)
      if found.priority == nil {
        add("Its priority is \(node.kind), not a number.", at: node.offset)
      }
    }
    if let node = stated(properties?[settings.reasonProperty]) {
      found.reason = node.string.map { String(trimmed($0).prefix(2000)) } ?? ""
      if node.string == nil { add("Its reason is \(node.kind), not a text.", at: node.offset) }
    }
    if let node = stated(properties?[settings.marginProperty]) {
      found.margin = number(node).flatMap { AreaFileSettings.margins.contains($0) ? $0 : nil }
      if found.margin == nil {
        let most = Int(AreaFileSettings.margins.upperBound)
        add("Its margin is not a number of metres from 0 to \(most).", at: node.offset)
      }
    }
    found.from = day(properties, settings.fromProperty)
    found.until = day(properties, settings.untilProperty)
    if let from = found.from, let until = found.until, until < from {
      add(
        "It ends on \(until), before it begins on \(from).",
        at: properties?[settings.untilProperty]?.offset)
    }
    return found
  }

  /// Nothing where it says null or is an empty text, as tables write what is not filled in.
  func stated(_ node: JSONNode?) -> JSONNode? {
    guard let node, !node.isNull, node.string.map({ trimmed($0).isEmpty }) != true else {
      return nil
    }
    return node
  }

  /// KML has texts only.
  private func number(_ node: JSONNode) -> Double? {
    if let number = node.number { return number }
    return form == .kml ? node.string.flatMap { plainNumber(trimmed($0)) } : nil
  }

  private mutating func day(_ properties: JSONNode?, _ key: String) -> CivilDay? {
    guard let node = stated(properties?[key]) else { return nil }
    var text = node.string.map(trimmed) ?? ""
    // GDAL writes the days of a Shapefile so, and tools add a midnight to a day.
    if form.isConverted { text = text.replacing("/", with: "-") }
    if let time = text.firstIndex(of: "T"), text[time...].hasPrefix("T00:00:00") {
      text = String(text[..<time])
    }
    if let day = CivilDay(text) { return day }
    add("Its '\(key)' is not a day of the calendar written as 2026-04-01.", at: node.offset)
    return nil
  }
}

/// A decimal number as JSON and KML write it; no "nan", no hexadecimal, nothing infinite.
func plainNumber(_ text: some StringProtocol) -> Double? {
  let plain = text.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte == 0x45
      || byte == 0x65
  }
  guard plain, text.utf8.count <= 400, let number = Double(text), number.isFinite else {
    return nil
  }
  return number
}
