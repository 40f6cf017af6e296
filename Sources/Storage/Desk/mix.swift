import Foundation
import GRDB
import Triage

extension Store {
  /// What the opportunities that were made lately are made of, and those of the time before (``Mix``). What is
  /// on trial is not among them; of one that has outlived its jobs the feed is not known any more.
  package func mix(now: Date) async throws -> Mix {
    let lately = now.addingTimeInterval(-Double(Mix.days) * 86_400)
    let before = lately.addingTimeInterval(-Double(Mix.daysBefore) * 86_400)
    return try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT opportunity.job_type, feed.name AS feed, opportunity.made_at > ?1 AS lately,
            count(*) AS count
          FROM opportunity
          LEFT JOIN job ON job.id = opportunity.trigger_job
          LEFT JOIN feed ON feed.id = job.feed
          WHERE opportunity.made_at > ?2 AND opportunity.made_at <= ?3 AND opportunity.shadow = 0
          GROUP BY 1, 2, 3
          """,
        arguments: [milliseconds(lately), milliseconds(before), milliseconds(now)])
      var mix = Mix()
      for row in rows {
        let (isLate, count): (Bool, Int) = (row["lately"], row["count"])
        func add(_ name: String, to counts: inout [String: Mix.Count]) {
          if isLate {
            counts[name, default: .init()].lately += count
          } else {
            counts[name, default: .init()].before += count
          }
        }
        add(row["job_type"], to: &mix.jobTypes)
        if let feed: String = row["feed"] { add(feed, to: &mix.feeds) }
      }
      return mix
    }
  }
}
