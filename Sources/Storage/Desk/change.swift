import Foundation
import GRDB
import Triage

extension Store {
  /// Makes one change at the desk, in one transaction with what is owed because of it and its row in the audit.
  ///
  /// Whatever changes bears the generation of the page that was used and finds the opportunity at that generation, or
  /// changes nothing: exactly one of those who press at a time wins. What is sent a second time after it was done
  /// answers as the first time, but for a claim that was given back since: its form claims nothing.
  package func change(_ change: DeskChange) async throws -> DeskResult {
    try await write { db in
      let result = try DeskChanging(db, change).run()
      var generation = change.seen
      var word = "ok"
      switch result {
      case .done(let done): generation = done.generation
      case .refused(let refusal): word = refusal.name
      }
      try writeAudit(
        db,
        AuditRow(
          at: change.now, actor: change.by, mark: change.mark, action: change.action.name,
          opportunity: change.opportunity, generation: generation, result: word))
      return result
    }
  }
}

/// One change inside its transaction.
struct DeskChanging {
  let db: Database
  let change: DeskChange
  let now: Int64
  var id: Int64 { change.opportunity }

  init(_ db: Database, _ change: DeskChange) {
    self.db = db
    self.change = change
    now = milliseconds(change.now)
  }

  func run() throws -> DeskResult {
    guard let state = try DeskState.read(db, id) else { return .refused(.notOpen(.withdrawn)) }
    switch change.action {
    case .claim(let second): return try claim(state, second: second)
    case .undo: return try repeated(state) ?? undo(state)
    case .withdrawConsent: return try repeated(state) ?? withdrawConsent(state)
    case .back(let outing): return try back(state, outing)
    case .takeOver(let why, let second):
      if state.state == "claimed", state.holder == change.by { return held(state) }
      return try repeated(state) ?? takeOver(state, why, second: second)
    case .handOff, .sheet, .calendar:
      // Nothing changes by these; the desk answers them itself.
      return .refused(.stale)
    case .release, .renew, .pass, .snooze, .decline, .visitAgain, .keepAlthoughClosed, .record,
      .setOut:
      if let before = try repeated(state) { return before }
      guard state.state == "claimed", let claim = state.claim, state.generation == change.seen,
        claim.holder == change.by || (change.isByLeader && change.action.isForLeaders)
      else { return .refused(.stale) }
      return try hold(state, claim)
    }
  }

  /// What only the holder does, or the area's leader.
  private func hold(_ state: DeskState, _ claim: DeskState.ClaimRow) throws -> DeskResult {
    switch change.action {
    case .release: try release(state, claim)
    case .renew: try lease(state, claim, snoozedUntil: nil)
    case .snooze(let until): try lease(state, claim, snoozedUntil: until)
    case .visitAgain(let on, let at): try visitAgain(state, claim, on, at)
    case .pass(let to, let why, let second):
      try pass(state, claim, to: to, why, second: second)
    case .keepAlthoughClosed: try keep(state, claim)
    case .decline(let why): try decline(state, claim, why)
    case .record(let answers): try record(state, claim, answers)
    case .setOut(let minutes): try setOut(state, claim, minutes: minutes)
    case .claim, .undo, .takeOver, .withdrawConsent, .back, .handOff, .sheet, .calendar:
      .refused(.stale)
    }
  }

  /// The same press once more: it was done, was not taken back, and it is still the member's last word here: who
  /// holds it again, or changed something since, has a page that is too old.
  private func repeated(_ state: DeskState) throws -> DeskResult? {
    let found = try Row.fetchOne(
      db,
      sql: """
        SELECT action, at, until, EXISTS (
          SELECT 1 FROM desk_event AS later
          WHERE later.opportunity = desk_event.opportunity AND later.id > desk_event.id
            AND later.undone_at IS NULL AND later.action <> 'undo') AS is_past
        FROM desk_event
        WHERE opportunity = ? AND actor = ? AND seen = ? AND request = ? AND undone_at IS NULL
        """, arguments: [id, change.by, change.seen, change.action.request])
    guard let found, !(found["is_past"] && state.holder == change.by) else { return nil }
    return .done(
      DeskDone(
        action: found["action"], generation: state.generation, at: instant(found["at"]),
        until: date(found["until"]), isRepeat: true))
  }

  /// What the member holds already.
  func held(_ state: DeskState) -> DeskResult {
    .done(
      DeskDone(
        action: change.action.name, generation: state.generation,
        at: instant(state.claimedAt ?? now), until: date(state.claim?.until), isRepeat: true))
  }

  // MARK: - Writing

  /// Moves the opportunity on by one generation: the one conditional UPDATE of every change.
  func advance(
    _ state: DeskState, _ set: String, _ values: [(any DatabaseValueConvertible)?]
  ) throws {
    try db.execute(
      sql: """
        UPDATE opportunity SET generation = generation + 1, updated_at = ?, \(set)
        WHERE id = ? AND generation = ? AND state = ?
        """,
      arguments: StatementArguments([now] + values + [id, state.generation, state.state]))
    guard db.changesCount == 1 else {
      throw damage("opportunity changed inside its own transaction")
    }
  }

  /// Writes the event and what is owed with it.
  func note(_ state: DeskState, until: Int64? = nil) throws -> DeskResult {
    try db.execute(
      sql: """
        INSERT INTO desk_event
          (opportunity, seen, generation, actor, action, request, before, until, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        id, state.generation, state.generation + 1, change.by, change.action.name,
        change.action.request, try json(state), until, now,
      ])
    let event = db.lastInsertedRowID
    for notice in change.tells { try tell(notice, of: event) }
    return .done(
      DeskDone(
        action: change.action.name, generation: state.generation + 1, at: instant(now),
        until: date(until), isRepeat: false))
  }

  func tell(_ notice: Notice, of event: Int64) throws {
    try owe(db, notice, due: notice.created)
    try db.execute(
      sql: "INSERT INTO desk_event_notice (event, notice) VALUES (?, ?)",
      arguments: [event, notice.id])
  }
}

extension DeskAction {
  /// What an area's leader may do with what somebody else holds.
  fileprivate var isForLeaders: Bool {
    switch self {
    case .release, .pass: true
    default: false
    }
  }
}
