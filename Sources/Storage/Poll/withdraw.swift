import Foundation
import GRDB

extension Store {
  /// Takes back opportunities whose reason is gone or that the register forbids, with what is
  /// owed because of them. What is held or ended already is left alone.
  /// - Returns: how many were taken back.
  @discardableResult
  package func withdraw(opportunities: [Int64], now: Date) async throws -> Int {
    try await write { try withdrawOpportunities($0, opportunities, now: milliseconds(now)) }
  }

  /// Takes back what is offered through links that have all run out, so that the address and its
  /// place in the week are free. Where the reason still stands, the next pass offers it afresh,
  /// with a new message and new links.
  /// - Returns: how many were taken back.
  @discardableResult
  package func withdrawExpiredOffers(now: Date) async throws -> Int {
    try await write { db in
      let now = milliseconds(now)
      let expired = try Int64.fetchAll(
        db,
        sql: """
          SELECT id FROM opportunity
          WHERE state = 'offered' AND ended_at IS NULL
            AND EXISTS (
              SELECT 1 FROM announcement JOIN link ON link.announcement = announcement.id
              WHERE announcement.opportunity = opportunity.id)
            AND NOT EXISTS (
              SELECT 1 FROM announcement
              WHERE announcement.opportunity = opportunity.id AND announcement.state = 'pending')
            AND NOT EXISTS (
              SELECT 1 FROM announcement JOIN link ON link.announcement = announcement.id
              WHERE announcement.opportunity = opportunity.id
                AND link.revoked = 0 AND link.expires > ?)
          """, arguments: [now])
      return try withdrawOpportunities(db, expired, now: now)
    }
  }
}

func withdrawOpportunities(_ db: Database, _ ids: [Int64], now: Int64) throws -> Int {
  let end = try FastStatement(
    db,
    """
    UPDATE opportunity SET state = 'withdrawn', ended_at = ?, updated_at = ?
    WHERE id = ? AND state IN ('waiting', 'offered')
    """)
  let drop = try FastStatement(
    db,
    """
    UPDATE announcement SET state = 'withdrawn' WHERE opportunity = ? AND state = 'pending'
    """)
  var withdrawn = 0
  for id in ids {
    end.bind(now)
    end.bind(now)
    end.bind(id)
    guard try end.run() == 1 else { continue }
    withdrawn += 1
    drop.bind(id)
    try drop.run()
  }
  return withdrawn
}
