import Foundation
import GRDB

/// Somebody's session on the board that has not ended.
package struct StoredSession: Hashable, Sendable {
  /// A member's id, or ``Triage/SignedIn/admin``.
  package var member: String
  package var since: Date
  /// When it was used last, but for a minute.
  package var seen: Date
}

/// For how long a session may go on.
package struct SessionLimits: Hashable, Sendable {
  /// Seconds without use.
  package var idle: Double
  /// Seconds in all.
  package var whole: Double

  package init(idle: Double = 30 * 60, whole: Double = 12 * 3600) {
    self.idle = idle
    self.whole = whole
  }
}

package enum SessionEnd: String, Sendable {
  case signedOut = "signed out"
  /// Somebody signed in anew in the same browser.
  case renewed
  case idle
  case tooLong = "too long"
  /// Who is signed in leads nothing any more.
  case noLeader = "no leader"
  case allSignedOut = "all signed out"
}

extension Store {
  /// The session of a secret, used now. One that is past its limits ends by that.
  ///
  /// - Parameter hash: the SHA-256 of the secret.
  /// - Returns: `nil`: there is none, or it has ended.
  package func session(
    hash: [UInt8], limits: SessionLimits = SessionLimits(), now: Date
  ) async throws -> StoredSession? {
    let found = try await read { db in
      try Row.fetchOne(
        db, sql: "SELECT member, since, seen FROM session WHERE hash = ? AND ended_at IS NULL",
        arguments: [Data(hash)]
      ).map {
        StoredSession(
          member: $0["member"], since: instant($0["since"]), seen: instant($0["seen"]))
      }
    }
    guard let found else { return nil }
    if let end = found.end(limits, now: now) {
      try await self.end(session: hash, end, now: now)
      return nil
    }
    if now.timeIntervalSince(found.seen) >= seenEvery {
      try await write { db in
        try db.execute(
          sql: "UPDATE session SET seen = max(seen, ?) WHERE hash = ? AND ended_at IS NULL",
          arguments: [milliseconds(now), Data(hash)])
      }
    }
    return found
  }

  /// Nothing happens to one that has ended already.
  package func end(
    session hash: [UInt8], _ how: SessionEnd, audit: AuditRow? = nil, now: Date
  ) async throws {
    try await write { db in
      try endSession(db, hash, how, milliseconds(now))
      if let audit { try writeAudit(db, audit) }
    }
  }

  /// Ends every session and makes every link to sign in useless.
  /// - Returns: how many sessions ended.
  package func signEverybodyOut(audit: AuditRow? = nil, now: Date) async throws -> Int {
    try await write { db in
      if let audit { try writeAudit(db, audit) }
      return try signOut(db, member: nil, milliseconds(now))
    }
  }

  /// Sessions that have not ended, by what the store knows.
  package func openSessions() async throws -> Int {
    try await read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM session WHERE ended_at IS NULL")!
    }
  }
}

extension StoredSession {
  func end(_ limits: SessionLimits, now: Date) -> SessionEnd? {
    // A clock that was set back by much makes no session longer than it may be.
    if now < seen - 300 { return .idle }
    if now.timeIntervalSince(since) >= limits.whole { return .tooLong }
    return now.timeIntervalSince(seen) >= limits.idle ? .idle : nil
  }
}

/// Seconds between two notes that a session is used.
private let seenEvery = 60.0

/// Ends the sessions of a member, or with `nil` of everybody, and makes their links to sign in useless.
/// - Returns: how many sessions ended.
func signOut(_ db: Database, member: String?, _ at: Int64) throws -> Int {
  let theirs = "(?2 IS NULL OR member = ?2)"
  try db.execute(
    sql: "UPDATE sign_in SET used_at = ?1 WHERE used_at IS NULL AND \(theirs)",
    arguments: [at, member])
  try db.execute(
    sql: "UPDATE session SET ended_at = ?1, ended_how = ?3 WHERE ended_at IS NULL AND \(theirs)",
    arguments: [at, member, SessionEnd.allSignedOut.rawValue])
  return db.changesCount
}

func endSession(_ db: Database, _ hash: [UInt8], _ how: SessionEnd, _ at: Int64) throws {
  try db.execute(
    sql: "UPDATE session SET ended_at = ?, ended_how = ? WHERE hash = ? AND ended_at IS NULL",
    arguments: [at, how.rawValue, Data(hash)])
}
