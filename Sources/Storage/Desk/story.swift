import Foundation
import GRDB
import Triage

/// What we did about one opportunity, as far as it is kept: how it was paced, who was told, who held it.
package struct StoredStory: Hashable, Sendable {
  package var isDrawn: Bool
  package var isShadow: Bool
  /// When it would have been offered if it were not on trial.
  package var shadowAt: Date?
  /// Two households: one joint opportunity.
  package var isJoint: Bool
  /// In the order in which they became owed.
  package var announcements: [Telling]
  /// The earliest first.
  package var claims: [Holding]

  /// One announcement.
  package struct Telling: Hashable, Sendable {
    /// A member's id.
    package var recipient: String
    package var channel: String
    /// `pending`, `bundled`, `accepted`, `withdrawn` or `failed`.
    package var state: String
    package var owedAt: Date
    /// When the other side took its message.
    package var acceptedAt: Date?
    package var attempts: Int
    /// Of the last attempt that failed.
    package var why: String?
  }

  /// One claim and what came of it.
  package struct Holding: Hashable, Sendable {
    package var holder: String
    package var claimedAt: Date
    package var endedAt: Date?
    /// `undone`, `released`, `lapsed`, `passed`, `taken_over`, `declined` or `outcome`; `nil` while it is held.
    package var endedHow: String?
    package var outcome: Outcome?
  }
}

extension Store {
  /// - Returns: `nil` where no such opportunity is known, or is known any more.
  package func story(of opportunity: Int64) async throws -> StoredStory? {
    try await read { db in
      guard
        let row = try Row.fetchOne(
          db,
          sql: """
            SELECT drawn, shadow, shadow_at, EXISTS (
              SELECT 1 FROM second_household WHERE second_household.opportunity = opportunity.id) AS joint
            FROM opportunity WHERE id = ?
            """, arguments: [opportunity])
      else { return nil }
      return StoredStory(
        isDrawn: row["drawn"], isShadow: row["shadow"], shadowAt: date(row["shadow_at"]),
        isJoint: row["joint"], announcements: try announcements(db, of: opportunity),
        claims: try claims(db, of: opportunity))
    }
  }
}

private func announcements(
  _ db: Database, of opportunity: Int64
) throws -> [StoredStory.Telling] {
  try Row.fetchAll(
    db,
    sql: """
      SELECT announcement.recipient, announcement.channel, announcement.state, owed_at,
        CASE announcement.state WHEN 'accepted' THEN digest.accepted_at END AS accepted_at,
        coalesce(digest.attempts, 0) AS attempts, digest.last_error
      FROM announcement LEFT JOIN digest ON digest.id = announcement.digest
      WHERE opportunity = ? ORDER BY owed_at, announcement.id
      """, arguments: [opportunity]
  ).map {
    StoredStory.Telling(
      recipient: $0["recipient"], channel: $0["channel"], state: $0["state"],
      owedAt: instant($0["owed_at"]), acceptedAt: date($0["accepted_at"]),
      attempts: $0["attempts"], why: $0["last_error"])
  }
}

private func claims(_ db: Database, of opportunity: Int64) throws -> [StoredStory.Holding] {
  try Row.fetchAll(
    db,
    sql: """
      SELECT holder, claimed_at, ended_at, ended_how, \(outcomeColumns)
      FROM claim LEFT JOIN outcome
        ON outcome.opportunity = claim.opportunity AND outcome.generation = claim.generation
      \(withConsent)
      WHERE claim.opportunity = ? ORDER BY claim.generation
      """, arguments: [opportunity]
  ).map { row in
    StoredStory.Holding(
      holder: row["holder"], claimedAt: instant(row["claimed_at"]),
      endedAt: date(row["ended_at"]), endedHow: row["ended_how"],
      outcome: try Storage.outcome(row)?.outcome)
  }
}
