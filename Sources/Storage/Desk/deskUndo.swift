import Foundation
import GRDB
import Triage

/// Taking back the last change, as if it had not been.
///
/// It is the newest that was not taken back itself, the member's own, of ``DeskAction/undoable``, not older than the
/// window, and nothing else has changed since: the page that asks bears the generation of now. All that the change
/// wrote is put back as the event has it; only the generation goes on, so that no page of the time in between can
/// change anything. What a mail has told that may have gone out is taken back by another mail.
extension DeskChanging {
  private struct Event {
    var id: Int64
    var action: String
    var before: DeskState
    /// Another service has a note of the outcome.
    var isNoted: Bool
  }

  func undo(_ state: DeskState) throws -> DeskResult {
    guard state.generation == change.seen, let event = try lastEvent(),
      try isAsItWasLeft(state, by: event)
    else { return .refused(.notUndoable) }
    if event.isNoted { return .refused(.noteMade) }
    // Whoever holds it again holds no more than they may.
    if event.before.state == "claimed", let holder = event.before.holder,
      state.state != "claimed" || state.holder != holder,
      let full = try limitReached(by: holder, change.limitsOf(holder))
    {
      return .refused(full)
    }
    try takeBackWords(of: event)
    try putBackRows(state, event)
    try putBack(event.before, from: state)
    try db.execute(
      // What was answered is as if it had not been: the press is not compared with any more.
      sql: "UPDATE desk_event SET undone_at = ?, request = '' WHERE id = ?",
      arguments: [now, event.id])
    var result = try note(state, until: event.before.claim?.until)
    if case .done(var done) = result {
      done.undone = event.action
      result = .done(done)
    }
    return result
  }

  /// The newest change that stands, if it is this member's to take back.
  private func lastEvent() throws -> Event? {
    guard
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT id, actor, action, at, before, action = 'outcome' AND \(Storage.isNoted) AS noted
          FROM desk_event
          WHERE opportunity = ? AND undone_at IS NULL AND action <> 'undo'
          ORDER BY generation DESC LIMIT 1
          """, arguments: [id])
    else { return nil }
    let (actor, action, at): (String, String, Int64) = (row["actor"], row["action"], row["at"])
    guard actor == change.by, DeskAction.undoable.contains(action),
      now - at <= Int64(change.undoWindow * 1000)
    else { return nil }
    let text: String = row["before"]
    guard let before = try? JSONDecoder().decode(DeskState.self, from: Data(text.utf8)) else {
      throw damage("desk_event.before holds what is no state of an opportunity")
    }
    return Event(id: row["id"], action: action, before: before, isNoted: row["noted"])
  }

  /// A poll may have taken it back since, or have made another one at the household.
  private func isAsItWasLeft(_ state: DeskState, by event: Event) throws -> Bool {
    let left =
      switch event.action {
      case "release": "offered"
      case "decline", "outcome", "withdraw-consent": "done"
      default: "claimed"
      }
    guard state.state == left else { return false }
    if event.before.state == "claimed", left == "done" { return try !isAnotherOpen() }
    return true
  }

  private func isAnotherOpen() throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        WITH home AS (
          SELECT address_key FROM opportunity WHERE id = ?1
          UNION SELECT address_key FROM second_household WHERE opportunity = ?1)
        SELECT EXISTS (
          SELECT 1 FROM opportunity
          LEFT JOIN second_household ON second_household.opportunity = opportunity.id
          WHERE opportunity.ended_at IS NULL AND (opportunity.address_key IN home
            OR second_household.address_key IN home))
          OR EXISTS (SELECT 1 FROM opportunity WHERE id = ?1 AND trigger_job IS NULL)
        """, arguments: [id])!
  }

  /// Outcome, consent, try, opt-out, being back: what the change had written beside the claim.
  private func putBackRows(_ state: DeskState, _ event: Event) throws {
    let generation = event.before.claim?.generation
    switch event.action {
    case "outcome", "decline":
      try db.execute(
        sql: "DELETE FROM outcome WHERE opportunity = ? AND generation = ?",
        arguments: [id, generation])
      try db.execute(sql: "DELETE FROM opt_out WHERE opportunity = ?", arguments: [id])
    case "withdraw-consent":
      try db.execute(
        sql: """
          UPDATE consent SET withdrawn_at = NULL, withdrawn_by = NULL
          WHERE opportunity = ? AND generation = ?
          """, arguments: [id, generation])
    case "visit-again":
      try db.execute(
        sql: """
          DELETE FROM visit_try WHERE opportunity = ?1 AND number = (
            SELECT max(number) FROM visit_try WHERE opportunity = ?1)
          """, arguments: [id])
    default: break
    }
    if let outing = event.before.outing { try isOutAgain(outing) }
    // Of a claim that the change began nothing stays but that it was.
    if state.state == "claimed", let claim = state.claim, claim.generation != generation {
      try claim.end(db, of: id, "undone", at: now)
    }
  }

  private func putBack(_ before: DeskState, from state: DeskState) throws {
    // The trigger lets none be opened again with its second household: it goes, and comes back.
    let isReopened = state.state == "done" && before.state != "done"
    var second: Row?
    if isReopened {
      second = try Row.fetchOne(
        db, sql: "SELECT * FROM second_household WHERE opportunity = ?", arguments: [id])
      try db.execute(sql: "DELETE FROM second_household WHERE opportunity = ?", arguments: [id])
    }
    try advance(
      state,
      "state = ?, holder = ?, claimed_at = ?, open_since = ?"
        + (isReopened ? ", ended_at = NULL" : ""),
      [before.state, before.holder, before.claimedAt, before.openSince])
    if let second {
      let names = Array(second.columnNames)
      try db.execute(
        sql: """
          INSERT INTO second_household (\(names.joined(separator: ", ")))
          VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
          """, arguments: StatementArguments(names.map { second[$0] as DatabaseValue? }))
    }
    if before.state == "claimed", let claim = before.claim {
      try claim.open(db, of: id)
    } else if before.state == "offered" {
      try oweAgain(db, id, now, leaders: change.leaders, renewsLinks: false)
    }
  }

  // MARK: - What was told

  private func takeBackWords(of event: Event) throws {
    for notice in try notices(of: event.id) {
      // One that is tried again later would arrive behind the one that takes it back.
      try db.execute(
        sql: "DELETE FROM notice WHERE id = ? AND state IN \(owedStates)", arguments: [notice.id])
      if db.changesCount == 1, notice.attempts == 0 { continue }
      try owe(db, change.takesBack(notice), due: change.now)
    }
    if let before = event.before.announcement { try takeBackLink(before) }
  }

  private func notices(of event: Int64) throws -> [Notice] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT id, recipient, channel, subject, body, created, attempts FROM notice
        WHERE id IN (SELECT notice FROM desk_event_notice WHERE event = ?) ORDER BY id
        """, arguments: [event]
    ).map { row in
      let body: String = row["body"]
      return Notice(
        id: row["id"], recipient: row["recipient"], channel: row["channel"],
        subject: row["subject"], paragraphs: try sentences(body, "notice.body"),
        created: instant(row["created"]), attempts: row["attempts"])
    }
  }

  /// Takes back the link that went, or was to go, to the one to whom it was passed.
  private func takeBackLink(_ before: DeskState.AnnouncementRow) throws {
    guard
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT announcement.recipient, announcement.state, coalesce(digest.attempts, 0) AS attempts
          FROM announcement LEFT JOIN digest ON digest.id = announcement.digest
          WHERE announcement.id = ?
          """, arguments: [before.id])
    else { return }
    let (state, attempts): (String, Int) = (row["state"], row["attempts"])
    let wentOut = state == "accepted" || state == "bundled" && attempts > 0
    if wentOut, let notice = change.takesBackLink(row["recipient"]) {
      try owe(db, notice, due: change.now)
    }
    if before.state == nil || before.dismissed {
      try db.execute(
        sql: "UPDATE link SET revoked = 1 WHERE announcement = ?", arguments: [before.id])
      try db.execute(
        sql: "UPDATE announcement SET state = 'withdrawn', dismissed = 1 WHERE id = ?",
        arguments: [before.id])
    } else if !wentOut {
      try db.execute(
        sql: """
          UPDATE announcement SET state = ?, digest = ?, owed_at = ?, cause = ?, caused_by = ? WHERE id = ?
          """,
        arguments: [
          // A message that it was taken out of may be withdrawn by now.
          before.state == "bundled" ? "pending" : before.state,
          before.state == "bundled" ? nil : before.digest, before.owedAt, before.cause,
          before.causedBy, before.id,
        ])
    }
  }
}
