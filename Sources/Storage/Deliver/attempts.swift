import Foundation
import GRDB

extension Store {
  /// The other side has taken the message.
  /// - Returns: `false` when the message was not pending any more; nothing changes then.
  @discardableResult
  package func accepted(digest: String, now: Date) async throws -> Bool {
    try await write { db in
      let now = milliseconds(now)
      try db.execute(
        sql: """
          UPDATE digest SET state = 'accepted', accepted_at = ?, attempts = attempts + 1
          WHERE id = ? AND state = 'pending'
          """, arguments: [now, digest])
      guard db.changesCount == 1 else { return false }
      try end(db, digest, as: "accepted")
      try note(db, digest, "accepted", "", now)
      return true
    }
  }

  /// The other side did not take it now; it is tried again `until` then, under the same id.
  /// - Parameter why: without personal data; it is kept.
  @discardableResult
  package func deferred(
    digest: String, until: Date, why: String, now: Date
  ) async throws -> Bool {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE digest SET next_attempt = ?, last_error = ?, attempts = attempts + 1
          WHERE id = ? AND state = 'pending'
          """, arguments: [milliseconds(until), why, digest])
      guard db.changesCount == 1 else { return false }
      try note(db, digest, "deferred", why, milliseconds(now))
      return true
    }
  }

  /// The other side will never take it; it is not tried again.
  @discardableResult
  package func failed(digest: String, why: String, now: Date) async throws -> Bool {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE digest SET state = 'failed', last_error = ?, attempts = attempts + 1
          WHERE id = ? AND state = 'pending'
          """, arguments: [why, digest])
      guard db.changesCount == 1 else { return false }
      try end(db, digest, as: "failed")
      try note(db, digest, "failed", why, milliseconds(now))
      return true
    }
  }
}

/// What the message carried shares its fate.
private func end(_ db: Database, _ digest: String, as state: String) throws {
  try db.execute(
    sql: "UPDATE announcement SET state = ? WHERE digest = ? AND state = 'bundled'",
    arguments: [state, digest])
}

private func note(
  _ db: Database, _ digest: String, _ result: String, _ why: String, _ now: Int64
) throws {
  try db.execute(
    sql: "INSERT INTO delivery_attempt (digest, at, result, why) VALUES (?, ?, ?, ?)",
    arguments: [digest, now, result, why])
}
