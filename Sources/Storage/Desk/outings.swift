import Foundation
import GRDB
import Triage

/// Setting out and coming back.
extension DeskChanging {
  /// Who is out already gives another time. Where that was by another claim, or the clock was put back since, they set
  /// out anew.
  func setOut(
    _ state: DeskState, _ claim: DeskState.ClaimRow, minutes: Int
  ) throws -> DeskResult {
    let backBy = now + Int64(minutes) * 60_000
    try advance(state, "holder = holder", [])
    try db.execute(
      sql: """
        INSERT INTO outing (opportunity, member, second, since, back_by) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (opportunity, member) WHERE back_at IS NULL DO UPDATE
        SET back_by = excluded.back_by, second = excluded.second,
          since = CASE WHEN since BETWEEN ?6 AND ?4 THEN since ELSE ?4 END
        """, arguments: [id, claim.holder, claim.second, now, backBy, claim.claimedAt])
    return try note(state, until: backBy)
  }

  /// Said by whoever set out or goes along, or by a leader of the area who has heard of them: of this one time out,
  /// whoever holds the opportunity by then and whatever has changed since. It is no change of the claim: pages that are
  /// open stay good. Said again it answers as the first time.
  func back(_ state: DeskState, _ outing: Int64) throws -> DeskResult {
    let found = try Row.fetchOne(
      db,
      sql: """
        SELECT back_at FROM outing WHERE id = ? AND opportunity = ? AND (? IN (member, second) OR ?)
        """, arguments: [outing, id, change.by, change.isByLeader])
    guard let found else { return .refused(.stale) }
    let backAt: Int64? = found["back_at"]
    if backAt == nil { try end(outing) }
    return .done(
      DeskDone(
        action: change.action.name, generation: state.generation, at: instant(backAt ?? now),
        until: nil, isRepeat: backAt != nil))
  }

  /// Whoever ends what they hold is back from it.
  /// - Returns: the outing that ended by that.
  func isBack() throws -> Int64? {
    let outing = try Int64.fetchOne(
      db, sql: "SELECT id FROM outing WHERE opportunity = ? AND back_at IS NULL AND member = ?",
      arguments: [id, change.by])
    if let outing { try end(outing) }
    return outing
  }

  private func end(_ outing: Int64) throws {
    try db.execute(
      sql: "UPDATE outing SET back_at = ?, ended_by = ? WHERE id = ?",
      arguments: [now, change.by, outing])
  }

  /// What said that they are back is undone: they are out still, by the time they gave.
  func isOutAgain(_ outing: Int64) throws {
    try db.execute(
      sql: """
        UPDATE outing SET back_at = NULL, ended_by = NULL
        WHERE id = ? AND NOT EXISTS (
          SELECT 1 FROM outing AS other
          WHERE other.opportunity = outing.opportunity AND other.member = outing.member
            AND other.back_at IS NULL)
        """, arguments: [outing])
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

  /// The visit on which a member is out.
  package func openOuting(
    of opportunity: Int64, member: String
  ) async throws -> OpenOuting? {
    try await read { try Storage.openOuting($0, of: opportunity, member: member) }
  }
}

/// The visit on which a member is out; one on which they go along, where they have not set out themselves.
func openOuting(
  _ db: Database, of opportunity: Int64, member: String
) throws -> OpenOuting? {
  try Row.fetchOne(
    db.cachedStatement(
      sql: """
        SELECT id, back_by FROM outing
        WHERE opportunity = ?1 AND back_at IS NULL AND ?2 IN (member, second)
        ORDER BY member <> ?2, back_by LIMIT 1
        """), arguments: [opportunity, member]
  ).map { OpenOuting(id: $0["id"], backBy: instant($0["back_by"])) }
}

private func outing(_ row: Row) throws -> Outing {
  let told: Int = row["told"]
  guard let told = Outing.Told(rawValue: told) else { throw damage("outing.told holds \(told)") }
  return Outing(
    id: row["id"], opportunity: row["opportunity"], area: row["area"], member: row["member"],
    second: row["second"], since: instant(row["since"]), backBy: instant(row["back_by"]),
    backAt: date(row["back_at"]), told: told, toldBackBy: date(row["told_back_by"]))
}
