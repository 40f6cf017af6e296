import Foundation
import GRDB
import Triage

/// An opportunity with what we know of it beside the judgement. One that has ended may have
/// outlived its jobs: the trigger's feed and reference are empty then.
package struct StoredOpportunity: Hashable, Sendable, Identifiable {
  package var id: Int64
  package var state: OpportunityState
  /// Goes up with every change at the desk.
  package var generation: Int
  package var opportunity: Opportunity
  /// Who holds it, or held it when it was done: a member's id.
  package var holder: String?
  package var claimedAt: Date?
  package var madeAt: Date
  package var updatedAt: Date
  package var offeredAt: Date?
  package var endedAt: Date?
  /// Once done.
  package var outcome: Outcome?
  /// It has its place by lot.
  package var isDrawn: Bool
  /// When it would have been offered, if it were not on trial.
  package var onTrialSince: Date?
  /// To whom the link was sent through which it is held, or was when it was done; a member's id.
  package var heldThrough: String? { claim?.issuedTo }
  /// While it is held, and once it is done.
  package var claim: StoredClaim?
  /// Since when nobody holds it; `nil` unless it is on offer.
  package var openSince: Date?
  /// When the council closed the job that makes it, or took it off its list.
  package var jobClosed: Date?
  /// For each household, in their order, every place that a job there bears, or may bear though it is not certain.
  package var jobPlaces: [[Place]] = []

  /// For each household, in their order, all places that the contact register is to be asked for: its own,
  /// with the UPRN that its address is known by, and those of its jobs. A pass asks for as many.
  package var registerPlaces: [[Place]] {
    zip(opportunity.households, opportunity.places).enumerated().map { at, home in
      var own = home.1
      if let uprn = home.0.uprn { own.uprn = uprn }
      return [home.1, own] + (at < jobPlaces.count ? jobPlaces[at] : [])
    }
  }

  /// What the register says of any place of each household, in their order.
  package func flags(in register: Register) -> [Set<Register.Flag>] {
    registerPlaces.map { $0.reduce(into: []) { $0.formUnion(register.flags(for: $1)) } }
  }
}

extension Store {
  package func opportunity(_ id: Int64) async throws -> StoredOpportunity? {
    try await read { try storedOpportunity($0, id) }
  }

  /// What is waiting, offered or claimed, the oldest first.
  package func openOpportunities() async throws -> [StoredOpportunity] {
    try await read { db in
      try Int64.fetchAll(
        db, sql: "SELECT id FROM opportunity WHERE ended_at IS NULL ORDER BY id"
      ).compactMap { try storedOpportunity(db, $0) }
    }
  }
}

func storedOpportunity(_ db: Database, _ id: Int64) throws -> StoredOpportunity? {
  let found = try Row.fetchOne(
    db.cachedStatement(
      sql: """
        SELECT opportunity.*, feed.name AS feed, job.reference, score.reasons,
          coalesce(job.closed, job.gone) AS job_closed
        FROM opportunity
        LEFT JOIN job ON job.id = opportunity.trigger_job
        LEFT JOIN feed ON feed.id = job.feed
        JOIN score ON score.id = opportunity.score
        WHERE opportunity.id = ?
        """), arguments: [id])
  guard let row = found else { return nil }
  let judgement = Opportunity(
    address: AddressKey(text: row["address_key"]), area: row["area"],
    offer: try word(row["offer"], "opportunity.offer"),
    trigger: JobRef(feed: row["feed"] ?? "", reference: row["reference"] ?? ""),
    jobType: row["job_type"],
    jobs: try jobs(db, of: id), since: instant(row["since"]), place: try place(row),
    second: try secondHousehold(db, of: id), score: try score(row["reasons"]),
    band: row["band"], rulesVersion: row["rules_version"], isShadow: row["shadow"])
  var stored = StoredOpportunity(
    id: id, state: try word(row["state"], "opportunity.state"), generation: row["generation"],
    opportunity: judgement, holder: row["holder"], claimedAt: date(row["claimed_at"]),
    madeAt: instant(row["made_at"]), updatedAt: instant(row["updated_at"]),
    offeredAt: date(row["offered_at"]), endedAt: date(row["ended_at"]),
    outcome: try outcome(db, of: id), isDrawn: row["drawn"],
    onTrialSince: date(row["shadow_at"]))
  stored.jobPlaces = try jobPlaces(db, of: id, judgement.households)
  stored.claim = try storedClaim(db, of: id)
  if stored.state == .offered {
    stored.openSince = [stored.offeredAt, date(row["open_since"])].compactMap { $0 }.max()
  }
  stored.jobClosed = date(row["job_closed"])
  return stored
}

/// One that has another address now (it was corrected) counts for every household.
private func jobPlaces(
  _ db: Database, of opportunity: Int64, _ households: [AddressKey]
) throws -> [[Place]] {
  var places = Array(repeating: [Place](), count: households.count)
  let rows = try Row.fetchAll(
    db.cachedStatement(
      sql: """
        SELECT address_key, address, postcode, uprn, x, y, location FROM job
        WHERE id IN (SELECT job FROM opportunity_job WHERE opportunity = ?1)
          OR address_key IN (SELECT value FROM json_each(?2))
        UNION
        SELECT address_key, address, postcode, uprn, x, y, location FROM reached_place
        WHERE opportunity = ?1
        """), arguments: [opportunity, try json(households.map(\.text))])
  for row in rows {
    let key: String? = row["address_key"]
    let place = try place(row, of: "job")
    let own = households.firstIndex { $0.text == key }
    for at in households.indices where own == nil || own == at { places[at].append(place) }
  }
  return places
}

func secondHousehold(_ db: Database, of opportunity: Int64) throws -> Household? {
  try Row.fetchOne(
    db.cachedStatement(sql: "SELECT * FROM second_household WHERE opportunity = ?"),
    arguments: [opportunity]
  ).map { Household(address: AddressKey(text: $0["address_key"]), place: try place($0)) }
}

private func jobs(_ db: Database, of opportunity: Int64) throws -> [JobRef] {
  try Row.fetchAll(
    db.cachedStatement(
      sql: """
        SELECT feed.name, job.reference
        FROM opportunity_job
        JOIN job ON job.id = opportunity_job.job
        JOIN feed ON feed.id = job.feed
        WHERE opportunity_job.opportunity = ?
        """), arguments: [opportunity]
  ).map { JobRef(feed: $0[0], reference: $0[1]) }.sorted()
}

private func outcome(_ db: Database, of opportunity: Int64) throws -> Outcome? {
  try Row.fetchOne(
    db.cachedStatement(
      sql: """
        SELECT \(outcomeColumns) FROM outcome \(withConsent)
        WHERE outcome.opportunity = ? ORDER BY outcome.generation DESC LIMIT 1
        """), arguments: [opportunity]
  ).flatMap { try Storage.outcome($0)?.outcome }
}

private func score(_ reasons: String) throws -> Score {
  do {
    return Score(reasons: try JSONDecoder().decode([Reason].self, from: Data(reasons.utf8)))
  } catch is DecodingError {
    throw damage("score.reasons holds what is no list of reasons")
  }
}

/// - Parameter table: whose row it is, for what is said of a damaged one.
func place(_ row: Row, of table: String = "opportunity") throws -> Place {
  let (x, y): (Double?, Double?) = (row["x"], row["y"])
  let point = x.flatMap { x in y.map { GridPoint(x: x, y: $0) } }
  return Place(
    address: row["address"], postcode: row["postcode"], uprn: row["uprn"], point: point,
    location: try word(row["location"], "\(table).location"))
}

func date(_ milliseconds: Int64?) -> Date? { milliseconds.map(instant) }
