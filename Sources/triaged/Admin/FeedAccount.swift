import Foundation
import Triage

/// All that `feeds show` tells of one feed.
struct FeedAccount: Codable, Hashable {
  var now: Date
  var feed: FeedStanding
  /// The newest first.
  var imports: [Import]
  /// Those that last first, then the latest.
  var episodes: [FeedEpisode]
  /// Lists that could not be read and whose copies wait for a look, the newest first.
  var refused: [Refused] = []

  struct Refused: Codable, Hashable {
    var name: String
    var received: Date
    var trouble: FeedTrouble
    /// Its name in the archive; `nil` where no copy is known.
    var archived: String?
  }

  struct Import: Codable, Hashable {
    /// When it was read.
    var at: Date
    var name: String
    var bytes: Int
    var sha256: String
    var report: ImportReport
  }

  /// So many imports and episodes are told of.
  static let usualLimit = 10

  var plainText: String {
    let words = words(of: feed.timeZone, at: now)
    var lines = feed.lines(at: now)
    if let held = feed.status.held { lines += heldLines(held) }
    for episode in feed.status.episodes {
      lines += ["", "What to do about it: \(episode.trouble.advice)"]
    }
    for list in refused { lines += refusedLines(list, words) }
    lines += [
      "", imports.isEmpty ? "No import is on record." : "The last imports, the newest first:",
    ]
    for one in imports { lines += importLines(one, words) }
    lines += ["", episodes.isEmpty ? "It has never been in trouble." : "Its troubles:"]
    for episode in episodes { lines.append("  \(line(episode, words))") }
    return lines.joined(separator: "\n")
  }

  private func heldLines(_ held: HeldList) -> [String] {
    [
      "    Why: \(held.why)",
      held.archived.isEmpty
        ? "    No copy of it was kept: accepting believes the next list instead, if that is as long."
        : "    Its copy in the archive: \(held.archived)",
    ]
  }

  private func refusedLines(_ list: Refused, _ words: CivilWords) -> [String] {
    [
      "",
      "Refused: \(list.name), received \(words.moment(list.received)). "
        + (list.trouble == .missingColumns
          ? "It lacks columns." : "It is no list that can be read."),
      list.archived.map {
        "  To read it again, once its reason is gone: triaged feeds replay \($0) --feed "
          + feed.status.name
      } ?? "  No copy of it is known.",
    ]
  }

  private func line(_ episode: FeedEpisode, _ words: CivilWords) -> String {
    let began = words.moment(episode.began)
    let span =
      episode.ended.map { ended in
        let lasted = CivilWords.duration(ended.timeIntervalSince(episode.began))
        return "from \(began) to \(words.moment(ended)) (\(lasted))"
      } ?? "since \(began), it lasts"
    return "\(episode.trouble.rawValue), \(span): \(episode.why)"
  }

  private func importLines(_ one: Import, _ words: CivilWords) -> [String] {
    let report = one.report
    var head = "  \(words.moment(one.at)): \(one.name)"
    let facts = [report.format, report.encoding, report.delimiter].filter { !$0.isEmpty }
    if !facts.isEmpty { head += " (\(facts.joined(separator: ", ")))" }
    switch report.again {
    case .replayed: head += ", read again"
    case .accepted: head += ", accepted"
    case .redrawn: head += ", read again by other areas"
    case nil: break
    }
    if let listed = report.listed { head += ", the list of \(words.moment(listed))" }
    var lines = [head, "    " + account(report)]
    if report.counts.inArea > 0 { lines.append("    " + inArea(report.counts)) }
    if !report.heldBecause.isEmpty { lines.append("    HELD: \(report.heldBecause)") }
    return lines + problemLines(report)
  }

  /// "312 = 296 outside + 14 in area (New Cross 9, Stanton Hill 5) + 2 not located + 0 unreadable"
  private func account(_ report: ImportReport) -> String {
    let counts = report.counts
    let areas = report.inAreaByArea.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      "\(feed.areaNames[$0.key] ?? $0.key) \(CivilWords.grouped($0.value))"
    }
    let within = areas.isEmpty ? "" : " (\(areas.joined(separator: ", ")))"
    return
      "read \(CivilWords.grouped(counts.rows)) = \(CivilWords.grouped(counts.outside)) outside + "
      + "\(CivilWords.grouped(counts.inArea)) in area\(within) + "
      + "\(CivilWords.grouped(counts.notLocated)) not located + "
      + "\(CivilWords.grouped(counts.unreadable)) unreadable"
  }

  /// "in area 14 = 2 new + 1 changed + 11 unchanged + 0 repeated + 0 held"
  private func inArea(_ counts: RowCounts) -> String {
    let parts = [
      (counts.new, "new"), (counts.changed, "changed"), (counts.unchanged, "unchanged"),
      (counts.repeated, "repeated"), (counts.held, "held"),
    ].map { "\(CivilWords.grouped($0.0)) \($0.1)" }
    return "in area \(CivilWords.grouped(counts.inArea)) = \(parts.joined(separator: " + "))"
  }

  /// One line a kind of problem: how often, and the rows of the first.
  private func problemLines(_ report: ImportReport) -> [String] {
    report.problemCounts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { kind, count in
      let known = report.problems.filter { $0.kind.rawValue == kind }
      let rows = known.map(\.row).filter { $0 > 0 }.map(String.init)
      let more = count > rows.count && !rows.isEmpty ? " and \(count - rows.count) more" : ""
      let place =
        rows.isEmpty ? "" : ", row\(count == 1 ? "" : "s") \(rows.joined(separator: ", "))"
      let example = known.first.map { ". The first: \($0.text)" } ?? ""
      return "    \(CivilWords.grouped(count)) \(kind)\(place)\(more)\(example)"
    }
  }
}

/// "312 rows: 296 outside, 14 in area, 2 not located, 0 unreadable; 2 new, 1 changed."
func sentence(_ report: ImportReport) -> String {
  let counts = report.counts
  return
    "\(CivilWords.counted(counts.rows, "row")): \(CivilWords.grouped(counts.outside)) outside, "
    + "\(CivilWords.grouped(counts.inArea)) in area, \(CivilWords.grouped(counts.notLocated)) not "
    + "located, \(CivilWords.grouped(counts.unreadable)) unreadable; "
    + "\(CivilWords.grouped(counts.new)) new, \(CivilWords.grouped(counts.changed)) changed."
}
