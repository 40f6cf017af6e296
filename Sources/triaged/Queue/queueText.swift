import Foundation
import Triage

extension QueueReport {
  /// For a terminal, at most so many lines of each kind.
  func plainText(most: Int = 20) -> String {
    var lines: [String] = []
    if let registerTrouble {
      lines.append(
        "Nothing is announced or claimed: \(registerTrouble) Until that is mended nothing new is made, and "
          + "only what is open already is listed.")
    }
    for area in areas {
      if !lines.isEmpty { lines.append("") }
      lines += area.lines(most: most, CivilDates(zone: TimeZone(identifier: timeZone) ?? .gmt), now)
    }
    return lines.isEmpty ? "No area is in force." : lines.joined(separator: "\n")
  }
}

extension QueueReport.Area {
  fileprivate func lines(most: Int, _ dates: CivilDates, _ now: Date) -> [String] {
    let places = CivilWords.counted(weeklyCapacity, "place")
    var lines = [
      "\(name): \(places) a week, \(usedThisWeek) used (\(drawnThisWeek) by lot), \(leftThisWeek) left; "
        + "\(drawnPercent) per cent by lot."
    ]
    if let paused { lines.append("  PAUSED: \(paused)") }
    for (words, list) in [
      ("On offer", open), ("Held", held), ("Waiting", waiting), ("On trial", onTrial),
      ("Below the line", belowTheLine),
    ] where !list.isEmpty {
      lines.append("  \(words): \(list.count)")
      for line in list.prefix(most) { lines += line.lines(dates, now) }
      if list.count > most {
        lines.append("    and \(list.count - most) more: triaged queue --area \(id) --json")
      }
    }
    if [open, held, waiting, onTrial, belowTheLine].allSatisfy(\.isEmpty) {
      lines.append("  Nothing is open and nothing waits.")
    }
    return lines
  }
}

extension QueueReport.Line {
  fileprivate func lines(_ dates: CivilDates, _ now: Date) -> [String] {
    let number = opportunity.map { "#\($0)" } ?? "-"
    var parts = [CivilWords.counted(points, "point")]
    if !band.isEmpty { parts.append(band) }
    if isDrawn, band != bandWords("") { parts.append(bandWords("")) }
    var lines = [
      "    \(number)  \(whereabouts)  \(jobType), \(dates.age(of: since, at: now))  "
        + "(\(parts.joined(separator: ", ")))"
    ]
    if isJoint { lines.append("        \(visitSeparately)") }
    if let holder {
      lines.append(
        "        held by \(holder)" + (heldSince.map { " since \(dates.moment($0))" } ?? "")
          + (heldUntil.map { ", until \(dates.moment($0))" } ?? ""))
    }
    if let why { lines.append("        \(why)") }
    lines += reasons.map { "        +\($0.points) \($0.sentence)" }
    return lines
  }
}
