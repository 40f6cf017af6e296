import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("What was withdrawn and comes back")
struct ReturnTests {
  private let one = job("A1")
  private let both = [
    "north": [
      Pass.Recipient(member: "ann", channel: "smtp"),
      Pass.Recipient(member: "bob", channel: "smtp"),
    ]
  ]

  /// Offers, sends to everybody, and loses the job.
  private func sentAndLost(_ store: Store) async throws {
    try await offerOne(store)
    for digest in try await store.dueDigests(now: noon) {
      try await store.accepted(digest: digest.id, now: noon)
    }
    let lost = try await store.record(pass([], gone: [one.id], verdict([]), at: noon + hour))
    #expect(lost.withdrawn == 1)
  }

  @Test("It is the same opportunity, told to nobody twice, and its link works again")
  func sameAgain() async throws {
    try await withStore { store in
      try await sentAndLost(store)
      #expect(try await store.opportunity(1)?.state == .withdrawn)
      let better = opportunity([one, job("A2")], points: 44)
      let back = pass([one, job("A2")], verdict([better]), at: noon + 2 * hour)
      let result = try await store.record(back)
      #expect(result.reopened == 1 && result.made == 0 && result.withdrawn == 0)
      #expect(result.offered == 0 && result.announced == 0)
      let stored = try await store.opportunity(1)
      #expect(stored?.state == .offered && stored?.opportunity == better)
      #expect(stored?.offeredAt == noon && stored?.endedAt == nil)
      #expect(try await store.counts().owed == 0)
      #expect(try await store.link(hash: tokenHash(1))?.opportunity == 1)
      #expect(
        try await store.claim(
          opportunity: 1, member: "bob", issuedTo: "ann", generation: 0, now: noon + 3 * hour)
          == .claimed(generation: 1, since: noon + 3 * hour))
      #expect(try await store.record(back) == PassResult())
    }
  }

  @Test("Who led the area before is not told again when a claim in the new one is given back")
  func dismissed() async throws {
    try await withStore { store in
      let leaders = [
        "north": [Pass.Recipient(member: "ann", channel: "smtp")],
        "south": [Pass.Recipient(member: "bob", channel: "smtp")],
      ]
      var offer = opportunity([one])
      offer.area = "north"
      try await store.record(pass([one], verdict([offer]), recipients: leaders))
      for digest in try await bundleAll(store) {
        try await store.accepted(digest: digest.id, now: noon)
      }
      // Nobody's for an hour, then the other area's: two boundary files were saved one after the other.
      try await store.record(pass([one], verdict([]), recipients: leaders, at: noon + hour))
      offer.area = "south"
      try await store.record(
        pass([one], verdict([offer]), recipients: leaders, at: noon + 2 * hour))
      #expect(try await store.link(hash: tokenHash(1))?.revoked == true)
      let digests = try await bundleAll(store, at: noon + 2 * hour)
      #expect(digests.map(\.recipient) == ["bob"])
      for digest in digests { try await store.accepted(digest: digest.id, now: noon + 2 * hour) }
      let id = try #require(digests.first?.items.first?.opportunity.id)
      _ = try await store.claim(
        opportunity: id, member: "bob", issuedTo: "bob", generation: 0, now: noon + 3 * hour)
      #expect(
        try await store.release(
          opportunity: id, generation: 1, member: "bob", now: noon + 4 * hour))
      #expect(try await bundleAll(store, at: noon + 5 * hour).map(\.recipient) == [])
    }
  }

  @Test("Moved to another area by an edit it is told to those who lead that one, and back again")
  func anotherArea() async throws {
    try await withStore { store in
      var told: [[String]] = []
      for (step, area) in ["north", "south", "south", "north"].enumerated() {
        let now = noon + Double(step) * hour
        var offer = opportunity([one])
        offer.area = area
        let leaders = [
          "north": [Pass.Recipient(member: "ann", channel: "smtp")],
          "south": [Pass.Recipient(member: "bob", channel: "smtp")],
        ]
        try await store.record(pass([one], verdict([offer]), recipients: leaders, at: now))
        let digests = try await bundleAll(store, at: now)
        for digest in digests { try await store.accepted(digest: digest.id, now: now) }
        told.append(digests.map(\.recipient))
        let revoked = try await store.link(hash: tokenHash(1))?.revoked
        if area == "south" { #expect(revoked == true) }
      }
      #expect(told == [["ann"], ["bob"], [], ["ann"]])
    }
  }

  @Test("It comes back as offered even when the week's places are used up, for it was told")
  func withoutRoom() async throws {
    try await withStore { store in
      try await sentAndLost(store)
      let offer = opportunity([one])
      let result = try await store.record(
        pass([one], verdict([offer], waiting: [offer.address]), at: noon + 2 * hour))
      #expect(result.reopened == 1 && result.announced == 0)
      #expect(try await store.opportunity(1)?.state == .offered)
    }
  }

  @Test("Who had not been told is told; who had is not")
  func partly() async throws {
    try await withStore { store in
      let offer = opportunity([one])
      try await store.record(pass([one], verdict([offer]), recipients: both))
      let digests = try await bundleAll(store)
      let ann = digests.first { $0.recipient == "ann" }!
      try await store.accepted(digest: ann.id, now: noon)
      try await store.record(pass([], verdict([]), recipients: both, at: noon + hour))
      #expect(try await store.dueDigests(now: noon + hour).isEmpty, "Bob's is withdrawn unsent")
      let back = try await store.record(
        pass([], verdict([offer]), recipients: both, at: noon + 2 * hour))
      #expect(back.reopened == 1 && back.announced == 1)
      #expect(try await bundleAll(store, at: noon + 2 * hour).map(\.recipient) == ["bob"])
    }
  }

  @Test("What nobody was told of waits for room like a new one, and is owed once there is")
  func untold() async throws {
    try await withStore { store in
      let offer = opportunity([one])
      try await store.record(pass([one], verdict([offer])))
      try await store.record(pass([], verdict([]), at: noon + hour))
      let full = verdict([offer], waiting: [offer.address])
      let waits = try await store.record(pass([], full, at: noon + 2 * hour))
      #expect(waits.reopened == 1 && waits.offered == 0 && waits.announced == 0)
      #expect(try await known(store).past.open == [offer.address: .waiting])
      #expect(try await known(store).past.offeredThisWeek.isEmpty)
      let offered = try await store.record(pass([], verdict([offer]), at: noon + 3 * hour))
      #expect(offered.offered == 1 && offered.announced == 1 && offered.made == 0)
      #expect(try await bundleAll(store, at: noon + 3 * hour).count == 1)
      #expect(try await store.opportunity(1)?.offeredAt == noon + 3 * hour)
    }
  }

  @Test(
    "What had only waited waits again, or is offered where there is room", arguments: [false, true])
  func waited(hasRoom: Bool) async throws {
    try await withStore { store in
      let offer = opportunity([one])
      let full = verdict([offer], waiting: [offer.address])
      try await store.record(pass([one], full))
      try await store.record(pass([], verdict([]), at: noon + hour))
      let back = try await store.record(
        pass([], hasRoom ? verdict([offer]) : full, at: noon + 2 * hour))
      #expect(back.reopened == 1 && back.made == 0)
      #expect(back.offered == (hasRoom ? 1 : 0) && back.announced == (hasRoom ? 1 : 0))
      #expect(try await store.opportunity(1)?.state == (hasRoom ? .offered : .waiting))
    }
  }

  @Test("Another job at the address is a new reason; so is the same after an outcome elsewhere")
  func otherTrigger() async throws {
    try await withStore { store in
      try await sentAndLost(store)
      let other = opportunity([job("A2"), one])
      let result = try await store.record(pass([job("A2")], verdict([other]), at: noon + 2 * hour))
      #expect(result.made == 1 && result.reopened == 0 && result.announced == 1)
      // Done with it, and the first reason with it: neither comes back.
      _ = try await store.claim(
        opportunity: 2, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      let outcome = Outcome(kind: .noAnswer, consent: nil, by: "bob", at: noon)
      #expect(try await store.record(outcome: outcome, opportunity: 2, generation: 1))
      let again = try await store.record(
        pass([], verdict([opportunity([one])]), at: noon + 3 * hour))
      #expect(again == PassResult())
    }
  }

  @Test("With all its links run out an offer is taken back, and offered afresh with a new mail")
  func expired() async throws {
    try await withStore { store in
      try await offerOne(store)
      let first = try await store.dueDigests(now: noon)[0]
      try await store.accepted(digest: first.id, now: noon)
      let end = noon + 14 * day
      #expect(try await store.withdrawExpiredOffers(now: end - 1) == 0)
      #expect(try await store.withdrawExpiredOffers(now: end) == 1)
      #expect(try await store.withdrawExpiredOffers(now: end) == 0)
      #expect(try await known(store, at: end).past.open.isEmpty)
      let offer = opportunity([one])
      let full = verdict([offer], waiting: [offer.address])
      let waits = try await store.record(pass([], full, at: end))
      #expect(waits.reopened == 1 && waits.announced == 0)
      let afresh = try await store.record(pass([], verdict([offer]), at: end + hour))
      #expect(afresh.offered == 1 && afresh.announced == 1 && afresh.made == 0)
      #expect(try await known(store, at: end + hour).past.offeredThisWeek == ["north": 1])
      let second = try await bundleAll(store, at: end + hour)
      #expect(second.count == 1 && second[0].id != first.id)
      #expect(second[0].items.map(\.linkExpires) == [end + hour + 14 * day])
      #expect(try await store.withdrawExpiredOffers(now: end + 2 * hour) == 0)
    }
  }

  @Test("An offer withdrawn for its reason comes back with a new mail if its links ran out since")
  func expiredMeanwhile() async throws {
    try await withStore { store in
      try await sentAndLost(store)
      let later = noon + 15 * day
      let back = try await store.record(pass([one], verdict([opportunity([one])]), at: later))
      #expect(back.reopened == 1 && back.offered == 1 && back.announced == 1)
      #expect(try await bundleAll(store, at: later).count == 1)
    }
  }

  @Test("What is held, is owed a mail or has one link that works is not taken back as run out")
  func notExpired() async throws {
    try await withStore { store in
      let jobs = (1...3).map { job("A\($0)", uprn: "100\($0)") }
      let offers = jobs.map { opportunity([$0]) }
      try await store.record(pass([jobs[0], jobs[1]], verdict([offers[0], offers[1]])))
      try await bundleAll(store)
      let end = noon + 14 * day
      try await store.record(pass([jobs[2]], verdict(offers), at: end))
      try await store.write {
        try $0.execute(sql: "UPDATE link SET expires = expires + 1 WHERE announcement = 1")
      }
      _ = try await store.claim(
        opportunity: 2, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      #expect(try await store.withdrawExpiredOffers(now: end) == 0)
      // Given back after its link ran out, it is.
      #expect(try await store.lapse(claimedBefore: end, now: end) == [2])
      try await store.write {
        try $0.execute(sql: "UPDATE announcement SET state = 'accepted' WHERE digest NOTNULL")
      }
      #expect(try await store.withdrawExpiredOffers(now: end) == 1)
      #expect(try await store.opportunity(2)?.state == .withdrawn)
    }
  }

  @Test(
    "A place in the week is free again once its offer is withdrawn, unless it was mailed or claimed"
  )
  func places() async throws {
    try await withStore { store in
      let jobs = (1...4).map { job("A\($0)", uprn: "100\($0)") }
      let offers = jobs.map { opportunity([$0]) }
      try await store.record(pass(jobs, verdict(offers)))
      #expect(try await known(store).past.offeredThisWeek == ["north": 4])
      // The second was claimed and given back, the third claimed and undone.
      for id in [Int64(2), 3] {
        _ = try await store.claim(
          opportunity: id, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      }
      _ = try await store.release(opportunity: 2, generation: 1, member: "bob", now: noon)
      _ = try await store.undo(
        opportunity: 3, generation: 1, member: "bob", claimedSince: noon, now: noon)
      try await store.record(pass([], verdict([offers[3]]), at: noon + hour))
      #expect(try await known(store).past.offeredThisWeek == ["north": 2])
      try await store.record(pass([], verdict(offers), at: noon + 2 * hour))
      #expect(try await known(store).past.offeredThisWeek == ["north": 4], "each counts once")
      // Whoever has the mail of an offer that the council closes has had a place of the week.
      for digest in try await bundleAll(store, at: noon + 3 * hour) {
        try await store.accepted(digest: digest.id, now: noon + 3 * hour)
      }
      try await store.record(pass([], verdict([]), at: noon + 4 * hour))
      #expect(try await known(store).past.offeredThisWeek == ["north": 4])
    }
  }

  @Test("Without a register nothing is made and nothing opened again; what is open is followed")
  func refreshOnly() async throws {
    try await withStore { store in
      try await sentAndLost(store)
      var verdict = verdict([opportunity([one]), opportunity([job("A2", uprn: "10002")])])
      verdict.isRefreshOnly = true
      let result = try await store.record(
        pass([job("A2", uprn: "10002")], verdict, at: noon + 2 * hour))
      #expect(result.made == 0 && result.reopened == 0 && result.announced == 0)
      #expect(try await known(store).past.open.isEmpty)
    }
  }

  @Test("Without a register what would be of two households leaves what one of them has as it is")
  func untouched() async throws {
    try await withStore { store in
      let other = job("A2", uprn: "10002")
      try await store.record(pass([one, other], verdict([one, other].map { opportunity([$0]) })))
      var verdict = verdict([])
      verdict.isRefreshOnly = true
      verdict.untouched = [try #require(AddressKey(one.place))]
      try await store.record(pass([], verdict, at: noon + hour))
      #expect(try await store.opportunity(1)?.state == .offered)
      #expect(try await store.opportunity(2)?.state == .withdrawn)
    }
  }

  @Test("What comes back on trial is told to nobody who was not told before")
  func onTrial() async throws {
    try await withStore { store in
      try await sentAndLost(store)
      var offer = opportunity([one])
      offer.isShadow = true
      let back = try await store.record(
        pass([one], verdict([offer]), recipients: both, at: noon + 2 * hour))
      #expect(back.reopened == 1 && back.announced == 0)
    }
  }

  @Test("Claims of somebody who has gone lapse; those of others do not")
  func gone() async throws {
    try await withStore { store in
      let jobs = (1...2).map { job("A\($0)", uprn: "100\($0)") }
      try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
      for (id, member) in [(Int64(1), "bob"), (2, "dee")] {
        _ = try await store.claim(
          opportunity: id, member: member, issuedTo: "ann", generation: 0, now: noon)
      }
      let lapsed = try await store.lapse(
        allBut: ["ann", "bob"], now: noon + hour, tells: { _ in [] })
      #expect(lapsed.map(\.opportunity) == [2] && lapsed.map(\.holder) == ["dee"])
      #expect(try await store.opportunity(1)?.holder == "bob")
      #expect(try await store.opportunity(2)?.state == .offered)
      #expect(try await store.pastClaims(at: AddressKey(jobs[1].place)!, since: noon).count == 1)
    }
  }
}
