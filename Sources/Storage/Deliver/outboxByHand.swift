import Foundation
import GRDB
import Triage

/// What somebody's word did to a message of the outbox.
package enum OutboxChange: Hashable, Sendable {
  case done
  /// There is no such message.
  case unknown
  /// It is in a state in which this cannot be done.
  case refused(OutboxMessage.State)
  /// Nothing of what it carries can be claimed any more; it is withdrawn.
  case pointless
}

extension Store {
  /// Sends a message again by hand, at the next round and under the same id: one that failed for good, or one that
  /// waits for its next attempt. What it carried and cannot be claimed any more is left out.
  /// - Parameter audit: written in the same transaction where something was done.
  package func retry(
    message id: String, audit: AuditRow? = nil, now: Date
  ) async throws -> OutboxChange {
    try await write { db in
      guard let (kind, state) = try find(db, id) else { return .unknown }
      guard [.failed, .deferred, .pending].contains(state) else { return .refused(state) }
      if kind == .digest, state == .failed {
        try db.execute(
          sql: "UPDATE announcement SET state = 'bundled' WHERE digest = ? AND state = 'failed'",
          arguments: [id])
        try withdrawAnnouncements(db, in: "bundled")
        let isLeft = try Bool.fetchOne(
          db,
          sql: """
            SELECT EXISTS (SELECT 1 FROM announcement WHERE digest = ?1 AND state = 'bundled')
              OR EXISTS (SELECT 1 FROM digest WHERE id = ?1 AND keeps_empty = 1)
            """, arguments: [id])!
        guard isLeft else {
          try db.execute(
            sql: "UPDATE digest SET state = 'withdrawn' WHERE id = ?", arguments: [id])
          if let audit { try writeAudit(db, audit) }
          return .pointless
        }
      }
      if kind == .notice, state == .failed {
        // Jobs that show the other door are told by this mail, and by no other.
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO other_door (job, told_at)
            SELECT job, ? FROM other_door_notice WHERE notice = ?
            """, arguments: [milliseconds(now), id])
      }
      let ended = kind == .notice ? ", ended_at = NULL" : ""
      try db.execute(
        sql: """
          UPDATE \(kind.rawValue)
          SET state = CASE state WHEN 'pending' THEN state ELSE 'deferred' END,
            next_attempt = min(next_attempt, ?)\(ended)
          WHERE id = ?
          """, arguments: [milliseconds(now), id])
      if let audit { try writeAudit(db, audit) }
      return .done
    }
  }

  /// Nobody needs a message any more: it is not tried again, and what it carried is told to nobody anew (its
  /// announcements stay failed in a message that is withdrawn). It can be claimed on the board as before.
  /// - Parameter audit: written in the same transaction where something was done.
  package func drop(
    message id: String, audit: AuditRow? = nil, now: Date
  ) async throws -> OutboxChange {
    try await write { db in
      guard let (kind, state) = try find(db, id) else { return .unknown }
      guard [.failed, .deferred, .pending].contains(state) else { return .refused(state) }
      switch kind {
      case .digest:
        try db.execute(sql: "UPDATE digest SET state = 'withdrawn' WHERE id = ?", arguments: [id])
        try db.execute(
          sql: """
            UPDATE announcement SET state = 'failed' WHERE digest = ? AND state = 'bundled'
            """, arguments: [id])
      case .notice:
        try db.execute(
          sql: "UPDATE notice SET state = 'withdrawn', ended_at = ? WHERE id = ?",
          arguments: [milliseconds(now), id])
        try lose(db, notice: id)
      }
      if let audit { try writeAudit(db, audit) }
      return .done
    }
  }
}

/// - Returns: `nil` where there is no such message.
func find(
  _ db: Database, _ id: String
) throws -> (kind: MessageKind, state: OutboxMessage.State)? {
  for kind in [MessageKind.digest, .notice] {
    let state = try String.fetchOne(
      db, sql: "SELECT state FROM \(kind.rawValue) WHERE id = ?", arguments: [id])
    if let state { return (kind, try word(state, "\(kind.rawValue).state")) }
  }
  return nil
}
