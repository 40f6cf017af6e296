import FlareImport
import Foundation
import Triage

/// When a snapshot is too strange to close jobs (law 9): nothing is closed beyond any of these.
struct HoldLimits: Hashable, Sendable {
  /// So many open jobs may be missing at once, whatever share of them it is.
  var missingJobs = 10
  /// Of the open jobs; more of them missing, and more than ``missingJobs``, is strange.
  var missingPercent = 10
  /// Of the rows of the list before; a list that is shorter than that by more is strange.
  var shrunkPercent = 50
}

/// A list held against what is known of its feed.
struct News {
  /// All jobs to judge: the list's first, then those known from elsewhere or before.
  private(set) var jobs: [Job] = []
  /// Positions in ``jobs`` of what is new or says something else than before.
  private(set) var changed: [Int] = []
  /// Jobs that a snapshot no longer has.
  private(set) var gone: [JobRef] = []
  /// Why jobs that are missing are kept open.
  private(set) var held: String?

  /// - Parameters:
  ///   - known: jobs of every feed, already in the areas that are in force.
  ///   - rowsBefore: data rows of the feed's last list that was believed; 0 where there is none.
  init(of list: ImportedList, feed: Feed, known: [Job], rowsBefore: Int, now: Date) {
    jobs = list.jobs
    guard !known.isEmpty else {
      changed = Array(jobs.indices)
      return
    }
    var before: [String: Job] = [:]
    var others: [Job] = []
    for job in known {
      if job.id.feed == feed.name { before[job.id.reference] = job } else { others.append(job) }
    }
    let openBefore = before.values.count { $0.gone == nil && $0.closed == nil }
    for (at, job) in jobs.enumerated()
    where before.removeValue(forKey: job.id.reference) != job {
      changed.append(at)
    }
    var missing = before.values.sorted { $0.id < $1.id }
    if feed.settings.kind == .snapshot {
      // What is in the list without a place is not gone.
      let vanished = missing.indices.filter { at in
        missing[at].gone == nil && !list.notLocated.contains(missing[at].id.reference)
      }
      let open = vanished.count { missing[$0].closed == nil }
      held = News.strangeness(
        list.report, vanished: open, of: openBefore, rowsBefore: rowsBefore, feed.hold)
      if held == nil {
        for at in vanished {
          missing[at].gone = now
          gone.append(missing[at].id)
        }
      }
    }
    jobs += others + missing
  }

  private static func strangeness(
    _ report: ImportReport, vanished: Int, of open: Int, rowsBefore: Int, _ limits: HoldLimits
  ) -> String? {
    if vanished == 0 { return nil }
    let counts = report.counts
    if counts.rows == 0 { return "It has no rows, and \(vanished) jobs were open." }
    let footers = ["repeatedHeader", "noReference"].reduce(0) {
      $0 + (report.problemCounts[$1] ?? 0)
    }
    if counts.unreadable > footers {
      return
        "\(counts.unreadable - footers) of its rows cannot be read, and \(vanished) jobs are missing."
    }
    if counts.rows * 100 < rowsBefore * (100 - limits.shrunkPercent) {
      return "It has \(counts.rows) rows where the list before had \(rowsBefore)."
    }
    if vanished > limits.missingJobs, vanished * 100 > open * limits.missingPercent {
      return "\(vanished) of \(open) open jobs are missing from it at once."
    }
    return nil
  }
}
