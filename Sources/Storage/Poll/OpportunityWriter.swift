import GRDB
import Triage

/// Brings the stored opportunities in line with a verdict, inside the pass's transaction.
struct OpportunityWriter {
  private struct Stored {
    let id: Int64
    let state: OpportunityState
    let judged: Int64
  }

  private let db: Database
  private let judged: JudgedOpportunities
  private let jobs: JobIDs
  private let insert: FastStatement
  private let update: FastStatement
  private let offer: FastStatement
  private let forget: FastStatement
  private let remember: FastStatement
  private let owe: FastStatement

  init(_ db: Database, _ judged: JudgedOpportunities, _ jobs: JobIDs) throws {
    self.db = db
    self.judged = judged
    self.jobs = jobs
    insert = try FastStatement(db, insertSQL)
    update = try FastStatement(db, updateSQL)
    offer = try FastStatement(
      db, "UPDATE opportunity SET state = 'offered', offered_at = ?, updated_at = ? WHERE id = ?")
    forget = try FastStatement(db, "DELETE FROM opportunity_job WHERE opportunity = ?")
    remember = try FastStatement(
      db, "INSERT INTO opportunity_job (opportunity, job) VALUES (?, ?)")
    owe = try FastStatement(
      db,
      """
      INSERT INTO announcement (opportunity, recipient, channel, state, owed_at)
      VALUES (?, ?, ?, 'pending', ?) ON CONFLICT (opportunity, recipient, channel) DO NOTHING
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
        if stored.state == .waiting, judged.offered.contains(opportunity.address) {
          offer.bind(judged.now)
          offer.bind(judged.now)
          offer.bind(stored.id)
          result.offered += try offer.run()
          result.announced += try announce(stored.id, in: opportunity.area)
        }
      } else {
        let trigger = try jobs.id(opportunity.trigger)
        if !answered.contains(trigger) { new.append((at, trigger)) }
      }
    }
    // In the mirror's order, so that looking up the jobs walks through it once.
    new.sort { $0.trigger < $1.trigger }
    for (at, trigger) in new {
      let opportunity = judged.opportunities[at]
      let isOffered = judged.offered.contains(opportunity.address)
      let id = try make(at, trigger, scores[judged.scoreOf[at]], isOffered)
      result.made += 1
      if isOffered {
        result.offered += 1
        result.announced += try announce(id, in: opportunity.area)
      }
    }
    let missing = open.values.filter { $0.state != .claimed }.map(\.id)
    result.withdrawn += try withdrawOpportunities(db, missing, now: judged.now)
  }

  private func storedOpen() throws -> [AddressKey: Stored] {
    var open: [AddressKey: Stored] = [:]
    let rows = try FastStatement(
      db,
      """
      SELECT address_key, id, state, judged FROM opportunity
      WHERE ended_at IS NULL
      """)
    while try rows.next() {
      open[AddressKey(text: rows.text(0))] = Stored(
        id: rows.int(1), state: OpportunityState(rawValue: rows.text(2))!, judged: rows.int(3))
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

  private func make(
    _ at: Int, _ trigger: Int64, _ score: Int64, _ isOffered: Bool
  ) throws -> Int64 {
    let opportunity = judged.opportunities[at]
    insert.bind(opportunity.address.text)
    insert.bind(isOffered ? "offered" : "waiting")
    insert.bind(judged.now)
    if isOffered { insert.bind(judged.now) } else { insert.bindNull() }
    bindJudgement(at, trigger, score, to: insert)
    try insert.run()
    let id = db.lastInsertedRowID
    try rememberJobs(of: opportunity, id)
    return id
  }

  private func rewrite(_ id: Int64, _ at: Int, _ score: Int64) throws {
    let opportunity = judged.opportunities[at]
    bindJudgement(at, try jobs.id(opportunity.trigger), score, to: update)
    update.bind(id)
    try update.run()
    forget.bind(id)
    try forget.run()
    try rememberJobs(of: opportunity, id)
  }

  private func rememberJobs(of opportunity: Opportunity, _ id: Int64) throws {
    for ref in opportunity.jobs {
      remember.bind(id)
      remember.bind(try jobs.id(ref))
      try remember.run()
    }
  }

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

private let insertSQL = """
  INSERT INTO opportunity (address_key, state, made_at, offered_at, updated_at, area, offer,
    trigger_job, job_type, since, address, postcode, uprn, x, y, location, score, band,
    rules_version, judged)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  """

private let updateSQL = """
  UPDATE opportunity SET updated_at = ?, area = ?, offer = ?, trigger_job = ?, job_type = ?,
    since = ?, address = ?, postcode = ?, uprn = ?, x = ?, y = ?, location = ?, score = ?,
    band = ?, rules_version = ?, judged = ?
  WHERE id = ?
  """
