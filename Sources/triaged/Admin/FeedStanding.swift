import Foundation
import Storage
import Triage

/// One feed as `status` and `feeds` tell of it.
struct FeedStanding: Codable, Hashable {
  var status: FeedStatus
  /// IANA id of the zone of the feed's own times.
  var timeZone: String
  /// Of the areas that are in force, by id.
  var areaNames: [String: String]
  /// When the next list is due; `nil` where the feed's file says nothing of that.
  var nextDue: Date?
  /// Whether it is in the configuration; else only the database knows it.
  var isConfigured: Bool
  /// What a person has said of its next list, for as long as that holds.
  var belief: Belief?
  /// Since when no poll has come to its end, where that is longer than it may take; `nil`: all is well, or
  /// an episode says why.
  var stalledSince: Date?
  /// Why it cannot be polled, where that is for a reason on this machine.
  var failing: OwnFailure?
  /// Why it is not polled, where that is meant: its agreement has ended. A sentence.
  var paused: String? = nil
}

extension FeedStanding {
  /// Its episodes in one sentence; `nil`: there is none.
  var episodesTold: String? {
    if status.episodes.isEmpty { return nil }
    let names = status.episodes.map(\.trouble.predicate).joined(separator: ", ")
    return "The feed \(status.name) \(names)."
  }

  /// Why it is not polled though it should be, a sentence each.
  func standstill(_ words: CivilWords) -> [String] {
    var sentences: [String] = []
    if let failing {
      sentences.append(
        "The feed \(status.name) cannot be polled for a reason on this machine, since "
          + "\(words.moment(failing.since)): \(failing.why)")
    }
    if let stalledSince {
      sentences.append(
        "The feed \(status.name) has not been polled since \(words.moment(stalledSince)).")
    }
    return sentences
  }

  /// The feed's paragraph.
  func lines(at now: Date) -> [String] {
    let words = words(of: timeZone, at: now)
    var lines = ["Feed \(status.name): \(listLine(words))"]
    if status.listAt != nil { lines.append("  " + accountLine) }
    if let again = status.again {
      let what =
        switch again.why {
        case .replayed: "Read again on request"
        case .accepted: "Accepted as it is"
        case .redrawn: "Read again by the areas that are in force now"
        }
      lines.append("  \(what) \(words.moment(again.at)): \(again.name).")
    }
    if let nextDue {
      let due = nextDue < now ? "A list was due by" : "Next expected by"
      lines.append("  \(due) \(words.moment(nextDue)).")
    }
    if let failing {
      lines.append("  TROUBLE on this machine since \(words.moment(failing.since)): \(failing.why)")
    }
    if let stalledSince {
      lines.append(
        "  It has not been polled since \(words.moment(stalledSince)); the journal says why.")
    }
    if let paused { lines.append("  PAUSED: \(paused)") }
    if !isConfigured { lines.append("  It is not in the configuration any more.") }
    for episode in status.episodes {
      lines.append("  TROUBLE since \(words.moment(episode.began)): \(episode.why)")
    }
    if let held = status.held { lines += heldLines(held, words) }
    return lines
  }

  private func heldLines(_ held: HeldList, _ words: CivilWords) -> [String] {
    let what =
      held.isWhole ? "Nothing of it was taken" : "Its rows were taken, nothing was closed"
    let told = "  HELD: \(held.name), received \(words.moment(held.received)). \(what)."
    if let belief {
      let about = CivilWords.counted(belief.rows, "row")
      return [
        told,
        "    It was accepted: the next list of about \(about) will be believed until "
          + "\(words.moment(belief.until)).",
      ]
    }
    if !held.trouble.canBeAccepted { return [told] }
    return [told, "    To take it as it is: \(held.acceptCommand(feed: status.name))"]
  }

  private func listLine(_ words: CivilWords) -> String {
    guard let at = status.listAt else {
      guard let polled = status.polled else { return "not polled yet." }
      return "no list has come yet; last looked \(words.moment(polled))."
    }
    let name = status.listName.isEmpty ? "" : " (\(status.listName))"
    return "list came \(words.moment(at))\(name)."
  }

  /// "312 rows: 296 outside, 14 in area (New Cross 9, Stanton Hill 5), 2 not located."
  var accountLine: String {
    let counts = status.counts
    var parts = ["\(CivilWords.grouped(counts.outside)) outside"]
    let areas = status.inAreaByArea.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      "\(areaNames[$0.key] ?? $0.key) \(CivilWords.grouped($0.value))"
    }
    parts.append(
      "\(CivilWords.grouped(counts.inArea)) in area"
        + (areas.isEmpty ? "" : " (\(areas.joined(separator: ", ")))"))
    parts.append("\(CivilWords.grouped(counts.notLocated)) not located")
    if counts.unreadable > 0 { parts.append("\(CivilWords.grouped(counts.unreadable)) unreadable") }
    return "\(CivilWords.counted(counts.rows, "row")): \(parts.joined(separator: ", "))."
  }
}
