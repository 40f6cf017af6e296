import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("An address that turns out to be that of a UPRN")
struct RekeyTests {
  private let written = job("A1", uprn: "")
  private let numbered = job("A2", uprn: "10001")
  private var old: AddressKey { AddressKey(written.place)! }
  private var new: AddressKey { AddressKey(numbered.place)! }

  /// A pass after which the written address is the UPRN's.
  private func rolledUp(
    _ store: Store, _ changed: [Job], _ opportunities: [Opportunity], at now: Date
  ) async throws -> PassResult {
    let known = try await known(store, at: now)
    let news = Set(changed.map(\.id))
    let jobs = changed + known.jobs.filter { !news.contains($0.id) }
    var verdict = verdict(opportunities)
    verdict.addresses = jobs.map { _ in new }
    verdict.aliases = [old: new]
    var pass = pass(changed, verdict, at: now)
    pass.addressKeys = changed.map { _ in new }
    pass.rekeyed = Rekeyed(known, jobs, verdict, changed: changed.count)
    pass.past = known.past
    return try await store.record(pass)
  }

  private func offer(_ jobs: [Job]) -> Opportunity {
    var offer = opportunity(jobs)
    offer.address = new
    return offer
  }

  @Test("What is offered there goes on under the UPRN, and nobody is told twice")
  func offered() async throws {
    try await withStore { store in
      try await store.record(pass([written], verdict([opportunity([written])])))
      for digest in try await bundleAll(store) {
        try await store.accepted(digest: digest.id, now: noon)
      }
      let result = try await rolledUp(
        store, [numbered], [offer([written, numbered])], at: noon + hour)
      #expect(result.moved == 1 && result.withdrawn == 0)
      #expect(result.made == 0 && result.announced == 0)
      #expect(try await known(store).addressKeys == [new, new])
      #expect(try await known(store).past.open == [new: .offered])
      #expect(try await store.history(at: new, since: noon - 30 * day).count == 2)
      #expect(
        try await rolledUp(store, [], [offer([written, numbered])], at: noon + 2 * hour)
          == PassResult())
    }
  }

  @Test("The list itself may bring the UPRN: it is the same opportunity all the same")
  func changedJob() async throws {
    try await withStore { store in
      try await store.record(pass([written], verdict([opportunity([written])])))
      var now = written
      now.place.uprn = "10001"
      let result = try await rolledUp(store, [now], [offer([now])], at: noon + hour)
      #expect(result.moved == 1 && result.made == 0 && result.withdrawn == 0)
      #expect(result.announced == 0 && result.updated == 1)
    }
  }

  @Test("A claim goes along, and what was open under the UPRN gives way to it")
  func claimed() async throws {
    try await withStore { store in
      try await store.record(
        pass(
          [written, numbered], verdict([opportunity([written]), opportunity([numbered])])))
      let id = try await store.read {
        try Int64.fetchOne($0, sql: "SELECT id FROM opportunity WHERE uprn = ''")!
      }
      _ = try await store.claim(
        opportunity: id, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      let result = try await rolledUp(
        store, [], [offer([written, numbered])], at: noon + hour)
      #expect(result.moved == 1 && result.withdrawn == 1 && result.made == 0)
      let stored = try await store.opportunity(id)
      #expect(stored?.state == .claimed && stored?.opportunity.address == new)
      #expect(try await store.counts().open == [.claimed: 1])
    }
  }

  @Test("Where both are open, what was offered stays, else the older", arguments: [false, true])
  func both(olderWaits: Bool) async throws {
    try await withStore { store in
      let offers = [opportunity([written]), opportunity([numbered])]
      try await store.record(
        pass(
          [written], verdict([offers[0]], waiting: olderWaits ? [offers[0].address] : [])))
      try await store.record(
        pass(
          [numbered], verdict(offers, waiting: olderWaits ? [offers[0].address] : []),
          at: noon + 1))
      let result = try await rolledUp(
        store, [], [offer([written, numbered])], at: noon + hour)
      #expect(result.withdrawn == 1 && result.made == 0 && result.announced == 0)
      #expect(try await store.opportunity(1)?.state == (olderWaits ? .withdrawn : .offered))
      #expect(try await store.opportunity(2)?.state == (olderWaits ? .offered : .withdrawn))
    }
  }

  @Test("Two claims that turn out to be at one address both stay, and the pass is written")
  func twoClaims() async throws {
    try await withStore { store in
      try await store.record(
        pass([written, numbered], verdict([opportunity([written]), opportunity([numbered])])))
      for id in [Int64(1), 2] {
        _ = try await store.claim(
          opportunity: id, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      }
      let result = try await rolledUp(
        store, [job("A3", uprn: "10001")], [offer([written, numbered])], at: noon + hour)
      #expect(result.new == 1 && result.made == 0 && result.moved == 0)
      #expect(try await store.counts().open == [.claimed: 2])
    }
  }

  @Test(
    "What was withdrawn under the written address comes back under the UPRN, told to nobody twice")
  func comingBack() async throws {
    try await withStore { store in
      try await store.record(pass([written], verdict([opportunity([written])])))
      for digest in try await bundleAll(store) {
        try await store.accepted(digest: digest.id, now: noon)
      }
      try await store.record(pass([], verdict([]), at: noon + 1))
      let result = try await rolledUp(
        store, [numbered], [offer([written, numbered])], at: noon + hour)
      #expect(result.reopened == 1 && result.made == 0 && result.announced == 0)
      #expect(try await store.opportunity(1)?.opportunity.address == new)
    }
  }

  @Test("Both households of a pair may be told otherwise, and the lesser key is the first again")
  func pair() async throws {
    try await withStore { store in
      var other = job("B1", uprn: "10005")
      other.place.address = "14 Mill Lane, Testford"
      let before = joint(written, other)
      #expect(before.address == old && before.second?.address == AddressKey(other.place))
      try await store.record(pass([written, other], verdict([before])))
      _ = try await store.claim(
        opportunity: 1, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      let known = try await known(store)
      var verdict = verdict([])
      let later = AddressKey(text: "uprn:99999")
      verdict.addresses = [later, AddressKey(other.place)]
      verdict.aliases = [old: later]
      var next = pass([], verdict, at: noon + hour)
      next.rekeyed = Rekeyed(known, known.jobs, verdict, changed: 0)
      #expect(try await store.record(next).moved == 1)
      let stored = try await store.opportunity(1)?.opportunity
      #expect(stored?.address == AddressKey(other.place) && stored?.place == other.place)
      #expect(stored?.second == Household(address: later, place: written.place))
    }
  }

  @Test("A job that was corrected to another address takes no opportunity of its neighbours along")
  func corrected() async throws {
    try await withStore { store in
      let jobs = [job("A1", uprn: "1"), job("A2", uprn: "1")]
      try await store.record(pass(jobs, verdict([])))
      let known = try await known(store)
      var moved = jobs[0]
      moved.place.uprn = "2"
      var verdict = verdict([])
      verdict.addresses = [moved, jobs[1]].map { AddressKey($0.place) }
      let rekeyed = Rekeyed(known, [moved, jobs[1]], verdict, changed: 1)
      #expect(rekeyed.isEmpty)
    }
  }

  @Test("Where somebody asked not to be contacted that holds for the UPRN as well")
  func optOut() async throws {
    try await withStore { store in
      try await store.record(pass([written], verdict([opportunity([written])])))
      try await store.write { try Storage.optOut($0, of: 1, by: "bob", at: 1) }
      let result = try await rolledUp(
        store, [numbered], [offer([written, numbered])], at: noon + hour)
      #expect(result.made == 0 && result.withdrawn == 1)
    }
  }
}
