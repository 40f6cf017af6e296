import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("A legal hold")
struct LegalHoldTests {
  /// Long after everything that is kept for days is past them.
  private let later = noon + 5000 * day

  /// Six people, of whom nothing is open any more.
  private func seeded(_ store: Store) async throws -> [Person] {
    let everybody = people(6)
    try await record(store, everybody)
    try await store.record(pass([], verdict([])))
    return everybody
  }

  private func purge(_ store: Store) async throws -> PurgeResult {
    try await store.purge(before: later, endedBefore: later, snapshotFeeds: [], now: later)
  }

  private func hold(_ store: Store, _ query: SubjectQuery) async throws {
    let count = try await store.holdLegally(
      query, why: "Claim 22.", by: "x", audit: asked, now: noon)
    #expect(count > 0)
  }

  /// Without what is in the audit, and without the places that are another opportunity's.
  private func classes(_ store: Store, _ query: SubjectQuery) async throws -> [SubjectFinding.Class]
  {
    try await store.findSubject(query, audit: asked).classes.filter {
      !["audit", "reached_places"].contains($0.name)
    }
  }

  @Test("What it names stays whatever its age, and goes with the next purge when it is ended")
  func kept() async throws {
    try await withStore { store in
      let everybody = try await seeded(store)
      let held = SubjectQuery.uprn(everybody[3].uprn)
      try await hold(store, held)
      let before = try await classes(store, held)
      let wanted: Set = [
        "jobs", "opportunities", "announcements", "claims", "visit_tries", "outcomes", "consents",
        "outings", "changes", "notices", "other_door",
      ]
      #expect(Set(before.map(\.name)).isSuperset(of: wanted))
      let attempts = "delivery_attempt WHERE digest IN (SELECT digest FROM announcement)"
      try await store.write { db in
        try db.execute(
          sql: """
            INSERT INTO delivery_attempt (digest, at, result, why)
            SELECT DISTINCT digest, 0, 'accepted', '' FROM announcement WHERE digest NOTNULL
            """)
      }

      let limits = RetentionLimits([
        .jobs: .init(day: CivilDay(later, in: .gmt), instant: later),
        .claims: .init(day: CivilDay(later, in: .gmt), instant: later),
      ])
      let ages = try await store.dataAges(past: limits, snapshotFeeds: [], now: later)
      #expect(ages[.jobs]?.overdue == 5, "what is held is not overdue")

      let did = try await purge(store)
      #expect(did["job"] == 5 && did.held[.jobs] == 1 && did.held[.messages] != nil)
      #expect(did.held[.claims] == 3, "an opportunity and its two claims")
      #expect(try await classes(store, held) == before)
      let told = try await store.read {
        try Int.fetchOne($0, sql: "SELECT count(*) FROM \(attempts)")!
      }
      #expect(told > 0)
      for person in everybody where person.number != 3 {
        #expect(try await classes(store, .uprn(person.uprn)) == [])
      }

      #expect(try await store.endLegalHold(held, audit: asked) > 0)
      let after = try await purge(store)
      #expect(after["job"] == 1 && after.held.isEmpty)
      #expect(try await classes(store, held) == [])
    }
  }

  @Test("Of a job by its reference it keeps that job and what was made of it")
  func reference() async throws {
    try await withStore { store in
      let person = Person(number: 1)
      let jobs = [person.job, person.job(reference: "ANOTHER")]
      try await store.record(pass(jobs, verdict([opportunity(jobs)])))
      try await store.record(pass([], verdict([])))
      try await hold(store, .reference(jobs[0].id))
      let did = try await purge(store)
      #expect(did["job"] == 1 && did.held == [.jobs: 1, .offers: 1, .messages: 1])
      let left = try await store.findSubject(.uprn(person.uprn), audit: asked)
      #expect(left.classes.first?.rows.map { $0["reference"] } == [person.reference])
    }
  }

  @Test("The end of a pilot leaves what it names, and nothing else")
  func pilot() async throws {
    try await withStore { store in
      let everybody = try await seeded(store)
      let held = SubjectQuery.address(everybody[2].address, postcode: everybody[2].postcode)
      try await hold(store, held)
      let before = try await classes(store, held)
      #expect(try await store.legallyHeld(in: "north") == 2)
      #expect(try await store.legallyHeld(in: "south") == 0)
      try await store.closePilot(
        "north", by: "x", eraseOn: CivilDay(noon, in: .gmt), audit: asked, notices: [], now: noon)
      let erasures = try await store.erasures(ofPilot: "north", ids: ("a", "b"), now: noon)
      let erased = try await store.erasePilot("north", as: erasures, audit: asked, now: noon)
      #expect(erased.jobs == 5)
      #expect(try await classes(store, held).map(\.name) == before.map(\.name))
      #expect(try await classes(store, .uprn(everybody[3].uprn)) == [])
    }
  }

  @Test("Whoever shares an opportunity of two households with it is not erased either")
  func shared() async throws {
    try await withStore { store in
      let (one, other) = (job("A1", uprn: "1001"), job("A2", uprn: "1002"))
      try await store.record(pass([one, other], verdict([joint(one, other)])))
      try await hold(store, .uprn("1002"))
      await #expect(throws: ErasureRefusal.held(["Claim 22."])) {
        try await erase(store, .uprn("1001"))
      }
      #expect(try await store.endLegalHold(.uprn("1002"), audit: asked) > 0)
      #expect(try await erase(store, .uprn("1001")).1.opportunities == 1)
    }
  }

  @Test("Its mails stay when a neighbour of the same street is erased")
  func neighbour() async throws {
    try await withStore { store in
      let jobs = [job("A1", uprn: "1001"), job("A2", uprn: "1002")]
      try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
      let held = try await store.read {
        try Int64.fetchOne($0, sql: "SELECT id FROM opportunity WHERE uprn = '1002'")!
      }
      try await store.write { db in
        try db.execute(
          sql: """
            INSERT INTO notice
              (id, recipient, channel, subject, body, state, created, next_attempt, ended_at)
            SELECT value, 'a@example.org', 'post', 'asked', '["Mill Lane"]', 'accepted', 0, 0, 1
            FROM json_each('["held", "other"]');
            """)
        try db.execute(
          sql: "INSERT INTO desk_told (opportunity, kind, epoch, at) VALUES (?, 'remind', 1, 0)",
          arguments: [held])
        try db.execute(
          sql: """
            INSERT INTO desk_told_notice (notice, opportunity, kind, epoch)
            VALUES ('held', ?, 'remind', 1)
            """, arguments: [held])
      }
      try await hold(store, .uprn("1002"))
      #expect(try await erase(store, .uprn("1001")).1.notices == 1)
      let left = try await store.read { try String.fetchAll($0, sql: "SELECT id FROM notice") }
      #expect(left == ["held"])
    }
  }

  @Test("It is counted once, whatever it names, with when the oldest began")
  func counted() async throws {
    try await withStore { store in
      #expect(try await store.legalHolds() == LegalHolds(count: 0, oldest: nil))
      let everybody = try await seeded(store)
      try await hold(store, .uprn(everybody[0].uprn))
      _ = try await store.holdLegally(
        .uprn(everybody[1].uprn), why: "Claim 23.", by: "x", audit: asked, now: noon + day)
      #expect(try await store.legalHolds() == LegalHolds(count: 2, oldest: noon))
    }
  }
}
