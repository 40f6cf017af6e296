import FlareImport
import Foundation
import Triage

/// A list held against what is known of its feed.
struct News {
  /// New jobs, and jobs whose row says something else than before.
  var changed: [Job] = []
  /// Jobs that a snapshot no longer has.
  var gone: [JobRef] = []
  /// All jobs to judge: the list's, and those known from elsewhere or before.
  var merged: [Job] = []
  /// Why jobs that are missing are kept open (law 9: a strange list closes nothing).
  var held: String?

  /// - Parameter rows: data rows of the list, in area or not.
  init(of list: [Job], feed: FeedSettings, known: [Job], rows: Int, now: Date) {
    if known.isEmpty {
      (changed, merged) = (list, list)
      return
    }
    var before: [String: Job] = [:]
    before.reserveCapacity(known.count)
    merged.reserveCapacity(known.count + list.count)
    for job in known {
      if job.id.feed == feed.name { before[job.id.reference] = job } else { merged.append(job) }
    }
    for job in list {
      let old = before.removeValue(forKey: job.id.reference)
      if old != job { changed.append(job) }
      merged.append(job)
    }
    var missing = before.values.sorted { $0.id < $1.id }
    if feed.kind == .snapshot {
      let open = missing.filter { $0.gone == nil && $0.closed == nil }.count
      let openBefore = known.count {
        $0.id.feed == feed.name && $0.gone == nil && $0.closed == nil
      }
      held = News.strangeness(rows: rows, vanished: open, of: openBefore)
      if held == nil {
        for at in missing.indices where missing[at].gone == nil {
          missing[at].gone = now
          gone.append(missing[at].id)
        }
      }
    }
    merged += missing
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
