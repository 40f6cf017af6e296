import Foundation
import GRDB
import Triage

/// One message of the outbox, a digest or a notice, without what it says.
package struct OutboxMessage: Hashable, Sendable, Identifiable {
  package enum Kind: String, Hashable, Sendable, Codable {
    case digest, notice
  }

  package enum State: String, Hashable, Sendable, Codable, CaseIterable {
    case pending, sending, accepted, deferred, failed, withdrawn
  }

  package var id: String
  package var kind: Kind
  /// A member's id, or the address of a notice: not to be shown as it is.
  package var recipient: String
  package var channel: String
  package var state: State
  package var created: Date
  package var attempts: Int
  /// Of one that is owed.
  package var nextAttempt: Date?
  /// The last attempt, or the last word that came by mail.
  package var last: Answer?
  /// Of a digest, the areas of what it carries.
  package var areas: Set<String> = []
  /// How many opportunities a digest carries.
  package var items = 0

  package struct Answer: Hashable, Sendable {
    package var at: Date
    /// "accepted", "deferred", "failed", "unheard", "bounced" or "delayed".
    package var result: String
    package var code: Int?
    package var words: String
  }
}

extension Store {
  /// What is owed and what has failed for good, the longest first.
  /// - Parameter failedOnly: without what is owed.
  package func outbox(failedOnly: Bool = false) async throws -> [OutboxMessage] {
    try await read { db in
      let states = failedOnly ? "('failed')" : "('pending', 'sending', 'deferred', 'failed')"
      return try messages(db, MessageKind.digest, "state IN \(states)")
        + messages(db, MessageKind.notice, "state IN \(states)")
    }.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
  }

  /// How many messages there are in each state, as long as they are kept.
  package func outboxCounts() async throws -> [OutboxMessage.State: Int] {
    try await read { db in
      var counts: [OutboxMessage.State: Int] = [:]
      for kind in [MessageKind.digest, .notice] {
        let rows = try Row.fetchAll(
          db, kept(sql: "SELECT state, count(*) AS messages FROM \(kind.rawValue) GROUP BY state"))
        for row in rows {
          counts[try word(row["state"], "\(kind.rawValue).state"), default: 0] += row["messages"]
        }
      }
      return counts
    }
  }

  /// Every attempt at a message and every word that came by mail of it, the first first.
  /// - Returns: `nil` where there is no such message.
  package func attempts(at id: String) async throws -> [OutboxMessage.Answer]? {
    try await read { db in
      guard try find(db, id) != nil else { return nil }
      return try Row.fetchAll(
        db,
        sql: """
          SELECT at, result, code, why FROM delivery_attempt WHERE digest = ?1 OR notice = ?1
          ORDER BY id
          """, arguments: [id]
      ).map {
        OutboxMessage.Answer(
          at: instant($0["at"]), result: $0["result"], code: $0["code"], words: $0["why"])
      }
    }
  }

  /// What failed for good and would still be of use: digests of what can be claimed,
  /// and of the last week those that bring no offer, and notices.
  package func deadLetters(now: Date) async throws -> [OutboxMessage] {
    let weekAgo = milliseconds(now) - 7 * 86_400_000
    return try await read { db in
      try messages(
        db, MessageKind.digest,
        """
        state = 'failed' AND (EXISTS (
          SELECT 1 FROM announcement JOIN opportunity ON opportunity.id = announcement.opportunity
          WHERE announcement.digest = digest.id AND announcement.state = 'failed'
            AND opportunity.state = 'offered' AND opportunity.ended_at IS NULL)
          OR (keeps_empty = 1 AND created > ?))
        """, [weekAgo])
        + messages(
          db, MessageKind.notice,
          "state = 'failed' AND ended_at > ?", [weekAgo])
    }.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
  }

  /// By channel, what has been tried in vain for some time and is still owed: since when the first try was, and
  /// how many messages.
  ///
  /// One that was tried for a moment and waits since, for the end of a quiet time say, tells nothing of its channel:
  /// the tries must reach over a quarter of that time.
  /// - Parameter seconds: how long ago the first try was at least.
  package func lastingDeferrals(
    for seconds: Double, now: Date
  ) async throws -> [String: (since: Date, messages: Int)] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        kept(
          sql: """
            SELECT channel, min(first) AS since, count(*) AS messages FROM (
              SELECT channel, coalesce(attempted_at, created) AS last, coalesce(tried_since, (
                SELECT min(at) FROM delivery_attempt WHERE delivery_attempt.digest = digest.id)
              ) AS first
              FROM digest WHERE state IN \(owedStates)
              UNION ALL
              SELECT channel, attempted_at, (
                SELECT min(at) FROM delivery_attempt WHERE delivery_attempt.notice = notice.id)
              FROM notice WHERE state IN \(owedStates))
            WHERE first <= ?1 AND last - first >= ?2 GROUP BY channel
            """,
          arguments: [
            milliseconds(now.addingTimeInterval(-seconds)), Int64(seconds / 4 * 1000),
          ]))
      return Dictionary(
        uniqueKeysWithValues: rows.map {
          ($0["channel"], (since: instant($0["since"]), messages: $0["messages"]))
        })
    }
  }
}

/// - Parameter condition: a text that is the same each time.
private func messages(
  _ db: Database, _ kind: MessageKind, _ condition: String, _ arguments: StatementArguments = []
) throws -> [OutboxMessage] {
  let table = kind.rawValue
  return try Row.fetchAll(
    db,
    kept(
      sql: """
        SELECT \(table).id, recipient, channel, state, created, attempts, next_attempt,
          last.at, last.result, last.code, last.why, last_error
        FROM \(table) LEFT JOIN delivery_attempt AS last ON last.id = (
          SELECT max(id) FROM delivery_attempt WHERE delivery_attempt.\(table) = \(table).id)
        WHERE \(condition)
        """, arguments: arguments)
  ).map { row in
    let state: OutboxMessage.State = try word(row["state"], "\(table).state")
    let isOwed = [.pending, .sending, .deferred].contains(state)
    var message = OutboxMessage(
      id: row["id"], kind: kind == .digest ? .digest : .notice, recipient: row["recipient"],
      channel: row["channel"], state: state, created: instant(row["created"]),
      attempts: row["attempts"], nextAttempt: isOwed ? instant(row["next_attempt"]) : nil,
      last: (row["at"] as Int64?).map {
        OutboxMessage.Answer(
          at: instant($0), result: row["result"], code: row["code"], words: row["why"])
      })
    let areas: [String] =
      switch kind {
      case .digest:
        try String.fetchAll(
          db,
          sql: """
            SELECT opportunity.area FROM announcement
            JOIN opportunity ON opportunity.id = announcement.opportunity
            WHERE announcement.digest = ?
            """, arguments: [message.id])
      case .notice:
        try String.fetchAll(
          db, sql: "SELECT area FROM other_door_notice WHERE notice = ?", arguments: [message.id])
      }
    let ofSlots = try String.fetchAll(
      db, sql: "SELECT area FROM announcement_slot WHERE digest = ?", arguments: [message.id])
    message.areas = Set(areas + ofSlots)
    message.items = kind == .digest ? areas.count : 0
    return message
  }
}
