import Foundation
import GRDB
import Triage

extension Store {
  /// The list that waits for a person because of this trouble, and no other one.
  package func held(because episode: FeedEpisode) async throws -> HeldList? {
    try await held(feed: episode.feed).flatMap { $0.trouble == episode.trouble ? $0 : nil }
  }

  /// What the mail says that told of the beginning of a trouble that lasts, in paragraphs; none where no mail
  /// system has accepted such a mail.
  package func told(feed: String, _ trouble: FeedTrouble) async throws -> [String] {
    try await read { db in
      let body = try String.fetchOne(
        db,
        sql: """
          SELECT notice.body FROM feed_episode JOIN notice ON notice.id = feed_episode.told
          WHERE feed_episode.feed = (SELECT id FROM feed WHERE name = ?)
            AND feed_episode.trouble = ? AND feed_episode.ended IS NULL
            AND notice.state = 'accepted'
          """, arguments: [feed, trouble.rawValue])
      return body.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) } ?? []
    }
  }

  /// Owes a mail that belongs to no feed's trouble. - Returns: `false` where one with its id is known.
  @discardableResult
  package func oweOnce(_ notice: Notice) async throws -> Bool {
    try await write { db in
      let isKnown = try Row.fetchOne(
        db, sql: "SELECT 1 FROM notice WHERE id = ?", arguments: [notice.id])
      guard isKnown == nil else { return false }
      try owe(db, notice, due: notice.created)
      return true
    }
  }
}
