import Foundation
import GRDB
import Triage

/// How holding ends: given back, with an outcome, declined; and what a resident takes back afterwards.
extension DeskChanging {
  func release(_ state: DeskState, _ claim: DeskState.ClaimRow) throws -> DeskResult {
    var state = state
    try claim.end(db, of: id, "released", at: now)
    state.outing = try isBack()
    try openAgain(state)
    return try note(state)
  }

  /// Back to offered, and owed to who was to be told and was not.
  func openAgain(_ state: DeskState) throws {
    try advance(
      state, "state = 'offered', holder = NULL, claimed_at = NULL, open_since = ?", [now])
    try oweAgain(db, id, now, leaders: change.leaders)
  }

  func record(
    _ state: DeskState, _ claim: DeskState.ClaimRow, _ answers: OutcomeAnswers
  ) throws -> DeskResult {
    var state = state
    try end(&state, claim, "outcome")
    try db.execute(
      sql: """
        INSERT INTO outcome (opportunity, generation, kind, consent, by, at, known_before, line)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        id, claim.generation, answers.kind.rawValue, answers.consent?.isGiven, claim.holder, now,
        answers.knownBefore?.rawValue, answers.lineThatMattered,
      ])
    if let consent = answers.consent {
      try db.execute(
        sql: """
          INSERT INTO consent
            (opportunity, generation, given, scope, asked_on, how, wording, households, by, recorded_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          id, claim.generation, consent.isGiven,
          try json(consent.isGiven ? consent.scope.map(\.rawValue).sorted() : []),
          consent.on.description, consent.how.rawValue, consent.wording,
          try json(consent.isGiven ? consent.households.sorted() : []), claim.holder, now,
        ])
    }
    if answers.kind == .doNotContact { try optOut(db, of: id, by: claim.holder, at: now) }
    return try note(state)
  }

  func decline(
    _ state: DeskState, _ claim: DeskState.ClaimRow, _ why: DeclineReason
  ) throws -> DeskResult {
    var state = state
    try end(&state, claim, "declined", why: why.rawValue)
    try db.execute(
      sql: """
        INSERT INTO outcome (opportunity, generation, kind, by, at, declined)
        VALUES (?, ?, 'declined', ?, ?, ?)
        """, arguments: [id, claim.generation, claim.holder, now, why.rawValue])
    return try note(state)
  }

  private func end(
    _ state: inout DeskState, _ claim: DeskState.ClaimRow, _ how: String, why: String? = nil
  ) throws {
    try claim.end(db, of: id, how, why: why, at: now)
    state.outing = try isBack()
    try advance(state, "state = 'done', ended_at = ?", [now])
  }

  /// Of a consent that was given, by who held it or by a leader of the area.
  func withdrawConsent(_ state: DeskState) throws -> DeskResult {
    guard state.state == "done", state.generation == change.seen, let claim = state.claim,
      claim.holder == change.by || change.isByLeader
    else { return .refused(.stale) }
    try db.execute(
      sql: """
        UPDATE consent SET withdrawn_at = ?, withdrawn_by = ?
        WHERE opportunity = ? AND generation = ? AND given = 1 AND withdrawn_at IS NULL
        """, arguments: [now, change.by, id, claim.generation])
    guard db.changesCount == 1 else { return .refused(.noConsent) }
    try advance(state, "state = state", [])
    return try note(state)
  }
}

/// Whoever leads the area and was to be told and was not, because it had been claimed in the meantime, is owed it
/// again; but not those whose links were ended since it is theirs no more. What the desk tells by itself (asked first,
/// standing in) and has not sent is forgotten: it is told again where it still holds.
/// - Parameters:
///   - leaders: of its area: to whom of them it was passed is told as one who leads.
///   - renewsLinks: whether those whose links have ended, or will within three days, are owed another one.
func oweAgain(
  _ db: Database, _ opportunity: Int64, _ now: Int64, leaders: Set<String>, renewsLinks: Bool = true
) throws {
  let theirs =
    "(cause = 'offered' OR cause = 'passed' AND recipient IN (SELECT value FROM json_each(?4)))"
  let ids = try json(leaders.sorted())
  try db.execute(
    sql: """
      UPDATE announcement
      SET state = 'pending', digest = NULL, owed_at = ?1, cause = 'offered', caused_by = NULL
      WHERE opportunity = ?2 AND state = 'withdrawn' AND dismissed = ?3 AND \(theirs)
      """, arguments: [now, opportunity, 0, ids])
  try db.execute(
    sql: """
      UPDATE announcement SET state = 'withdrawn'
      WHERE opportunity = ? AND state IN ('pending', 'bundled')
        AND cause IN ('asked_first', 'deputy')
      """, arguments: [opportunity])
  try db.execute(
    sql: """
      DELETE FROM desk_told
      WHERE opportunity = ? AND kind IN ('asked_first', 'deputy') AND EXISTS (
        SELECT 1 FROM announcement
        WHERE announcement.opportunity = desk_told.opportunity AND announcement.cause = desk_told.kind
          AND announcement.state = 'withdrawn' AND dismissed = 0)
      """, arguments: [opportunity])
  guard renewsLinks else { return }
  try db.execute(
    sql: """
      UPDATE announcement
      SET state = 'pending', digest = NULL, owed_at = ?1, cause = 'offered', caused_by = NULL
      WHERE opportunity = ?2 AND state = 'accepted' AND dismissed = 0 AND \(theirs)
        AND EXISTS (SELECT 1 FROM link WHERE announcement = announcement.id)
        AND NOT EXISTS (
          SELECT 1 FROM link
          WHERE announcement = announcement.id AND (revoked = 1 OR expires > ?3))
      """, arguments: [now, opportunity, now + 3 * 86_400_000, ids])
}
