import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("Recording a pass")
struct PassTests {
  @Test("What was recorded is known again, to the last field")
  func roundTrip() async throws {
    try await withStore { store in
      var plain = job("A2", uprn: "", closed: noon - day)
      plain.place.point = nil
      plain.place.location = .none
      plain.received = noon - 400 * day
      plain.closed = nil
      plain.notes = "line one\nline “two” \u{0} \(String(repeating: "long ", count: 8000))"
      let jobs = [job("A1"), plain, job("B1", uprn: "10002", feed: "other")]
      let offers = [opportunity([jobs[0]]), opportunity([jobs[2]])]
      let result = try await store.record(
        pass(jobs, verdict(offers, waiting: [offers[1].address])))
      #expect(
        (result.new, result.made, result.offered, result.announced) == (3, 2, 1, 1))
      let state = try await known(store)
      #expect(state.jobs == jobs)
      #expect(state.addressKeys == jobs.map { AddressKey($0.place) })
      #expect(state.past.open == [offers[0].address: .offered, offers[1].address: .waiting])
      #expect(state.past.offeredThisWeek == ["north": 1])
      #expect(state.past.answered.isEmpty)
      #expect(try await store.feedState("list") == Data("etag".utf8))
      #expect(try await store.feedState("nowhere") == nil)
      let stored = try await store.opportunity(1)
      #expect(offers.contains(stored!.opportunity))
    }
  }

  @Test("Recording the same pass twice changes nothing and owes nobody anything")
  func idempotent() async throws {
    try await withStore { store in
      let jobs = (0..<700).map { job("A\($0)", uprn: "\(20_000 + $0 / 2)") }
      let offers = stride(from: 0, to: 700, by: 2).map { opportunity([jobs[$0], jobs[$0 + 1]]) }
      let earlier = job("old", uprn: "")
      try await store.record(pass([earlier], verdict([])))
      let same = pass(jobs, gone: [earlier.id], verdict(offers), at: noon + hour)
      let first = try await store.record(same)
      #expect(first.new == 700 && first.gone == 1 && first.made == 350 && first.announced == 350)
      let before = try await dump(store)
      #expect(try await store.record(same) == PassResult())
      #expect(try await dump(store) == before)
    }
  }

  @Test(
    "Any number of jobs and opportunities is written whole, statement by statement",
    arguments: [0, 1, 31, 32, 33, 64, 65])
  func numbers(_ count: Int) async throws {
    try await withStore { store in
      let earlier = job("earlier", uprn: "1")
      try await store.record(pass([earlier], verdict([opportunity([earlier])])))
      let jobs = (0..<count).map { job("A\($0)", uprn: "\(20_000 + $0)") }
      let offers = ([earlier] + jobs).map { opportunity([$0]) }
      let result = try await store.record(pass(jobs, verdict(offers), at: noon + hour))
      #expect((result.new, result.made, result.announced) == (count, count, count))
      #expect(try await known(store).jobs == [earlier] + jobs)
      for digest in try await bundleAll(store, at: noon + hour) {
        #expect(Set(digest.items.map(\.opportunity.opportunity)) == Set(offers))
      }
    }
  }

  @Test("A reference that comes twice in a pass is one job: the later row counts")
  func repeated() async throws {
    try await withStore { store in
      var later = job("A1")
      later.status = "Closed"
      let result = try await store.record(pass([job("A1"), later], verdict([])))
      #expect(result.new == 1)
      #expect(try await known(store).jobs == [later])
    }
  }

  @Test("A caller that is cancelled does not stop what it has begun to write")
  func cancelled() async throws {
    try await withStore { store in
      let task = Task { () async throws -> PassResult in
        withUnsafeCurrentTask { $0?.cancel() }
        return try await store.record(pass([job("A1")], verdict([])))
      }
      let result = try await task.value
      #expect(result.new == 1)
      #expect(try await store.counts().jobs == 1)
    }
  }

  @Test("Of jobs without a change nothing is written, of changed ones what changed")
  func changedJobs() async throws {
    try await withStore { store in
      let jobs = (0..<5).map { job("A\($0)") }
      try await store.record(pass(jobs, verdict([])))
      var changed = jobs
      changed[1].status = "Closed"
      changed[1].closed = noon
      changed[2].place.point!.x += 0.5
      changed[4].received = nil
      let result = try await store.record(pass(changed, verdict([]), at: noon + hour))
      #expect(result.changed == 3 && result.new == 0)
      #expect(try await known(store).jobs == changed)
      let seen = try await store.read {
        try Row.fetchAll($0, sql: "SELECT first_seen, last_changed FROM job ORDER BY id")
          .map { [$0[0] as Int64, $0[1]] }
      }
      let (first, second) = (milliseconds(noon), milliseconds(noon + hour))
      #expect(seen.map(\.[0]) == Array(repeating: first, count: 5))
      #expect(seen.map(\.[1]) == [first, second, second, first, second])
    }
  }

  @Test("A job that has gone is marked once, and unmarked when the list has it again")
  func gone() async throws {
    try await withStore { store in
      let one = job("A1")
      try await store.record(pass([one], verdict([])))
      let unknown = JobRef(feed: "list", reference: "never")
      let marked = try await store.record(
        pass([], gone: [one.id, unknown], verdict([]), at: noon + hour))
      #expect(marked.gone == 1)
      #expect(try await known(store).jobs.first?.gone == noon + hour)
      let again = try await store.record(
        pass([], gone: [one.id], verdict([]), at: noon + 2 * hour))
      #expect(again.gone == 0)
      let back = try await store.record(pass([one], verdict([]), at: noon + 3 * hour))
      #expect(back.changed == 1)
      #expect(try await known(store).jobs == [one])
    }
  }

  @Test("Only jobs of the last 12 months and open ones are known")
  func knownSince() async throws {
    try await withStore { store in
      let old = noon - 500 * day
      let jobs = [
        job("open and old", received: old), job("closed and old", received: old, closed: old),
        job("gone and old", received: old, gone: noon), job("closed and new", closed: noon),
      ]
      try await store.record(pass(jobs, verdict([])))
      #expect(
        try await known(store).jobs.map(\.id.reference) == ["open and old", "closed and new"])
    }
  }

  @Test("A different judgement is written to what is open, and owes nothing again")
  func updated() async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      var better = opportunity([job("A1"), job("A2")], points: 55)
      better.place.address = "12a Mill Lane, Testford"
      let result = try await store.record(
        pass([job("A2")], verdict([better]), at: noon + hour))
      #expect(result.updated == 1 && result.made == 0 && result.announced == 0)
      let stored = try await store.opportunity(id)
      #expect(stored?.opportunity == better)
      #expect(stored?.updatedAt == noon + hour)
      #expect(stored?.madeAt == noon)
    }
  }

  @Test("What waited is offered when there is room, and owed from then on")
  func waiting() async throws {
    try await withStore { store in
      let one = job("A1")
      let offer = opportunity([one])
      let first = try await store.record(
        pass([one], verdict([offer], waiting: [offer.address])))
      #expect(first.made == 1 && first.offered == 0 && first.announced == 0)
      #expect(try await nextDue(store) == nil)
      let second = try await store.record(pass([], verdict([offer]), at: noon + hour))
      #expect(second.offered == 1 && second.announced == 1 && second.made == 0)
      #expect(try await store.counts().oldestOwed == noon + hour)
      // Offered stays offered.
      let third = try await store.record(
        pass([], verdict([offer], waiting: [offer.address]), at: noon + 2 * hour))
      #expect(third == PassResult())
      #expect(try await known(store).past.open == [offer.address: .offered])
    }
  }

  @Test("What the verdict no longer has is withdrawn with what was owed for it")
  func withdrawn() async throws {
    try await withStore { store in
      let jobs = [job("A1", uprn: "1001"), job("A2", uprn: "1002")]
      let offers = jobs.map { opportunity([$0]) }
      try await store.record(pass(jobs, verdict(offers, waiting: [offers[1].address])))
      let result = try await store.record(pass([], verdict([]), at: noon + hour))
      #expect(result.withdrawn == 2)
      #expect(try await store.counts().owed == 0)
      #expect(try await bundleAll(store).isEmpty)
      #expect(try await known(store).past.open.isEmpty)
    }
  }

  @Test("What somebody holds is not touched by a pass")
  func claimed() async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      _ = try await store.claim(
        opportunity: id, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      let before = try await store.opportunity(id)
      let other = opportunity([job("A1")], points: 99)
      #expect(try await store.record(pass([], verdict([other]), at: noon + hour)) == PassResult())
      #expect(try await store.opportunity(id) == before)
      #expect(try await store.record(pass([], verdict([]), at: noon + hour)) == PassResult())
      #expect(try await store.opportunity(id) == before)
      #expect(try await store.withdraw(opportunities: [id], now: noon + hour) == 0)
    }
  }

  @Test("A job whose outcome came in after the pass was judged makes no opportunity")
  func answeredMeanwhile() async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      let late = pass([], verdict([opportunity([job("A1")])]), at: noon + hour)
      _ = try await store.claim(
        opportunity: id, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      let outcome = Outcome(kind: .noAnswer, consent: nil, by: "bob", at: noon)
      #expect(try await store.record(outcome: outcome, opportunity: id, generation: 1))
      #expect(try await store.record(late) == PassResult())
      #expect(try await known(store).past.answered.keys.map(\.reference) == ["A1"])
    }
  }

  @Test("The database itself refuses a second open opportunity at an address")
  func onePerAddress() async throws {
    try await withStore { store in
      try await offerOne(store)
      let copy = """
        INSERT INTO opportunity (address_key, area, state, offer, trigger_job, job_type, since,
          address, postcode, uprn, location, score, band, rules_version, judged, made_at,
          updated_at, offered_at, holder, claimed_at, ended_at)
        SELECT address_key, area, ?, offer, trigger_job, job_type, since, address, postcode,
          uprn, location, score, band, rules_version, judged, made_at, updated_at, ?, ?, ?, ?
        FROM opportunity
        """
      let open: [StatementArguments] = [
        ["waiting", nil, nil, nil, nil], ["offered", 1, nil, nil, nil],
        ["claimed", 1, "bob", 1, nil],
      ]
      for values in open {
        let refusal = await #expect(throws: StoreError.self) {
          try await store.write { try $0.execute(sql: copy, arguments: values) }
        }
        #expect(refusal?.description.contains("opportunity.address_key") == true)
      }
      try await store.write {
        try $0.execute(sql: copy, arguments: ["withdrawn", nil, nil, nil, 1])
      }
    }
  }

  @Test("A pass that fails leaves nothing behind")
  func allOrNothing() async throws {
    try await withStore { store in
      let before = try await dump(store)
      let stranger = opportunity([job("not recorded", uprn: "77")])
      let failing = pass([job("A1")], verdict([opportunity([job("A1")]), stranger]))
      await #expect(throws: StoreError.self) { try await store.record(failing) }
      #expect(try await dump(store) == before)
    }
  }

  @Test("A poll that found nothing new keeps the feed's memory and its time")
  func unchanged() async throws {
    try await withStore { store in
      try await store.unchanged(feed: "list", state: Data("a".utf8), now: noon)
      #expect(try await store.feedState("list") == Data("a".utf8))
      try await store.unchanged(feed: "list", state: nil, now: noon + hour)
      #expect(try await store.feedState("list") == Data("a".utf8))
      let counts = try await store.counts()
      #expect(counts.lastPoll == ["list": noon + hour])
      #expect(counts.lastImport.isEmpty)
    }
  }

  @Test("The history at an address is its jobs, newest first, and nobody else's")
  func history() async throws {
    try await withStore { store in
      let jobs = [
        job("old", received: noon - 400 * day), job("first", received: noon - 30 * day),
        job("last", received: noon - day), job("next door", uprn: "10002"),
      ]
      try await store.record(pass(jobs, verdict([])))
      let history = try await store.history(
        at: AddressKey(jobs[0].place)!, since: noon - 365 * day)
      #expect(history == [jobs[2], jobs[1]])
    }
  }
}

/// Every row of every table, as text.
func dump(_ store: Store) async throws -> String {
  try await store.read { db in
    let tables = try String.fetchAll(
      db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return try tables.map { table in
      try table + "\n"
        + Row.fetchAll(db, sql: "SELECT * FROM \(table)").map(\.description)
        .joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
