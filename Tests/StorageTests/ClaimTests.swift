import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("Claiming")
struct ClaimTests {
  @Test("The first gets it; the same again gets the same; the next is told who holds it")
  func claim() async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      func claim(_ member: String, _ now: Date) async throws -> ClaimAttempt {
        try await store.claim(
          opportunity: id, member: member, issuedTo: "ann", generation: 0, now: now)
      }
      #expect(try await claim("ann", noon) == .claimed(generation: 1, since: noon))
      #expect(try await claim("ann", noon + 5) == .alreadyYours(generation: 1, since: noon))
      #expect(try await claim("bob", noon + 9) == .heldBy(member: "ann", since: noon))
      let stored = try await store.opportunity(id)
      #expect(stored?.holder == "ann" && stored?.claimedAt == noon && stored?.generation == 1)
      #expect(
        try await store.claim(
          opportunity: 999, member: "ann", issuedTo: "ann", generation: 0, now: noon)
          == .notOpen(.withdrawn))
    }
  }

  @Test("What waits, is done or was taken back cannot be claimed")
  func notOpen() async throws {
    try await withStore { store in
      let one = job("A1")
      let offer = opportunity([one])
      try await store.record(pass([one], verdict([offer], waiting: [offer.address])))
      func claim() async throws -> ClaimAttempt {
        try await store.claim(
          opportunity: 1, member: "ann", issuedTo: "ann", generation: 0, now: noon)
      }
      #expect(try await claim() == .notOpen(.waiting))
      try await store.withdraw(opportunities: [1], now: noon)
      #expect(try await claim() == .notOpen(.withdrawn))
    }
  }

  @Test("Of 64 who try at once exactly one gets it, 200 times")
  func race() async throws {
    try await withStore { store in
      let jobs = (0..<200).map { job("A\($0)", uprn: "\(30_000 + $0)") }
      try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
      for id in Int64(1)...200 {
        let attempts = try await withThrowingTaskGroup(of: (String, ClaimAttempt).self) { group in
          for number in 0..<64 {
            group.addTask {
              let member = "member \(number)"
              return (
                member,
                try await store.claim(
                  opportunity: id, member: member, issuedTo: "ann", generation: 0, now: noon)
              )
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        let winners = attempts.filter { $0.1 == .claimed(generation: 1, since: noon) }
        #expect(winners.count == 1)
        let winner = winners[0].0
        let losers = attempts.filter { $0.1 == .heldBy(member: winner, since: noon) }
        #expect(losers.count == 63)
        #expect(try await store.opportunity(id)?.holder == winner)
      }
      let claims = try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM claim") }
      #expect(claims == 200)
    }
  }

  @Test("A claim can be undone for a while, by its holder, and is open again")
  func undo() async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      _ = try await store.claim(
        opportunity: id, member: "ann", issuedTo: "ann", generation: 0, now: noon)
      func undo(_ member: String, _ generation: Int, since: Date) async throws -> Bool {
        try await store.undo(
          opportunity: id, generation: generation, member: member, claimedSince: since,
          now: noon + 60)
      }
      #expect(try await undo("bob", 1, since: noon - 600) == false)
      #expect(try await undo("ann", 2, since: noon - 600) == false)
      #expect(try await undo("ann", 1, since: noon + 1) == false, "too long ago")
      #expect(try await undo("ann", 1, since: noon))
      #expect(try await undo("ann", 1, since: noon), "the same press once more changes nothing")
      #expect(try await undo("ann", 2, since: noon) == false, "once")
      #expect(try await store.opportunity(id)?.state == .offered)
      #expect(
        try await store.claim(
          opportunity: id, member: "bob", issuedTo: "ann", generation: 2, now: noon + 90)
          == .claimed(generation: 3, since: noon + 90))
    }
  }

  @Test("A stale page can change nothing about a later claim")
  func stale() async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      _ = try await store.claim(
        opportunity: id, member: "ann", issuedTo: "ann", generation: 0, now: noon)
      #expect(try await store.release(opportunity: id, generation: 1, member: "ann", now: noon))
      _ = try await store.claim(
        opportunity: id, member: "ann", issuedTo: "ann", generation: 2, now: noon)
      let outcome = Outcome(kind: .notNow, consent: nil, by: "ann", at: noon)
      #expect(
        try await store.record(outcome: outcome, opportunity: id, generation: 1) == false)
      #expect(
        try await store.release(opportunity: id, generation: 1, member: "ann", now: noon)
          == false)
      #expect(try await store.opportunity(id)?.state == .claimed)
      let ended = try await store.read {
        try String?.fetchAll($0, sql: "SELECT ended_how FROM claim ORDER BY generation")
      }
      #expect(ended == ["released", nil])
    }
  }

  @Test("A claim names the generation that its page showed; an older page claims nothing")
  func replayed() async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      func claim(_ member: String, _ generation: Int) async throws -> ClaimAttempt {
        try await store.claim(
          opportunity: id, member: member, issuedTo: "ann", generation: generation, now: noon)
      }
      #expect(try await claim("ann", 1) == .stale)
      #expect(try await claim("ann", 0) == .claimed(generation: 1, since: noon))
      for generation in [-1, 0, 1, 7] {
        #expect(try await claim("ann", generation) == .alreadyYours(generation: 1, since: noon))
        #expect(try await claim("bob", generation) == .heldBy(member: "ann", since: noon))
      }
      #expect(try await store.release(opportunity: id, generation: 1, member: "ann", now: noon))
      for generation in [-1, 0, 1] {
        #expect(try await claim("ann", generation) == .stale)
        #expect(try await claim("bob", generation) == .stale)
      }
      #expect(try await store.opportunity(id)?.state == .offered)
      #expect(try await claim("bob", 2) == .claimed(generation: 3, since: noon))
    }
  }

  @Test("A claim without an outcome lapses, is open to others and owed to who was not told")
  func lapse() async throws {
    try await withStore { store in
      let jobs = (1...3).map { job("A\($0)", uprn: "100\($0)") }
      try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
      for (id, since) in [(Int64(1), noon), (2, noon + day), (3, noon)] {
        _ = try await store.claim(
          opportunity: id, member: "bob", issuedTo: "ann", generation: 0, now: since)
      }
      let outcome = Outcome(kind: .noAnswer, consent: nil, by: "bob", at: noon)
      #expect(try await store.record(outcome: outcome, opportunity: 3, generation: 1))
      #expect(try await bundleAll(store, at: noon + day).isEmpty)
      #expect(try await store.lapse(claimedBefore: noon, now: noon + 9 * day) == [])
      #expect(try await store.lapse(claimedBefore: noon + 1, now: noon + 9 * day) == [1])
      #expect(try await store.lapse(claimedBefore: noon + 1, now: noon + 9 * day) == [])
      let lapsed = try await store.opportunity(1)
      #expect(lapsed?.state == .offered && lapsed?.holder == nil && lapsed?.generation == 2)
      #expect(try await store.opportunity(2)?.state == .claimed)
      let ended = try await store.read {
        try String.fetchOne($0, sql: "SELECT ended_how FROM claim WHERE opportunity = 1")
      }
      #expect(ended == "lapsed")
      let owed = try await bundleAll(store, at: noon + 9 * day)
      #expect(owed.map { $0.items.map(\.opportunity.id) } == [[1]])
    }
  }

  @Test("An outcome ends it, counts once on a double tap, and only its holder records it")
  func outcome() async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      _ = try await store.claim(
        opportunity: id, member: "ann", issuedTo: "ann", generation: 0, now: noon)
      func record(_ kind: OutcomeKind, _ consent: Bool?, by: String) async throws -> Bool {
        try await store.record(
          outcome: Outcome(kind: kind, consent: consent, by: by, at: noon + hour),
          opportunity: id, generation: 1)
      }
      #expect(try await record(.accepted, true, by: "bob") == false)
      #expect(try await record(.accepted, true, by: "ann"))
      #expect(try await record(.accepted, true, by: "ann"), "a double tap")
      #expect(try await record(.accepted, false, by: "ann") == false)
      #expect(try await record(.notNow, nil, by: "ann") == false)
      let stored = try await store.opportunity(id)
      #expect(stored?.state == .done && stored?.holder == "ann")
      #expect(stored?.endedAt == noon + hour)
      #expect(
        stored?.outcome == Outcome(kind: .accepted, consent: true, by: "ann", at: noon + hour))
      #expect(
        try await store.claim(
          opportunity: id, member: "ann", issuedTo: "ann", generation: 0, now: noon)
          == .notOpen(.done))
      #expect(try await store.counts().open.isEmpty)
    }
  }

  @Test(
    "The database itself demands the consent answer with “accepted”, and only with it",
    arguments: [(OutcomeKind.accepted, nil as Bool?), (.noAnswer, true), (.noThankYou, false)])
  func consent(_ kind: OutcomeKind, _ consent: Bool?) async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      _ = try await store.claim(
        opportunity: id, member: "ann", issuedTo: "ann", generation: 0, now: noon)
      await #expect(throws: StoreError.self) {
        try await store.record(
          outcome: Outcome(kind: kind, consent: consent, by: "ann", at: noon), opportunity: id,
          generation: 1)
      }
      #expect(try await store.opportunity(id)?.state == .claimed, "nothing of it has happened")
    }
  }

  @Test(
    "Of many claims at once a person gets as many as one may hold, and an agency too",
    arguments: [false, true])
  func limits(ofAgency: Bool) async throws {
    try await withStore { store in
      let jobs = (0..<40).map { job("A\($0)", uprn: "\(30_000 + $0)") }
      try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
      let people: Set<String> = ["ann", "bob"]
      let limits =
        ofAgency
        ? ClaimLimits(ofAgency: 3, agency: "Support", colleagues: people)
        : ClaimLimits(ofPerson: 3)
      let attempts = try await withThrowingTaskGroup(of: ClaimAttempt.self) { group in
        for id in Int64(1)...40 {
          group.addTask {
            try await store.claim(
              opportunity: id, member: ofAgency && id % 2 == 0 ? "bob" : "ann", issuedTo: "ann",
              generation: 0, limits: limits, now: noon)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let tooMany = ClaimAttempt.tooMany(limit: 3, agency: ofAgency ? "Support" : nil)
      #expect(attempts.filter { $0 == .claimed(generation: 1, since: noon) }.count == 3)
      #expect(attempts.filter { $0 == tooMany }.count == 37)
      #expect(try await store.counts().open == [.claimed: 3, .offered: 37])
    }
  }

  @Test("Who holds enough is told so; what they hold opens again, and one given back makes room")
  func enough() async throws {
    try await withStore { store in
      let jobs = (1...2).map { job("A\($0)", uprn: "100\($0)") }
      try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
      func claim(_ id: Int64, _ member: String, generation: Int = 0) async throws -> ClaimAttempt {
        try await store.claim(
          opportunity: id, member: member, issuedTo: "ann", generation: generation,
          limits: ClaimLimits(ofPerson: 1), now: noon)
      }
      #expect(try await claim(1, "ann") == .claimed(generation: 1, since: noon))
      #expect(try await claim(1, "ann") == .alreadyYours(generation: 1, since: noon))
      #expect(try await claim(2, "ann") == .tooMany(limit: 1, agency: nil))
      #expect(try await claim(2, "ann", generation: 7) == .stale)
      #expect(try await claim(2, "bob") == .claimed(generation: 1, since: noon))
      #expect(try await claim(2, "ann") == .heldBy(member: "bob", since: noon))
      #expect(try await store.release(opportunity: 2, generation: 1, member: "bob", now: noon))
      #expect(try await store.release(opportunity: 1, generation: 1, member: "ann", now: noon))
      #expect(try await claim(2, "ann", generation: 2) == .claimed(generation: 3, since: noon))
    }
  }
}
