import FlareImport
import Foundation
import Triage

/// A list held against what is known of its feed.
struct News {
  /// All jobs to judge: the list's first, then those known from elsewhere or before.
  private(set) var jobs: [Job] = []
  /// Positions in ``jobs`` of what is new or says something else than before.
  private(set) var changed: [Int] = []
  /// Jobs that a snapshot no longer has.
  private(set) var gone: [JobRef] = []
  /// Why jobs that are missing are kept open (law 9: a strange list closes nothing).
  private(set) var held: String?

  /// - Parameters:
  ///   - rows: data rows of the list, in area or not.
  ///   - known: jobs of every feed, already in the areas that are in force.
  init(of list: [Job], feed: FeedSettings, known: [Job], rows: Int, now: Date) {
    jobs = list
    guard !known.isEmpty else {
      changed = Array(list.indices)
      return
    }
    var before: [String: Job] = [:]
    var others: [Job] = []
    for job in known {
      if job.id.feed == feed.name { before[job.id.reference] = job } else { others.append(job) }
    }
    let openBefore = before.values.count { $0.gone == nil && $0.closed == nil }
    for (at, job) in list.enumerated()
    where before.removeValue(forKey: job.id.reference) != job {
      changed.append(at)
    }
    var missing = before.values.sorted { $0.id < $1.id }
    if feed.kind == .snapshot {
      let vanished = missing.count { $0.gone == nil && $0.closed == nil }
      held = News.strangeness(rows: rows, vanished: vanished, of: openBefore)
      if held == nil {
        for at in missing.indices where missing[at].gone == nil {
          missing[at].gone = now
          gone.append(missing[at].id)
        }
      }
    }
    jobs += others + missing
  }

  /// More than 10 and more than 10 % of the open jobs vanished at once, or there is no row at all.
  private static func strangeness(rows: Int, vanished: Int, of open: Int) -> String? {
    if vanished == 0 { return nil }
    if rows == 0 { return "It has no rows, and \(vanished) jobs were open." }
    if vanished > 10, vanished * 10 > open {
      return "\(vanished) of \(open) open jobs are missing from it at once."
    }
    return nil
  }
}
