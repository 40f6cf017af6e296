import Foundation
import GRDB

extension Store {
  /// Puts what is owed into messages: one digest for each recipient and channel, with an id that
  /// every attempt will bear. What is no longer offered is withdrawn instead.
  ///
  /// - Parameters:
  ///   - newID: a fresh UUID in lower case; becomes the digest's id and its Message-ID.
  ///   - held: of what nothing is announced; it goes on being owed.
  ///   - link: the SHA-256 (32 bytes) of the token of an announcement's link in that digest.
  /// - Returns: how many digests were made. They are due at once.
  @discardableResult
  package func bundle(
    now: Date, held: HeldBack = HeldBack(), newID: @escaping @Sendable () -> String,
    link: @escaping @Sendable (_ announcement: Int64, _ digest: String) -> [UInt8],
    linkExpires: Date
  ) async throws -> Int {
    try await write { db in
      let now = milliseconds(now)
      try withdrawAnnouncements(db, in: "pending")
      let owed = try Row.fetchAll(
        db,
        sql: """
          SELECT announcement.id, recipient, channel FROM announcement
          WHERE announcement.state = 'pending'
            AND (announcement.cause = 'passed'
              OR announcement.opportunity NOT IN (\(HeldBack.opportunities)))
          ORDER BY recipient, channel, announcement.id
          """, arguments: held.arguments()
      ).map { (id: $0[0] as Int64, recipient: $0[1] as String, channel: $0[2] as String) }
      var made = 0
      var digest = (id: "", recipient: "", channel: "")
      for announcement in owed {
        if (digest.recipient, digest.channel) != (announcement.recipient, announcement.channel) {
          digest = (newID(), announcement.recipient, announcement.channel)
          made += 1
          try db.execute(
            sql: """
              INSERT INTO digest (id, recipient, channel, state, created, next_attempt)
              VALUES (?, ?, ?, 'pending', ?, ?)
              """, arguments: [digest.id, digest.recipient, digest.channel, now, now])
        }
        try db.execute(
          sql: "UPDATE announcement SET state = 'bundled', digest = ? WHERE id = ?",
          arguments: [digest.id, announcement.id])
        try db.execute(
          sql: """
            INSERT INTO link (hash, announcement, expires) VALUES (?, ?, ?)
            ON CONFLICT (hash) DO UPDATE SET expires = excluded.expires
            """,
          arguments: [
            Data(link(announcement.id, digest.id)), announcement.id, milliseconds(linkExpires),
          ])
      }
      return made
    }
  }
}

/// Withdraws the announcements in a state whose opportunity cannot be claimed any more, or went on trial; but not the
/// word to somebody who holds it, since it was passed to them.
func withdrawAnnouncements(_ db: Database, in state: String) throws {
  try db.execute(
    sql: """
      UPDATE announcement SET state = 'withdrawn'
      WHERE state = ? AND state IN ('pending', 'bundled')
        AND opportunity NOT IN (SELECT id FROM opportunity WHERE state = 'offered' AND shadow = 0)
        AND NOT (cause = 'passed' AND EXISTS (
          SELECT 1 FROM opportunity WHERE opportunity.id = announcement.opportunity
            AND opportunity.state = 'claimed' AND opportunity.holder = announcement.recipient))
      """, arguments: [state])
}

/// Takes what was put into a message out of it again where it is held back: it is owed as before. A message that
/// was tried and is held back as a whole may have reached its reader, and would be another message the next time: it
/// waits. What else is in a message that was tried does not wait for what is held back.
func unbundle(_ db: Database, _ held: HeldBack) throws {
  if held.isEmpty { return }
  try db.execute(
    sql: """
      UPDATE announcement SET state = 'pending', digest = NULL
      WHERE state = 'bundled' AND cause <> 'passed' AND opportunity IN (\(HeldBack.opportunities))
        AND digest IN (
          SELECT id FROM digest WHERE attempts = 0
          UNION
          SELECT digest FROM announcement
          WHERE state = 'bundled'
            AND (cause = 'passed' OR opportunity NOT IN (\(HeldBack.opportunities))))
      """, arguments: held.arguments())
}
