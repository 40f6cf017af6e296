import Foundation
import GRDB
import Triage

/// What is known of a claim beside its opportunity: the open one, or the one that ended with an outcome.
package struct StoredClaim: Hashable, Sendable {
  package var holder: String
  /// To whom the link was sent through which it is held; a member's id.
  package var issuedTo: String
  package var second: String?
  package var since: Date
  /// The end of the lease; `nil`: it has none yet, since an earlier version made it.
  package var until: Date?
  package var snoozedUntil: CivilDay?
  package var passes: Int
  package var visits: [VisitTry]
  /// The council had closed the job when it was claimed already.
  package var wasClosed: Bool
  /// When its holder has said that it goes on although the council has closed the job.
  package var closedSeenAt: Date?
  /// The visit on which its holder is out; `nil`: on none.
  package var outing: OpenOuting?
  /// Once there is an outcome.
  package var consent: Consent?
  /// The newest change that stands, for whoever may take it back.
  package var last: Change?

  package struct Change: Hashable, Sendable {
    package var action: String
    package var by: String
    package var at: Date
    /// Of an outcome: another service has a note that was made from it.
    package var isNoted: Bool
  }
}

func storedClaim(_ db: Database, of id: Int64) throws -> StoredClaim? {
  let found = try Row.fetchOne(
    db.cachedStatement(
      sql: """
        SELECT claim.*, opportunity.state FROM claim
        JOIN opportunity ON opportunity.id = claim.opportunity
        WHERE opportunity = ? AND opportunity.state IN ('claimed', 'done')
          AND (claim.ended_at IS NULL OR ended_how IN ('outcome', 'declined'))
        ORDER BY claim.ended_at IS NOT NULL, claim.generation DESC LIMIT 1
        """), arguments: [id])
  guard let row = found else { return nil }
  let snoozed: String? = row["snoozed_until"]
  return StoredClaim(
    holder: row["holder"], issuedTo: row["issued_to"], second: row["second"],
    since: instant(row["claimed_at"]),
    until: date(row["until"]),
    snoozedUntil: try snoozed.map { try civilDay($0, "claim.snoozed_until") },
    passes: row["passes"], visits: try visits(db, of: id), wasClosed: row["was_closed"],
    closedSeenAt: date(row["closed_seen_at"]),
    outing: try openOuting(db, of: id, member: row["holder"]),
    consent: try consent(db, of: id, row["generation"]), last: try lastChange(db, of: id))
}

func lastChange(_ db: Database, of id: Int64) throws -> StoredClaim.Change? {
  try Row.fetchOne(
    db.cachedStatement(
      sql: """
        SELECT action, actor, at, action = 'outcome' AND \(isNoted) AS noted FROM desk_event
        WHERE opportunity = ? AND undone_at IS NULL AND action <> 'undo'
        ORDER BY generation DESC LIMIT 1
        """), arguments: [id]
  ).map {
    StoredClaim.Change(
      action: $0["action"], by: $0["actor"], at: instant($0["at"]), isNoted: $0["noted"])
  }
}

/// Whether a note was made of what a row of `desk_event` has recorded.
let isNoted = """
  EXISTS (
    SELECT 1 FROM audit
    WHERE audit.opportunity = desk_event.opportunity AND audit.action = 'hand-off'
      AND audit.result = 'ok' AND audit.generation >= desk_event.generation)
  """

extension Store {
  /// The newest change that stands; whoever made it may take it back for a while.
  package func lastChange(of opportunity: Int64) async throws -> StoredClaim.Change? {
    try await read { try Storage.lastChange($0, of: opportunity) }
  }
}

private func visits(_ db: Database, of id: Int64) throws -> [VisitTry] {
  try Row.fetchAll(
    db.cachedStatement(
      sql: "SELECT at, next_on, next_at FROM visit_try WHERE opportunity = ? ORDER BY number"),
    arguments: [id]
  ).map {
    VisitTry(
      at: instant($0["at"]), nextOn: try civilDay($0["next_on"], "visit_try.next_on"),
      nextAt: try word($0["next_at"], "visit_try.next_at"))
  }
}

private func consent(_ db: Database, of id: Int64, _ generation: Int) throws -> Consent? {
  let found = try Row.fetchOne(
    db.cachedStatement(sql: "SELECT * FROM consent WHERE opportunity = ? AND generation = ?"),
    arguments: [id, generation])
  guard let row = found else { return nil }
  let scope: String = row["scope"]
  return Consent(
    answers: ConsentAnswers(
      isGiven: row["given"],
      scope: Set(try sentences(scope, "consent.scope").map { try word($0, "consent.scope") }),
      on: try civilDay(row["asked_on"], "consent.asked_on"),
      how: try word(row["how"], "consent.how"), wording: row["wording"],
      households: try households(row["households"])),
    by: row["by"], recordedAt: instant(row["recorded_at"]), withdrawnAt: date(row["withdrawn_at"]))
}

/// - Parameter json: `consent.households`.
func households(_ json: String) throws -> Set<Int> {
  guard let all = try? JSONDecoder().decode(Set<Int>.self, from: Data(json.utf8)) else {
    throw damage("consent.households holds what is no list of numbers")
  }
  return all
}

private func civilDay(_ text: String, _ column: String) throws -> CivilDay {
  guard let day = CivilDay(text) else { throw damage("\(column) holds what is no day") }
  return day
}
