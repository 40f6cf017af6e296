import Foundation
import GRDB
import Triage

/// That the holder of a claim was reminded of its outcome.
package struct OutcomeReminder: Hashable, Sendable {
  package var opportunity: Int64
  /// The claim's.
  package var generation: Int
  /// Since which the outcome is missing.
  package var day: CivilDay

  package init(opportunity: Int64, generation: Int, day: CivilDay) {
    self.opportunity = opportunity
    self.generation = generation
    self.day = day
  }
}

/// Of `claim` joined with its `opportunity`: nothing is recorded of it, and nobody has taken it since.
private let isUnrecorded = """
  (claim.ended_at IS NULL OR (
    claim.ended_how = 'lapsed' AND opportunity.state = 'offered' AND NOT EXISTS (
      SELECT 1 FROM claim AS later
      WHERE later.opportunity = claim.opportunity AND later.generation > claim.generation
        AND later.ended_how IS NOT 'undone')))
  """

/// Of `desk_event AS plan`: its actor has said on which day they go on.
private let isPlan = "plan.action IN ('snooze', 'visit-again') AND plan.undone_at IS NULL"

extension Store {
  /// The claims of which nothing is recorded, by opportunity.
  /// - Parameter lapsedSince: what went back before that is left out.
  package func unrecordedClaims(lapsedSince: Date) async throws -> [UnrecordedClaim] {
    try await read { db in
      try Row.fetchAll(
        db,
        kept(
          sql: """
            SELECT claim.opportunity, claim.generation, area, job_type, offer, opportunity.since,
              claim.holder, claim.until, claim.ended_at, (
                SELECT max(day) FROM (
                  SELECT claim.snoozed_until AS day
                  UNION ALL
                  SELECT next_on FROM visit_try
                  WHERE visit_try.opportunity = claim.opportunity AND at >= claim.claimed_at)) AS planned, (
                SELECT max(outing.since) FROM outing
                WHERE outing.opportunity = claim.opportunity AND outing.since >= claim.claimed_at
                  AND NOT EXISTS (
                    SELECT 1 FROM desk_event AS plan
                    WHERE plan.opportunity = claim.opportunity AND plan.at >= outing.since
                      AND \(isPlan))) AS out, (
                SELECT max(at) FROM desk_event
                WHERE desk_event.opportunity = claim.opportunity AND actor = claim.holder) AS acted
            FROM claim JOIN opportunity ON opportunity.id = claim.opportunity
            WHERE \(isUnrecorded) AND (claim.ended_at IS NULL OR claim.ended_at >= ?)
            ORDER BY claim.opportunity
            """, arguments: [milliseconds(lapsedSince)]
        )
      ).map { row in
        let planned: String? = row["planned"]
        return UnrecordedClaim(
          opportunity: row["opportunity"], generation: row["generation"], area: row["area"],
          jobType: row["job_type"], offer: try word(row["offer"], "opportunity.offer"),
          received: instant(row["since"]), holder: row["holder"], until: date(row["until"]),
          plannedFor: planned.flatMap { CivilDay($0) }, setOutAt: date(row["out"]),
          lapsedAt: date(row["ended_at"]), actedAt: date(row["acted"]))
      }
    }
  }

  /// The reminders of outcomes that are owed or have gone out.
  package func outcomeReminders() async throws -> Set<OutcomeReminder> {
    try await read { db in
      Set(
        try Row.fetchAll(db, sql: "SELECT opportunity, generation, day FROM outcome_reminder").map {
          let text: String = $0["day"]
          guard let day = CivilDay(text) else { throw damage("outcome_reminder.day is no day") }
          return OutcomeReminder(
            opportunity: $0["opportunity"], generation: $0["generation"], day: day)
        })
    }
  }

  /// Owes one mail that reminds somebody of these outcomes, with the marks that they were reminded, in one
  /// transaction. Where something was recorded meanwhile, or they were reminded of one of them before, nothing is owed.
  /// - Returns: whether it is owed.
  package func remind(
    of reminders: [OutcomeReminder], _ notice: Notice, now: Date
  ) async throws -> Bool {
    try await write { db in
      for one in reminders {
        let isFresh = try Bool.fetchOne(
          db,
          sql: """
            SELECT EXISTS (
              SELECT 1 FROM claim JOIN opportunity ON opportunity.id = claim.opportunity
              WHERE claim.opportunity = ?1 AND claim.generation = ?2 AND \(isUnrecorded))
              AND NOT EXISTS (
                SELECT 1 FROM outcome_reminder WHERE opportunity = ?1 AND generation = ?2 AND day = ?3)
            """, arguments: [one.opportunity, one.generation, one.day.description])!
        guard isFresh else { return false }
      }
      try owe(db, notice, due: notice.created)
      for one in reminders {
        try db.execute(
          sql: """
            INSERT INTO outcome_reminder (opportunity, generation, day, at, notice) VALUES (?, ?, ?, ?, ?)
            """,
          arguments: [
            one.opportunity, one.generation, one.day.description, milliseconds(now), notice.id,
          ])
      }
      return true
    }
  }

  /// The areas whose leaders have been told in a week what is missing.
  /// - Parameter monday: the week's.
  package func areasTold(inWeekOf monday: CivilDay) async throws -> Set<String> {
    try await read { db in
      try Set(
        String.fetchAll(
          db, sql: "SELECT area FROM outcome_week WHERE monday = ?", arguments: [monday.description]
        ))
    }
  }

  /// Owes the mails of a week, with the marks that the leaders of these areas have been told, in one transaction.
  /// Where those of one of the areas had been told before, nothing is owed.
  /// - Parameter areas: also those in which nothing is missing.
  /// - Returns: whether they are owed.
  package func tellWeek(
    of monday: CivilDay, areas: [String], _ notices: [Notice], now: Date
  ) async throws -> Bool {
    try await write { db in
      let told = try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM outcome_week
          WHERE monday = ? AND area IN (SELECT value FROM json_each(?))
          """, arguments: [monday.description, try json(areas)])!
      guard told == 0 else { return false }
      for area in areas {
        try db.execute(
          sql: "INSERT INTO outcome_week (area, monday, at) VALUES (?, ?, ?)",
          arguments: [area, monday.description, milliseconds(now)])
      }
      for notice in notices { try owe(db, notice, due: notice.created) }
      return true
    }
  }
}

/// Deletes the reminders that nobody has taken yet and of which nothing holds any more: something was recorded, another
/// day is planned, somebody else has taken it. Their marks go with them, so that it is told again where it comes back.
func withdrawOutcomeReminders(_ db: Database) throws {
  let over = try String.fetchAll(
    db,
    sql: """
      SELECT id FROM notice
      WHERE state IN \(owedStates) AND id IN (SELECT notice FROM outcome_reminder) AND NOT EXISTS (
        SELECT 1 FROM outcome_reminder AS reminder
        JOIN claim ON claim.opportunity = reminder.opportunity
          AND claim.generation = reminder.generation
        JOIN opportunity ON opportunity.id = claim.opportunity
        WHERE reminder.notice = notice.id AND \(isUnrecorded)
          AND NOT EXISTS (
            SELECT 1 FROM desk_event AS plan
            WHERE plan.opportunity = claim.opportunity AND plan.at > reminder.at AND \(isPlan)))
      """)
  for notice in over {
    try db.execute(sql: "DELETE FROM notice WHERE id = ?", arguments: [notice])
    try db.execute(sql: "DELETE FROM outcome_reminder WHERE notice = ?", arguments: [notice])
  }
}
