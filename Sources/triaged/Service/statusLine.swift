import Foundation
import Triage

/// How the instance stands in one line, as `systemctl status` shows it: "last list 07:55, 312 rows, 14 in area; 4 open,
/// 2 held; next poll 08:25". Without personal data.
/// - Parameter nextPoll: `nil` while a list is being fetched or read.
func statusLine(_ report: StatusReport, nextPoll: Date?) -> String {
  let words = words(of: report.timeZone, at: report.now)
  var parts: [String] = []
  if let (at, counts) = newestList(report.feeds) {
    let isToday = words.moment(at).hasSuffix(" today")
    let when = isToday ? words.clock(at) : words.moment(at)
    parts.append(
      "last list \(when), \(CivilWords.counted(counts.rows, "row")), "
        + "\(CivilWords.grouped(counts.inArea)) in area")
  } else {
    parts.append("no list yet")
  }
  parts.append("\(report.opportunities.offered) open, \(report.opportunities.claimed) held")
  if let nextPoll {
    parts.append("next poll \(words.clock(max(nextPoll, report.now)))")
  } else if !report.feeds.isEmpty {
    parts.append("polling")
  }
  let wrong = report.problems.count
  if wrong > 0 {
    parts.append(
      "\(CivilWords.counted(wrong, "thing")) \(wrong == 1 ? "is" : "are") wrong (triaged status)")
  }
  return parts.joined(separator: "; ")
}

private func newestList(_ feeds: [FeedStanding]) -> (at: Date, counts: RowCounts)? {
  feeds.compactMap { feed in feed.status.listAt.map { ($0, feed.status.counts) } }
    .max { $0.0 < $1.0 }
}
