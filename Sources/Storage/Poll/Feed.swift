import Foundation
import GRDB

extension Store {
  /// The feed's own memory as it was last recorded, `nil` before the first.
  package func feedState(_ feed: String) async throws -> Data? {
    try await read { db in
      try Data.fetchOne(db, sql: "SELECT state FROM feed WHERE name = ?", arguments: [feed])
    }
  }

  /// A poll came to its end and found nothing new.
  package func unchanged(feed: String, state: Data?, now: Date) async throws {
    try await write { db in
      try noteFeed(db, id: try feedID(db, feed), state: state, now: milliseconds(now))
    }
  }
}

/// The row of a feed, made where there is none.
func feedID(_ db: Database, _ name: String) throws -> Int64 {
  try db.execute(
    sql: "INSERT INTO feed (name) VALUES (?) ON CONFLICT (name) DO NOTHING", arguments: [name])
  return try Int64.fetchOne(db, sql: "SELECT id FROM feed WHERE name = ?", arguments: [name])!
}

/// A state of `nil` leaves the stored one.
func noteFeed(_ db: Database, id: Int64, state: Data?, now: Int64) throws {
  try db.execute(
    sql: "UPDATE feed SET state = coalesce(?, state), polled_at = ? WHERE id = ?",
    arguments: [state, now, id])
}

func feedNames(_ db: Database) throws -> [Int64: String] {
  var names: [Int64: String] = [:]
  for row in try Row.fetchAll(db, sql: "SELECT id, name FROM feed") { names[row[0]] = row[1] }
  return names
}
