import Foundation
import GRDB
import Triage

/// How old what is kept of a class is.
package struct DataAge: Hashable, Sendable {
  /// From when the days of the oldest row are counted that goes by its age; `nil`: nothing of it ages.
  package var oldest: Date?
  /// Rows that should have gone by the limits that were asked for.
  package var overdue = 0

  package init(oldest: Date? = nil, overdue: Int = 0) {
    self.oldest = oldest
    self.overdue = overdue
  }
}

/// A purge that deleted something of a class. Says nothing of what that was.
package struct PurgeNote: Hashable, Sendable {
  package var at: Date
  package var dataClass: DataClass
  package var rows: Int
  /// The first day of which it was kept.
  package var before: CivilDay
}

extension Store {
  /// By class, how old the oldest row is and how many are past the limits. What stays for another reason (an open
  /// opportunity, a consent that stands, a legal hold) does not count.
  package func dataAges(
    past limits: RetentionLimits, snapshotFeeds: Set<String>, now: Date
  ) async throws -> [DataClass: DataAge] {
    try await read { db in
      let arguments = try RetentionArguments(db, snapshotFeeds: snapshotFeeds)
      var ages: [DataClass: DataAge] = [:]
      for table in storedTables {
        guard let limit = limits[table.dataClass] else { continue }
        let sql: String
        switch table.leaving {
        case .aged(let age):
          sql = """
            SELECT min(since), count(*) FILTER (WHERE since < :limit)
            FROM (SELECT (\(age.since)) AS since FROM \(table.name) WHERE \(age.mayGo))
            """
        case .chained:
          // Rows behind one that may not go yet wait for it.
          sql = """
            SELECT (SELECT at FROM audit ORDER BY id LIMIT 1),
              count(*) FILTER (WHERE at < :limit)
            FROM audit
            WHERE id < ifnull(
              (SELECT id FROM audit WHERE at BETWEEN :limit AND \(milliseconds(now))
                ORDER BY id LIMIT 1), \(Int64.max))
            """
        case .with, .unused, .condition, .overwritten: continue
        }
        let row = try Row.fetchOne(
          db, sql: sql, arguments: arguments.bound(limit: milliseconds(limit.instant)))!
        var age = ages[table.dataClass] ?? DataAge()
        age.overdue += row[1] as Int
        if let since = date(row[0]) { age.oldest = min(age.oldest ?? since, since) }
        ages[table.dataClass] = age
      }
      return ages
    }
  }

  /// When the last purge ended; `nil`: there was none yet.
  package func lastPurge() async throws -> Date? {
    try await read { db in
      try Int64.fetchOne(db, kept(sql: "SELECT at FROM retention_run")).map(instant)
    }
  }

  /// The purges that deleted something, the newest first.
  package func purgeNotes(limit: Int = 100) async throws -> [PurgeNote] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT at, class, rows, before FROM purged ORDER BY id DESC LIMIT ?",
        arguments: [limit]
      ).map { row in
        let text: String = row["before"]
        guard let before = CivilDay(text) else { throw damage("purged.before is no day") }
        return PurgeNote(
          at: instant(row["at"]), dataClass: try word(row["class"], "purged.class"),
          rows: row["rows"], before: before)
      }
    }
  }
}
