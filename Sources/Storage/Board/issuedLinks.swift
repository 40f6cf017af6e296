import Foundation
import GRDB
import Triage

/// A claim link as whoever runs the service may know of it. Its token is nowhere.
package struct IssuedLink: Hashable, Sendable {
  package var opportunity: Int64
  package var area: String
  /// Of the opportunity.
  package var state: OpportunityState
  /// A member's id.
  package var recipient: String
  package var channel: String
  package var cause: AnnouncementCause
  /// When the other side took the mail that brings it; `nil`: not yet, or it brings it no more.
  package var accepted: Date?
  package var expires: Date
  package var isRevoked: Bool

  /// Whether it opens something.
  package func isGood(at now: Date) -> Bool {
    !isRevoked && now < expires && state != .withdrawn
  }
}

/// Which links are meant.
package enum LinkScope: Hashable, Sendable {
  /// All that were sent for it.
  case opportunity(Int64)
  /// All that were sent to a member, by their id.
  case recipient(String)
  case all

  fileprivate var arguments: StatementArguments {
    switch self {
    case .opportunity(let id): [id, nil]
    case .recipient(let member): [nil, member]
    case .all: [nil, nil]
    }
  }
}

/// What was done to links.
package struct RevokedLinks: Hashable, Sendable {
  /// Links that were good until now, and are no more.
  package var links = 0
  /// Sessions on the board that have ended.
  package var sessions = 0
  /// Offers that are owed anew, with new links.
  package var owedAnew = 0

  package init(links: Int = 0, sessions: Int = 0, owedAnew: Int = 0) {
    self.links = links
    self.sessions = sessions
    self.owedAnew = owedAnew
  }
}

extension Store {
  /// The claim links of a scope, by opportunity and recipient.
  package func issuedLinks(_ scope: LinkScope) async throws -> [IssuedLink] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT opportunity.id, opportunity.area, opportunity.state, announcement.recipient,
            announcement.channel, announcement.cause, link.expires, link.revoked,
            CASE announcement.state WHEN 'accepted' THEN digest.accepted_at END AS accepted_at
          FROM link
          JOIN announcement ON announcement.id = link.announcement
          JOIN opportunity ON opportunity.id = announcement.opportunity
          LEFT JOIN digest ON digest.id = announcement.digest
          WHERE \(inScope)
          ORDER BY opportunity.id, announcement.recipient, link.expires
          """, arguments: scope.arguments
      ).map {
        IssuedLink(
          opportunity: $0["id"], area: $0["area"],
          state: try word($0["state"], "opportunity.state"), recipient: $0["recipient"],
          channel: $0["channel"], cause: try word($0["cause"], "announcement.cause"),
          accepted: date($0["accepted_at"]), expires: instant($0["expires"]),
          isRevoked: $0["revoked"])
      }
    }
  }

  /// Makes every claim link of a scope useless, with a row in the audit, in one transaction. Where a member's links are
  /// meant, or all, the sessions and the links to sign in go with them: whoever has the mailbox has both.
  ///
  /// - Parameter sendsAnew: what is on offer, and was told through such a link, is owed again with a new one; and so is
  ///   what somebody holds since it was passed to them.
  package func revokeLinks(
    _ scope: LinkScope, sendsAnew: Bool = false, audit: AuditRow, now: Date
  ) async throws -> RevokedLinks {
    try await write { db in
      let at = milliseconds(now)
      var done = RevokedLinks()
      if sendsAnew { done.owedAnew = try oweAnew(db, scope, at) }
      let sent = """
        announcement IN (
          SELECT announcement.id FROM announcement
          JOIN opportunity ON opportunity.id = announcement.opportunity WHERE \(inScope))
        """
      // Of those that have ended already nobody needs to hear.
      done.links = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM link WHERE revoked = 0 AND expires > ?3 AND \(sent)",
        arguments: scope.arguments + [at])!
      try db.execute(
        sql: "UPDATE link SET revoked = 1 WHERE revoked = 0 AND \(sent)",
        arguments: scope.arguments)
      switch scope {
      case .opportunity: break
      case .recipient(let member): done.sessions = try signOut(db, member: member, at)
      case .all: done.sessions = try signOut(db, member: nil, at)
      }
      try writeAudit(db, audit)
      return done
    }
  }
}

/// With ``LinkScope/arguments``.
private let inScope =
  "(?1 IS NULL OR opportunity.id = ?1) AND (?2 IS NULL OR announcement.recipient = ?2)"

/// - Returns: how many announcements are owed anew.
private func oweAnew(_ db: Database, _ scope: LinkScope, _ at: Int64) throws -> Int {
  try db.execute(
    sql: """
      UPDATE announcement SET state = 'pending', digest = NULL, owed_at = ?3
      WHERE state = 'accepted' AND id IN (
        SELECT announcement.id FROM announcement
        JOIN opportunity ON opportunity.id = announcement.opportunity
        WHERE \(inScope)
          AND (opportunity.state = 'offered' AND opportunity.shadow = 0
            OR opportunity.state = 'claimed' AND announcement.cause = 'passed'
              AND opportunity.holder = announcement.recipient)
          AND EXISTS (SELECT 1 FROM link WHERE link.announcement = announcement.id))
      """, arguments: scope.arguments + [at])
  return db.changesCount
}
