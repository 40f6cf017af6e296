import Foundation
import GRDB
import Triage

extension Store {
  /// The feed's own memory as it was last recorded, `nil` before the first.
  package func feedState(_ feed: String) async throws -> Data? {
    try await read { db in
      try Data.fetchOne(db, kept(sql: "SELECT state FROM feed WHERE name = ?", arguments: [feed]))
    }
  }

  /// What a list of the feed is held against, besides the jobs: the instant of its newest complete
  /// list, and the references without a usable place.
  package func listing(
    of feed: String
  ) async throws -> (complete: Date?, unplaced: [Int64: Listed]) {
    try await read { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT id, complete FROM feed WHERE name = ?", arguments: [feed])
      else { return (nil, [:]) }
      var unplaced: [Int64: Listed] = [:]
      let rows = try FastStatement(db, "SELECT reference, listed FROM unplaced WHERE feed = ?")
      rows.bind(row["id"] as Int64)
      while try rows.next() { unplaced[rows.int(0)] = rows.listed(1) }
      return (date(row["complete"]), unplaced)
    }
  }

  /// A list came that says, byte for byte, what the newest complete list said: all that is in that is
  /// in this one, and the account says so.
  package func recordSame(
    feed: String, source: String, bytes: Int, sha256: String, report: ImportReport,
    complete: Date?, state: Data, now: Date
  ) async throws {
    let account = try ImportAccount(
      feed: feed, source: source, bytes: bytes, sha256: sha256, report: report, state: state,
      complete: complete, held: .some(nil), isEventful: false, now: now)
    try await write { try account.write($0) }
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
