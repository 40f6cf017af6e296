import Foundation
import GRDB
import Triage

/// What is on offer or held, as far as the desk tells of it by itself.
package struct StoredDeskItem: Hashable, Sendable {
  package var opportunity: Int64
  package var area: String
  package var jobType: String
  package var offer: OfferKind
  /// When the job was received.
  package var received: Date
  package var isShadow: Bool
  /// `nil`: on offer.
  package var holder: String?
  /// Since when it is held, or on offer again.
  package var since: Date?
  package var offeredAt: Date?
  /// Since when it is in a message to those who lead the area; `nil`: in none yet.
  package var toldSince: Date?
  /// The end of the lease.
  package var until: Date?
  package var jobClosed: Date?
  package var wasClosed: Bool
  package var isClosedSeen: Bool
  /// Whether another one at a dwelling of its own was held once: without that nobody is asked first.
  package var wasHeldBefore: Bool

  package var isHeld: Bool { holder != nil }
}

/// Of those on offer alone, and asked of all of them at once: this is looked up three times a minute.
private let heldBefore = """
  (state = 'offered' AND EXISTS (
    SELECT 1 FROM claim AS past
    WHERE past.ended_at IS NOT NULL AND past.opportunity <> opportunity.id AND past.opportunity IN (
      SELECT other.id FROM opportunity AS other WHERE other.generation > 0 AND other.address_key IN (\(dwellings))
      UNION SELECT opportunity FROM second_household WHERE address_key IN (\(dwellings)))))
  """

/// The one of an opportunity, and the second of a joint one.
private let dwellings = """
  SELECT opportunity.address_key
  UNION ALL SELECT address_key FROM second_household AS second WHERE second.opportunity = opportunity.id
  """

extension Store {
  /// What is on offer or held, by id.
  package func deskItems() async throws -> [StoredDeskItem] {
    try await read { db in
      try Row.fetchAll(
        db,
        kept(
          sql: """
            SELECT opportunity.id, opportunity.area, job_type, offer, since, shadow,
              opportunity.holder, opportunity.claimed_at, offered_at, open_since, claim.until,
              coalesce(job.closed, job.gone) AS job_closed, coalesce(claim.was_closed, 0) AS was_closed,
              claim.closed_seen_at IS NOT NULL AS closed_seen,
              (SELECT min(owed_at) FROM announcement
                WHERE announcement.opportunity = opportunity.id AND announcement.cause = 'offered'
                  AND announcement.state IN ('bundled', 'accepted', 'failed')) AS told_since,
              \(heldBefore) AS held_before
            FROM opportunity
            LEFT JOIN claim ON claim.opportunity = opportunity.id AND claim.ended_at IS NULL
            LEFT JOIN job ON job.id = opportunity.trigger_job
            WHERE opportunity.ended_at IS NULL AND state <> 'waiting' ORDER BY opportunity.id
            """
        )
      ).map { row in
        let offered = date(row["offered_at"])
        let open = [offered, date(row["open_since"])].compactMap { $0 }.max()
        let holder: String? = row["holder"]
        return StoredDeskItem(
          opportunity: row["id"], area: row["area"], jobType: row["job_type"],
          offer: try word(row["offer"], "opportunity.offer"), received: instant(row["since"]),
          isShadow: row["shadow"], holder: holder,
          since: holder == nil ? open : date(row["claimed_at"]), offeredAt: offered,
          toldSince: date(row["told_since"]), until: date(row["until"]),
          jobClosed: date(row["job_closed"]),
          wasClosed: row["was_closed"], isClosedSeen: row["closed_seen"],
          wasHeldBefore: row["held_before"])
      }
    }
  }
}
