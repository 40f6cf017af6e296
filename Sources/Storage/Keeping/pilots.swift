import Foundation
import GRDB
import Triage

/// What came of a pilot, in numbers.
package struct PilotCounts: Hashable, Sendable, Codable {
  package var area: String
  package var jobs = 0, opportunities = 0, offered = 0, claimed = 0
  /// By ``OutcomeKind``.
  package var outcomes: [String: Int] = [:]
  package var consentsGiven = 0
  /// Open now: waiting, offered or held.
  package var open = 0
  package var held = 0
}

/// Why a pilot is not closed now.
package enum PilotRefusal: Error, Hashable, Sendable {
  case closedAlready
  /// Somebody is out there just now.
  case somebodyIsOut
}

extension Store {
  package func pilotCounts(of area: String) async throws -> PilotCounts {
    try await read { db in
      var counts = PilotCounts(area: area)
      func count(_ sql: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(sql)", arguments: [area])!
      }
      counts.jobs = try count("job WHERE area = ?")
      counts.opportunities = try count("opportunity WHERE area = ?")
      counts.offered = try count("opportunity WHERE area = ? AND offered_at NOTNULL")
      counts.open = try count("opportunity WHERE area = ? AND ended_at IS NULL")
      counts.held = try count("opportunity WHERE area = ? AND state = 'claimed'")
      let ofArea = "opportunity IN (SELECT id FROM opportunity WHERE area = ?)"
      counts.claimed = try count("(SELECT DISTINCT opportunity FROM claim WHERE \(ofArea))")
      counts.consentsGiven = try count("consent WHERE given = 1 AND \(ofArea)")
      for row in try Row.fetchAll(
        db, sql: "SELECT kind, count(*) FROM outcome WHERE \(ofArea) GROUP BY kind",
        arguments: [area])
      {
        counts.outcomes[row[0]] = row[1]
      }
      return counts
    }
  }

  /// Ends a pilot: nothing of its area is stored, offered or announced any more, what is open is taken back, what is
  /// held is given back, and its links end, in one transaction with the mails about it.
  /// - Parameter day: the civil day on which what is there is erased.
  /// - Throws: ``PilotRefusal``.
  package func closePilot(
    _ area: String, by: String, eraseOn day: CivilDay, audit: AuditRow, notices: [Notice], now: Date
  ) async throws {
    try await write { db in
      let ms = milliseconds(now)
      guard
        try String.fetchOne(
          db, sql: "SELECT area FROM closed_pilot WHERE area = ?", arguments: [area]) == nil
      else { throw PilotRefusal.closedAlready }
      let isOut = try Bool.fetchOne(
        db,
        sql: """
          SELECT EXISTS (
            SELECT 1 FROM outing JOIN opportunity ON opportunity.id = outing.opportunity
            WHERE back_at IS NULL AND area = ?)
          """, arguments: [area])!
      if isOut { throw PilotRefusal.somebodyIsOut }
      try db.execute(
        sql: "INSERT INTO closed_pilot (area, closed_at, by, erase_on) VALUES (?, ?, ?, ?)",
        arguments: [area, ms, by, day.description])
      try endWhatIsOpen(db, area, ms)
      for notice in notices { try owe(db, notice, due: notice.created) }
      try writeAudit(db, audit)
    }
  }

  /// Areas whose pilot is closed and whose data are to go by that day.
  package func pilotsToErase(by day: CivilDay) async throws -> [String] {
    try await read {
      try String.fetchAll(
        $0,
        sql:
          "SELECT area FROM closed_pilot WHERE erased_at IS NULL AND erase_on <= ? ORDER BY area",
        arguments: [day.description])
    }
  }

  /// Areas whose pilot was closed and whose data have gone.
  package func erasedPilots() async throws -> Set<String> {
    try await read {
      try String.fetchSet($0, sql: "SELECT area FROM closed_pilot WHERE erased_at NOTNULL")
    }
  }

  /// What the erasure of a closed pilot is written down as: one of all that is held of its area, and one of those who
  /// asked there not to be contacted again, of whom nothing is stored any more instead.
  ///
  /// Who asked there and whose opportunity has gone with its time is told by where it was.
  /// - Parameter isThere: whether a place of such a one is of this pilot; with the last one all are.
  package func erasures(
    ofPilot area: String, ids: (String, String), now: Date,
    isThere: @escaping @Sendable (Place) -> Bool = { _ in false }
  ) async throws -> [Erasure] {
    try await read { db in
      let (rows, identifiers, optedOut) = try pilotRows(db, area, isThere)
      guard !rows.isEmpty else { return [] }
      let key = try ErasureKey(db)
      let all = Erasure(
        id: ids.0, at: now, prints: withParties(identifiers).map(key.print), refuses: false,
        key: key.name)
      let refused = Erasure(
        id: ids.1, at: now, prints: optedOut.sorted().map(key.print), refuses: true, key: key.name)
      return optedOut.isEmpty ? [all] : [all, refused]
    }
  }

  /// Erases everything of a closed pilot's area but what a legal hold names, which goes by its days when that is ended.
  /// The audit stays: it names nobody there.
  /// - Parameter isThere: as of ``erasures(ofPilot:ids:now:isThere:)``.
  package func erasePilot(
    _ area: String, as erasures: [Erasure], audit: AuditRow, now: Date,
    isThere: @escaping @Sendable (Place) -> Bool = { _ in false }
  ) async throws -> ErasedRows {
    let erased = try await write { db in
      let (rows, identifiers, _) = try pilotRows(db, area, isThere)
      var erased = try SubjectEraser(db, refuses: true).erase(rows) { _, _ in nil }
      erased.complaintsAbout = try forgetParties(db, partyPrints(identifiers).contains)
      for erasure in erasures {
        try db.execute(
          sql: "INSERT INTO erasure (id, at, prints, refuses, rows) VALUES (?, ?, ?, ?, ?)",
          arguments: [
            erasure.id, milliseconds(erasure.at), try json(erasure.prints), erasure.refuses,
            erasure.refuses ? 0 : erased.sum,
          ])
      }
      try db.execute(
        sql: "UPDATE closed_pilot SET erased_at = ? WHERE area = ?",
        arguments: [milliseconds(now), area])
      try writeAudit(db, audit)
      return erased
    }
    try await rewrite()
    return erased
  }
}

/// Gives back what is held in an area, takes back what is open there, and ends its links.
func endWhatIsOpen(_ db: Database, _ area: String, _ ms: Int64) throws {
  try db.execute(
    sql: """
      UPDATE claim SET ended_at = ?1, ended_how = 'released', ended_why = 'The pilot has ended.'
      WHERE ended_at IS NULL AND opportunity IN (SELECT id FROM opportunity WHERE area = ?2)
      """, arguments: [ms, area])
  try db.execute(
    sql: """
      UPDATE opportunity SET state = 'withdrawn', ended_at = ?1, updated_at = ?1, holder = NULL,
        claimed_at = NULL, generation = generation + 1
      WHERE area = ?2 AND state = 'claimed'
      """, arguments: [ms, area])
  let open = try Int64.fetchAll(
    db, sql: "SELECT id FROM opportunity WHERE area = ? AND ended_at IS NULL",
    arguments: [area])
  _ = try withdrawOpportunities(db, open, now: ms)
  try db.execute(
    sql: """
      UPDATE link SET revoked = 1 WHERE announcement IN (
        SELECT announcement.id FROM announcement
        JOIN opportunity ON opportunity.id = announcement.opportunity WHERE area = ?)
      """, arguments: [area])
}

private func pilotRows(
  _ db: Database, _ area: String, _ isThere: (Place) -> Bool
) throws -> (rows: SubjectRows, identifiers: Set<String>, optedOut: Set<String>) {
  let held = try SubjectRows(heldIn: db)
  let jobs = try Int64.fetchSet(db, sql: "SELECT id FROM job WHERE area = ?", arguments: [area])
    .subtracting(held.jobs)
  let opportunities = try Int64.fetchSet(
    db,
    sql: """
      SELECT id FROM opportunity WHERE area = ?1
      UNION SELECT id FROM opportunity
        WHERE trigger_job IN (SELECT id FROM job WHERE area = ?1)
      """, arguments: [area]
  ).subtracting(held.opportunities)
  var rows = SubjectRows(jobs: jobs, opportunities: opportunities)
  var identifiers = Set(
    try Row.fetchAll(
      db,
      sql: """
        SELECT feed.name, reference FROM job JOIN feed ON feed.id = job.feed
        WHERE job.id IN (SELECT value FROM json_each(?))
        """, arguments: [try json(jobs.sorted())]
    ).map { SubjectMatch.identifier(JobRef(feed: $0[0], reference: $0[1])) })
  var optedOut: Set<String> = []
  func names(_ words: PlaceWords) -> [String] {
    [words.key, words.uprn.isEmpty ? nil : "uprn:" + words.uprn, words.writtenKey].compactMap(
      \.self)
  }
  func take(_ words: PlaceWords, of opportunity: Int64) {
    optedOut.formUnion(names(words))
    optedOut.formUnion(words.place.dwellingTexts)
    rows.optOuts.insert(.init(opportunity: opportunity, key: words.key ?? ""))
  }
  try eachPlacedRow(db) { row in
    switch row.table {
    case .job where jobs.contains(row.id): identifiers.formUnion(names(row.words))
    case .opportunity where opportunities.contains(row.id),
      .secondHousehold where opportunities.contains(row.id):
      identifiers.formUnion(names(row.words))
    case .optOut where opportunities.contains(row.id): take(row.words, of: row.id)
    default: break
    }
  }
  let left = try Row.fetchAll(
    db, sql: "SELECT * FROM opt_out WHERE opportunity NOT IN (SELECT id FROM opportunity)")
  for row in left {
    let there = try place(row)
    let id = SubjectRows.OptOutID(opportunity: row["opportunity"], key: row["address_key"])
    guard isThere(there), !held.optOuts.contains(id) else { continue }
    take(
      PlaceWords(
        key: id.key, address: there.address, postcode: there.postcode, uprn: there.uprn),
      of: id.opportunity)
  }
  return (rows, identifiers, optedOut)
}
