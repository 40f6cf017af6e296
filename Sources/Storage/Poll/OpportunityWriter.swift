import GRDB
import Triage

/// Brings the stored opportunities in line with a verdict, inside the pass's transaction.
struct OpportunityWriter {
  private typealias Stored = OpenOpportunities.Stored

  private let db: Database
  private let judged: JudgedOpportunities
  private let jobs: JobIDs
  private let returning: ReturningOpportunities
  private let update: FastStatement
  private let offer: FastStatement
  private let forget: FastStatement
  private let remember: FastStatement
  private let part: FastStatement
  private let leave: FastStatement
  private let leaders: LeaderTelling

  init(_ db: Database, _ judged: JudgedOpportunities, _ jobs: JobIDs) throws {
    self.db = db
    self.judged = judged
    self.jobs = jobs
    returning = try ReturningOpportunities(db, moves: judged.moves, now: judged.now)
    update = try FastStatement(
      db,
      "UPDATE opportunity SET \(columns.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?"
    )
    offer = try FastStatement(
      db, "UPDATE opportunity SET state = 'offered', offered_at = ?, updated_at = ? WHERE id = ?")
    forget = try FastStatement(db, "DELETE FROM opportunity_job WHERE opportunity = ?")
    remember = try FastStatement(
      db, "INSERT INTO opportunity_job (opportunity, job) VALUES (?, ?)")
    part = try FastStatement(db, "DELETE FROM second_household WHERE opportunity = ?")
    leave = try FastStatement(db, "DELETE FROM reached_place WHERE opportunity = ?")
    leaders = try LeaderTelling(db, judged)
  }

  func write(into result: inout PassResult) throws {
    let open = try OpenOpportunities(db)
    let scores = try scoreIDs()
    let wanted = WantedOpportunities(judged, open)
    // Before anything is made: a household may go from one opportunity to another.
    for id in wanted.recomposed { try leaders.takeBack(id) }
    result.withdrawn += try withdrawOpportunities(db, wanted.missing(from: open), now: judged.now)
    var new: [(at: Int, trigger: Int64)] = []
    for at in wanted.positions {
      let opportunity = judged.opportunities[at]
      if let stored = open.byAddress[opportunity.address], !wanted.recomposed.contains(stored.id) {
        try follow(stored, at, scores[judged.scoreOf[at]], into: &result)
        continue
      }
      // It was open when the pass was judged, and is not any more.
      if judged.isRefreshOnly { continue }
      let trigger = try jobs.id(opportunity.trigger)
      // An outcome that came in after the pass was judged.
      if open.answered[trigger, default: 0] > judged.answered[opportunity.trigger, default: 0] {
        continue
      }
      if let id = try returning.find(
        trigger: trigger, at: opportunity.address, second: opportunity.second?.address)
      {
        try reopen(id, at, scores[judged.scoreOf[at]], into: &result)
      } else {
        new.append((at, trigger))
      }
    }
    try make(new, scores, into: &result)
    result.announced += try leaders.tellOthers()
  }

  /// Brings one that is open and that nobody holds in line with its judgement.
  private func follow(
    _ stored: Stored, _ at: Int, _ score: Int64, into result: inout PassResult
  ) throws {
    let opportunity = judged.opportunities[at]
    let onTrial = onTrialSince(at, before: stored.shadowAt)
    if stored.judged != judged.fingerprints[at] || stored.shadowAt != onTrial {
      try rewrite(stored.id, at, score, onTrial)
      result.updated += 1
    }
    if stored.shadowAt == nil, onTrial != nil { result.onTrial += 1 }
    switch stored.state {
    case .offered:
      if stored.area != opportunity.area {
        result.announced += try leaders.handOver(stored.id, to: opportunity.area)
      }
      if opportunity.isShadow, !stored.isShadow { try leaders.keepBack(stored.id) }
      if stored.isShadow, !opportunity.isShadow {
        result.announced += try leaders.announce(stored.id, in: opportunity.area)
      }
    case .waiting:
      try offerIfRoom(stored.id, opportunity, into: &result)
    case .claimed, .done, .withdrawn:
      break
    }
  }

  /// When an opportunity was first counted as one that would be offered if it were not on trial.
  private func onTrialSince(_ at: Int, before: Int64?) -> Int64? {
    let opportunity = judged.opportunities[at]
    guard opportunity.isShadow else { return nil }
    return before ?? (judged.shadowed.contains(opportunity.address) ? judged.now : nil)
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
      let isOffered = mayOffer(opportunity)
      let onTrial = onTrialSince(at, before: nil)
      if onTrial != nil { result.onTrial += 1 }
      row.bind(last + 1 + Int64(number))
      row.bind(opportunity.address.text)
      row.bind(isOffered ? "offered" : "waiting")
      row.bind(judged.now)
      if isOffered { row.bind(judged.now) } else { row.bindNull() }
      bindJudgement(at, trigger, scores[judged.scoreOf[at]], onTrial, to: row)
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
      try join(id, opportunity)
      if mayOffer(opportunity) {
        result.offered += 1
        result.announced += try leaders.announce(id, in: opportunity.area)
      }
    }
  }

  /// What is on trial is announced to nobody.
  private func mayOffer(_ opportunity: Opportunity) -> Bool {
    judged.offered.contains(opportunity.address) && !opportunity.isShadow
  }

  private func offerIfRoom(
    _ id: Int64, _ opportunity: Opportunity, into result: inout PassResult
  ) throws {
    guard mayOffer(opportunity) else { return }
    offer.bind(judged.now)
    offer.bind(judged.now)
    offer.bind(id)
    result.offered += try offer.run()
    result.announced += try leaders.announce(id, in: opportunity.area)
  }

  private func reopen(
    _ id: Int64, _ at: Int, _ score: Int64, into result: inout PassResult
  ) throws {
    let opportunity = judged.opportunities[at]
    // Ground may move from one area to the next in two edits, and be nobody's in between.
    let area = try String.fetchOne(
      db, sql: "SELECT area FROM opportunity WHERE id = ?", arguments: [id])
    if area != opportunity.area { try leaders.dismiss(from: id, allBut: opportunity.area) }
    let state = try returning.reopen(id, at: opportunity.address)
    let onTrial = onTrialSince(at, before: nil)
    if onTrial != nil { result.onTrial += 1 }
    try rewrite(id, at, score, onTrial)
    result.reopened += 1
    if state == .offered {
      // On trial now it stays on offer to whoever has the mail, and nobody else is told.
      if !opportunity.isShadow {
        result.announced += try leaders.announce(id, in: opportunity.area)
      }
    } else {
      try offerIfRoom(id, opportunity, into: &result)
    }
  }

  private func rewrite(_ id: Int64, _ at: Int, _ score: Int64, _ onTrial: Int64?) throws {
    let opportunity = judged.opportunities[at]
    bindJudgement(at, try jobs.id(opportunity.trigger), score, onTrial, to: update)
    update.bind(id)
    try update.run()
    try separate(id)
    try join(id, opportunity)
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
    _ at: Int, _ trigger: Int64, _ score: Int64, _ onTrial: Int64?, to statement: FastStatement
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
    statement.bind(judged.drawn.contains(opportunity.address) ? 1 : Int64(0))
    statement.bind(opportunity.isShadow ? 1 : Int64(0))
    if let onTrial { statement.bind(onTrial) } else { statement.bindNull() }
  }

  /// Notes the second household of a joint opportunity, and the places that may be at either.
  private func join(_ id: Int64, _ opportunity: Opportunity) throws {
    if let second = opportunity.second { try note(second, of: id, in: "second_household") }
    for also in opportunity.alsoAt { try note(also, of: id, in: "reached_place") }
  }

  private func note(_ household: Household, of id: Int64, in table: String) throws {
    let insert = try FastStatement(
      db,
      """
      INSERT INTO \(table) (opportunity, address_key, address, postcode, uprn, x, y, location)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """)
    insert.bind(id)
    insert.bind(household.address.text)
    bindPlace(household.place, to: insert)
    try insert.run()
  }

  private func separate(_ id: Int64) throws {
    for statement in [part, leave] {
      statement.bind(id)
      try statement.run()
    }
  }
}

/// What a judgement may change about an opportunity.
private let columns = [
  "updated_at", "area", "offer", "trigger_job", "job_type", "since", "address", "postcode",
  "uprn", "x", "y", "location", "score", "band", "rules_version", "judged", "drawn", "shadow",
  "shadow_at",
]
