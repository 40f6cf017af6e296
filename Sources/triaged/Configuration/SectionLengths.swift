import Triage
import Yams

/// Lengths and days of the calendar, as `rules.yaml` and `team.yaml` write them.
extension Section {
  /// Whole days: `28d`, `4w`, or a bare whole number, which is days.
  func days(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
    length(key, of: 86_400, "days", such: "28d", in: range) ?? fallback
  }

  /// Whole hours: `36h`, `2d`, or a bare whole number, which is days.
  func hours(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
    length(key, of: 3600, "hours", such: "36h", in: range) ?? fallback
  }

  private func length(
    _ key: String, of unit: Double, _ name: String, such example: String, in range: ClosedRange<Int>
  ) -> Int? {
    guard let node = node(key) else { return nil }
    let text = node.scalar?.string ?? ""
    let seconds = Int(text).map { Double($0) * 86_400 } ?? Section.seconds(text)
    if let seconds, seconds.truncatingRemainder(dividingBy: unit) == 0,
      range.contains(Int(min(seconds / unit, 1e9)))
    {
      return Int(seconds / unit)
    }
    problem(
      node,
      "'\(key)' takes whole \(name) such as \(example), from \(range.lowerBound) to \(range.upperBound)."
    )
    return nil
  }

  /// A civil date `yyyy-MM-dd` that the calendar has; `nil` where none is given or it is wrong, which
  /// is reported.
  func civilDay(_ key: String) -> CivilDay? {
    guard let node = node(key) else { return nil }
    let text = node.scalar?.string ?? ""
    if let day = CivilDay(text) { return day }
    let parts = text.split(separator: "-").map { Int($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], parts[2] != nil,
      let last = CivilDay.lastDay(ofYear: year, month: month)
    else {
      problem(node, "'\(key)' takes a date such as 2026-11-30.")
      return nil
    }
    problem(
      node,
      "'\(key)' takes a date such as 2026-11-30, and the calendar has no \(text): that month ends on "
        + "\(last).")
    return nil
  }

  func requiredCivilDay(_ key: String) -> CivilDay? {
    if !has(key) { problem(nil, "'\(key)' is missing.") }
    return civilDay(key)
  }

  /// The values of a list with their nodes, so that a problem of one has its line.
  func items(_ key: String) -> [(text: String, node: Node)] {
    guard let node = node(key) else { return [] }
    let nodes = node.sequence.map { Array($0) } ?? [node]
    return nodes.compactMap { item in item.scalar.map { ($0.string, item) } }
  }
}

extension CivilDay {
  /// - Returns: `nil` for a month that no calendar has.
  fileprivate static func lastDay(ofYear year: Int, month: Int) -> CivilDay? {
    [31, 30, 29, 28].lazy.compactMap { CivilDay(year: year, month: month, day: $0) }.first
  }
}
