import Foundation
import GRDB
import Triage

/// What a pass needs to know of the passes before it.
package struct KnownState: Sendable {
  /// The mirror: received within the time asked for, or open.
  package var jobs: [Job] = []
  /// The stored address keys of ``jobs``, in their order, which spares making them again.
  package var addressKeys: [AddressKey?] = []
  /// Which list had each of ``jobs`` last, in their order.
  package var listed: [Listed] = []
  /// Of the opportunities. What was withdrawn without a message of it having been accepted, and without ever
  /// having been claimed, has given its place in the week back: the places bound the mails.
  package var past = PastOffers()
  /// Also those that a day has ended.
  package var pauses: [Pause] = []

  package init() {}
}

extension Store {
  /// - Parameters:
  ///   - since: jobs received before it are left out unless they are open: neither closed nor gone.
  ///   - feed: the feed of which no job is left out, since a list is to be held against them.
  package func known(
    since: Date, weekStart: Date, allOf feed: String? = nil
  ) async throws -> KnownState {
    try await read { db in
      var known = KnownState()
      known.pauses = try readPauses(db)
      try readJobs(db, since: since, allOf: feed, into: &known)

      let open = try FastStatement(
        db,
        """
        SELECT opportunity.address_key, state, drawn, shadow_at IS NOT NULL,
          second_household.address_key
        FROM opportunity
        LEFT JOIN second_household ON second_household.opportunity = opportunity.id
        WHERE ended_at IS NULL
        """)
      while try open.next() {
        let address = AddressKey(text: open.text(0))
        let state: OpportunityState = try word(open.text(1), "opportunity.state")
        known.past.open[address] = state
        if open.int(2) == 1 { known.past.drawn.insert(address) }
        if open.int(3) == 1, state == .waiting { known.past.shadowed.insert(address) }
        if !open.isNull(4) { known.past.joint[AddressKey(text: open.text(4))] = address }
      }

      let answered = try FastStatement(
        db,
        """
        SELECT feed.name, job.reference, outcome.kind, outcome.at
        FROM opportunity
        JOIN opportunity_job ON opportunity_job.opportunity = opportunity.id
        JOIN job ON job.id = opportunity_job.job
        JOIN feed ON feed.id = job.feed
        JOIN outcome ON outcome.opportunity = opportunity.id
        WHERE opportunity.state = 'done'
        ORDER BY outcome.at
        """)
      while try answered.next() {
        let job = JobRef(feed: answered.text(0), reference: answered.text(1))
        var answer = Answer(
          kind: try word(answered.text(2), "outcome.kind"), at: answered.date(3)!, times: 1)
        if let before = known.past.answered[job] {
          // A "no, thank you" stands, whatever came of another visit.
          if !before.kind.answersNothing, answer.kind.answersNothing { answer = before }
          answer.times = before.times + 1
        }
        known.past.answered[job] = answer
      }

      let offered = try FastStatement(
        db,
        """
        SELECT area, count(*), sum(drawn) FROM opportunity
        WHERE offered_at >= ? AND (state <> 'withdrawn'
          OR EXISTS (
            SELECT 1 FROM claim
            WHERE claim.opportunity = opportunity.id AND claim.ended_how IS NOT 'undone')
          OR EXISTS (
            SELECT 1 FROM announcement JOIN digest ON digest.id = announcement.digest
            WHERE announcement.opportunity = opportunity.id AND digest.state = 'accepted'))
        GROUP BY area
        """)
      offered.bind(weekStart)
      while try offered.next() {
        known.past.offeredThisWeek[offered.text(0)] = Int(offered.int(1))
        if offered.int(2) > 0 { known.past.drawnThisWeek[offered.text(0)] = Int(offered.int(2)) }
      }
      let onTrial = try FastStatement(
        db,
        """
        SELECT area, count(*), sum(drawn) FROM opportunity
        WHERE shadow_at >= ? AND state = 'waiting'
        GROUP BY area
        """)
      onTrial.bind(weekStart)
      while try onTrial.next() {
        known.past.shadowedThisWeek[onTrial.text(0)] = Int(onTrial.int(1))
        if onTrial.int(2) > 0 {
          known.past.shadowDrawnThisWeek[onTrial.text(0)] = Int(onTrial.int(2))
        }
      }
      return known
    }
  }

  /// The jobs at an address, newest first: received since then, or without a date.
  package func history(at address: AddressKey, since: Date) async throws -> [Job] {
    try await read { db in
      let jobs = try JobReader(
        db,
        """
        WHERE address_key = ? AND (received >= ? OR received IS NULL)
        ORDER BY received DESC, reference
        """)
      jobs.statement.bind(address.text)
      jobs.statement.bind(since)
      var history: [Job] = []
      while let job = try jobs.next() { history.append(job) }
      return history
    }
  }
}

private func readJobs(
  _ db: Database, since: Date, allOf feed: String?, into known: inout KnownState
) throws {
  let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM job") ?? 0
  known.jobs.reserveCapacity(count)
  known.addressKeys.reserveCapacity(count)
  let whole = try feedNames(db).first { $0.value == feed }?.key
  let jobs = try JobReader(
    db,
    """
    WHERE received >= ? OR (closed IS NULL AND gone IS NULL) OR feed = ? ORDER BY id
    """)
  jobs.statement.bind(since)
  if let whole { jobs.statement.bind(whole) } else { jobs.statement.bindNull() }
  while let job = try jobs.next() {
    known.jobs.append(job)
    known.addressKeys.append(jobs.addressKey)
    known.listed.append(jobs.listed)
  }
}

/// Reads rows of `job` back as they were recorded.
private struct JobReader {
  let statement: FastStatement
  private let feeds: [Int64: String]
  private let kinds: [Int64: JobKind]

  init(_ db: Database, _ condition: String) throws {
    feeds = try feedNames(db)
    kinds = try JobKind.all(db)
    statement = try FastStatement(
      db,
      """
      SELECT feed, reference, kind, area, received, due, closed, gone, address, postcode, uprn,
        x, y, location, notes, contact, address_key, updated, listed, other_party
      FROM job
      """ + " " + condition)
  }

  func next() throws -> Job? {
    guard try statement.next() else { return nil }
    guard let kind = kinds[statement.int(2)], let feed = feeds[statement.int(0)] else {
      throw damage("job has a row without its kind or its feed")
    }
    let point =
      statement.isNull(11) ? nil : GridPoint(x: statement.double(11), y: statement.double(12))
    return Job(
      id: JobRef(feed: feed, reference: statement.text(1)),
      received: statement.date(4), due: statement.date(5), closed: statement.date(6),
      updated: statement.date(17),
      status: kind.status, jobClass: kind.jobClass, type: kind.type, callerType: kind.callerType,
      place: Place(
        address: statement.text(8), postcode: statement.text(9), uprn: statement.text(10),
        point: point, location: try word(statement.text(13), "job.location")),
      notes: statement.text(14), contact: statement.text(15), area: statement.text(3),
      gone: statement.date(7), otherParty: statement.isNull(19) ? nil : statement.int(19))
  }

  /// Of the job that ``next()`` returned last.
  var addressKey: AddressKey? {
    statement.isNull(16) ? nil : AddressKey(text: statement.text(16))
  }

  /// Of the job that ``next()`` returned last.
  var listed: Listed { statement.listed(18) }
}
