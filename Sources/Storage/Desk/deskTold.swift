import Foundation
import GRDB
import Triage

/// What the desk tells by itself, once for each lease or each time of being open.
package enum DeskTelling: String, Hashable, Sendable, CaseIterable {
  /// To the holder.
  case leaseEnds = "lease_ends"
  /// The council has closed the job; to the holder.
  case closed
  /// The contact register has come to forbid the address; to the holder.
  case forbidden
  /// To whoever held one here before.
  case askedFirst = "asked_first"
  /// To the leaders again; to the deputies; to the duty mailbox.
  case remind, deputy, duty
}

/// One thing that is to be told, and how. `notices` are mails of words alone, `links` go to members with a link of
/// their own, masked as every mail is.
package struct DeskTold: Sendable {
  package var opportunity: Int64
  package var kind: DeskTelling
  /// The end of the lease, or since when it is open.
  package var epoch: Date
  package var notices: [Notice]
  package var links: [Pass.Recipient]
  /// For whom somebody stands in: a member's id.
  package var cause: String?

  package init(
    opportunity: Int64, kind: DeskTelling, epoch: Date, notices: [Notice] = [],
    links: [Pass.Recipient] = [], cause: String? = nil
  ) {
    self.opportunity = opportunity
    self.kind = kind
    self.epoch = epoch
    self.notices = notices
    self.links = links
    self.cause = cause
  }
}

/// What was told of one opportunity.
package struct DeskMark: Hashable, Sendable {
  package var opportunity: Int64
  package var kind: DeskTelling
  package var epoch: Date

  package init(opportunity: Int64, kind: DeskTelling, epoch: Date) {
    self.opportunity = opportunity
    self.kind = kind
    self.epoch = epoch
  }
}

extension Store {
  /// What has been told of opportunities that are open, and when.
  package func deskTold() async throws -> [DeskMark: Date] {
    try await read { db in
      Dictionary(
        try Row.fetchAll(
          db,
          kept(
            sql: """
              SELECT opportunity, kind, epoch, at FROM desk_told
              JOIN opportunity ON opportunity.id = desk_told.opportunity
              WHERE opportunity.ended_at IS NULL
              """
          )
        ).map {
          (
            DeskMark(
              opportunity: $0["opportunity"], kind: try word($0["kind"], "desk_told.kind"),
              epoch: instant($0["epoch"])), instant($0["at"])
          )
        }, uniquingKeysWith: { one, _ in one })
    }
  }

  /// Who was told that they are asked first for an opportunity that is on offer since then.
  package func toldFirst(_ opportunity: Int64, offeredAt: Date) async throws -> String? {
    try await read { db in
      try String.fetchOne(
        db,
        kept(
          sql: """
            SELECT member FROM desk_told
            WHERE opportunity = ? AND kind = 'asked_first' AND epoch = ? AND member IS NOT NULL
            """, arguments: [opportunity, milliseconds(offeredAt)]))
    }
  }

  /// The opportunities of which a mail about a forbidden address is owed and has not gone out.
  package func unsentForbidden() async throws -> Set<Int64> {
    try await read { db in
      try Set(
        Int64.fetchAll(
          db,
          kept(
            sql: """
              SELECT told.opportunity
              FROM desk_told_notice AS told JOIN notice ON notice.id = told.notice
              WHERE told.kind = 'forbidden' AND notice.state IN \(owedStates)
              """)))
    }
  }

  /// Deletes those mails, and that they were told: the register has been corrected.
  package func withdrawForbidden(_ opportunities: Set<Int64>) async throws {
    if opportunities.isEmpty { return }
    try await write { db in
      try forget(
        db,
        try Row.fetchAll(
          db,
          sql: """
            SELECT told.notice, told.opportunity, told.kind, told.epoch
            FROM desk_told_notice AS told JOIN notice ON notice.id = told.notice
            WHERE told.kind = 'forbidden' AND notice.state IN \(owedStates)
              AND told.opportunity IN (SELECT value FROM json_each(?))
            """, arguments: [try json(opportunities.sorted())]))
    }
  }

  /// Owes the mails of what is to be told, each once, with the mark that it is owed, in one transaction: killed
  /// anywhere it is neither lost nor owed twice. What is not as it was when it was looked at (`isHeld`, or on offer)
  /// is left for another look.
  /// - Returns: how many were not told before.
  @discardableResult
  package func tell(_ told: [DeskTold], now: Date) async throws -> Int {
    if told.isEmpty { return 0 }
    return try await write { db in
      var count = 0
      for one in told {
        let ofHolder = [.leaseEnds, .closed, .forbidden].contains(one.kind)
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO desk_told (opportunity, kind, epoch, at, member)
            SELECT id, ?, ?, ?, ? FROM opportunity WHERE id = ? AND state = ?
            """,
          arguments: [
            one.kind.rawValue, milliseconds(one.epoch), milliseconds(now),
            one.kind == .askedFirst ? one.links.first?.member : nil, one.opportunity,
            ofHolder ? "claimed" : "offered",
          ])
        guard db.changesCount == 1 else { continue }
        count += 1
        for notice in one.notices {
          try owe(db, notice, due: notice.created)
          try db.execute(
            sql: """
              INSERT INTO desk_told_notice (notice, opportunity, kind, epoch) VALUES (?, ?, ?, ?)
              """,
            arguments: [
              notice.id, one.opportunity, one.kind.rawValue, milliseconds(one.epoch),
            ])
        }
        for link in one.links { try oweLink(db, link, of: one, now) }
      }
      return count
    }
  }
}

/// Owes a link of their own. Whoever stands in was told another time maybe, when it was open before: that one is over,
/// and they are asked anew.
private func oweLink(
  _ db: Database, _ link: Pass.Recipient, of told: DeskTold, _ now: Date
) throws {
  let again =
    told.kind == .askedFirst ? "('withdrawn', 'failed')" : "('withdrawn', 'failed', 'accepted')"
  try db.execute(
    sql: """
      INSERT INTO announcement (opportunity, recipient, channel, state, owed_at, cause, caused_by)
      VALUES (?, ?, ?, 'pending', ?, ?, ?)
      ON CONFLICT (opportunity, recipient, channel) DO UPDATE
      SET state = 'pending', digest = NULL, owed_at = excluded.owed_at, dismissed = 0,
        cause = excluded.cause, caused_by = excluded.caused_by
      WHERE state IN \(again)
      """,
    arguments: [
      told.opportunity, link.member, link.channel, milliseconds(now),
      told.kind == .askedFirst ? "asked_first" : "deputy", told.cause,
    ])
}

/// Deletes the mails of what the desk has told by itself that nobody has taken yet, where it does not hold any more: the
/// lease has another end, it is held or done, its holder has said that they go on. With the last of its mails the
/// mark goes, so that it is told again where the cause comes back (an undo).
func withdrawTold(_ db: Database) throws {
  let over = try Row.fetchAll(
    db,
    sql: """
      SELECT told.notice, told.opportunity, told.kind, told.epoch
      FROM notice
      JOIN desk_told_notice AS told ON told.notice = notice.id
      JOIN opportunity ON opportunity.id = told.opportunity
      LEFT JOIN claim ON claim.opportunity = opportunity.id AND claim.ended_at IS NULL
      WHERE notice.state IN \(owedStates) AND NOT CASE told.kind
        WHEN 'lease_ends' THEN claim.until IS told.epoch
        WHEN 'forbidden' THEN claim.claimed_at IS told.epoch
        WHEN 'closed' THEN claim.claimed_at IS told.epoch AND claim.closed_seen_at IS NULL
        ELSE opportunity.state = 'offered'
          AND max(coalesce(offered_at, 0), coalesce(open_since, 0)) = told.epoch
        END
      """)
  try forget(db, over)
  try withdrawOutcomeReminders(db)
}

/// Deletes owed mails, and with the last of them the mark that it is told.
/// - Parameter told: rows of `desk_told_notice`.
private func forget(_ db: Database, _ told: [Row]) throws {
  for row in told {
    try db.execute(sql: "DELETE FROM notice WHERE id = ?", arguments: [row["notice"] as String])
    try db.execute(
      sql: """
        DELETE FROM desk_told
        WHERE opportunity = ?1 AND kind = ?2 AND epoch = ?3 AND NOT EXISTS (
          SELECT 1 FROM desk_told_notice
          WHERE opportunity = ?1 AND kind = ?2 AND epoch = ?3)
        """,
      arguments: [row["opportunity"] as Int64, row["kind"] as String, row["epoch"] as Int64])
  }
}
