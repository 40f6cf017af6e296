import Foundation
import GRDB
import TestDesk
import TestSeeds
import Testing
import Triage

@testable import Storage

@Suite("Whatever passes say and people do")
struct HouseholdPropertyTests {
  /// Six homes told by UPRN; the first three also by their written address alone.
  private let homes = (0..<6).map { "2000\($0)" }

  private func jobs() -> [Job] {
    homes.enumerated().flatMap { at, uprn in
      var numbered = job("N\(at)", uprn: uprn)
      numbered.place.address = "\(at + 1) Mill Lane, Testford"
      var written = numbered
      written = Job(
        id: JobRef(feed: "list", reference: "W\(at)"), received: numbered.received,
        place: numbered.place, area: "north")
      written.place.uprn = ""
      return at < 3 ? [numbered, written] : [numbered]
    }
  }

  /// Law 6 and law 3 over random verdicts (also contradictory ones), claims, outcomes and addresses that turn
  /// out to be a UPRN's: no pass fails, no household has two open opportunities but two that were claimed
  /// before it was known, what is held is not touched, and the same pass again changes nothing.
  @Test("No household has two, and no pass fails")
  func oneEach() async throws {
    var reached = Reached()
    for seed in 0..<15 { try await run(seed, &reached) }
    // The generator reaches what it is for.
    let counts = [
      reached.made, reached.moved, reached.withdrawn, reached.reopened, reached.onTrial,
      reached.offered, reached.pairs, reached.heldPairs, reached.optOuts,
    ]
    #expect(counts.allSatisfy { $0 > 5 }, "\(reached)")
  }

  /// How often something happened.
  private struct Reached {
    var made = 0, moved = 0, withdrawn = 0, reopened = 0, onTrial = 0, offered = 0
    var pairs = 0, heldPairs = 0, optOuts = 0

    mutating func add(_ result: PassResult) {
      made += result.made
      moved += result.moved
      withdrawn += result.withdrawn
      reopened += result.reopened
      onTrial += result.onTrial
      offered += result.offered
    }
  }

  private func run(_ seed: Int, _ reached: inout Reached) async throws {
    try await withStore { store in
      var random = Seeded(UInt64(seed))
      let jobs = jobs()
      try await store.record(pass(jobs, verdict([])))
      var aliased: Set<Int> = []
      for step in 1...25 {
        let now = noon + Double(step) * hour
        if Int.random(in: 0..<6, using: &random) == 0 {
          aliased.insert(Int.random(in: 0..<3, using: &random))
        }
        func key(_ job: Job) -> AddressKey {
          let home = Int(job.id.reference.dropFirst())!
          if job.place.uprn.isEmpty, aliased.contains(home) {
            return AddressKey(text: "uprn:" + homes[home])
          }
          return AddressKey(job.place)!
        }
        let known = try await known(store, at: now)
        var opportunities: [Opportunity] = []
        for one in jobs.shuffled(using: &random).prefix(5) {
          var offer = opportunity([one], points: Int.random(in: 1..<9, using: &random))
          offer.address = key(one)
          if Bool.random(using: &random), let other = jobs.randomElement(using: &random),
            key(other) != offer.address
          {
            let second = Household(address: key(other), place: other.place)
            let first = Household(address: offer.address, place: one.place)
            let isLesser = first.address.text < second.address.text
            (offer.address, offer.place) =
              isLesser ? (first.address, first.place) : (second.address, second.place)
            offer.second = isLesser ? second : first
          }
          offer.isShadow = Int.random(in: 0..<5, using: &random) == 0
          opportunities.append(offer)
        }
        let addresses = opportunities.map(\.address)
        var verdict = Verdict(
          opportunities: opportunities,
          offered: Set(addresses.filter { _ in Bool.random(using: &random) }),
          drawn: Set(addresses.prefix(1)),
          shadowed: Set(addresses.filter { _ in Bool.random(using: &random) }), belowTheLine: [],
          standings: [], addresses: known.jobs.map(key))
        for home in aliased {
          verdict.aliases[AddressKey(jobs.first { $0.id.reference == "W\(home)" }!.place)!] =
            AddressKey(text: "uprn:" + homes[home])
        }
        var pass = pass([], verdict, at: now)
        pass.past = known.past
        pass.rekeyed = Rekeyed(known, known.jobs, verdict, changed: 0)
        let held = try await claimed(store)
        reached.add(try await store.record(pass))
        try await check(store, held, &reached)
        #expect(try await store.record(pass) == PassResult(), "seed \(seed), step \(step)")
        try await act(store, at: now, &random)
      }
    }
  }

  private func claimed(_ store: Store) async throws -> [Int64: String?] {
    let open = try await store.openOpportunities().filter { $0.state == .claimed }
    return Dictionary(uniqueKeysWithValues: open.map { ($0.id, $0.holder) })
  }

  private func check(
    _ store: Store, _ held: [Int64: String?], _ reached: inout Reached
  ) async throws {
    #expect(try await claimed(store) == held)
    let open = try await store.openOpportunities()
    let optedOut = try await store.read {
      try Set(String.fetchAll($0, sql: "SELECT address_key FROM opt_out"))
    }
    reached.optOuts += optedOut.count
    var seen: Set<AddressKey> = []
    for one in open {
      if one.opportunity.second != nil {
        reached.pairs += 1
        reached.heldPairs += one.state == .claimed ? 1 : 0
      }
      for household in one.opportunity.households {
        #expect(seen.insert(household).inserted, "\(household) has two")
        if one.state != .claimed { #expect(!optedOut.contains(household.text)) }
      }
    }
    let owedOnTrial = try await store.read {
      try Int.fetchOne(
        $0,
        sql: """
          SELECT count(*) FROM announcement JOIN opportunity ON opportunity.id = opportunity
          WHERE opportunity.state = 'waiting' AND announcement.state IN ('pending', 'bundled')
          """)
    }
    #expect(owedOnTrial == 0, "nothing is owed of what waits")
  }

  /// Mails go out, and somebody claims, gives back or records.
  private func act(_ store: Store, at now: Date, _ random: inout Seeded) async throws {
    if Bool.random(using: &random) {
      for digest in try await bundleAll(store, at: now) {
        if Bool.random(using: &random) { try await store.accepted(digest: digest.id, now: now) }
      }
    }
    for one in try await store.openOpportunities() where Int.random(in: 0..<4, using: &random) == 0
    {
      switch one.state {
      case .offered:
        _ = try await store.claim(
          opportunity: one.id, member: "bob", issuedTo: "ann", generation: one.generation, now: now)
      case .claimed:
        if Bool.random(using: &random) {
          _ = try await store.release(
            opportunity: one.id, generation: one.generation, member: "bob", now: now)
        } else {
          let isLast = Int.random(in: 0..<6, using: &random) == 0
          let outcome = Outcome(
            kind: isLast ? .doNotContact : .noAnswer, consent: nil, by: "bob", at: now)
          _ = try await store.record(
            outcome: outcome, opportunity: one.id, generation: one.generation)
        }
      case .waiting, .done, .withdrawn: continue
      }
    }
  }
}
