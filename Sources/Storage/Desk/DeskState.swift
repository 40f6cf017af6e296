import Foundation
import GRDB
import Triage

/// What a change starts from, read inside its transaction; an event keeps it as JSON, so that an undo can put it
/// back exactly. Instants are whole milliseconds.
struct DeskState: Codable, Equatable {
  var state: String
  var generation: Int
  var holder: String?
  var claimedAt: Int64?
  var openSince: Int64?
  /// The open claim; of what is done the one that ended with it.
  var claim: ClaimRow?
  /// What the one to whom it is passed had been told before.
  var announcement: AnnouncementRow?
  /// The outing that the change has ended.
  var outing: Int64?

  struct ClaimRow: Codable, Equatable {
    var generation: Int
    var holder: String
    var issuedTo: String
    var claimedAt: Int64
    var second: String?
    var until: Int64?
    var snoozedUntil: String?
    var passes: Int
    var wasClosed: Bool
    var closedSeenAt: Int64?
  }

  struct AnnouncementRow: Codable, Equatable {
    var id: Int64
    /// `nil`: there was none.
    var state: String?
    var digest: String?
    var owedAt: Int64?
    var dismissed: Bool
    var cause: String
    var causedBy: String?
  }

  static func read(_ db: Database, _ opportunity: Int64) throws -> DeskState? {
    guard
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT state, generation, holder, claimed_at, open_since FROM opportunity WHERE id = ?
          """, arguments: [opportunity])
    else { return nil }
    var state = DeskState(
      state: row["state"], generation: row["generation"], holder: row["holder"],
      claimedAt: row["claimed_at"], openSince: row["open_since"])
    if ["claimed", "done"].contains(state.state) {
      state.claim = try Row.fetchOne(
        db,
        sql: """
          SELECT * FROM claim
          WHERE opportunity = ? AND (ended_at IS NULL OR ended_how IN ('outcome', 'declined'))
          ORDER BY ended_at IS NOT NULL, generation DESC LIMIT 1
          """,
        arguments: [opportunity]
      ).map { row in
        ClaimRow(
          generation: row["generation"], holder: row["holder"], issuedTo: row["issued_to"],
          claimedAt: row["claimed_at"], second: row["second"], until: row["until"],
          snoozedUntil: row["snoozed_until"], passes: row["passes"], wasClosed: row["was_closed"],
          closedSeenAt: row["closed_seen_at"])
      }
    }
    return state
  }
}

extension DeskState.ClaimRow {
  /// Writes it as the open claim of an opportunity, whether it is new or comes back.
  func open(_ db: Database, of opportunity: Int64) throws {
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO claim
          (opportunity, generation, holder, issued_to, claimed_at, second, until, snoozed_until, passes,
            was_closed, closed_seen_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        opportunity, generation, holder, issuedTo, claimedAt, second, until, snoozedUntil, passes,
        wasClosed, closedSeenAt,
      ])
  }

  /// Ends it.
  func end(
    _ db: Database, of opportunity: Int64, _ how: String, why: String? = nil, at now: Int64
  ) throws {
    try db.execute(
      sql: """
        UPDATE claim SET ended_at = ?, ended_how = ?, ended_why = ?
        WHERE opportunity = ? AND generation = ? AND ended_at IS NULL
        """, arguments: [now, how, why, opportunity, generation])
  }
}
