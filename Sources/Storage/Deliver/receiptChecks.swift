import Foundation
import GRDB

/// A message that the other side has taken, and of which it is to be asked what became of it.
package struct ReceiptCheck: Hashable, Sendable, Identifiable {
  package var id: String
  package var kind: OutboxMessage.Kind
  package var channel: String
  package var created: Date
  /// To deliver it.
  package var attempts: Int
  /// When the other side took it last.
  package var accepted: Date
  /// How often it was asked before.
  package var checks: Int
}

extension OutboxMessage.Kind {
  /// The column in which the instant of an acceptance stands.
  fileprivate var acceptedColumn: String {
    switch self {
    case .digest: "accepted_at"
    case .notice: "ended_at"
    }
  }
}

extension Store {
  /// The messages of which it is time to ask, the longest accepted first.
  /// - Parameters:
  ///   - channels: through which they went.
  ///   - first: seconds from the acceptance to the first question.
  ///   - since: what was accepted before that is not asked after.
  ///   - most: so many at most.
  package func receiptsToAsk(
    channels: [String], first: Double, since: Date, now: Date, most: Int
  ) async throws -> [ReceiptCheck] {
    try await read { db in
      try [OutboxMessage.Kind.digest, .notice].flatMap { kind -> [ReceiptCheck] in
        let (table, accepted) = (kind.rawValue, kind.acceptedColumn)
        return try Row.fetchAll(
          db,
          sql: """
            SELECT message.id, channel, created, attempts, \(accepted) AS accepted,
              coalesce(checks, 0) AS checks
            FROM \(table) AS message
            LEFT JOIN receipt_check AS asked
              ON asked.\(table) = message.id AND asked.accepted = \(accepted)
            WHERE state = 'accepted' AND \(accepted) > ?
              AND channel IN (SELECT value FROM json_each(?))
              AND CASE WHEN checks IS NULL THEN \(accepted) + ? ELSE next END <= ?
            ORDER BY \(accepted), message.id LIMIT ?
            """,
          arguments: [
            milliseconds(since), try json(channels), Int64(first * 1000), milliseconds(now), most,
          ]
        ).map { row in
          ReceiptCheck(
            id: row["id"], kind: kind, channel: row["channel"], created: instant(row["created"]),
            attempts: row["attempts"], accepted: instant(row["accepted"]), checks: row["checks"])
        }
      }.sorted { ($0.accepted, $0.id) < ($1.accepted, $1.id) }.prefix(most).map(\.self)
    }
  }

  /// It was asked, and nothing final was said.
  /// - Parameter next: when it is asked again; `nil`: not any more.
  package func receiptAsked(_ check: ReceiptCheck, next: Date?) async throws {
    try await write { try noteAsked($0, check, next: next) }
  }

  /// The message has reached its mailbox: noted with the attempt by which it was accepted.
  /// - Parameter words: without personal data; they are kept.
  package func receiptDelivered(_ check: ReceiptCheck, words: String) async throws {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE delivery_attempt SET why = trim(why || ' ' || ?) WHERE id = (
            SELECT max(id) FROM delivery_attempt
            WHERE \(check.kind.rawValue) = ? AND result = 'accepted')
          """, arguments: [words, check.id])
      try noteAsked(db, check, next: nil)
    }
  }

  /// The message was taken and has not arrived: it is owed again, under the same id, and what it carried with it.
  /// - Parameter why: without personal data; it is kept.
  /// - Returns: `false` where it is not accepted any more as it was then; nothing changes.
  package func receiptReturned(
    _ check: ReceiptCheck, until: Date, why: String, now: Date
  ) async throws -> Bool {
    try await write { db in
      if check.kind == .notice, try isCalledOff(db, alarm: check.id) { return false }
      let accepted = check.kind.acceptedColumn
      try db.execute(
        sql: """
          UPDATE \(check.kind.rawValue)
          SET state = 'deferred', \(accepted) = NULL, next_attempt = ?, last_error = ?
          WHERE id = ? AND state = 'accepted' AND \(accepted) = ?
          """,
        arguments: [milliseconds(until), why, check.id, milliseconds(check.accepted)])
      guard db.changesCount == 1 else { return false }
      switch check.kind {
      case .digest:
        try db.execute(
          sql: "UPDATE announcement SET state = 'bundled' WHERE digest = ? AND state = 'accepted'",
          arguments: [check.id])
        try note(db, .digest, check.id, .deferred, code: nil, why, milliseconds(now))
      case .notice:
        try note(db, .notice, check.id, .deferred, code: nil, why, milliseconds(now))
      }
      return true
    }
  }
}

/// Whether a mail tells of somebody who is out on a visit, and a later one has told otherwise.
private func isCalledOff(_ db: Database, alarm notice: String) throws -> Bool {
  try Bool.fetchOne(
    db,
    sql: """
      SELECT EXISTS (
        SELECT 1 FROM outing_notice AS told
        JOIN notice AS this ON this.id = told.notice
        JOIN outing_notice AS next ON next.outing = told.outing
        JOIN notice AS later ON later.id = next.notice
        WHERE told.notice = ? AND later.created > this.created)
      """, arguments: [notice])!
}

private func noteAsked(_ db: Database, _ check: ReceiptCheck, next: Date?) throws {
  let column = check.kind.rawValue
  try db.execute(
    sql: """
      INSERT INTO receipt_check (\(column), accepted, checks, next) VALUES (?, ?, ?, ?)
      ON CONFLICT (\(column)) DO UPDATE
      SET accepted = excluded.accepted, checks = excluded.checks, next = excluded.next
      """,
    arguments: [
      check.id, milliseconds(check.accepted), check.checks + 1, next.map(milliseconds),
    ])
}
