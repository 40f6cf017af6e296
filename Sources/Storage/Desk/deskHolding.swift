import Foundation
import GRDB
import Triage

/// Who holds it, and for how long.
extension DeskChanging {
  func claim(_ state: DeskState, second: String?) throws -> DeskResult {
    if state.state == "claimed", let holder = state.holder {
      if holder == change.holder ?? change.by { return held(state) }
      return .refused(.heldBy(member: holder, since: instant(state.claimedAt ?? now)))
    }
    guard state.state == "offered" else {
      return .refused(.notOpen(try word(state.state, "opportunity.state")))
    }
    guard state.generation == change.seen else { return .refused(.stale) }
    let holder = change.holder ?? change.by
    if let full = try limitReached(by: holder, change.limits) { return .refused(full) }
    try advance(state, "state = 'claimed', holder = ?, claimed_at = ?", [holder, now])
    try DeskState.ClaimRow(
      generation: state.generation + 1, holder: holder, issuedTo: change.issuedTo,
      claimedAt: now, second: second, until: change.until.map(milliseconds), snoozedUntil: nil,
      passes: 0, wasClosed: try isClosed(), closedSeenAt: nil
    ).open(db, of: id)
    var state = state
    if change.holder != nil { state.announcement = try sendLink(to: holder) }
    return try note(state, until: change.until.map(milliseconds))
  }

  func takeOver(
    _ state: DeskState, _ why: TakeOverReason, second: String?
  ) throws -> DeskResult {
    guard state.state == "claimed", let claim = state.claim, state.generation == change.seen else {
      return .refused(
        state.state == "claimed" ? .stale : .notOpen(try word(state.state, "opportunity.state")))
    }
    if let full = try limitReached(by: change.by, change.limits) { return .refused(full) }
    try hand(
      state, claim, to: change.by, issuedTo: change.issuedTo, second: second, passes: claim.passes,
      how: "taken_over", why: why.rawValue)
    return try note(state, until: change.until.map(milliseconds))
  }

  func pass(
    _ state: DeskState, _ claim: DeskState.ClaimRow, to: String, _ why: PassReason, second: String?
  ) throws -> DeskResult {
    guard to != claim.holder else { return .refused(.stale) }
    guard claim.passes < change.mostPasses || change.leaders.contains(to) else {
      return .refused(.passedEnough)
    }
    if let full = try limitReached(by: to, change.limits) { return .refused(full) }
    var state = state
    try hand(
      state, claim, to: to, issuedTo: to,
      second: second ?? (claim.second == to ? nil : claim.second), passes: claim.passes + 1,
      how: "passed", why: why.rawValue)
    state.announcement = try sendLink(to: to)
    return try note(state, until: change.until.map(milliseconds))
  }

  /// Ends one claim and begins another.
  private func hand(
    _ state: DeskState, _ claim: DeskState.ClaimRow, to: String, issuedTo: String, second: String?,
    passes: Int, how: String, why: String
  ) throws {
    try claim.end(db, of: id, how, why: why, at: now)
    try advance(state, "holder = ?, claimed_at = ?", [to, now])
    var next = claim
    next.generation = state.generation + 1
    next.holder = to
    next.issuedTo = issuedTo
    next.claimedAt = now
    next.second = second
    next.until = change.until.map(milliseconds)
    next.snoozedUntil = nil
    next.passes = passes
    try next.open(db, of: id)
  }

  /// Owes a link of their own to the one to whom it is passed. - Returns: what they had been told before.
  private func sendLink(to member: String) throws -> DeskState.AnnouncementRow? {
    guard let channel = change.channel else { return nil }
    let before = try Row.fetchOne(
      db,
      sql: """
        SELECT id, state, digest, owed_at, dismissed, cause, caused_by FROM announcement
        WHERE opportunity = ? AND recipient = ? AND channel = ?
        """, arguments: [id, member, channel])
    try db.execute(
      sql: """
        INSERT INTO announcement (opportunity, recipient, channel, state, owed_at, cause, caused_by)
        VALUES (?, ?, ?, 'pending', ?, 'passed', ?)
        ON CONFLICT (opportunity, recipient, channel) DO UPDATE
        SET state = 'pending', digest = NULL, owed_at = excluded.owed_at, dismissed = 0,
          cause = 'passed', caused_by = excluded.caused_by
        """, arguments: [id, member, channel, now, change.by])
    if let before {
      return DeskState.AnnouncementRow(
        id: before["id"], state: before["state"], digest: before["digest"],
        owedAt: before["owed_at"], dismissed: before["dismissed"], cause: before["cause"],
        causedBy: before["caused_by"])
    }
    return DeskState.AnnouncementRow(
      id: db.lastInsertedRowID, state: nil, dismissed: false, cause: "passed")
  }

  func lease(
    _ state: DeskState, _ claim: DeskState.ClaimRow, snoozedUntil: CivilDay?
  ) throws -> DeskResult {
    try advance(state, "holder = holder", [])
    var claim = claim
    claim.until = change.until.map(milliseconds)
    claim.snoozedUntil = snoozedUntil?.description
    try claim.open(db, of: id)
    return try note(state, until: claim.until)
  }

  /// Notes that nobody answered. After the last but one there is no other try: what is left is an outcome.
  func visitAgain(
    _ state: DeskState, _ claim: DeskState.ClaimRow, _ on: CivilDay, _ at: PartOfDay
  ) throws -> DeskResult {
    let tries = try Int.fetchOne(
      db, sql: "SELECT count(*) FROM visit_try WHERE opportunity = ?", arguments: [id])!
    guard tries + 1 < change.mostTries else { return .refused(.triedEnough) }
    try db.execute(
      sql: """
        INSERT INTO visit_try (opportunity, number, at, by, next_on, next_at) VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [id, tries + 1, now, change.by, on.description, at.rawValue])
    return try lease(state, claim, snoozedUntil: nil)
  }

  func keep(_ state: DeskState, _ claim: DeskState.ClaimRow) throws -> DeskResult {
    try advance(state, "holder = holder", [])
    var claim = claim
    claim.closedSeenAt = now
    try claim.open(db, of: id)
    return try note(state, until: claim.until)
  }

  /// The council has closed the job that makes it, or has taken it off its list.
  private func isClosed() throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM opportunity JOIN job ON job.id = opportunity.trigger_job
          WHERE opportunity.id = ? AND (job.closed <= ? OR job.gone IS NOT NULL))
        """, arguments: [id, now])!
  }

  /// The limit that stands against one more claim; what somebody holds already is theirs whatever it is.
  func limitReached(by member: String, _ limits: ClaimLimits) throws -> DeskRefusal? {
    func held(by people: Set<String>) throws -> Int {
      try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM opportunity
          WHERE state = 'claimed' AND id <> ? AND holder IN (SELECT value FROM json_each(?))
          """, arguments: [id, try json(people.sorted())])!
    }
    if let limit = limits.ofPerson, try held(by: [member]) >= limit {
      return .tooMany(limit: limit, agency: nil)
    }
    if let limit = limits.ofAgency, try held(by: limits.colleagues.union([member])) >= limit {
      return .tooMany(limit: limit, agency: limits.agency)
    }
    return nil
  }
}
