import Foundation
import GRDB
import Triage

/// Setting out and coming back.
extension DeskChanging {
  /// Who is out already gives another time.
  func setOut(
    _ state: DeskState, _ claim: DeskState.ClaimRow, minutes: Int
  ) throws -> DeskResult {
    let backBy = now + Int64(minutes) * 60_000
    try advance(state, "holder = holder", [])
    try db.execute(
      sql: """
        INSERT INTO outing (opportunity, member, second, since, back_by) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (opportunity, member) WHERE back_at IS NULL DO UPDATE SET back_by = excluded.back_by
        """, arguments: [id, claim.holder, claim.second, now, backBy])
    return try note(state, until: backBy)
  }

  /// Said by whoever is out, or by a leader of the area who has heard of them. Whoever holds it by then.
  func back(_ state: DeskState) throws -> DeskResult {
    guard state.generation == change.seen else { return .refused(.stale) }
    try db.execute(
      sql: """
        UPDATE outing SET back_at = ?1, ended_by = ?2
        WHERE opportunity = ?3 AND back_at IS NULL AND (member = ?2 OR ?4)
        """, arguments: [now, change.by, id, change.isByLeader])
    guard db.changesCount > 0 else { return .refused(.stale) }
    try advance(state, "state = state", [])
    return try note(state)
  }

  /// Whoever records what came of a visit is back from it.
  func isBack() throws {
    try db.execute(
      sql: """
        UPDATE outing SET back_at = ?1, ended_by = ?2
        WHERE opportunity = ?3 AND back_at IS NULL AND member = ?2
        """, arguments: [now, change.by, id])
  }
}

extension Store {
  /// Those who are out, and those of whom it is to be told that they are back, the longest due first.
  package func outings() async throws -> [Outing] {
    try await read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT outing.*, opportunity.area FROM outing
            JOIN opportunity ON opportunity.id = outing.opportunity
            WHERE back_at IS NULL OR told > 0 ORDER BY back_by, outing.id
            """)
      ).map(outing)
    }
  }

  /// Owes the mails of what is to be told of an outing, with the mark that it is told, in one transaction; of an
  /// outing that is not any more as it was when it was looked at nothing is told.
  /// - Parameter told: who has been told by then that they are late.
  /// - Returns: whether they are owed.
  package func tell(
    _ outing: Outing, _ notices: [Notice], told: Outing.Told
  ) async throws -> Bool {
    try await write { db in
      try db.execute(
        sql: """
          UPDATE outing SET told = ? WHERE id = ? AND told = ? AND back_by = ? AND back_at IS ?
          """,
        arguments: [
          told.rawValue, outing.id, outing.told.rawValue, milliseconds(outing.backBy),
          outing.backAt.map(milliseconds),
        ])
      guard db.changesCount == 1 else { return false }
      for notice in notices { try owe(db, notice, due: notice.created) }
      return true
    }
  }
}

/// When those who are out on a visit want to be back; `nil`: nobody is out.
func backBy(_ db: Database, of opportunity: Int64) throws -> Date? {
  date(
    try Int64.fetchOne(
      db.cachedStatement(
        sql: "SELECT min(back_by) FROM outing WHERE opportunity = ? AND back_at IS NULL"),
      arguments: [opportunity]))
}

private func outing(_ row: Row) throws -> Outing {
  let told: Int = row["told"]
  guard let told = Outing.Told(rawValue: told) else { throw damage("outing.told holds \(told)") }
  return Outing(
    id: row["id"], opportunity: row["opportunity"], area: row["area"], member: row["member"],
    second: row["second"], since: instant(row["since"]), backBy: instant(row["back_by"]),
    backAt: date(row["back_at"]), told: told)
}
