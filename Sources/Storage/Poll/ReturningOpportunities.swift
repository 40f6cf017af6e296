import GRDB
import Triage

/// Withdrawn opportunities whose reason has come back, as when one list came without a job: they
/// are opened again rather than made anew, so that the links that were mailed work again and
/// nobody is told twice.
struct ReturningOpportunities {
  private let now: Int64
  private let newest: FastStatement
  private let live: FastStatement
  private let offer: FastStatement
  private let wait: FastStatement
  private let untell: FastStatement

  init(_ db: Database, now: Int64) throws {
    self.now = now
    newest = try FastStatement(
      db,
      """
      SELECT id FROM opportunity
      WHERE trigger_job = ? AND address_key = ? AND state = 'withdrawn'
      ORDER BY id DESC LIMIT 1
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
      db, "UPDATE opportunity SET state = 'offered', ended_at = NULL WHERE id = ?")
    wait = try FastStatement(
      db,
      "UPDATE opportunity SET state = 'waiting', ended_at = NULL, offered_at = NULL WHERE id = ?")
    untell = try FastStatement(
      db, "UPDATE announcement SET state = 'withdrawn' WHERE opportunity = ?")
  }

  /// The newest withdrawn opportunity that this job made at this address.
  func find(trigger: Int64, at address: AddressKey) throws -> Int64? {
    newest.bind(trigger)
    newest.bind(address.text)
    guard try newest.next() else { return nil }
    defer { newest.rewind() }
    return newest.int(0)
  }

  /// Opens it as offered where somebody has, or is being sent, a link that still works. Otherwise
  /// nobody knows of it (it had only waited, no message went out, or all links have run out): it
  /// waits for room like a new one, and everybody is to be told.
  func reopen(_ id: Int64) throws -> OpportunityState {
    live.bind(id)
    live.bind(now)
    let isTold = try live.next()
    live.rewind()
    if isTold {
      offer.bind(id)
      try offer.run()
      return .offered
    }
    untell.bind(id)
    try untell.run()
    wait.bind(id)
    try wait.run()
    return .waiting
  }
}
