import Foundation
import GRDB
import Triage

/// How things stand, for readiness and status. Holds no personal data.
package struct Counts: Hashable, Sendable {
  package var jobs = 0
  /// Opportunities that are waiting, offered or claimed.
  package var open: [OpportunityState: Int] = [:]
  /// Announcements owed and not yet accepted.
  package var owed = 0
  /// Since when the longest of them is owed.
  package var oldestOwed: Date?
  /// Announcements that wait for the end of a pause.
  package var heldBack = 0
  /// Announcements that wait for their slot, or for the end of a quiet time.
  package var awaitingSlot = 0
  /// Messages that will not be tried again.
  package var failedDigests = 0
  /// Opportunities that could be claimed and that nobody was told of, because a message failed.
  package var failedOpen = 0
  /// By feed: the last list that was recorded, and the last poll that came to its end.
  package var lastImport: [String: Date] = [:]
  package var lastPoll: [String: Date] = [:]

  package init() {}
}

extension Store {
  /// - Parameters:
  ///   - paused: areas of which nothing is announced: what is owed there is counted apart.
  ///   - scheduled: areas that are told at times of their own: what is in no message yet is counted apart.
  ///   - quiet: areas of which nothing is told now: what had not been tried in vain for an hour before is counted with
  ///     what waits.
  package func counts(
    paused: Set<String> = [], scheduled: Set<String> = [], quiet: Set<String> = []
  ) async throws -> Counts {
    try await read { db in
      var counts = Counts()
      counts.jobs = try Int.fetchOne(db, kept(sql: "SELECT count(*) FROM job"))!
      for row in try Row.fetchAll(
        db,
        kept(
          sql: """
            SELECT state, count(*) FROM opportunity
            WHERE ended_at IS NULL GROUP BY state
            """))
      {
        counts.open[try word(row[0], "opportunity.state")] = row[1]
      }
      let owed = try Row.fetchOne(
        db,
        kept(
          sql: """
            SELECT count(*) FILTER (WHERE NOT held AND NOT waits),
              min(owed_at) FILTER (WHERE NOT held AND NOT waits), count(*) FILTER (WHERE held),
              count(*) FILTER (WHERE waits AND NOT held)
            FROM (
              SELECT owed_at, opportunity.area IN (SELECT value FROM json_each(?1)) AS held,
                (announcement.state = 'pending' AND cause = 'offered'
                  AND opportunity.area IN (SELECT value FROM json_each(?2)))
                  OR ((announcement.state = 'pending' OR cause = 'offered')
                    AND opportunity.area IN (SELECT value FROM json_each(?3))
                    AND coalesce(attempted_at - owed_at, 0) < 3600000) AS waits
              FROM announcement JOIN opportunity ON opportunity.id = announcement.opportunity
                LEFT JOIN digest ON digest.id = announcement.digest
              WHERE announcement.state IN ('pending', 'bundled'))
            """,
          arguments: [
            try json(paused.sorted()), try json(scheduled.sorted()), try json(quiet.sorted()),
          ]))!
      counts.owed = owed[0]
      counts.oldestOwed = date(owed[1])
      counts.heldBack = owed[2]
      counts.awaitingSlot = owed[3]
      counts.failedDigests = try Int.fetchOne(
        db, kept(sql: "SELECT count(*) FROM digest WHERE state = 'failed'"))!
      counts.failedOpen = try Int.fetchOne(
        db,
        kept(
          sql: """
            SELECT count(*) FROM opportunity
            WHERE state = 'offered' AND ended_at IS NULL
              AND EXISTS (SELECT 1 FROM announcement JOIN digest ON digest.id = announcement.digest
                WHERE announcement.opportunity = opportunity.id AND announcement.state = 'failed'
                  AND digest.state = 'failed')
              AND NOT EXISTS (SELECT 1 FROM announcement
                WHERE announcement.opportunity = opportunity.id
                  AND announcement.state = 'accepted')
            """))!
      for row in try Row.fetchAll(
        db,
        kept(
          sql: """
            SELECT feed.name, max(import.at) AS imported, feed.polled_at
            FROM feed LEFT JOIN import ON import.feed = feed.id GROUP BY feed.id
            """))
      {
        let feed: String = row["name"]
        counts.lastImport[feed] = date(row["imported"])
        counts.lastPoll[feed] = date(row["polled_at"])
      }
      return counts
    }
  }
}
