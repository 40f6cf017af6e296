import Foundation
import GRDB
import Triage

/// A message that is to be tried now.
package struct DueDigest: Hashable, Sendable, Identifiable {
  package var id: String
  package var recipient: String
  package var channel: String
  package var created: Date
  /// Since when it has been tried to bring what it took over from an earlier message; `nil`: it took over nothing that
  /// was tried.
  package var triedSince: Date?
  /// Attempts before this one.
  package var attempts: Int
  /// Most urgent first.
  package var items: [Item]
  /// How its areas stood when it was made; `nil`: it is of no slot.
  package var facts: DigestFacts?

  package struct Item: Hashable, Sendable {
    package var announcement: Int64
    package var opportunity: StoredOpportunity
    package var linkExpires: Date
    package var cause = AnnouncementCause.offered
    /// Who passed it, or for whom the recipient stands in: a member's id.
    package var causedBy: String?
  }
}

extension Store {
  /// The messages whose time has come, the longest due first. Items that are no longer offered
  /// are withdrawn first, and so is a message that is left without items, unless it is to be told all the same.
  /// - Parameter held: of what nothing is announced: it is taken out, and owed as before; a message that was
  ///   tried already, and of which all is held back, waits.
  package func dueDigests(now: Date, held: HeldBack = HeldBack()) async throws -> [DueDigest] {
    try await write { db in
      try takeUp(db, .digest)
      try withdrawAnnouncements(db, in: "bundled")
      try unbundle(db, held)
      try db.execute(
        sql: """
          UPDATE digest SET state = 'withdrawn'
          WHERE state IN \(owedStates) AND keeps_empty = 0 AND NOT EXISTS (
            SELECT 1 FROM announcement
            WHERE announcement.digest = digest.id AND announcement.state = 'bundled')
          """)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT id, recipient, channel, created, tried_since, attempts, facts FROM digest
          WHERE state IN \(owedStates) AND next_attempt <= ?3 AND id NOT IN (
            SELECT digest FROM announcement
            WHERE state = 'bundled' AND cause <> 'passed' AND opportunity IN (\(HeldBack.opportunities)))
          ORDER BY next_attempt, created, id
          """, arguments: held.arguments() + [milliseconds(now)]
      ).map { row in
        DueDigest(
          id: row["id"], recipient: row["recipient"], channel: row["channel"],
          created: instant(row["created"]), triedSince: date(row["tried_since"]),
          attempts: row["attempts"],
          items: try items(db, of: row["id"]), facts: facts(row["facts"]))
      }
    }
  }
}

/// `nil` where there are none, or where another version wrote them in another shape.
func facts(_ text: String?) -> DigestFacts? {
  text.flatMap { try? JSONDecoder().decode(DigestFacts.self, from: Data($0.utf8)) }
}

private func items(_ db: Database, of digest: String) throws -> [DueDigest.Item] {
  try Row.fetchAll(
    db.cachedStatement(
      sql: """
        SELECT announcement.id, announcement.opportunity, announcement.cause, announcement.caused_by,
          (SELECT max(expires) FROM link WHERE link.announcement = announcement.id) AS expires
        FROM announcement
        JOIN opportunity ON opportunity.id = announcement.opportunity
        JOIN score ON score.id = opportunity.score
        WHERE announcement.digest = ? AND announcement.state = 'bundled'
        ORDER BY score.points DESC, opportunity.since, announcement.id
        """), arguments: [digest]
  ).map { row in
    DueDigest.Item(
      announcement: row["id"], opportunity: try storedOpportunity(db, row["opportunity"])!,
      linkExpires: instant(row["expires"]),
      cause: try word(row["cause"], "announcement.cause"), causedBy: row["caused_by"])
  }
}
