import Foundation
import GRDB
import Triage

/// A claim whose lease may be over.
package struct Lease: Hashable, Sendable {
  package var opportunity: Int64
  /// Of the opportunity: it goes on with every change.
  package var generation: Int
  package var holder: String
  package var until: Date
  /// The reminder of this end has gone out to its holder, or would not for so long that it is not waited for.
  package var isReminded: Bool

  package init(
    opportunity: Int64, generation: Int, holder: String, until: Date, isReminded: Bool = true
  ) {
    self.opportunity = opportunity
    self.generation = generation
    self.holder = holder
    self.until = until
    self.isReminded = isReminded
  }
}

/// Nothing goes back while somebody is out for it (a day longer than they wanted to be at most, for those who forget to
/// say that they are back), nor in the hour behind it: there is an outcome to record.
private let isOut = """
  EXISTS (
    SELECT 1 FROM outing WHERE outing.opportunity = claim.opportunity
      AND coalesce(back_at + 3600000, back_by + 86400000) > ?1)
  """

/// Ends that are put off while the mailbox of the holder does not take the reminder.
private let mostPutOff = 2

extension Store {
  /// Gives a lease to every claim that has none yet: those of before there were leases.
  /// - Returns: how many.
  @discardableResult
  package func giveLeases(until: Date) async throws -> Int {
    try await write { db in
      try db.execute(
        sql: "UPDATE claim SET until = ? WHERE ended_at IS NULL AND until IS NULL",
        arguments: [milliseconds(until)])
      return db.changesCount
    }
  }

  /// Leases that end before an instant, the first first, without those under which somebody is out on a visit then.
  package func leases(endingBefore: Date) async throws -> [Lease] {
    try await read { db in
      try Row.fetchAll(
        db,
        kept(
          sql: """
            SELECT claim.opportunity, opportunity.generation, claim.holder, claim.until, EXISTS (
              SELECT 1 FROM desk_told
              WHERE desk_told.opportunity = claim.opportunity AND kind = 'lease_ends'
                AND epoch = claim.until)
              AND (claim.put_off >= \(mostPutOff) OR NOT EXISTS (
                SELECT 1 FROM desk_told_notice AS told JOIN notice ON notice.id = told.notice
                WHERE told.opportunity = claim.opportunity AND told.kind = 'lease_ends'
                  AND told.epoch = claim.until AND notice.state IN \(owedStates))) AS reminded
            FROM claim JOIN opportunity ON opportunity.id = claim.opportunity
            WHERE claim.ended_at IS NULL AND claim.until < ?1 AND NOT \(isOut)
            ORDER BY claim.until, claim.opportunity
            """, arguments: [milliseconds(endingBefore)]
        )
      ).map {
        Lease(
          opportunity: $0["opportunity"], generation: $0["generation"], holder: $0["holder"],
          until: instant($0["until"]), isReminded: $0["reminded"])
      }
    }
  }

  /// Puts the end of these leases off: their holders could not be reminded in time. One that was changed since is
  /// left alone. Where the reminder is owed and has not gone out, it counts: a mailbox that takes no mail keeps no claim
  /// for ever.
  /// - Returns: how many were put off.
  package func putOff(_ leases: [Lease], until: Date) async throws -> Int {
    if leases.isEmpty { return 0 }
    return try await write { db in
      var count = 0
      for lease in leases {
        try db.execute(
          sql: """
            UPDATE claim SET until = ?1, put_off = put_off + EXISTS (
              SELECT 1 FROM desk_told WHERE opportunity = ?2 AND kind = 'lease_ends' AND epoch = ?3)
            WHERE opportunity = ?2 AND ended_at IS NULL AND until = ?3 AND until < ?1
            """,
          arguments: [milliseconds(until), lease.opportunity, milliseconds(lease.until)])
        count += db.changesCount
      }
      return count
    }
  }

  /// How many opportunities these people hold.
  package func held(by members: Set<String>, but opportunity: Int64) async throws -> Int {
    try await read { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM opportunity
          WHERE state = 'claimed' AND id <> ? AND holder IN (SELECT value FROM json_each(?))
          """, arguments: [opportunity, try json(members.sorted())])!
    }
  }

  /// Gives back, for others to take, what is held under these leases, with the mails about it. One that was changed
  /// since is left alone.
  /// - Parameter leaders: of areas, by id.
  /// - Returns: the leases that lapsed.
  package func lapse(
    _ leases: [Lease], leaders: [String: Set<String>] = [:], now: Date,
    tells: @escaping @Sendable ([Lease]) -> [Notice]
  ) async throws -> [Lease] {
    try await write { db in
      try giveBack(db, leases, leaders, now: now, tells: tells)
    }
  }

  /// Gives back, for others to take, what is held by somebody who has gone, with the mails about it.
  /// - Parameters:
  ///   - active: the ids of those who have not.
  ///   - leaders: of areas, by id.
  /// - Returns: the claims that ended; of one that had no lease the end is `now`.
  package func lapse(
    allBut active: Set<String>, leaders: [String: Set<String>] = [:], now: Date,
    tells: @escaping @Sendable ([Lease]) -> [Notice]
  ) async throws -> [Lease] {
    try await write { db in
      let gone = try Row.fetchAll(
        db,
        kept(
          sql: """
            SELECT opportunity.id, opportunity.generation, opportunity.holder, claim.until
            FROM opportunity
            LEFT JOIN claim ON claim.opportunity = opportunity.id AND claim.ended_at IS NULL
            WHERE state = 'claimed'
              AND opportunity.holder NOT IN (SELECT value FROM json_each(?)) ORDER BY opportunity.id
            """, arguments: [try json(active.sorted())]
        )
      ).map {
        Lease(
          opportunity: $0["id"], generation: $0["generation"], holder: $0["holder"],
          until: date($0["until"]) ?? now)
      }
      return try giveBack(db, gone, leaders, now: now, tells: tells)
    }
  }
}

/// - Returns: the leases that lapsed: what was changed since is left alone.
private func giveBack(
  _ db: Database, _ leases: [Lease], _ leaders: [String: Set<String>], now: Date,
  tells: ([Lease]) -> [Notice]
) throws -> [Lease] {
  let lapsed = try leases.filter {
    try giveBack(db, $0.opportunity, generation: $0.generation, leaders, now: now)
  }
  if lapsed.isEmpty { return [] }
  for notice in tells(lapsed) { try owe(db, notice, due: notice.created) }
  return lapsed
}

/// Ends a claim by itself. - Returns: `false` where it was changed since that generation.
private func giveBack(
  _ db: Database, _ opportunity: Int64, generation: Int, _ leaders: [String: Set<String>], now: Date
) throws -> Bool {
  guard let state = try DeskState.read(db, opportunity), state.state == "claimed",
    state.generation == generation, let claim = state.claim
  else { return false }
  let ms = milliseconds(now)
  try claim.end(db, of: opportunity, "lapsed", at: ms)
  try db.execute(
    sql: """
      UPDATE opportunity SET state = 'offered', holder = NULL, claimed_at = NULL, open_since = ?,
        updated_at = ?, generation = generation + 1
      WHERE id = ? AND generation = ?
      """, arguments: [ms, ms, opportunity, generation])
  let area = try String.fetchOne(
    db, sql: "SELECT area FROM opportunity WHERE id = ?", arguments: [opportunity])
  try oweAgain(db, opportunity, ms, leaders: area.flatMap { leaders[$0] } ?? [])
  try db.execute(
    sql: """
      INSERT INTO desk_event (opportunity, seen, generation, actor, action, request, before, at)
      VALUES (?, ?, ?, '', 'lapse', 'lapse', ?, ?)
      """, arguments: [opportunity, generation, generation + 1, try json(state), ms])
  try writeAudit(
    db,
    AuditRow(
      at: now, actor: "", mark: AuditMark(), action: "lapse", opportunity: opportunity,
      generation: generation + 1))
  return true
}
