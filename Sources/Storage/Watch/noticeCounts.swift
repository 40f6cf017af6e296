import Foundation
import GRDB
import Triage

/// How the mails to the person who runs the service stand.
package struct NoticeCounts: Hashable, Sendable {
  /// Due and not accepted; those are left out that wait until a trouble has lasted, or has stayed away,
  /// for a while.
  package var owed = 0
  /// When the oldest was made of those that were tried and not accepted.
  package var oldestRetried: Date?
  /// Refused for good within the last week, other than of jobs that show the other door.
  package var failed = 0
  /// Jobs that show the other door of which a mail was refused for good within the last week, and none accepted.
  package var otherDoorFailed = 0

  package init() {}
}

extension Store {
  package func noticeCounts(now: Date) async throws -> NoticeCounts {
    try await read { db in
      var counts = NoticeCounts()
      let at = milliseconds(now)
      let row = try Row.fetchOne(
        db,
        kept(
          sql: """
            SELECT count(*) FILTER (WHERE state IN \(owedStates) AND (attempts > 0 OR next_attempt <= ?)),
              min(created) FILTER (WHERE state IN \(owedStates) AND attempts > 0),
              count(*) FILTER (WHERE state = 'failed' AND ended_at > ?
                AND id NOT IN (SELECT notice FROM other_door_notice))
            FROM notice
            """, arguments: [at, at - 7 * 86_400_000]))
      guard let row else { return counts }
      counts.owed = row[0]
      counts.oldestRetried = date(row[1])
      counts.failed = row[2]
      counts.otherDoorFailed = try Int.fetchOne(
        db,
        kept(
          sql: """
            SELECT count(DISTINCT job) FROM other_door_notice AS told
            JOIN notice ON notice.id = told.notice
            WHERE state = 'failed' AND ended_at > ? AND NOT EXISTS (
              SELECT 1 FROM other_door_notice JOIN notice ON notice.id = other_door_notice.notice
              WHERE other_door_notice.job = told.job AND notice.state = 'accepted')
            """, arguments: [at - 7 * 86_400_000]))!
      return counts
    }
  }

  /// The episodes of a feed, those that last first, then the latest end first.
  package func episodes(feed: String, limit: Int) async throws -> [FeedEpisode] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT trouble, why, began, ended FROM feed_episode
          WHERE feed = (SELECT id FROM feed WHERE name = ?)
          ORDER BY ended IS NOT NULL, ended DESC, began DESC, id DESC LIMIT ?
          """, arguments: [feed, limit]
      ).map { row in
        FeedEpisode(
          feed: feed, trouble: try word(row["trouble"], "feed_episode.trouble"), why: row["why"],
          began: instant(row["began"]), ended: date(row["ended"]))
      }
    }
  }
}
