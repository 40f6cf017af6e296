import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("What is drawn by lot, on trial, visited again")
struct TrialTests {
  private let one = job("A1")

  private func offer(onTrial: Bool) -> Opportunity {
    var offer = opportunity([one])
    offer.isShadow = onTrial
    return offer
  }

  /// A verdict in which all is on trial, and would be offered.
  private func trial(counted: Bool = true) -> Verdict {
    Verdict(
      opportunities: [offer(onTrial: true)], offered: [],
      shadowed: counted ? [offer(onTrial: true).address] : [], belowTheLine: [], standings: [],
      addresses: [])
  }

  @Test("What is on trial waits, counts for the week, and is owed to nobody")
  func onTrial() async throws {
    try await withStore { store in
      let waits = try await store.record(pass([one], trial(counted: false)))
      #expect(waits.made == 1 && waits.onTrial == 0)
      #expect(try await known(store).past.shadowed.isEmpty)
      let counted = try await store.record(pass([], trial(), at: noon + hour))
      #expect(counted.onTrial == 1 && counted.offered == 0 && counted.announced == 0)
      let stored = try await store.opportunity(1)
      #expect(stored?.state == .waiting && stored?.onTrialSince == noon + hour)
      #expect(stored?.opportunity == offer(onTrial: true))
      // Counted once, and it stays so though a later pass has no room for it.
      for verdict in [trial(), trial(counted: false)] {
        #expect(try await store.record(pass([], verdict, at: noon + 2 * hour)) == PassResult())
      }
      let past = try await known(store).past
      #expect(past.open == [AddressKey(one.place)!: .waiting])
      #expect(past.shadowed == [AddressKey(one.place)!])
      // Counted apart, so that a trial takes no place from the others.
      #expect(past.shadowedThisWeek == ["north": 1] && past.offeredThisWeek.isEmpty)
      #expect(past.shadowDrawnThisWeek.isEmpty)
      #expect(try await store.counts().owed == 0)
      // Not even where the verdict says that it is offered.
      var contradiction = trial()
      contradiction.offered = contradiction.shadowed
      #expect(
        try await store.record(pass([], contradiction, at: noon + 3 * hour)).announced == 0)
    }
  }

  @Test("When the trial ends it is offered like any that waits, once there is room")
  func over() async throws {
    try await withStore { store in
      try await store.record(pass([one], trial()))
      let after = offer(onTrial: false)
      let full = try await store.record(
        pass([], verdict([after], waiting: [after.address]), at: noon + hour))
      #expect(full.updated == 1 && full.offered == 0)
      #expect(try await known(store).past.shadowedThisWeek.isEmpty)
      #expect(try await known(store).past.shadowed.isEmpty)
      let offered = try await store.record(pass([], verdict([after]), at: noon + 2 * hour))
      #expect(offered.offered == 1 && offered.announced == 1)
      #expect(try await bundleAll(store, at: noon + 2 * hour).count == 1)
    }
  }

  @Test(
    "What goes on trial before anybody was told is told to nobody until the trial is over",
    arguments: [false, true])
  func keptBack(isBundled: Bool) async throws {
    try await withStore { store in
      try await store.record(pass([one], verdict([offer(onTrial: false)])))
      if isBundled { try await bundleAll(store) }
      try await store.record(pass([], trial(), at: noon + hour))
      #expect(try await bundleAll(store, at: noon + hour).isEmpty)
      let stored = try await store.opportunity(1)
      #expect(stored?.state == .waiting && stored?.onTrialSince == noon)
      if isBundled {
        #expect(try await store.link(hash: tokenHash(1))?.revoked == true)
      }
      #expect(try await store.record(pass([], trial(), at: noon + 2 * hour)) == PassResult())
      let over = try await store.record(
        pass([], verdict([offer(onTrial: false)]), at: noon + 3 * hour))
      #expect(over.offered == 1 && over.announced == 1)
    }
  }

  @Test(
    "Where somebody has the mail it stays on offer; whoever was not told is told after the trial")
  func told() async throws {
    try await withStore { store in
      let both = ["north": ["ann", "bob"].map { Pass.Recipient(member: $0, channel: "smtp") }]
      try await store.record(pass([one], verdict([offer(onTrial: false)]), recipients: both))
      let mails = try await bundleAll(store)
      try await store.accepted(
        digest: mails.first { $0.recipient == "ann" }!.id, now: noon)
      try await store.record(pass([], trial(), recipients: both, at: noon + hour))
      #expect(try await store.opportunity(1)?.state == .offered)
      #expect(try await bundleAll(store, at: noon + hour).isEmpty)
      try await store.record(
        pass([], verdict([offer(onTrial: false)]), recipients: both, at: noon + 2 * hour))
      #expect(try await bundleAll(store, at: noon + 2 * hour).map(\.recipient) == ["bob"])
    }
  }

  @Test("What is drawn by lot is known as that, also by the week's places")
  func drawn() async throws {
    try await withStore { store in
      let other = job("A2", uprn: "10002")
      var low = opportunity([one], points: 5)
      low.band = ""
      var verdict = verdict([low, opportunity([other])])
      verdict.drawn = [low.address]
      try await store.record(pass([one, other], verdict))
      let stored = try await store.opportunity(1)
      #expect(stored?.isDrawn == true && stored?.opportunity == low)
      #expect(try await store.opportunity(2)?.isDrawn == false)
      let past = try await known(store).past
      #expect(past.drawn == [low.address])
      #expect(past.drawnThisWeek == ["north": 1] && past.offeredThisWeek == ["north": 2])
    }
  }

  @Test("A job that is visited again makes another opportunity, told anew; each outcome counts")
  func again() async throws {
    try await withStore { store in
      for times in 1...3 {
        let now = noon + Double(times) * day
        var next = pass([one], verdict([opportunity([one])]), at: now)
        next.past = try await known(store, at: now).past
        let result = try await store.record(next)
        #expect(result.made == 1 && result.announced == 1)
        let id = Int64(times)
        for digest in try await bundleAll(store, at: now) {
          try await store.accepted(digest: digest.id, now: now)
        }
        _ = try await store.claim(
          opportunity: id, member: "bob", issuedTo: "ann", generation: 0, now: now)
        let outcome = Outcome(kind: .noAnswer, consent: nil, by: "bob", at: now + hour)
        #expect(try await store.record(outcome: outcome, opportunity: id, generation: 1))
        #expect(
          try await known(store, at: now).past.answered
            == [one.id: Answer(kind: .noAnswer, at: now + hour, times: times)])
        // The pass was judged before that outcome.
        #expect(try await store.record(next) == PassResult())
      }
    }
  }

  @Test("A no stands, whatever came of another visit")
  func answered() async throws {
    try await withStore { store in
      let other = job("A2")
      for (at, kind) in [OutcomeKind.notNow, .noThankYou, .noAnswer].enumerated() {
        let now = noon + Double(at) * day
        var next = pass([one, other], verdict([opportunity([one, other])]), at: now)
        next.past = try await known(store, at: now).past
        try await store.record(next)
        let id = Int64(at + 1)
        _ = try await store.claim(
          opportunity: id, member: "bob", issuedTo: "ann", generation: 0, now: now)
        let outcome = Outcome(kind: kind, consent: nil, by: "bob", at: now + hour)
        #expect(try await store.record(outcome: outcome, opportunity: id, generation: 1))
      }
      #expect(
        try await known(store).past.answered[one.id]
          == Answer(kind: .noThankYou, at: noon + day + hour, times: 3))
    }
  }

  @Test("What was withdrawn before the last visit does not come back with its old links")
  func notTheOldOne() async throws {
    try await withStore { store in
      let other = job("A2")
      try await offerOne(store)
      for digest in try await store.dueDigests(now: noon) {
        try await store.accepted(digest: digest.id, now: noon)
      }
      // The other job makes it next, and that one has its outcome.
      try await store.record(pass([other], verdict([]), at: noon + 1))
      try await store.record(pass([], verdict([opportunity([other, one])]), at: noon + 2))
      _ = try await store.claim(
        opportunity: 2, member: "bob", issuedTo: "ann", generation: 0, now: noon + 3)
      let outcome = Outcome(kind: .notNow, consent: nil, by: "bob", at: noon + 4)
      #expect(try await store.record(outcome: outcome, opportunity: 2, generation: 1))
      var later = pass([], verdict([opportunity([one])]), at: noon + day)
      later.past = try await known(store).past
      let result = try await store.record(later)
      #expect(result.made == 1 && result.reopened == 0 && result.announced == 1)
    }
  }
}
