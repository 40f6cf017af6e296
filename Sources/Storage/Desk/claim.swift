import Foundation
import GRDB
import Triage

/// What came of an attempt to claim.
package enum ClaimAttempt: Hashable, Sendable {
  case claimed(generation: Int, since: Date)
  case alreadyYours(generation: Int, since: Date)
  case heldBy(member: String, since: Date)
  /// It is open, and has been claimed and given back since the page was made that was used.
  case stale
  /// The member holds as many as one may hold, or (with its name) the member's agency does.
  case tooMany(limit: Int, agency: String?)
  /// Waiting, done or withdrawn. What is not there at all is told as withdrawn.
  case notOpen(OpportunityState)
}

extension Store {
  /// Exactly one of those who try gets it: one UPDATE that finds it still offered, or none.
  ///
  /// A form that is sent once more after the claim was given back (the Back button, a restored
  /// tab) names an older generation and claims nothing. Who holds it is told so whatever the form
  /// names.
  /// - Parameters:
  ///   - issuedTo: the member to whom the link was sent that was used.
  ///   - generation: of the opportunity, as the page showed it.
  ///   - limits: what the member and the agency may hold, counted in the same transaction.
  package func claim(
    opportunity: Int64, member: String, issuedTo: String, generation seen: Int,
    limits: ClaimLimits = ClaimLimits(), now: Date
  ) async throws -> ClaimAttempt {
    try await write { db in
      let now = milliseconds(now)
      let full = try limitReached(db, by: member, limits)
      if full == nil {
        try db.execute(
          sql: """
            UPDATE opportunity
            SET state = 'claimed', holder = ?, claimed_at = ?, updated_at = ?,
              generation = generation + 1
            WHERE id = ? AND state = 'offered' AND generation = ?
            """, arguments: [member, now, now, opportunity, seen])
      }
      let won = full == nil && db.changesCount == 1
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT state, generation, holder, claimed_at FROM opportunity WHERE id = ?",
          arguments: [opportunity])
      else { return .notOpen(.withdrawn) }
      let state: OpportunityState = try word(row["state"], "opportunity.state")
      if state == .offered { return row["generation"] == seen ? full ?? .stale : .stale }
      guard state == .claimed else { return .notOpen(state) }
      let (generation, since): (Int, Date) = (row["generation"], instant(row["claimed_at"]))
      if won {
        try db.execute(
          sql: """
            INSERT INTO claim (opportunity, generation, holder, issued_to, claimed_at)
            VALUES (?, ?, ?, ?, ?)
            """, arguments: [opportunity, generation, member, issuedTo, now])
        return .claimed(generation: generation, since: since)
      }
      let holder: String = row["holder"]
      return holder == member
        ? .alreadyYours(generation: generation, since: since)
        : .heldBy(member: holder, since: since)
    }
  }

  /// Takes a claim back as if it had not been.
  /// - Parameter claimedSince: a claim made before it is too old to be undone.
  /// - Returns: `false` when this member does not hold this generation, or holds it too long.
  package func undo(
    opportunity: Int64, generation: Int, member: String, claimedSince: Date, now: Date
  ) async throws -> Bool {
    try await giveBack(
      opportunity, generation, member, claimedSince: milliseconds(claimedSince), "undone", now)
  }

  /// Gives a claim back for others to take.
  /// - Returns: `false` when this member does not hold this generation.
  package func release(
    opportunity: Int64, generation: Int, member: String, now: Date
  ) async throws -> Bool {
    try await giveBack(opportunity, generation, member, claimedSince: .min, "released", now)
  }

  /// Back to offered.
  private func giveBack(
    _ opportunity: Int64, _ generation: Int, _ member: String, claimedSince: Int64,
    _ how: String, _ now: Date
  ) async throws -> Bool {
    try await write { db in
      let now = milliseconds(now)
      try db.execute(
        sql: """
          UPDATE opportunity
          SET state = 'offered', holder = NULL, claimed_at = NULL, updated_at = ?
          WHERE id = ? AND state = 'claimed' AND generation = ? AND holder = ? AND claimed_at >= ?
          """, arguments: [now, opportunity, generation, member, claimedSince])
      guard db.changesCount == 1 else { return false }
      try endClaim(db, opportunity, generation, how, now)
      try oweAgain(db, opportunity, now)
      return true
    }
  }

  /// Gives back, for others to take, what has been held since before a moment without an outcome.
  /// - Returns: the opportunities.
  package func lapse(claimedBefore: Date, now: Date) async throws -> [Int64] {
    try await lapse("claimed_at < ?", milliseconds(claimedBefore), now: now)
  }

  /// Gives back, for others to take, what is held by somebody who has gone.
  /// - Parameter active: the ids of those who have not.
  /// - Returns: the opportunities.
  package func lapse(allBut active: Set<String>, now: Date) async throws -> [Int64] {
    try await lapse(
      "holder NOT IN (SELECT value FROM json_each(?))", try json(active.sorted()), now: now)
  }

  private func lapse(
    _ condition: String, _ value: any DatabaseValueConvertible & Sendable, now: Date
  ) async throws -> [Int64] {
    try await write { db in
      let now = milliseconds(now)
      let lapsed = try Row.fetchAll(
        db,
        sql: """
          UPDATE opportunity
          SET state = 'offered', holder = NULL, claimed_at = NULL, updated_at = ?
          WHERE state = 'claimed' AND ended_at IS NULL AND \(condition)
          RETURNING id, generation
          """, arguments: [now, value])
      for row in lapsed {
        try endClaim(db, row["id"], row["generation"], "lapsed", now)
        try oweAgain(db, row["id"], now)
      }
      return lapsed.map { $0["id"] }.sorted()
    }
  }

  /// Ends an opportunity with its outcome.
  /// - Returns: `false` when the outcome's member does not hold this generation. The same outcome
  ///   a second time (a double tap) is `true` and changes nothing.
  package func record(
    outcome: Outcome, opportunity: Int64, generation: Int
  ) async throws -> Bool {
    try await write { db in
      let at = milliseconds(outcome.at)
      try db.execute(
        sql: """
          UPDATE opportunity SET state = 'done', ended_at = ?, updated_at = ?
          WHERE id = ? AND state = 'claimed' AND generation = ? AND holder = ?
          """, arguments: [at, at, opportunity, generation, outcome.by])
      guard db.changesCount == 1 else {
        return try Bool.fetchOne(
          db,
          sql: """
            SELECT EXISTS (SELECT 1 FROM outcome WHERE opportunity = ? AND generation = ?
              AND kind = ? AND consent IS NOT DISTINCT FROM ? AND by = ?)
            """,
          arguments: [
            opportunity, generation, outcome.kind.rawValue, outcome.consent, outcome.by,
          ])!
      }
      try endClaim(db, opportunity, generation, "outcome", at)
      try db.execute(
        sql: """
          INSERT INTO outcome (opportunity, generation, kind, consent, by, at)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          opportunity, generation, outcome.kind.rawValue, outcome.consent, outcome.by, at,
        ])
      if outcome.kind == .doNotContact {
        try optOut(db, of: opportunity, by: outcome.by, at: at)
      }
      return true
    }
  }
}

/// The limit that stands against one more claim; what somebody holds already is theirs whatever it is.
private func limitReached(
  _ db: Database, by member: String, _ limits: ClaimLimits
) throws -> ClaimAttempt? {
  func held(by people: Set<String>) throws -> Int {
    try Int.fetchOne(
      db,
      sql: """
        SELECT count(*) FROM opportunity
        WHERE state = 'claimed' AND holder IN (SELECT value FROM json_each(?))
        """, arguments: [try json(people.sorted())])!
  }
  if let limit = limits.ofPerson, try held(by: [member]) >= limit {
    return .tooMany(limit: limit, agency: nil)
  }
  if let limit = limits.ofAgency, try held(by: limits.colleagues.union([member])) >= limit {
    return .tooMany(limit: limit, agency: limits.agency)
  }
  return nil
}

/// Whoever was to be told and was not, because it had been claimed in the meantime, is owed it
/// again; but not those whose links were ended since it is theirs no more.
private func oweAgain(_ db: Database, _ opportunity: Int64, _ now: Int64) throws {
  try db.execute(
    sql: """
      UPDATE announcement SET state = 'pending', digest = NULL, owed_at = ?
      WHERE opportunity = ? AND state = 'withdrawn' AND dismissed = 0
      """, arguments: [now, opportunity])
}

private func endClaim(
  _ db: Database, _ opportunity: Int64, _ generation: Int, _ how: String, _ now: Int64
) throws {
  try db.execute(
    sql: """
      UPDATE claim SET ended_at = ?, ended_how = ?
      WHERE opportunity = ? AND generation = ? AND ended_at IS NULL
      """, arguments: [now, how, opportunity, generation])
}
