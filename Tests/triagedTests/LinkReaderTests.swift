import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Whose link it is: who has gone, who leads no more, who asked not to be met")
struct LinkReaderTests {
  private let now = Counter.now

  @Test("Who has gone gets no mail, and the links that they have are as if they had never been")
  func gone() async throws {
    try await withCounter { counter in
      try await counter.record(
        [counter.job("B1", "12 Mill Lane")],
        [
          counter.single([counter.job("B1", "12 Mill Lane")])
        ])
      let team = counter.configuration.team
      let today = CivilDay(now, in: counter.configuration.timeZone)
      let ann = try #require(team.members.firstIndex { $0.id == "ann" })
      counter.configuration.team.members[ann].until = today.plus(-1)
      try await counter.deliver()
      #expect(try counter.mails.isEmpty)
      // Back again, she is told by the next pass, as nobody has been.
      counter.configuration.team = team
      try await counter.record([], [counter.single([counter.job("B1", "12 Mill Lane")])])
      try await counter.deliver()
      let token = try counter.token()
      guard case .open = try await counter.desk().look(token) else {
        Issue.record("it is not open")
        return
      }
      counter.configuration.team.members[ann].until = today.plus(-1)
      await #expect(throws: ClaimError.unknown) { try await counter.desk().look(token) }
      await #expect(throws: ClaimError.unknown) {
        try await counter.desk().claim(token, "bob", 0)
      }
    }
  }

  @Test("Who leads the area no more is not told and has no link, but keeps what is held through it")
  func leadsNoMore() async throws {
    try await withCounter { counter in
      let jobs = [counter.job("B1", "12 Mill Lane"), counter.job("B2", "14 Mill Lane")]
      let offers = jobs.map { counter.single([$0]) }
      try await counter.record([jobs[0]], [offers[0]])
      try await counter.deliver()
      let token = try counter.token()
      let at = try #require(
        counter.configuration.team.areas.firstIndex { $0.area == "new-cross" })
      try await counter.record([jobs[1]], offers, at: now + 60)
      counter.configuration.team.areas[at].leaders = ["bob"]
      try await counter.deliver(at: now + 60)
      #expect(try counter.mails.count == 1, "Ann is not told of the second")
      await #expect(throws: ClaimError.unknown) { try await counter.desk().look(token) }
      await #expect(throws: ClaimError.unknown) {
        try await counter.desk().claim(token, "bob", 0)
      }
      try await counter.record([], offers, leaders: ["bob"], at: now + 120)
      try await counter.deliver(at: now + 120)
      #expect(try counter.mails.count == 2, "Bob is told of both in one mail")
      let fresh = try counter.mails[1].matches(of: /\/c\/([A-Za-z0-9_-]{20,})/).map {
        String($0.output.1)
      }
      #expect(Set(fresh).count == 2)
      // Away, a leader keeps the links; held through one, it stays good for its holder.
      let today = CivilDay(now, in: counter.configuration.timeZone)
      let bob = try #require(counter.configuration.team.members.firstIndex { $0.id == "bob" })
      counter.configuration.team.members[bob].away = today...today
      let desk = await counter.desk(at: now + 180)
      _ = try await desk.press(
        fresh[0], DeskPress(member: "ann", generation: 0, action: .claim(second: "bob")))
      counter.configuration.team.areas[at].leaders = ["ann"]
      guard case .held = try await counter.desk(at: now + 180).look(fresh[0]) else {
        Issue.record("it is not held")
        return
      }
    }
  }

  @Test("Whose link has gone with its reader keeps what is held through it, and can end it")
  func readerHasGone() async throws {
    try await withCounter { counter in
      let job = counter.job("B1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])])
      try await counter.deliver()
      let token = try counter.token()
      _ = try await counter.desk().claim(token, "bob", 0)
      let today = CivilDay(now, in: counter.configuration.timeZone)
      func leave(_ id: String) throws {
        let at = try #require(counter.configuration.team.members.firstIndex { $0.id == id })
        counter.configuration.team.members[at].until = today.plus(-1)
      }
      try leave("ann")
      guard case .held = try await counter.desk().look(token) else {
        Issue.record("it is not held")
        return
      }
      try await counter.desk().record(token, "bob", 1, .doNotContact)
      #expect(try await counter.feed.store.optOuts().count == 1)
      // It is done, and the link is that of somebody who has gone.
      await #expect(throws: ClaimError.unknown) { try await counter.desk().look(token) }
    }
  }

  @Test("Where the holder has gone as well the link opens nothing")
  func bothHaveGone() async throws {
    try await withCounter { counter in
      let job = counter.job("B1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])])
      try await counter.deliver()
      let token = try counter.token()
      _ = try await counter.desk().claim(token, "bob", 0)
      let today = CivilDay(now, in: counter.configuration.timeZone)
      for at in counter.configuration.team.members.indices {
        counter.configuration.team.members[at].until = today.plus(-1)
      }
      await #expect(throws: ClaimError.unknown) { try await counter.desk().look(token) }
    }
  }

  @Test(
    "A place that may be there though it is not certain: its caution is on the card, its entry takes back",
    arguments: ["not_alone", "do_not_contact"])
  func mayBeThere(flag: String) async throws {
    try await withCounter { counter in
      // Two UPRNs come with the same words: whose the written address is cannot be told.
      let alone = counter.job("B1", "12 Mill Lane")
      var others = [counter.job("M1", "12 Mill Lane", type: "Missed bin")]
      others.append(counter.job("M2", "12 Mill Lane", type: "Missed bin"))
      (others[0].place.uprn, others[1].place.uprn) = ("100", "200")
      let verdict = triage(
        TriageInput(
          jobs: [alone] + others, rules: counter.configuration.rules, register: Register(),
          team: counter.configuration.team, now: now,
          today: CivilDay(now, in: counter.configuration.timeZone)))
      let offer = try #require(verdict.opportunities.first { $0.trigger == alone.id })
      #expect(Set(offer.alsoAt.map(\.place.uprn)) == ["100", "200"])
      try await counter.record([alone] + others, [offer])
      try await counter.deliver()
      let token = try counter.token()
      let file = counter.configuration.registerFile
      try write("uprn,address,postcode,flag,expires\n100,,,\(flag),\n", to: file)
      try settle(file)
      let later = max(now, .now) + 60
      for at in [later, later + 60] { _ = await counter.feed.poller.live.inForce(now: at) }
      if flag == "do_not_contact" {
        await #expect(throws: ClaimError.withdrawn) {
          try await counter.desk().claim(token, "bob", 0)
        }
      } else {
        let view = try await counter.desk().claim(token, "bob", 0)
        #expect(view.households.map(\.flags) == [[.notAlone]])
      }
    }
  }

  @Test("Before the first judgement, and of what is on trial or ended by now, nothing is announced")
  func notYet() async throws {
    try await withCounter { counter in
      let job = counter.job("B1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])])
      try await counter.deliver(mayAnnounce: false)
      let configuration = counter.configuration
      let today = CivilDay(now, in: configuration.timeZone)
      let at = try #require(configuration.team.areas.firstIndex { $0.area == "new-cross" })
      counter.configuration.team.areas[at].isShadow = true
      try await counter.deliver()
      counter.configuration = configuration
      counter.configuration.rules.isShadow = true
      try await counter.deliver()
      counter.configuration = configuration
      counter.configuration.feeds[0].isShadow = true
      try await counter.deliver()
      counter.configuration = configuration
      counter.configuration.feeds[0].agreement = Agreement(reference: "x", ends: today.plus(-1))
      try await counter.deliver()
      #expect(try counter.mails.isEmpty)
      counter.configuration = configuration
      try await counter.deliver()
      #expect(try counter.mails.count == 1)
    }
  }

  @Test(
    "The register is asked for every place that a job of the address bears, by UPRN or in writing",
    arguments: ["100,,,do_not_contact,", ",12 Mill Lane,NG17 9CM,do_not_contact,"])
  func everyPlace(entry: String) async throws {
    for isLate in [false, true] {
      try await withCounter { counter in
        // One bears the written address alone, one another spelling with the UPRN.
        let written = counter.job("B1", entry.hasPrefix("100") ? "12 Mill Lane" : "Rose Cottage")
        var numbered = counter.job("B2", entry.hasPrefix("100") ? "Rose Cottage" : "12 Mill Lane")
        numbered.place.uprn = "100"
        var offer = counter.single([written])
        offer.address = AddressKey(text: "uprn:100")
        offer.jobs = [written.id, numbered.id]
        try await counter.record([written, numbered], [offer])
        if isLate { try await counter.deliver() }
        let file = counter.configuration.registerFile
        try write("uprn,address,postcode,flag,expires\n\(entry)\n", to: file)
        try FileManager.default.setAttributes(
          [.modificationDate: now - 60], ofItemAtPath: file)
        // What two looks have seen alike is in force.
        let later = max(now, .now) + 60
        for at in [later, later + 60] { _ = await counter.feed.poller.live.inForce(now: at) }
        if isLate {
          let token = try counter.token()
          await #expect(throws: ClaimError.withdrawn) {
            try await counter.desk().claim(token, "bob", 0)
          }
        } else {
          try await counter.deliver()
          #expect(try counter.mails.isEmpty)
        }
        #expect(try await counter.feed.store.opportunity(1)?.state == .withdrawn)
      }
    }
  }
}
