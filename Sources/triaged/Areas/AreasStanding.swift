import Foundation
import Triage

/// What keeps boundary files from taking effect.
struct AreaTrouble: Codable, Hashable, Sendable {
  /// Since when no edit has been good.
  var since: Date
  /// On the files as they were read last: file, feature and place, and what is wrong.
  var sentences: [String]
  /// By which a person accepts them; `nil` where that cannot be.
  var mark: String?

  /// So many are told; the others are counted.
  static let mostSentences = 20

  /// Much of a file that is spoilt from one end to the other says no more than some of it.
  var told: [String] { Array(sentences.prefix(AreaTrouble.mostSentences)) }

  var acceptCommand: String? { mark.map { "triaged areas accept \($0)" } }
}

/// How the areas stand, for `status` and `areas list`.
struct AreasStanding: Codable, Hashable, Sendable {
  struct Area: Codable, Hashable, Sendable {
    var id: String
    var name: String
    /// Days as in "2026-04-01".
    var from: String?
    var until: String?
    var countsToday: Bool
  }

  /// When the set took effect; `nil` where that is not written down yet.
  var since: Date?
  /// In their stated order.
  var areas: [Area]
  var trouble: AreaTrouble?
  /// IANA id.
  var timeZone: String

  init(_ inForce: AreasInForce, trouble: AreaTrouble?, timeZone: String) {
    since = inForce.since
    areas = inForce.areas.map { area in
      Area(
        id: area.id, name: area.name, from: area.from?.description,
        until: area.until?.description, countsToday: area.counts(on: inForce.day))
    }
    self.trouble = trouble
    self.timeZone = timeZone
  }

  /// "3 areas are in force since 10:14 today: North, South, Mill Lane."
  func inForceSentence(at now: Date) -> String {
    let are = areas.count == 1 ? "is" : "are"
    let moment = since.map { " since \(words(of: timeZone, at: now).fullMoment($0))" } ?? ""
    let names = areas.prefix(AreasStanding.mostNames).map { plainLine($0.name) }.joined(
      separator: ", ")
    let more = areas.count - AreasStanding.mostNames
    return "\(CivilWords.counted(areas.count, "area")) \(are) in force\(moment): \(names)"
      + (more > 0 ? " and \(more) more." : ".")
  }

  private static let mostNames = 20

  /// The paragraph of `status`.
  func lines(at now: Date) -> [String] {
    let words = words(of: timeZone, at: now)
    let moment = since.map { " since \(words.moment($0))" } ?? ""
    var lines = ["Areas: \(CivilWords.grouped(areas.count)) in force\(moment)."]
    lines += areas.filter { !$0.countsToday }.prefix(AreasStanding.mostNames).map {
      "  \(plainLine($0.name)) does not count today: \($0.datesSentence)."
    }
    guard let trouble else { return lines }
    lines.append(
      "  TROUBLE since \(words.moment(trouble.since)): the boundary files cannot take effect; the last "
        + "good areas stay in force.")
    let told = trouble.told
    lines += told.map { "    \(plainLine($0))" }
    let more = trouble.sentences.count - told.count
    if more > 0 { lines.append("    And \(more) more: triaged check") }
    if let command = trouble.acceptCommand {
      lines.append("    If that is meant: \(command)")
    }
    return lines
  }
}

extension AreasStanding.Area {
  /// "it begins on 2026-04-01", "it ended on 2026-04-01".
  var datesSentence: String {
    switch (from, until) {
    case (nil, let until?): "it counted until \(until)"
    case (let from?, nil): "it counts from \(from)"
    case (let from?, let until?): "it counts from \(from) until \(until)"
    case (nil, nil): "it has no dates"
    }
  }
}
