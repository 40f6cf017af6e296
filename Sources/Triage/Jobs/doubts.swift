import Foundation

/// Why a list is not believed, whole or in part.
package struct Doubt: Hashable, Sendable {
  package var trouble: FeedTrouble
  /// A sentence without personal data.
  package var why: String
  /// Whether nothing of it may be taken; else its rows are taken and nothing is closed.
  package var isWhole: Bool
}

/// Holds a list against what is usual and known (law 9).
///
/// What a list shows by itself (rows that cannot be read, dates in the future) is always asked. What only
/// a comparison shows is asked of lists that are not older than the newest that is believed, and of
/// updates only whether they are far too long: a short one is no news.
/// - Parameters:
///   - usual: data rows of the last lists that were believed.
///   - ledger: as it was before the list.
/// - Returns: all that is doubtful, the most telling first.
package func doubts(
  about report: ImportReport, _ list: Listing, ledger: Ledger, usual: [Int], _ limits: HoldLimits
) -> [Doubt] {
  var found: [Doubt] = []
  func doubt(_ trouble: FeedTrouble, _ why: String, isWhole: Bool = false) {
    found.append(Doubt(trouble: trouble, why: why, isWhole: isWhole))
  }
  let counts = report.counts
  if limits.futurePercent < 100, report.inFuture > mostSlips,
    report.inFuture * 100 > report.dated * limits.futurePercent
  {
    doubt(
      .futureDates,
      "\(report.inFuture) of the \(report.dated) dates of its rows in area are in the future, as when a day "
        + "is taken for a month. Nothing of it is taken.", isWhole: true)
  }
  let unreadable = rowsLost(report)
  let isSnapshot = ledger.order == .snapshot
  let isHistory = ledger.isHistory(list.at)
  let jobsKnown = ledger.entries.values.count { $0.isInArea && $0.job.gone == nil }
  if isSnapshot, !isHistory, jobsKnown > 0, counts.rows == counts.unreadable {
    doubt(
      .empty, "It has no rows that can be read, and \(jobsKnown) jobs were in the list before.")
  }
  // Rows that never could be read keep the jobs open that they could be (`StandingRows`), and no others.
  let isNews = unreadable > 0 && list.standing?.rows != unreadable
  if isNews || list.unplaced.count >= mostUnplaced {
    doubt(
      .incomplete,
      isNews
        ? "\(unreadable) of its rows cannot be read. No job is closed because of it."
        : "Too many of its rows are without a usable place. No job is closed because of it.")
  }
  if isHistory { return found }
  let median = median(usual)
  // What is usual was counted in rows that could be read.
  let rows = counts.rows - counts.unreadable
  if isSnapshot, limits.shrunkPercent < 100, median > 0,
    rows * 100 < median * (100 - limits.shrunkPercent)
  {
    doubt(.shrunk, "It has \(rows) rows that can be read where \(median) are usual.")
  }
  if isSnapshot, limits.missingPercent < 100 {
    let open = ledger.entries.values.count {
      $0.isInArea && $0.job.gone == nil && $0.job.closed == nil
    }
    let missing = ledger.vanishing(from: list).count { $0.closed == nil }
    if missing > limits.missingJobs, missing * 100 > open * limits.missingPercent {
      doubt(.vanished, "\(missing) of \(open) open jobs are missing from it at once.")
    }
  }
  // Where few rows are usual, ten times as many are no wonder, and two lists make no usage. Of a snapshot
  // nothing is taken: what a wrong filter let in would vanish again with the next list.
  if limits.grownTimes > 0, usual.count >= 3,
    rows / limits.grownTimes >= max(median, 100)
  {
    doubt(
      .grown,
      "It has \(rows) rows where \(median) are usual."
        + (isSnapshot ? " Nothing of it is taken." : ""), isWhole: isSnapshot)
  }
  // Fewer jobs than the limits allow may be missing from a list that was cut off between two rows.
  if isSnapshot, list.isBeginning, found.isEmpty {
    doubt(
      .incomplete,
      "It is the list before it without that one's end: it may have been cut off. No job is closed "
        + "because of it.")
  }
  return found
}

/// Rows that were there and could not be read; a report's own page headings and totals are none.
private func rowsLost(_ report: ImportReport) -> Int {
  let kinds: [RowProblem.Kind] = [.repeatedHeader, .noReference, .footer]
  return report.counts.unreadable
    - kinds.reduce(0) { $0 + (report.problemCounts[$1.rawValue] ?? 0) }
}

/// So few dates in the future are slips of somebody's hand, and no day that was taken for a month.
private let mostSlips = 2

/// Of a list with so many rows without a usable place not all references are remembered.
private let mostUnplaced = 100_000

private func median(_ numbers: [Int]) -> Int {
  numbers.isEmpty ? 0 : numbers.sorted()[numbers.count / 2]
}
