import Foundation
import GRDB

extension Store {
  /// A message is about to be sent: to be called, and answered, before anything is sent.
  ///
  /// Where the disk is full this throws and nothing goes out, so nobody gets the same message
  /// again and again because its acceptance cannot be noted.
  /// - Parameter next: when it is tried again if nothing is heard of this attempt, as after a
  ///   kill.
  /// - Returns: `false` when the message is owed no more and must not be sent.
  package func attempting(digest: String, next: Date, now: Date) async throws -> Bool {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE digest
          SET state = 'sending', attempts = attempts + 1, attempted_at = ?, next_attempt = ?
          WHERE id = ? AND state IN \(owedStates)
          """, arguments: [milliseconds(now), milliseconds(next), digest])
      return db.changesCount == 1
    }
  }

  /// The other side has taken the message.
  /// - Parameters:
  ///   - code: its answer: an SMTP reply code or an HTTP status; `nil` where there is none.
  ///   - words: its own, without personal data; they are kept.
  /// - Returns: `false` when the message was owed no more; nothing changes then.
  @discardableResult
  package func accepted(
    digest: String, code: Int? = nil, words: String = "", now: Date
  ) async throws -> Bool {
    try await write { db in
      let now = milliseconds(now)
      try db.execute(
        sql: """
          UPDATE digest SET state = 'accepted', accepted_at = ?
          WHERE id = ? AND state IN \(owedStates)
          """, arguments: [now, digest])
      guard db.changesCount == 1 else { return false }
      try settle(db, digest, as: "accepted")
      try note(db, .digest, digest, .accepted, code: code, words, now)
      return true
    }
  }

  /// The other side did not take it now; it is tried again `until` then, under the same id.
  /// - Parameter why: without personal data; it is kept.
  @discardableResult
  package func deferred(
    digest: String, until: Date, why: String, code: Int? = nil, now: Date
  ) async throws -> Bool {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE digest SET state = 'deferred', next_attempt = ?, last_error = ?
          WHERE id = ? AND state IN \(owedStates)
          """, arguments: [milliseconds(until), why, digest])
      guard db.changesCount == 1 else { return false }
      try note(db, .digest, digest, .deferred, code: code, why, milliseconds(now))
      return true
    }
  }

  /// The other side will never take it, or its time is over; it is not tried again.
  /// - Parameter givenUp: the other side has not refused it, but has not taken it in all its time.
  @discardableResult
  package func failed(
    digest: String, why: String, code: Int? = nil, givenUp: Bool = false, now: Date
  ) async throws -> Bool {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE digest SET state = 'failed', last_error = ?
          WHERE id = ? AND state IN \(owedStates)
          """, arguments: [why, digest])
      guard db.changesCount == 1 else { return false }
      try settle(db, digest, as: "failed")
      let result: AttemptResult = givenUp ? .deferred : .failed
      try note(db, .digest, digest, result, code: code, why, milliseconds(now))
      return true
    }
  }

  /// Takes back what somebody is owed who is not to be told of it any more: its links are dead. Others who are
  /// to be told are told by the next pass, if none of them has been.
  /// - Returns: how many announcements.
  @discardableResult
  package func dismiss(announcements: [Int64]) async throws -> Int {
    try await write { db in
      let ids = try json(announcements.sorted())
      try db.execute(
        sql: "UPDATE link SET revoked = 1 WHERE announcement IN (SELECT value FROM json_each(?))",
        arguments: [ids])
      try db.execute(
        sql: """
          UPDATE announcement SET state = 'withdrawn', dismissed = 1
          WHERE state IN ('pending', 'bundled') AND id IN (SELECT value FROM json_each(?))
          """, arguments: [ids])
      return db.changesCount
    }
  }

  /// Nobody needs a message any more that carries nothing.
  package func withdraw(digest: String) async throws {
    try await write { db in
      try db.execute(
        sql: "UPDATE digest SET state = 'withdrawn' WHERE id = ? AND state IN \(owedStates)",
        arguments: [digest])
    }
  }

  /// Takes single announcements out of what is owed; their links, if there are any, go on.
  package func withdraw(announcements: [Int64]) async throws {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE announcement SET state = 'withdrawn'
          WHERE state IN ('pending', 'bundled') AND id IN (SELECT value FROM json_each(?))
          """, arguments: [try json(announcements.sorted())])
    }
  }
}

/// What the message carried shares its fate.
func settle(_ db: Database, _ digest: String, as state: String) throws {
  try db.execute(
    sql: "UPDATE announcement SET state = ? WHERE digest = ? AND state = 'bundled'",
    arguments: [state, digest])
}
