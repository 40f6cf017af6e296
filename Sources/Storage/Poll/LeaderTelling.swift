import GRDB
import Triage

/// Owes the word of an opportunity to those who lead its area, and takes it back, inside the pass's
/// transaction.
struct LeaderTelling {
  private let db: Database
  private let judged: JudgedOpportunities
  private let owe: FastStatement

  init(_ db: Database, _ judged: JudgedOpportunities) throws {
    self.db = db
    self.judged = judged
    owe = try FastStatement(
      db,
      """
      INSERT INTO announcement (opportunity, recipient, channel, state, owed_at)
      VALUES (?, ?, ?, 'pending', ?)
      ON CONFLICT (opportunity, recipient, channel) DO UPDATE
      SET state = 'pending', digest = NULL, owed_at = excluded.owed_at, dismissed = 0, cause = 'offered',
        caused_by = NULL
      WHERE announcement.state = 'withdrawn'
      """)
  }

  /// Nobody of those who were told of what is offered leads its area any more: those who do are told.
  func tellOthers() throws -> Int {
    var announced = 0
    for (area, members) in (judged.leading ?? [:]).sorted(by: { $0.key < $1.key }) {
      let untold = try Int64.fetchAll(
        db,
        sql: """
          SELECT id FROM opportunity
          WHERE area = ? AND state = 'offered' AND ended_at IS NULL AND shadow = 0 AND NOT EXISTS (
            SELECT 1 FROM announcement
            WHERE announcement.opportunity = opportunity.id AND announcement.state <> 'withdrawn'
              AND recipient IN (SELECT value FROM json_each(?)))
          """, arguments: [area, try json(members.sorted())])
      for id in untold { announced += try announce(id, in: area) }
    }
    return announced
  }

  /// Ends every link to an opportunity, and takes back each word of it.
  func takeBack(_ id: Int64) throws {
    try db.execute(
      sql: """
        UPDATE link SET revoked = 1 WHERE announcement IN (
          SELECT id FROM announcement WHERE opportunity = ?)
        """, arguments: [id])
    // Withdrawing takes back what is in no message yet; these may be on their way.
    try db.execute(
      sql: """
        UPDATE announcement SET state = 'withdrawn' WHERE opportunity = ? AND state = 'bundled'
        """, arguments: [id])
  }

  /// It goes on trial: what nobody has been told of yet is told to nobody, and keeps its place in the week.
  /// Where somebody has the mail it stays on offer to whoever was told.
  func keepBack(_ id: Int64) throws {
    let isTold = try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM announcement WHERE opportunity = ? AND state = 'accepted')
        """, arguments: [id])!
    try db.execute(
      sql: """
        UPDATE announcement SET state = 'withdrawn'
        WHERE opportunity = ? AND state IN ('pending', 'bundled')
        """, arguments: [id])
    try db.execute(
      sql: """
        UPDATE link SET revoked = 1 WHERE announcement IN (
          SELECT id FROM announcement WHERE opportunity = ? AND state = 'withdrawn')
        """, arguments: [id])
    if isTold { return }
    try db.execute(
      sql: """
        UPDATE opportunity SET state = 'waiting', shadow_at = offered_at, offered_at = NULL
        WHERE id = ?
        """, arguments: [id])
  }

  /// An edit of the boundaries has brought it into another area: those who lead that one are told, and the
  /// links of those who led the one before, and do not lead this one, end.
  func handOver(_ id: Int64, to area: String) throws -> Int {
    try dismiss(from: id, allBut: area)
    return try announce(id, in: area)
  }

  /// Ends the links of those who do not lead an area. They are told anew, with another link, where a later
  /// edit brings it back; that they were told once stays written down.
  func dismiss(from id: Int64, allBut area: String) throws {
    let leaders = Set((judged.recipients[area] ?? []).map(\.member))
    let told = try Row.fetchAll(
      db, sql: "SELECT id, recipient FROM announcement WHERE opportunity = ?", arguments: [id])
    for row in told where !leaders.contains(row["recipient"]) {
      let announcement: Int64 = row["id"]
      try db.execute(
        sql: "UPDATE announcement SET state = 'withdrawn', dismissed = 1 WHERE id = ?",
        arguments: [announcement])
      try db.execute(
        sql: "UPDATE link SET revoked = 1 WHERE announcement = ?", arguments: [announcement])
    }
  }

  /// Owes it to whoever has not been told: who was never to be, or whose message was withdrawn.
  func announce(_ id: Int64, in area: String) throws -> Int {
    var announced = 0
    for recipient in judged.recipients[area] ?? [] {
      owe.bind(id)
      owe.bind(recipient.member)
      owe.bind(recipient.channel)
      owe.bind(judged.now)
      announced += try owe.run()
    }
    return announced
  }
}
