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
  /// What has been told of opportunities that are open.
  package func deskTold() async throws -> Set<DeskMark> {
    try await read { db in
      Set(
        try Row.fetchAll(
          db,
          sql: """
            SELECT opportunity, kind, epoch FROM desk_told
            JOIN opportunity ON opportunity.id = desk_told.opportunity
            WHERE opportunity.ended_at IS NULL
            """
        ).map {
          DeskMark(
            opportunity: $0["opportunity"], kind: try word($0["kind"], "desk_told.kind"),
            epoch: instant($0["epoch"]))
        })
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
            INSERT OR IGNORE INTO desk_told (opportunity, kind, epoch, at)
            SELECT id, ?, ?, ? FROM opportunity WHERE id = ? AND state = ?
            """,
          arguments: [
            one.kind.rawValue, milliseconds(one.epoch), milliseconds(now), one.opportunity,
            ofHolder ? "claimed" : "offered",
          ])
        guard db.changesCount == 1 else { continue }
        count += 1
        for notice in one.notices { try owe(db, notice, due: notice.created) }
        for link in one.links {
          try db.execute(
            sql: """
              INSERT INTO announcement
                (opportunity, recipient, channel, state, owed_at, cause, caused_by)
              VALUES (?, ?, ?, 'pending', ?, ?, ?)
              ON CONFLICT (opportunity, recipient, channel) DO UPDATE
              SET state = 'pending', digest = NULL, owed_at = excluded.owed_at,
                cause = excluded.cause, caused_by = excluded.caused_by
              WHERE state = 'withdrawn' AND dismissed = 0
              """,
            arguments: [
              one.opportunity, link.member, link.channel, milliseconds(now),
              one.kind == .askedFirst ? "asked_first" : "deputy", one.cause,
            ])
        }
      }
      return count
    }
  }
}
