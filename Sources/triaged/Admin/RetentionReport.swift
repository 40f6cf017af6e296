import Foundation
import Storage
import Triage

/// What `triaged purge` did, or would do, class by class. Names nobody and no place.
struct RetentionReport: Codable, Hashable {
  /// IANA id of the zone of civil days.
  var timeZone: String
  var now: Date
  var isDryRun: Bool
  /// Else nothing is deleted by it.
  var isClockTrusted: Bool
  /// Before this one; `nil`: there was none.
  var lastPurge: Date?
  var legalHolds: LegalHolds
  var classes: [Line]

  struct Line: Codable, Hashable {
    var dataClass: DataClass
    /// `nil`: no number of days ends it.
    var days: Int?
    /// What is of this day or later is kept.
    var before: String?
    /// Rows or files that went, or would go, without what hangs on them.
    var count: Int
    /// Rows past their time that a legal hold keeps, likewise.
    var held: Int
    /// From when the days of the oldest that is left are counted.
    var oldest: Date?
    /// The day on which that one goes.
    var goesOn: String?
    /// What should have gone two days ago and is still there.
    var overdue: Int
  }
}

extension RetentionReport {
  var isOverdue: Bool { classes.contains { $0.overdue > 0 } }

  var plainText: String {
    let words = words(of: timeZone, at: now)
    var lines = [
      isDryRun
        ? "What would go now. Nothing was deleted." : "What has gone: in the file and in its log."
    ]
    if !isClockTrusted {
      lines.append("The clock has jumped and is not believed: nothing goes until it is.")
    }
    lines.append(
      lastPurge.map { "The purge came round last \(words.fullMoment($0))." }
        ?? "The purge has not come round yet.")
    if let oldest = legalHolds.oldest {
      lines.append(
        "Legal holds: \(CivilWords.grouped(legalHolds.count)), the oldest since \(words.fullMoment(oldest)). What one "
          + "names does not go.")
    }
    for line in classes { lines += ["", sentence(line, words)] }
    return lines.joined(separator: "\n")
  }

  private func sentence(_ line: Line, _ words: CivilWords) -> String {
    let name = capitalised(line.dataClass.inWords)
    guard let days = line.days else {
      guard case .untilNotNeeded(let why) = line.dataClass.keeping else { return name }
      return "\(name): kept. \(why)"
    }
    let verb = isDryRun ? "would go" : "went"
    let what = line.dataClass == .archive ? "file" : "row"
    var text =
      "\(name), \(CivilWords.counted(days, "day")): \(CivilWords.counted(line.count, what)) \(verb)"
    if let before = line.before.flatMap({ CivilDay($0) }), line.dataClass != .archive {
      text += ", of before \(before.long)"
    }
    text += "."
    if let oldest = line.oldest, let goesOn = line.goesOn.flatMap({ CivilDay($0) }) {
      let zone = TimeZone(identifier: timeZone) ?? .gmt
      text +=
        " The oldest\(isDryRun ? "" : " that is left") counts from "
        + "\(CivilDay(oldest, in: zone).long) and goes on \(goesOn.long)."
    }
    if line.held > 0 {
      text +=
        " \(CivilWords.counted(line.held, "row")) past \(line.held == 1 ? "its" : "their") time "
        + "\(line.held == 1 ? "is" : "are") kept by a legal hold."
    }
    if line.overdue > 0 {
      text += " OVERDUE: \(CivilWords.counted(line.overdue, what)) should have gone two days ago."
    }
    return text
  }
}
