import Foundation
import GRDB
import Triage

/// How far it has come on one civil day to tell a watcher outside that all is well.
package struct AliveDay: Hashable, Sendable {
  package var day: CivilDay
  package var tries: Int
  /// Not before then.
  package var nextTry: Date
  /// `nil`: it has not been heard.
  package var heardAt: Date?
  /// Why the last try failed, without personal data; `nil`: none has, or nothing is known of it.
  package var why: String?
}

extension Store {
  /// - Returns: `nil` where nothing was tried on that day.
  package func aliveDay(_ day: CivilDay) async throws -> AliveDay? {
    try await read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM alive_day WHERE day = ?", arguments: [day.description]
      ).map(dayOfRow)
    }
  }

  /// The newest day on which it was heard, or was tried this often in vain.
  package func lastAliveDay(tries: Int) async throws -> AliveDay? {
    try await read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT * FROM alive_day WHERE heard_at IS NOT NULL OR tries >= ? ORDER BY day DESC LIMIT 1
          """, arguments: [tries]
      ).map(dayOfRow)
    }
  }

  /// It is about to be tried: to be called, and answered, before anything is sent.
  package func aliveTrying(_ day: CivilDay, next: Date) async throws {
    try await write { db in
      try db.execute(
        sql: """
          INSERT INTO alive_day (day, tries, next_try) VALUES (?, 1, ?)
          ON CONFLICT (day) DO UPDATE SET tries = tries + 1, next_try = excluded.next_try
          """, arguments: [day.description, milliseconds(next)])
    }
  }

  package func aliveHeard(_ day: CivilDay, now: Date) async throws {
    try await write { db in
      try db.execute(
        sql: "UPDATE alive_day SET heard_at = ?, why = NULL WHERE day = ?",
        arguments: [milliseconds(now), day.description])
    }
  }

  /// - Parameter why: without personal data; it is kept.
  package func aliveFailed(_ day: CivilDay, why: String) async throws {
    try await write { db in
      try db.execute(
        sql: "UPDATE alive_day SET why = ? WHERE day = ?", arguments: [why, day.description])
    }
  }
}

private func dayOfRow(_ row: Row) throws -> AliveDay {
  let text: String = row["day"]
  guard let day = CivilDay(text) else { throw damage("alive_day.day is no day") }
  return AliveDay(
    day: day, tries: row["tries"], nextTry: instant(row["next_try"]),
    heardAt: date(row["heard_at"]),
    why: row["why"])
}
