import Foundation
import GRDB

extension Store {
  /// Makes what failed for good owed again, where it can still be claimed: for when the settings
  /// have changed that it may have failed by. It goes out as a new message with new links.
  /// - Returns: how many announcements.
  @discardableResult
  package func renewFailed(now: Date) async throws -> Int {
    try await write { db in
      try renew(db, "SELECT id FROM digest WHERE state = 'failed'", now: now)
    }
  }

  /// Makes what was given up owed again, where it can still be claimed, after a channel has taken something: the
  /// digests in whose whole time nothing went through it, so that the trouble was the channel's and not a mailbox's.
  /// All that is owed to one member goes out as one new message with new links.
  /// - Returns: how many announcements.
  @discardableResult
  package func renewGivenUp(channel: String, now: Date) async throws -> Int {
    try await write { db in
      try renew(
        db,
        """
        SELECT id FROM digest WHERE state = 'failed' AND channel = :channel
          AND 'deferred' = (
            SELECT result FROM delivery_attempt WHERE delivery_attempt.digest = digest.id
            ORDER BY delivery_attempt.id DESC LIMIT 1)
          AND NOT EXISTS (
            SELECT 1 FROM delivery_attempt AS taken
            LEFT JOIN digest AS other ON other.id = taken.digest
            LEFT JOIN notice ON notice.id = taken.notice
            WHERE taken.result = 'accepted' AND coalesce(other.channel, notice.channel) = :channel
              AND taken.at BETWEEN coalesce(digest.tried_since, digest.created) AND digest.attempted_at)
        """, ["channel": channel], now: now)
    }
  }
}

/// - Parameter digests: a subquery for the ids of failed messages.
private func renew(
  _ db: Database, _ digests: String, _ arguments: [String: String] = [:], now: Date
) throws -> Int {
  let renewed = try Row.fetchAll(
    db,
    sql: """
      SELECT id, facts,
        EXISTS (SELECT 1 FROM announcement_slot WHERE announcement_slot.digest = digest.id)
      FROM digest WHERE id IN (\(digests)) AND EXISTS (
        SELECT 1 FROM announcement WHERE announcement.digest = digest.id AND \(canBeRenewed))
      """, arguments: StatementArguments(arguments))
  var count = 0
  for row in renewed {
    let id: String = row[0]
    let isOfSlot: Bool = row[2]
    let isUseful = facts(row[1]).map { ($0.usefulUntil ?? .distantFuture) > now } ?? true
    count += isOfSlot && isUseful ? try sendAgain(db, id, now) : try free(db, id, now)
  }
  return count
}

private let canBeRenewed = """
  announcement.state = 'failed' AND opportunity IN (
    SELECT id FROM opportunity WHERE state = 'offered' AND ended_at IS NULL)
  """

/// What a digest carried is owed anew and goes out as another message: this one is no dead letter any more, unless
/// something of it cannot be claimed.
private func free(_ db: Database, _ digest: String, _ now: Date) throws -> Int {
  try db.execute(
    sql: """
      UPDATE announcement SET state = 'pending', digest = NULL, owed_at = ?
      WHERE digest = ? AND \(canBeRenewed)
      """, arguments: [milliseconds(now), digest])
  let count = db.changesCount
  try db.execute(
    sql: """
      UPDATE digest SET state = 'withdrawn' WHERE id = ?1 AND NOT EXISTS (
        SELECT 1 FROM announcement WHERE digest = ?1 AND state = 'failed')
      """, arguments: [digest])
  return count
}

/// A digest of a set time that is still useful goes out again itself: its slot is dealt with, so what it carried would
/// wait for the next.
private func sendAgain(_ db: Database, _ digest: String, _ now: Date) throws -> Int {
  try db.execute(
    sql: "UPDATE announcement SET state = 'bundled' WHERE digest = ? AND \(canBeRenewed)",
    arguments: [digest])
  let count = db.changesCount
  try db.execute(
    sql: "UPDATE digest SET state = 'deferred', next_attempt = ? WHERE id = ?",
    arguments: [milliseconds(now), digest])
  return count
}
