import Foundation
import GRDB
import Triage

extension Store {
  /// Puts what is owed into messages: one digest for each recipient, channel and slot, with an id that
  /// every attempt will bear. What is no longer offered is withdrawn instead.
  ///
  /// Without a plan everything goes at once. What waits for a slot goes on being owed; at its slot it goes out
  /// together with what an earlier digest could not bring to the same person yet.
  /// - Parameters:
  ///   - newID: a fresh UUID in lower case; becomes the digest's id and its Message-ID.
  ///   - held: of what nothing is announced; it goes on being owed.
  ///   - plan: what waits, and the slots that are in force and not held back.
  ///   - link: the SHA-256 (32 bytes) of the token of an announcement's link in that digest.
  /// - Returns: how many digests were made. They are due at once.
  @discardableResult
  package func bundle(
    now: Date, held: HeldBack = HeldBack(), plan: AnnouncementPlan = AnnouncementPlan(),
    newID: @escaping @Sendable () -> String,
    link: @escaping @Sendable (_ announcement: Int64, _ digest: String) -> [UInt8],
    linkExpires: Date
  ) async throws -> Int {
    try await write { db in
      try withdrawAnnouncements(db, in: "pending")
      let writer = DigestWriter(
        db: db, now: milliseconds(now), newID: newID, link: link,
        linkExpires: milliseconds(linkExpires))
      var bundles = try Bundles(db, plan)
      for owed in try owed(db, held) { bundles.add(owed) }
      for (address, bundle) in bundles.ordered { try writer.write(bundle, to: address, held) }
      try writer.noteSilent(bundles)
      return writer.made
    }
  }
}

/// An announcement that is in no message yet.
struct OwedAnnouncement {
  var id: Int64
  var opportunity: Int64
  var recipient: String
  var channel: String
  var area: String
  var points: Int
  var cause: AnnouncementCause
  /// Its area is told at times of its own, or not at some.
  var isScheduled = false
}

private func owed(_ db: Database, _ held: HeldBack) throws -> [OwedAnnouncement] {
  try Row.fetchAll(
    db,
    sql: """
      SELECT announcement.id, announcement.opportunity, recipient, channel, cause,
        opportunity.area, score.points
      FROM announcement
      JOIN opportunity ON opportunity.id = announcement.opportunity
      JOIN score ON score.id = opportunity.score
      WHERE announcement.state = 'pending'
        AND (announcement.cause = 'passed'
          OR announcement.opportunity NOT IN (\(HeldBack.opportunities)))
      ORDER BY announcement.id
      """, arguments: held.arguments()
  ).map { row in
    OwedAnnouncement(
      id: row["id"], opportunity: row["opportunity"], recipient: row["recipient"],
      channel: row["channel"], area: row["area"], points: row["points"],
      cause: try word(row["cause"], "announcement.cause"))
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
