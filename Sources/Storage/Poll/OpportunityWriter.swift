import GRDB
import Triage

/// Brings the stored opportunities in line with a verdict, inside the pass's transaction.
struct OpportunityWriter {
  private struct Stored {
    let id: Int64
    let state: OpportunityState
    let judged: Int64
    let area: String
  }

  private let db: Database
  private let judged: JudgedOpportunities
  private let jobs: JobIDs
  private let returning: ReturningOpportunities
  private let update: FastStatement
  private let offer: FastStatement
  private let forget: FastStatement
  private let remember: FastStatement
  private let owe: FastStatement

  init(_ db: Database, _ judged: JudgedOpportunities, _ jobs: JobIDs) throws {
    self.db = db
    self.judged = judged
    self.jobs = jobs
    returning = try ReturningOpportunities(db, now: judged.now)
    update = try FastStatement(
      db,
      "UPDATE opportunity SET \(columns.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?"
    )
    offer = try FastStatement(
      db, "UPDATE opportunity SET state = 'offered', offered_at = ?, updated_at = ? WHERE id = ?")
    forget = try FastStatement(db, "DELETE FROM opportunity_job WHERE opportunity = ?")
    remember = try FastStatement(
      db, "INSERT INTO opportunity_job (opportunity, job) VALUES (?, ?)")
    owe = try FastStatement(
      db,
      """
      INSERT INTO announcement (opportunity, recipient, channel, state, owed_at)
      VALUES (?, ?, ?, 'pending', ?)
      ON CONFLICT (opportunity, recipient, channel) DO UPDATE
      SET state = 'pending', digest = NULL, owed_at = excluded.owed_at
      WHERE announcement.state = 'withdrawn'
      """)
  }

  func write(into result: inout PassResult) throws {
    var open = try storedOpen()
    let scores = try scoreIDs()
    let answered = try answeredJobs()
    var new: [(at: Int, trigger: Int64)] = []
    for (at, opportunity) in judged.opportunities.enumerated() {
      if let stored = open.removeValue(forKey: opportunity.address) {
        if stored.state == .claimed { continue }
        if stored.judged != judged.fingerprints[at] {
          try rewrite(stored.id, at, scores[judged.scoreOf[at]])
          result.updated += 1
        }
        if stored.state == .offered, stored.area != opportunity.area {
          try handOver(stored.id, to: opportunity.area, into: &result)
        }
        if stored.state == .waiting { try offerIfRoom(stored.id, opportunity, into: &result) }
      } else {
        let trigger = try jobs.id(opportunity.trigger)
        if answered.contains(trigger) { continue }
        if let id = try returning.find(trigger: trigger, at: opportunity.address) {
          try reopen(id, at, scores[judged.scoreOf[at]], into: &result)
        } else {
          new.append((at, trigger))
        }
      }
    }
    try make(new, scores, into: &result)
    let missing = open.values.filter { $0.state != .claimed }.map(\.id)
    result.withdrawn += try withdrawOpportunities(db, missing, now: judged.now)
  }

  private func storedOpen() throws -> [AddressKey: Stored] {
    var open: [AddressKey: Stored] = [:]
    let rows = try FastStatement(
      db,
      """
      SELECT address_key, id, state, judged, area FROM opportunity
      WHERE ended_at IS NULL
      """)
    while try rows.next() {
      open[AddressKey(text: rows.text(0))] = Stored(
        id: rows.int(1), state: try word(rows.text(2), "opportunity.state"), judged: rows.int(3),
        area: rows.text(4))
    }
    return open
  }

  /// An outcome that came in after the pass was judged.
  private func answeredJobs() throws -> Set<Int64> {
    var answered: Set<Int64> = []
    let rows = try FastStatement(
      db,
      """
      SELECT opportunity_job.job FROM opportunity
      JOIN opportunity_job ON opportunity_job.opportunity = opportunity.id
      WHERE opportunity.state = 'done'
      """)
    while try rows.next() { answered.insert(rows.int(0)) }
    return answered
  }

  private func scoreIDs() throws -> [Int64] {
    try judged.scores.map { score in
      try db.cachedStatement(
        sql: "INSERT INTO score (points, reasons) VALUES (?, ?) ON CONFLICT (reasons) DO NOTHING"
      ).execute(arguments: [score.points, score.reasons])
      return try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT id FROM score WHERE reasons = ?"),
        arguments: [score.reasons])!
    }
  }

  /// Inserts new opportunities, in the mirror's order, so that looking up their jobs walks
  /// through it once.
  private func make(
    _ new: [(at: Int, trigger: Int64)], _ scores: [Int64], into result: inout PassResult
  ) throws {
    let new = new.sorted { $0.trigger < $1.trigger }
    let last =
      try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'opportunity'")
      ?? 0
    let insert = try BulkInsert(
      db, into: "opportunity", ["id", "address_key", "state", "made_at", "offered_at"] + columns,
      rows: new.count)
    for (number, (at, trigger)) in new.enumerated() {
      let (row, opportunity) = (insert.row, judged.opportunities[at])
      let isOffered = judged.offered.contains(opportunity.address)
      row.bind(last + 1 + Int64(number))
      row.bind(opportunity.address.text)
      row.bind(isOffered ? "offered" : "waiting")
      row.bind(judged.now)
      if isOffered { row.bind(judged.now) } else { row.bindNull() }
      bindJudgement(at, trigger, scores[judged.scoreOf[at]], to: row)
      try insert.endRow()
    }
    result.made = new.count

    let rows = new.reduce(0) { $0 + judged.opportunities[$1.at].jobs.count }
    let remember = try BulkInsert(
      db, into: "opportunity_job", ["opportunity", "job"], rows: rows)
    for (number, (at, _)) in new.enumerated() {
      let (id, opportunity) = (last + 1 + Int64(number), judged.opportunities[at])
      for ref in opportunity.jobs {
        let row = remember.row
        row.bind(id)
        row.bind(try jobs.id(ref))
        try remember.endRow()
      }
      if judged.offered.contains(opportunity.address) {
        result.offered += 1
        result.announced += try announce(id, in: opportunity.area)
      }
    }
  }

  private func offerIfRoom(
    _ id: Int64, _ opportunity: Opportunity, into result: inout PassResult
  ) throws {
    guard judged.offered.contains(opportunity.address) else { return }
    offer.bind(judged.now)
    offer.bind(judged.now)
    offer.bind(id)
    result.offered += try offer.run()
    result.announced += try announce(id, in: opportunity.area)
  }

  private func reopen(
    _ id: Int64, _ at: Int, _ score: Int64, into result: inout PassResult
  ) throws {
    let opportunity = judged.opportunities[at]
    let state = try returning.reopen(id)
    try rewrite(id, at, score)
    result.reopened += 1
    if state == .offered {
      result.announced += try announce(id, in: opportunity.area)
    } else {
      try offerIfRoom(id, opportunity, into: &result)
    }
  }

  private func rewrite(_ id: Int64, _ at: Int, _ score: Int64) throws {
    let opportunity = judged.opportunities[at]
    bindJudgement(at, try jobs.id(opportunity.trigger), score, to: update)
    update.bind(id)
    try update.run()
    forget.bind(id)
    try forget.run()
    for ref in opportunity.jobs {
      remember.bind(id)
      remember.bind(try jobs.id(ref))
      try remember.run()
    }
  }

  /// Binds the values of ``columns``.
  private func bindJudgement(
    _ at: Int, _ trigger: Int64, _ score: Int64, to statement: FastStatement
  ) {
    let opportunity = judged.opportunities[at]
    statement.bind(judged.now)
    statement.bind(opportunity.area)
    statement.bind(opportunity.offer.rawValue)
    statement.bind(trigger)
    statement.bind(opportunity.jobType)
    statement.bind(opportunity.since)
    bindPlace(opportunity.place, to: statement)
    statement.bind(score)
    statement.bind(opportunity.band)
    statement.bind(opportunity.rulesVersion)
    statement.bind(judged.fingerprints[at])
  }

  /// An edit of the boundaries has brought it into another area: those who lead that one are told, and the
  /// links of those who led the one before, and do not lead this one, end.
  private func handOver(_ id: Int64, to area: String, into result: inout PassResult) throws {
    let leaders = Set((judged.recipients[area] ?? []).map(\.member))
    let told = try Row.fetchAll(
      db, sql: "SELECT id, recipient FROM announcement WHERE opportunity = ?", arguments: [id])
    for row in told where !leaders.contains(row["recipient"]) {
      let announcement: Int64 = row["id"]
      // Told anew, with another link, where a later edit brings it back.
      try db.execute(
        sql: "UPDATE announcement SET state = 'withdrawn' WHERE id = ?", arguments: [announcement])
      try db.execute(
        sql: "UPDATE link SET revoked = 1 WHERE announcement = ?", arguments: [announcement])
    }
    result.announced += try announce(id, in: area)
  }

  /// Owes it to whoever has not been told: who was never to be, or whose message was withdrawn.
  private func announce(_ id: Int64, in area: String) throws -> Int {
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

/// What a judgement may change about an opportunity.
private let columns = [
  "updated_at", "area", "offer", "trigger_job", "job_type", "since", "address", "postcode",
  "uprn", "x", "y", "location", "score", "band", "rules_version", "judged",
]
