import Foundation
import GRDB
import GRDBSQLite
import Triage

/// All that the database holds of a subject.
package struct SubjectFinding: Hashable, Sendable, Codable {
  /// One kind of thing that is held.
  package struct Class: Hashable, Sendable, Codable {
    /// "jobs"
    package var name: String
    /// What it is, where it comes from.
    package var what: String
    /// Column by column; what is empty is left out. Instants are in UTC (ISO 8601).
    package var rows: [[String: String]]
  }

  /// Only those of which there is something.
  package var classes: [Class]
  /// UPRNs that stand at a written address, where they are several.
  package var uprnsThere: [String]
  /// Jobs of the same building under another unit or none, which may be theirs: feed and reference.
  package var sameBuilding: [String]
  /// Reasons of legal holds.
  package var holds: [String]
  /// Opportunities for which somebody is out just now, or which somebody holds.
  package var held: [String]

  package var count: Int { classes.reduce(0) { $0 + $1.rows.count } }
}

extension Store {
  /// - Parameter audit: the row that says that somebody asked.
  package func findSubject(_ query: SubjectQuery, audit: AuditRow) async throws -> SubjectFinding {
    try await write { db in
      try writeAudit(db, audit)
      if case .text(let text) = query {
        return SubjectFinding(
          classes: try textClasses(db, text), uprnsThere: [], sameBuilding: [], holds: [],
          held: [])
      }
      guard let match = try subjectMatch(db, query) else { throw ErasureRefusal.notByText }
      let rows = try SubjectRows(db, match)
      return SubjectFinding(
        classes: try subjectClasses(db, rows) + complaintClass(db, match),
        uprnsThere: match.severalUPRNs.sorted(),
        sameBuilding: try sameBuilding(db, match, rows),
        holds: try String.fetchAll(
          db,
          sql: """
            SELECT DISTINCT why FROM legal_hold
            WHERE subject IN (SELECT value FROM json_each(?))
            """, arguments: [try json(match.identifiers)]),
        held: try String.fetchAll(
          db,
          sql: """
            SELECT id || ' (' || holder || ')' FROM opportunity
            WHERE state = 'claimed' AND id IN (SELECT value FROM json_each(?)) ORDER BY id
            """, arguments: [try json(rows.opportunities.sorted())]))
    }
  }
}

/// Of others' jobs only which they are: what else is known of them is theirs.
private func complaintClass(
  _ db: Database, _ match: SubjectMatch
) throws -> [SubjectFinding.Class] {
  let rows = try Row.fetchAll(
    db,
    sql: """
      SELECT feed.name AS feed, reference, received FROM job JOIN feed ON feed.id = job.feed
      WHERE job.id IN (SELECT value FROM json_each(?)) ORDER BY job.id
      """, arguments: [try json(complaintsAbout(db, match.parties))])
  if rows.isEmpty { return [] }
  return [
    .init(
      name: "complaints_about",
      what: "Jobs of others that a list says are about this address; kept as a fingerprint of it.",
      rows: rows.map(fields))
  ]
}

/// Of jobs only: what else hangs from them.
private func sameBuilding(
  _ db: Database, _ match: SubjectMatch, _ rows: SubjectRows
) throws -> [String] {
  // "addr:UNIT|NUMBER|STREET|POSTCODE": what stands behind the unit is the building.
  let buildings = Set(
    match.addresses.compactMap { key in
      key.dropFirst("addr:".count).split(
        separator: "|", maxSplits: 1, omittingEmptySubsequences: false
      ).last.map(String.init)
    })
  guard !buildings.isEmpty else { return [] }
  let postcodes = Set(buildings.compactMap { $0.split(separator: "|").last.map(String.init) })
  var found: [Int64] = []
  try eachPlacedRow(db) { row in
    guard row.table == .job, !rows.jobs.contains(row.id) else { return }
    let postcode = postcodeKey(row.words.postcode)
    guard postcode.isEmpty || postcodes.contains(postcode) else { return }
    let address = Address(row.words.address, postcode: row.words.postcode)
    if buildings.contains(address.buildingKey) { found.append(row.id) }
  }
  return try String.fetchAll(
    db,
    sql: """
      SELECT feed.name || ':' || reference FROM job JOIN feed ON feed.id = job.feed
      WHERE job.id IN (SELECT value FROM json_each(?)) ORDER BY job.id
      """, arguments: [try json(found)])
}

/// One kind of thing, and the rows of it that hang from a subject's.
private struct SubjectTable {
  var name: String
  var what: String
  /// Which rows it is asked for: `?1` has a list of opportunities, `?2` of jobs, `?3` of reached places.
  var sql: String
}

private let ofOpportunities = "opportunity IN (SELECT value FROM json_each(?1))"

private let subjectTables = [
  SubjectTable(
    name: "jobs", what: "What the council's lists say of jobs there.",
    sql: """
      SELECT job.id, feed.name AS feed, reference, class, type, status, caller, area, received, due, closed,
        updated, gone, address, postcode, uprn, x, y, location, notes, contact, first_seen, last_changed
      FROM job JOIN feed ON feed.id = job.feed JOIN job_kind ON job_kind.id = job.kind
      WHERE job.id IN (SELECT value FROM json_each(?2)) ORDER BY job.id
      """),
  SubjectTable(
    name: "opportunities",
    what: "What was made of the jobs: whether to start a conversation, and why.",
    sql: """
      SELECT opportunity.id, area, state, offer, job_type, since, address, postcode, uprn, x, y, location, points,
        reasons, band, rules_version, drawn, shadow, made_at, updated_at, offered_at, open_since, holder, claimed_at,
        ended_at
      FROM opportunity JOIN score ON score.id = opportunity.score
      WHERE opportunity.id IN (SELECT value FROM json_each(?1)) ORDER BY opportunity.id
      """),
  SubjectTable(
    name: "second_households", what: "The other household of an opportunity that is of two.",
    sql: """
      SELECT opportunity, address, postcode, uprn, x, y, location FROM second_household
      WHERE \(ofOpportunities) ORDER BY opportunity
      """),
  SubjectTable(
    name: "reached_places",
    what:
      "Places that may be at a household of an opportunity, kept so that the contact register is asked for them.",
    sql: """
      SELECT opportunity, address, postcode, uprn, x, y, location FROM reached_place
      WHERE rowid IN (SELECT value FROM json_each(?3)) ORDER BY opportunity, rowid
      """),
  SubjectTable(
    name: "announcements", what: "Who was told of it, through which channel.",
    sql: """
      SELECT announcement.id, opportunity, announcement.recipient, announcement.channel, announcement.state, owed_at,
        cause, digest.accepted_at
      FROM announcement LEFT JOIN digest ON digest.id = announcement.digest
      WHERE \(ofOpportunities) ORDER BY announcement.id
      """),
  SubjectTable(
    name: "claims", what: "Who held it, and how that ended.",
    sql: """
      SELECT opportunity, generation, holder, second, issued_to, claimed_at, until, ended_at, ended_how, ended_why
      FROM claim WHERE \(ofOpportunities) ORDER BY opportunity, generation
      """),
  SubjectTable(
    name: "visit_tries", what: "Visits at which nobody was met.",
    sql:
      "SELECT opportunity, number, at, by, next_on FROM visit_try WHERE \(ofOpportunities) ORDER BY 1, 2"
  ),
  SubjectTable(
    name: "outcomes", what: "What came of a conversation.",
    sql: """
      SELECT opportunity, generation, kind, by, at, declined, known_before, line FROM outcome
      WHERE \(ofOpportunities) ORDER BY opportunity, generation
      """),
  SubjectTable(
    name: "consents",
    what: "Whether help was accepted and who may be told, and whether that was taken back.",
    sql: """
      SELECT opportunity, generation, given, scope, asked_on, how, wording, recorded_at, withdrawn_at, withdrawn_by
      FROM consent WHERE \(ofOpportunities) ORDER BY opportunity, generation
      """),
  SubjectTable(
    name: "outings", what: "Who was out on a visit, and when.",
    sql: """
      SELECT opportunity, member, second, since, back_by, back_at FROM outing
      WHERE \(ofOpportunities) ORDER BY id
      """),
  SubjectTable(
    name: "changes", what: "Each change, with the state before it.",
    sql: """
      SELECT opportunity, generation, actor, action, before, at, undone_at FROM desk_event
      WHERE \(ofOpportunities) ORDER BY id
      """),
  SubjectTable(
    name: "notices", what: "Mails to members and leaders about it.",
    sql: """
      SELECT recipient, channel, subject, body, state, created FROM notice
      WHERE id IN (\(noticesAbout(opportunities: "?1", jobs: "?2"))) ORDER BY created, id
      """),
  SubjectTable(
    name: "other_door", what: "Jobs of which leaders were told that they may be for safeguarding.",
    sql: """
      SELECT job, told_at FROM other_door WHERE job IN (SELECT value FROM json_each(?2)) ORDER BY job
      """),
  SubjectTable(
    name: "audit",
    what:
      "Who looked at details or changed something. It names opportunities by their number, and stays.",
    sql: """
      SELECT at, actor, via, action, opportunity, result, agency FROM audit
      WHERE \(ofOpportunities) ORDER BY id
      """),
]

private func subjectClasses(
  _ db: Database, _ rows: SubjectRows
) throws -> [SubjectFinding.Class] {
  let lists = [
    try json(rows.opportunities.sorted()), try json(rows.jobs.sorted()),
    try json(rows.reachedPlaces.sorted()),
  ]
  var classes = try subjectTables.map { table in
    SubjectFinding.Class(
      name: table.name, what: table.what, rows: try fetch(db, table.sql, lists).map(fields))
  }
  classes.append(
    optOutClass(
      try optOutRows(db).filter {
        rows.optOuts.contains(.init(opportunity: $0["opportunity"], key: $0["address_key"]))
      }))
  return classes.filter { !$0.rows.isEmpty }
}

/// Rows in which a text stands, wherever people or lists can have written one.
private func textClasses(_ db: Database, _ text: String) throws -> [SubjectFinding.Class] {
  let wanted = text.lowercased()
  func hasText(_ row: Row) -> Bool {
    row.contains { _, value in
      String.fromDatabaseValue(value)?.lowercased().contains(wanted) ?? false
    }
  }
  let lists = try ["opportunity", "job", "reached_place"].map {
    try json(try Int64.fetchAll(db, sql: "SELECT rowid FROM \($0)"))
  }
  var tables = subjectTables
  if let notices = tables.firstIndex(where: { $0.name == "notices" }) {
    tables[notices].sql = "SELECT recipient, channel, subject, body, state, created FROM notice"
  }
  var classes = try tables.map { table in
    SubjectFinding.Class(
      name: table.name, what: table.what,
      rows: try fetch(db, table.sql, lists).filter(hasText).map(fields))
  }
  classes.append(optOutClass(try optOutRows(db).filter(hasText)))
  return classes.filter { !$0.rows.isEmpty }
}

/// Of each question only the lists that it asks for.
private func fetch(_ db: Database, _ sql: String, _ lists: [String]) throws -> [Row] {
  let statement = try db.makeStatement(sql: sql)
  let count = Int(sqlite3_bind_parameter_count(statement.sqliteStatement))
  return try Row.fetchAll(statement, arguments: StatementArguments(lists.prefix(count)))
}

private func optOutRows(_ db: Database) throws -> [Row] {
  try Row.fetchAll(db, sql: "SELECT * FROM opt_out ORDER BY at, opportunity")
}

private func optOutClass(_ rows: [Row]) -> SubjectFinding.Class {
  .init(
    name: "opt_outs", what: "That somebody asked there not to be contacted again.",
    rows: rows.map(fields))
}

private func fields(_ row: Row) -> [String: String] {
  var fields: [String: String] = [:]
  for (column, value) in row {
    if value.isNull { continue }
    if let number = Int64.fromDatabaseValue(value), instantColumns.contains(column) {
      fields[column] = instant(number).formatted(.iso8601)
    } else if let text = String.fromDatabaseValue(value) {
      if !text.isEmpty { fields[column] = text }
    } else {
      fields[column] = Int64.fromDatabaseValue(value).map(String.init) ?? "\(value)"
    }
  }
  return fields
}

private let instantColumns: Set = [
  "received", "due", "closed", "updated", "gone", "first_seen", "last_changed", "since", "made_at",
  "updated_at", "offered_at", "open_since", "claimed_at", "ended_at", "owed_at", "accepted_at",
  "until", "at", "recorded_at", "withdrawn_at", "back_by", "back_at", "undone_at", "created",
  "told_at",
]
