import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

/// The joint opportunity of two households, each with a job of its own, made by the second's.
func joint(_ one: Job, _ other: Job) -> Opportunity {
  let pair = [one, other].sorted { AddressKey($0.place)!.text < AddressKey($1.place)!.text }
  var joint = opportunity([other])
  joint.address = AddressKey(pair[0].place)!
  joint.place = pair[0].place
  joint.second = Household(address: AddressKey(pair[1].place)!, place: pair[1].place)
  joint.jobs = [one.id, other.id].sorted()
  joint.jobType = "Complaints between two households"
  return joint
}

@Suite("Two households of one opportunity")
struct JointTests {
  private let north = job("A1", uprn: "1001")
  private let south = job("A2", uprn: "1002")
  private let third = job("A3", uprn: "1003")

  private func key(_ job: Job) -> AddressKey { AddressKey(job.place)! }

  /// Open opportunities by the households that they have; each household once.
  private func open(_ store: Store) async throws -> [Set<String>] {
    let ids = try await store.read {
      try Int64.fetchAll($0, sql: "SELECT id FROM opportunity WHERE ended_at IS NULL ORDER BY id")
    }
    var households: [Set<String>] = []
    for id in ids {
      let stored = try await store.opportunity(id)
      households.append(Set(stored!.opportunity.households.map(\.text)))
    }
    let all: [String] = households.flatMap { Array($0) }
    #expect(Set(all).count == all.count, "each household once")
    return households
  }

  @Test("What was recorded of both is known again, and recording it twice changes nothing")
  func roundTrip() async throws {
    try await withStore { store in
      let offer = joint(north, south)
      let same = pass([north, south], verdict([offer]))
      #expect(try await store.record(same).announced == 1)
      let before = try await dump(store)
      #expect(try await store.record(same) == PassResult())
      #expect(try await dump(store) == before)
      #expect(try await store.opportunity(1)?.opportunity == offer)
      let past = try await known(store).past
      #expect(past.open == [key(north): .offered])
      #expect(past.joint == [key(south): key(north)])
    }
  }

  @Test("A pair may be made of two that were open, be another pair, and fall apart again")
  func changing() async throws {
    try await withStore { store in
      let singles = [north, south, third].map { opportunity([$0]) }
      let steps: [[Opportunity]] = [
        singles, [joint(north, south), singles[2]], [singles[0], joint(south, third)],
        [joint(north, third), singles[1]], [joint(north, south)], [singles[1]], singles,
      ]
      for (step, offers) in steps.enumerated() {
        let now = noon + Double(step) * hour
        try await store.record(pass([north, south, third], verdict(offers), at: now))
        #expect(
          try await Set(open(store)) == Set(offers.map { Set($0.households.map(\.text)) }))
      }
    }
  }

  @Test("One that becomes two, and two that become one, are other ids with other links")
  func recomposed() async throws {
    try await withStore { store in
      let single = opportunity([north])
      let steps = [single, joint(north, south), single, joint(north, third), joint(north, south)]
      for (step, offer) in steps.enumerated() {
        let now = noon + Double(step) * hour
        let result = try await store.record(
          pass([north, south, third], verdict([offer]), at: now))
        #expect(result.made == 1 && result.reopened == 0 && result.withdrawn == (step == 0 ? 0 : 1))
        #expect(result.announced == 1)
        for digest in try await bundleAll(store, at: now) {
          try await store.accepted(digest: digest.id, now: now)
        }
        let id = Int64(step + 1)
        #expect(try await store.opportunity(id)?.opportunity == offer)
        for link in 1...id {
          #expect(try await store.link(hash: tokenHash(link))?.revoked == (link < id))
        }
        #expect(try await store.record(pass([], verdict([offer]), at: now)) == PassResult())
      }
      #expect(try await store.story(of: 2)?.isJoint == true, "what it was stays known")
      _ = try await store.claim(
        opportunity: 5, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      #expect(try await store.record(pass([], verdict([single]), at: noon + day)) == PassResult())
    }
  }

  @Test("A pair that comes back after it was withdrawn is the same, with its second household")
  func comingBack() async throws {
    try await withStore { store in
      let offer = joint(north, south)
      try await store.record(pass([north, south], verdict([offer])))
      for digest in try await bundleAll(store) {
        try await store.accepted(digest: digest.id, now: noon)
      }
      try await store.record(pass([], verdict([]), at: noon + hour))
      let back = try await store.record(pass([], verdict([offer]), at: noon + 2 * hour))
      #expect(back.reopened == 1 && back.announced == 0 && back.made == 0)
      #expect(try await store.opportunity(1)?.opportunity == offer)
    }
  }

  @Test("One claim holds both: nothing is made at either, whatever a pass says")
  func held() async throws {
    try await withStore { store in
      try await store.record(pass([north, south, third], verdict([joint(north, south)])))
      _ = try await store.claim(
        opportunity: 1, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      let before = try await store.opportunity(1)
      for offers in [
        [opportunity([north])], [opportunity([south])], [joint(south, third)], [],
      ] {
        let result = try await store.record(pass([], verdict(offers), at: noon + hour))
        #expect(result == PassResult())
      }
      #expect(try await store.opportunity(1) == before)
    }
  }

  @Test("Where one of the two was claimed since, the pair is not made, and the other is taken back")
  func claimedMeanwhile() async throws {
    try await withStore { store in
      let singles = [north, south].map { opportunity([$0]) }
      try await store.record(pass([north, south], verdict(singles)))
      _ = try await store.claim(
        opportunity: 2, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      let result = try await store.record(pass([], verdict([joint(north, south)]), at: noon + hour))
      #expect(result.withdrawn == 1 && result.made == 0 && result.announced == 0)
      #expect(try await open(store) == [[key(south).text]])
    }
  }

  @Test("A verdict that has a household twice makes one opportunity of it: the better")
  func twice() async throws {
    try await withStore { store in
      let offers = [joint(north, south), opportunity([south])]
      try await store.record(pass([north, south], verdict(offers)))
      #expect(try await open(store) == [[key(north).text, key(south).text]])
    }
  }

  @Test("The database itself refuses a second open opportunity at the second household")
  func refused() async throws {
    try await withStore { store in
      try await store.record(
        pass([north, south, third], verdict([joint(north, south), opportunity([third])])))
      let statements = [
        "UPDATE opportunity SET address_key = '\(key(south).text)' WHERE id = 2",
        """
        INSERT INTO second_household SELECT 2, address_key, address, postcode, uprn, x, y, location
        FROM second_household
        """,
        """
        INSERT INTO second_household
        SELECT 2, address_key, address, postcode, uprn, x, y, location FROM opportunity WHERE id = 1
        """,
      ]
      for statement in statements {
        await #expect(throws: StoreError.self) {
          try await store.write { try $0.execute(sql: statement) }
        }
      }
    }
  }

  @Test("Who asked not to be contacted is kept for both, and outlives everything else")
  func optOut() async throws {
    try await withStore { store in
      let offer = joint(north, south)
      try await store.record(pass([north, south], verdict([offer])))
      #expect(try await store.optOuts().isEmpty)
      _ = try await store.claim(
        opportunity: 1, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      let outcome = Outcome(kind: .doNotContact, consent: nil, by: "bob", at: noon + hour)
      for _ in 0..<2 {
        #expect(try await store.record(outcome: outcome, opportunity: 1, generation: 1))
      }
      let expected = [north, south].map {
        OptOut(place: $0.place, by: "bob", at: noon + hour, opportunity: 1)
      }
      #expect(try await store.optOuts() == expected)
      // A pass that was judged before makes nothing there.
      let late = try await store.record(
        pass([job("A9", uprn: "1002")], verdict([opportunity([job("A9", uprn: "1002")])])))
      #expect(late.made == 0)
      try await store.purge(
        before: noon + 900 * day, endedBefore: noon + 900 * day, snapshotFeeds: [])
      #expect(try await store.opportunity(1) == nil)
      #expect(try await store.optOuts() == expected)
    }
  }

  @Test("What is open where somebody asks not to be contacted is withdrawn by the next pass")
  func optOutElsewhere() async throws {
    try await withStore { store in
      let singles = [north, south].map { opportunity([$0]) }
      try await store.record(pass([north, south], verdict(singles)))
      try await store.write { db in
        try Storage.optOut(db, of: 2, by: "bob", at: milliseconds(noon))
      }
      let result = try await store.record(pass([], verdict(singles), at: noon + hour))
      #expect(result.withdrawn == 1)
      #expect(try await open(store) == [[key(north).text]])
      #expect(try await store.counts().owed == 1)
    }
  }
}
