import GRDB
import Triage

/// Withdrawn opportunities whose reason has come back, as when one list came without a job: they
/// are opened again rather than made anew, so that the links that were mailed work again and
/// nobody is told twice.
struct ReturningOpportunities {
  private let now: Int64
  private let moves: [AddressKey: AddressKey]
  private let newest: FastStatement
  private let live: FastStatement
  private let offer: FastStatement
  private let wait: FastStatement
  private let untell: FastStatement
  private let part: FastStatement

  init(_ db: Database, moves: [AddressKey: AddressKey], now: Int64) throws {
    self.now = now
    self.moves = moves
    newest = try FastStatement(
      db,
      """
      SELECT id, state, opportunity.address_key, ended_at, EXISTS (
        SELECT 1 FROM opportunity AS later
        WHERE later.address_key = opportunity.address_key AND later.generation > 0
          AND later.state = 'done' AND later.ended_at >= opportunity.ended_at),
        second_household.address_key,
        EXISTS (
          SELECT 1 FROM announcement JOIN link ON link.announcement = announcement.id
          WHERE announcement.opportunity = opportunity.id)
        AND NOT EXISTS (
          SELECT 1 FROM announcement JOIN link ON link.announcement = announcement.id
          WHERE announcement.opportunity = opportunity.id AND link.revoked = 0)
      FROM opportunity
      LEFT JOIN second_household ON second_household.opportunity = opportunity.id
      WHERE trigger_job = ? AND ended_at IS NOT NULL
      ORDER BY id DESC
      """)
    live = try FastStatement(
      db,
      """
      SELECT 1 FROM announcement JOIN link ON link.announcement = announcement.id
      WHERE announcement.opportunity = ? AND announcement.state IN ('bundled', 'accepted')
        AND link.revoked = 0 AND link.expires > ?
      LIMIT 1
      """)
    offer = try FastStatement(
      db,
      """
      UPDATE opportunity SET address_key = ?, state = 'offered', ended_at = NULL, open_since = ?
      WHERE id = ?
      """)
    wait = try FastStatement(
      db,
      """
      UPDATE opportunity SET address_key = ?, state = 'waiting', ended_at = NULL, offered_at = NULL,
        shadow_at = NULL
      WHERE id = ?
      """)
    part = try FastStatement(db, "DELETE FROM second_household WHERE opportunity = ?")
    untell = try FastStatement(
      db, "UPDATE announcement SET state = 'withdrawn' WHERE opportunity = ?")
  }

  /// The newest opportunity that this job made at this address (of two households, at both) and that has links
  /// which may work again, if it was withdrawn and the address has had
  /// no outcome since: one that is to be visited again is another one, told anew.
  func find(trigger: Int64, at address: AddressKey, second: AddressKey?) throws -> Int64? {
    newest.bind(trigger)
    defer { newest.rewind() }
    while try newest.next() {
      let key = AddressKey(text: newest.text(2))
      guard key == address || moves[key] == address else { continue }
      let other = newest.isNull(5) ? nil : AddressKey(text: newest.text(5))
      guard other == second || other.flatMap({ moves[$0] }) == second, newest.int(6) == 0 else {
        continue
      }
      return newest.text(1) == "withdrawn" && newest.int(4) == 0 ? newest.int(0) : nil
    }
    return nil
  }

  /// Opens it as offered where somebody has, or is being sent, a link that still works. Otherwise
  /// nobody knows of it (it had only waited, no message went out, or all links have run out): it
  /// waits for room like a new one, and everybody is to be told.
  func reopen(_ id: Int64, at address: AddressKey) throws -> OpportunityState {
    part.bind(id)
    try part.run()
    live.bind(id)
    live.bind(now)
    let isTold = try live.next()
    live.rewind()
    if isTold {
      offer.bind(address.text)
      offer.bind(now)
      offer.bind(id)
      try offer.run()
      return .offered
    }
    untell.bind(id)
    try untell.run()
    wait.bind(address.text)
    wait.bind(id)
    try wait.run()
    return .waiting
  }
}
