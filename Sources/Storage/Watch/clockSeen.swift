import Foundation
import GRDB
import Triage

extension Store {
  /// What is believed of the wall clock; `nil` before the first look ever.
  package func clockTrust() async throws -> ClockTrust? {
    try await read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM clock_seen WHERE id = 1").map { row in
        let doubted: Double? = row["doubted"]
        return ClockTrust(
          boot: row["boot"], offset: row["offset"], believed: instant(row["believed"]),
          doubt: doubted.map { ClockTrust.Doubt(offset: $0, since: row["doubted_since"]) },
          isTrusted: row["trusted"])
      }
    }
  }

  /// Keeps what is believed of the wall clock, in the place of what was kept before.
  package func keep(_ trust: ClockTrust) async throws {
    try await write { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO clock_seen
            (id, boot, "offset", believed, doubted, doubted_since, trusted)
          VALUES (1, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          trust.boot, trust.offset, milliseconds(trust.believed), trust.doubt?.offset,
          trust.doubt?.since, trust.isTrusted,
        ])
    }
  }
}
