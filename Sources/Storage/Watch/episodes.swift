import Foundation
import GRDB
import Triage

extension Store {
  /// Opens an episode of a feed, with the mail that tells of it, in one transaction.
  ///
  /// An episode that ended and whose end nobody was told yet goes on as it was: the mail about its end
  /// is taken back, and no second one about its beginning is owed. So a feed that comes and goes tells
  /// the admin once.
  /// - Parameter patience: seconds that it must last before the mail is sent; where it ends within them
  ///   nobody is told of its beginning nor of its end.
  /// - Parameter state: the feed's memory where the trouble is part of what it knows: both or neither are
  ///   written, so that no file is known as refused of which nobody is told.
  /// - Returns: `false` where it is open already, or goes on; its sentence is the new one then.
  package func begin(
    _ episode: FeedEpisode, notice: Notice?, patience: Double = 0, state: Data? = nil
  ) async throws -> Bool {
    try await write { db in
      let feed = try feedID(db, episode.feed)
      if let state {
        try noteFeed(db, id: feed, state: state, now: milliseconds(episode.began))
      }
      try db.execute(
        sql: "UPDATE feed_episode SET why = ? WHERE feed = ? AND trouble = ? AND ended IS NULL",
        arguments: [episode.why, feed, episode.trouble.rawValue])
      if db.changesCount == 1 { return false }
      if try goOn(db, feed, episode) { return false }
      if let notice { try owe(db, notice, due: notice.created + patience) }
      try db.execute(
        sql: "INSERT INTO feed_episode (feed, trouble, why, began, told) VALUES (?, ?, ?, ?, ?)",
        arguments: [
          feed, episode.trouble.rawValue, episode.why, milliseconds(episode.began), notice?.id,
        ])
      return true
    }
  }

  /// Ends those of the troubles that are open.
  /// - Parameters:
  ///   - quiet: seconds that a trouble must stay away before the mail about its end is sent; where it
  ///     returns within them the mail is not sent, and the episode goes on.
  ///   - notice: the mail about the end of one; `nil` where nobody is told.
  /// - Returns: the episodes that ended now.
  package func end(
    feed: String, troubles: Set<FeedTrouble>, now: Date, quiet: Double = 3600,
    notice: @escaping @Sendable (FeedEpisode) -> Notice?
  ) async throws -> [FeedEpisode] {
    guard !troubles.isEmpty else { return [] }
    return try await write { db in
      let id = try feedID(db, feed)
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT id, trouble, why, began, told FROM feed_episode
          WHERE feed = ? AND ended IS NULL ORDER BY began, id
          """, arguments: [id])
      var ended: [FeedEpisode] = []
      for row in rows {
        var episode = try storedEpisode(row, of: feed)
        guard troubles.contains(episode.trouble) else { continue }
        episode.ended = now
        let isUntold = try takeBack(db, row["told"], now: now)
        let over = isUntold ? nil : notice(episode)
        if let over { try owe(db, over, due: now.addingTimeInterval(quiet)) }
        try db.execute(
          sql: "UPDATE feed_episode SET ended = ?, over = ? WHERE id = ?",
          arguments: [milliseconds(now), over?.id, row["id"] as Int64])
        ended.append(episode)
      }
      return ended
    }
  }

  /// The open episodes of every feed, by its name, the longest first.
  package func openEpisodes() async throws -> [String: [FeedEpisode]] {
    try await read { try allOpenEpisodes($0) }
  }
}

/// Opens the last episode of this kind again, where the mail about its end has not been tried yet.
private func goOn(_ db: Database, _ feed: Int64, _ episode: FeedEpisode) throws -> Bool {
  let last = try Row.fetchOne(
    db,
    sql: """
      SELECT feed_episode.id, feed_episode.over FROM feed_episode
      JOIN notice ON notice.id = feed_episode.over
      WHERE feed = ? AND trouble = ? AND notice.state IN \(owedStates) AND notice.attempts = 0
      ORDER BY feed_episode.ended DESC LIMIT 1
      """, arguments: [feed, episode.trouble.rawValue])
  guard let last else { return false }
  try db.execute(
    sql: "UPDATE feed_episode SET ended = NULL, over = NULL, why = ? WHERE id = ?",
    arguments: [episode.why, last["id"] as Int64])
  try db.execute(sql: "DELETE FROM notice WHERE id = ?", arguments: [last["over"] as String])
  return true
}

/// Takes the mail about an episode's beginning back where it is not due yet.
/// - Returns: whether nobody was told.
private func takeBack(_ db: Database, _ notice: String?, now: Date) throws -> Bool {
  guard let notice else { return false }
  try db.execute(
    sql: """
      DELETE FROM notice
      WHERE id = ? AND state IN \(owedStates) AND attempts = 0 AND next_attempt > ?
      """, arguments: [notice, milliseconds(now)])
  return db.changesCount == 1
}

/// By feed name, the longest first.
func allOpenEpisodes(_ db: Database) throws -> [String: [FeedEpisode]] {
  var open: [String: [FeedEpisode]] = [:]
  let rows = try Row.fetchAll(
    db,
    kept(
      sql: """
        SELECT feed.name, trouble, why, began FROM feed_episode
        JOIN feed ON feed.id = feed_episode.feed
        WHERE ended IS NULL ORDER BY began, feed_episode.id
        """))
  for row in rows {
    let feed: String = row["name"]
    open[feed, default: []].append(try storedEpisode(row, of: feed))
  }
  return open
}

private func storedEpisode(_ row: Row, of feed: String) throws -> FeedEpisode {
  FeedEpisode(
    feed: feed, trouble: try word(row["trouble"], "feed_episode.trouble"), why: row["why"],
    began: instant(row["began"]))
}
