import Foundation
import GRDB
import Triage

/// A link to sign in, as the store knows it. The token is nowhere in the store.
package struct StoredSignIn: Hashable, Sendable {
  /// A member's id, or ``SignedIn/admin``.
  package var member: String
  /// The SHA-256 of the secret of the browser that has asked for it.
  package var askedBy: [UInt8]
  package var asked: Date
  package var expires: Date
  package var used: Date?

  package func isGood(at now: Date) -> Bool {
    // A clock that was set back makes no link last longer than it was to.
    used == nil && now < expires && now >= asked - 60
  }
}

/// How often somebody may have a link to sign in.
package struct SignInLimits: Hashable, Sendable {
  /// Seconds between two.
  package var apart: Double
  /// Beyond these there is one only where none that is good is left: whoever asks in somebody's name fills no mailbox,
  /// and keeps nobody out, as a link that is good lies there or the next one comes.
  package var anHour: Int

  package init(apart: Double = 60, anHour: Int = 5) {
    self.apart = apart
    self.anHour = anHour
  }
}

extension Store {
  /// Owes a link to sign in by mail. Links that the member has had before go on: somebody else who asks in a
  /// member's name must not make the link useless that the member has just got.
  ///
  /// Where nothing is owed the same is written and taken back in one transaction, so that the answer takes as long.
  ///
  /// - Parameters:
  ///   - member: `nil`: nobody; `notice` then must name no address that somebody has typed.
  ///   - hash: the SHA-256 of the link's token, 32 bytes.
  ///   - askedBy: the SHA-256 of the secret of the browser that asks.
  ///   - notice: the mail, without the link.
  /// - Returns: `false` where the member has had one a moment ago, or too many lately: nothing has happened.
  package func oweSignIn(
    hash: [UInt8], member: String?, askedBy: [UInt8], notice: Notice, expires: Date,
    limits: SignInLimits = SignInLimits(), now: Date
  ) async throws -> Bool {
    try await write { db in
      let at = milliseconds(now)
      let before = try Row.fetchOne(
        db,
        sql: """
          SELECT count(*) FILTER (WHERE asked > ?2), count(*) FILTER (WHERE asked > ?3),
            count(*) FILTER (WHERE used_at IS NULL AND expires > ?4)
          FROM sign_in WHERE member = ?1 AND asked <= ?4
          """,
        arguments: [
          member ?? nobody, milliseconds(now.addingTimeInterval(-limits.apart)),
          milliseconds(now.addingTimeInterval(-3600)), at,
        ])!
      let isTooOften = before[0] > 0 || (before[1] >= limits.anHour && before[2] > 0)
      let isOwed = member != nil && !isTooOften
      try owe(db, notice, due: now)
      try db.execute(
        sql: """
          INSERT INTO sign_in (hash, member, notice, asked_by, asked, expires)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          Data(hash), member ?? nobody, notice.id, Data(askedBy), at, milliseconds(expires),
        ])
      if !isOwed {
        try db.execute(sql: "DELETE FROM sign_in WHERE hash = ?", arguments: [Data(hash)])
        try db.execute(sql: "DELETE FROM notice WHERE id = ?", arguments: [notice.id])
      }
      return isOwed
    }
  }

  /// - Parameter hash: the SHA-256 of the token.
  package func signIn(hash: [UInt8]) async throws -> StoredSignIn? {
    try await read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM sign_in WHERE hash = ?", arguments: [Data(hash)]
      ).map(storedSignIn)
    }
  }

  /// The link that a mail is to bring; `nil`: it is of another kind.
  package func signIn(notice: String) async throws -> StoredSignIn? {
    try await read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM sign_in WHERE notice = ?", arguments: [notice]
      ).map(storedSignIn)
    }
  }

  /// Takes back a mail whose link has ended before it could be sent.
  package func withdrawSignIn(notice: String) async throws {
    try await write { db in
      try db.execute(
        sql: "DELETE FROM notice WHERE id = ? AND state IN \(owedStates)", arguments: [notice])
    }
  }

  /// Uses a link up and begins a session, in one transaction: of those who press its button at the same time one
  /// is let in. Other links that wait in the member's mailbox are good for nothing any more.
  ///
  /// - Parameters:
  ///   - session: the SHA-256 of the new session's secret.
  ///   - former: of the session that the browser had until now, which ends.
  ///   - audit: written with it.
  /// - Returns: whose session it is; `nil`: the link is not known, has ended, or has been used.
  package func enter(
    link hash: [UInt8], session: [UInt8], former: [UInt8]?, audit: AuditRow? = nil, now: Date
  ) async throws -> String? {
    try await write { db in
      let at = milliseconds(now)
      let member = try String.fetchOne(
        db,
        sql: """
          UPDATE sign_in SET used_at = ?2
          WHERE hash = ?1 AND used_at IS NULL AND expires > ?2 AND asked <= ?2 + 60000
          RETURNING member
          """, arguments: [Data(hash), at])
      guard let member else { return nil }
      try db.execute(
        sql: "UPDATE sign_in SET used_at = ?2 WHERE member = ?1 AND used_at IS NULL",
        arguments: [member, at])
      if let former { try endSession(db, former, .renewed, at) }
      try db.execute(
        sql: "INSERT INTO session (hash, member, since, seen) VALUES (?, ?, ?, ?)",
        arguments: [Data(session), member, at, at])
      if let audit { try writeAudit(db, audit) }
      return member
    }
  }
}

/// No member's id; it stands in no row after a transaction.
private let nobody = "(nobody)"

private func storedSignIn(_ row: Row) -> StoredSignIn {
  let askedBy: Data = row["asked_by"]
  return StoredSignIn(
    member: row["member"], askedBy: Array(askedBy), asked: instant(row["asked"]),
    expires: instant(row["expires"]),
    used: date(row["used_at"]))
}
