import Foundation
import GRDB

/// How many rows were deleted for their age. All zero when there was nothing to delete.
package struct PurgeResult: Hashable, Sendable {
  package var jobs = 0
  /// Accounts of imports, and reports of those that are kept.
  package var imports = 0
  /// Messages and single attempts to deliver them.
  package var digests = 0, attempts = 0
  /// Slots at which somebody was told.
  package var slots = 0
  /// With their claims, outcomes, announcements and links.
  package var opportunities = 0
  /// Announcements with their links, and claims, of opportunities that are kept.
  package var announcements = 0, claims = 0
  /// Words and scores that nothing refers to any more.
  package var words = 0, scores = 0
  /// Episodes of feeds and matters of the instance that are over, and mails about them.
  package var episodes = 0, notices = 0
  /// Sets of areas that are in force no more, and troubles with boundary files that are over.
  package var areaSets = 0, areaTroubles = 0
  /// Fingerprints of references without a place.
  package var unplaced = 0
  /// Links to sign in and sessions that have ended.
  package var sessions = 0
  /// Rows of the audit.
  package var audit = 0

  package init() {}
}

extension Store {
  /// Deletes what is older than it may be kept, in the file and in its log. What is open or held
  /// stays with its jobs, whatever its age; what nobody ever claimed goes with the jobs, what was
  /// claimed stays for as long as claims and outcomes do, without the jobs that made it.
  ///
  /// - Parameters:
  ///   - before: jobs that are closed or gone since before that; reports, messages and links of
  ///     before that. While a consent stands the links of whoever holds it, through whose link it was recorded, and
  ///     to whom it was offered stay: they are the way to take it back.
  ///   - endedBefore: claims and outcomes that ended before that, and their opportunities.
  ///   - sessionsBefore: links to sign in and sessions that ended before that; what they were used for is in
  ///     the audit. `nil`: `before`.
  ///   - snapshotFeeds: feeds whose lists say by themselves what is gone. Jobs of any other feed
  ///     go by the day on which they were received, or first seen where they bear none.
  @discardableResult
  package func purge(
    before: Date, endedBefore: Date, sessionsBefore: Date? = nil, snapshotFeeds: Set<String>
  ) async throws -> PurgeResult {
    let sessionsBefore = milliseconds(sessionsBefore ?? before)
    let (before, endedBefore) = (milliseconds(before), milliseconds(endedBefore))
    let result = try await write { db in
      var result = PurgeResult()
      func delete(_ sql: String, _ arguments: StatementArguments) throws -> Int {
        try db.execute(sql: sql, arguments: arguments)
        return db.changesCount
      }
      result.opportunities = try delete(
        """
        DELETE FROM opportunity
        WHERE ended_at < ?1 OR (ended_at < ?2 AND NOT EXISTS (
          SELECT 1 FROM claim WHERE claim.opportunity = opportunity.id))
        """, [endedBefore, before])
      // The register is asked for what is open only.
      _ = try delete(
        """
        DELETE FROM reached_place
        WHERE opportunity IN (SELECT id FROM opportunity WHERE ended_at < ?)
        """, [before])
      result.claims = try delete("DELETE FROM claim WHERE ended_at < ?", [endedBefore])
      result.audit = try purgeAudit(db, before: endedBefore)
      result.announcements = try delete(
        """
        DELETE FROM announcement
        WHERE opportunity IN (SELECT id FROM opportunity WHERE ended_at < ?)
          AND NOT (
            opportunity IN (
              SELECT opportunity FROM consent WHERE given = 1 AND withdrawn_at IS NULL)
            AND (cause = 'offered' OR EXISTS (
              SELECT 1 FROM claim
              WHERE claim.opportunity = announcement.opportunity AND claim.ended_how = 'outcome'
                AND announcement.recipient IN (claim.holder, claim.issued_to))))
        """, [before])
      result.digests = try delete(
        """
        DELETE FROM digest
        WHERE state NOT IN \(owedStates) AND created < ? AND NOT EXISTS (
          SELECT 1 FROM announcement WHERE announcement.digest = digest.id)
        """, [before])
      // What stays for its consent says nothing of the others that were held then.
      _ = try delete(
        "UPDATE digest SET facts = NULL, keeps_empty = 0 WHERE created < ? AND state NOT IN \(owedStates)",
        [before])
      result.slots = try delete("DELETE FROM announcement_slot WHERE due < ?", [before])
      result.attempts = try delete("DELETE FROM delivery_attempt WHERE at < ?", [before])
      // The newest account of a feed stays: it says when the last list came.
      result.imports =
        try delete(
          """
          DELETE FROM import
          WHERE at < ? AND EXISTS (
            SELECT 1 FROM import AS later WHERE later.feed = import.feed AND later.at > import.at)
          """, [before])
        + delete("UPDATE import SET report = NULL WHERE at < ? AND report NOTNULL", [before])
        + delete(
          """
          DELETE FROM import WHERE id IN (
            SELECT id FROM (
              SELECT id, row_number() OVER (PARTITION BY feed ORDER BY at DESC, id DESC) AS place
              FROM import)
            WHERE place > ?)
          """, [mostReports])
      result.episodes =
        try delete("DELETE FROM feed_episode WHERE ended < ?", [before])
        + delete("DELETE FROM matter WHERE ended < ?", [before])
      result.areaTroubles = try delete("DELETE FROM area_trouble WHERE ended < ?", [before])
      // The newest that was told is what an untold one is compared with.
      result.areaSets = try delete(
        """
        DELETE FROM area_set
        WHERE told = 1 AND id NOT IN (SELECT id FROM area_set ORDER BY id DESC LIMIT 2)
          AND id <> (SELECT max(id) FROM area_set WHERE told = 1)
        """, [])
      result.notices = try delete("DELETE FROM notice WHERE ended_at < ?", [before])
      result.sessions = try purgeSessions(db, before: sessionsBefore)
      result.unplaced = try delete("DELETE FROM unplaced WHERE listed < ?", [before])
      result.jobs = try delete(
        """
        DELETE FROM job
        WHERE (gone < ?1 OR closed < ?1 OR (coalesce(received, first_seen) < ?1
            AND feed NOT IN (
              SELECT id FROM feed WHERE name IN (SELECT value FROM json_each(?2)))))
          AND NOT EXISTS (
            SELECT 1 FROM opportunity_job
            JOIN opportunity ON opportunity.id = opportunity_job.opportunity
            WHERE opportunity_job.job = job.id AND opportunity.ended_at IS NULL)
          AND NOT EXISTS (
            SELECT 1 FROM opportunity
            WHERE opportunity.trigger_job = job.id AND opportunity.ended_at IS NULL)
        """, [before, try json(snapshotFeeds.sorted())])
      result.words = try delete(
        "DELETE FROM job_kind WHERE id NOT IN (SELECT kind FROM job)", [])
      result.scores = try delete(
        "DELETE FROM score WHERE id NOT IN (SELECT score FROM opportunity)", [])
      return result
    }
    if result != PurgeResult() { try await emptyLog() }
    return result
  }
}

/// So many accounts of a feed are kept at most: a list every five minutes for more than a month.
private let mostReports = 10_000
