import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("What a resident agreed to, at the desk")
struct ConsentTests {
  private let now = Counter.now
  private let day = 86_400.0
  private var monday: CivilDay { CivilDay(now, in: TimeZone(identifier: "Europe/London")!) }

  private func agreed(
    _ scope: Set<Agency.Kind> = [.partner], households: Set<Int> = []
  ) -> DeskAction {
    .record(
      OutcomeAnswers(
        kind: .accepted,
        consent: ConsentAnswers(
          isGiven: true, scope: scope, on: monday, how: .inPerson, wording: "1",
          households: households)))
  }

  /// Bob has recorded a consent, through Ann's link. - Returns: the link's token.
  private func recorded(
    _ counter: Counter, _ scope: Set<Agency.Kind> = [.partner]
  ) async throws -> String {
    let token = try await counter.offerOne()
    _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
    _ = try await counter.done(token, "bob", 1, agreed(scope))
    return token
  }

  /// Opens what is done, as the page "was it you?" does.
  private let open = DeskAction.claim(second: nil)

  @Test(
    "Who leads the area opens a standing consent with their link, and takes it back; others do not")
  func leader() async throws {
    try await withCounter { counter in
      let token = try await recorded(counter)
      await #expect(throws: ClaimError.done(name: "Bob Baker", at: now)) {
        try await counter.press(token, "dee", -1, open)
      }
      let page = try await counter.done(token, "ann", -1, open, at: now + 400 * day)
      #expect(page.action == "consent" && page.name == "Bob Baker" && page.consent == true)
      #expect(page.outcome == nil && page.undo == nil)
      // Through a link that has not ended it is told no more: for which agencies would be the scope.
      let early = try await counter.done(token, "ann", -1, open)
      #expect(early.consent == true && early.handOffTo.isEmpty)
      await #expect(throws: ClaimError.stale) {
        try await counter.press(token, "ann", 2, .handOff(to: "Fire and rescue"))
      }
      _ = try await counter.done(token, "ann", 2, .withdrawConsent)
      await #expect(throws: ClaimError.done(name: "Bob Baker", at: now)) {
        try await counter.press(token, "ann", -1, open)
      }
      let consent = try await counter.feed.store.opportunity(1)?.claim?.consent
      #expect(consent?.isStanding == false)
    }
  }

  @Test(
    "Whoever recorded a consent has it taken back: moved, gone, or after the leader whose link it was has gone",
    arguments: ["moved", "gone", "leader gone"])
  func recorder(what: String) async throws {
    try await withCounter { counter in
      let token = try await recorded(counter)
      switch what {
      case "moved": try counter.team { $0.members.removeAll { $0 == "bob" } }
      case "gone": try counter.member("bob") { $0.until = monday.plus(-1) }
      default:
        try counter.member("ann") { $0.until = monday.plus(-1) }
        try counter.team { $0.leaders = ["dee"] }
      }
      guard case .done(let offer, _, _) = try await counter.desk().look(token) else {
        Issue.record("the link does not open what is done")
        return
      }
      #expect((offer.members + offer.others).contains { $0.id == "bob" })
      let page = try await counter.done(token, "bob", -1, open)
      #expect(page.consent == true && page.handOffTo.isEmpty == (what != "moved"))
      if what == "gone" {
        await #expect(throws: ClaimError.notInTeam) {
          try await counter.press(token, "bob", 2, .handOff(to: "Fire and rescue"))
        }
      }
      _ = try await counter.done(token, "bob", 2, .withdrawConsent)
      #expect(try await counter.feed.store.opportunity(1)?.claim?.consent?.isStanding == false)
    }
  }

  @Test(
    "Through the link of a reader who has left, or that has ended, a consent is taken back and nothing else is done",
    arguments: ["left", "ended"])
  func wayBack(what: String) async throws {
    try await withCounter { counter in
      if what == "ended" { counter.configuration.linkLifetime = 300 }
      let token = try await recorded(counter)
      let at = what == "left" ? now : now + 300
      if what == "left" {
        try counter.member("ann") { $0.until = monday.plus(-1) }
        try counter.team { $0.leaders = ["dee"] }
      }
      let page = try await counter.done(token, "bob", -1, open, at: at)
      #expect(page.consent == true && page.handOffTo.isEmpty && page.undo == nil)
      for action in [DeskAction.handOff(to: "Fire and rescue"), .undo] {
        await #expect(throws: ClaimError.expired, "\(action)") {
          try await counter.press(token, "bob", 2, action, at: at)
        }
      }
      let back = try await counter.done(token, "bob", 2, .withdrawConsent, at: at)
      #expect(back.undo?.until == at + 600)
      for _ in 1...2 { _ = try await counter.done(token, "bob", 3, .undo, at: at) }
      #expect(try await counter.feed.store.opportunity(1)?.claim?.consent?.isStanding == true)
    }
  }

  @Test(
    "An ended link of somebody else, and the list of names, do not tell whether there is a consent")
  func silent() async throws {
    for isGiven in [true, false] {
      try await withCounter { counter in
        let token = try await counter.offerOne()
        _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
        _ = try await counter.done(
          token, "bob", 1, .pass(to: "dee", why: .away, second: "bob"))
        try await counter.deliver(at: now + 60)
        let dees = try #require(try counter.tokens(to: "Dee Dale").last)
        _ = try await counter.done(
          dees, "dee", 2, .pass(to: "bob", why: .away, second: "dee"), at: now + 60)
        _ = try await counter.done(
          token, "bob", 3,
          isGiven ? agreed() : .record(OutcomeAnswers(kind: .noAnswer)), at: now + 60)
        try counter.member("bob") { $0.until = monday.plus(-1) }
        guard case .done(let offer, _, _) = try await counter.desk(at: now + 60).look(token) else {
          Issue.record("the link does not open what is done")
          return
        }
        #expect(offer.others.map(\.id) == ["bob"])
        await #expect(throws: ClaimError.expired, "\(isGiven)") {
          try await counter.desk(at: now + 100 * day).look(dees)
        }
      }
    }
  }

  @Test("No note is made of what has changed since, or at an address that is not to be contacted")
  func noNote() async throws {
    try await withCounter { counter in
      let token = try await recorded(counter)
      let old = AuditRow(
        at: now, actor: "bob", mark: AuditMark(), action: "hand-off", opportunity: 1, generation: 1)
      #expect(try await counter.feed.store.auditNote(old) == false)
      #expect(try await counter.feed.store.audit(of: 1).allSatisfy { $0.action != "hand-off" })
      try await counter.register(",12 Mill Lane,NG17 9CM,do_not_contact,")
      await #expect(throws: ClaimError.forbidden) {
        try await counter.press(token, "bob", 2, .handOff(to: "Fire and rescue"))
      }
    }
  }

  @Test("Taken back through a link that has ended, it can be undone for a while")
  func undone() async throws {
    try await withCounter { counter in
      let token = try await recorded(counter)
      let later = now + 100 * day
      let receipt = try await counter.done(token, "bob", 2, .withdrawConsent, at: later)
      #expect(receipt.undo?.until == later + 600)
      _ = try await counter.done(token, "bob", 3, .undo, at: later + 599)
      #expect(try await counter.feed.store.opportunity(1)?.claim?.consent?.isStanding == true)
      _ = try await counter.done(token, "bob", 4, .withdrawConsent, at: later + 700)
      await #expect(throws: ClaimError.expired) {
        try await counter.desk(at: later + 1300).look(token)
      }
    }
  }

  @Test(
    "That help was accepted is told to a later holder of a service that the standing consent reaches, and to who heard it"
  )
  func later() async throws {
    try await withCounter { counter in
      let token = try await recorded(counter)
      let next = now + 7 * day
      let one = counter.job("B2", "12 Mill Lane", days: -6)
      try await counter.record([one], [counter.single([one])], at: next)
      try await counter.deliver(at: next)
      let fresh = try #require(try counter.tokens(to: "Ann Archer").last)
      var generation = 0
      func told(_ who: String, along: String) async throws -> HolderLine.Ending? {
        let at = next + 2 * day
        let (view, _) = try await counter.view(
          fresh, who, generation, .claim(second: along), at: at)
        _ = try await counter.done(fresh, who, generation + 1, .release, at: at)
        generation += 2
        return view.households[0].holders.first { $0.until == now }?.ending
      }
      func ending(_ isTold: Bool) -> HolderLine.Ending { .outcome(.accepted, consent: isTold) }
      // Dee is of a partner, Ann of the council.
      #expect(try await told("dee", along: "bob") == ending(true))
      #expect(try await told("ann", along: "bob") == ending(false))
      #expect(try await told("bob", along: "dee") == ending(true))
      _ = try await counter.done(token, "bob", 2, .withdrawConsent, at: next + 2 * day)
      #expect(try await told("dee", along: "bob") == ending(false))
      #expect(try await told("bob", along: "dee") == ending(true))
      let stored = try #require(try await counter.feed.store.opportunity(1))
      #expect(stored.outcome?.consent == false)
      #expect(
        try await counter.feed.store.story(of: 1)?.claims.compactMap { $0.outcome?.consent }
          == [false])
    }
  }

  @Test("The story of an opportunity tells nothing of what was said at the door")
  func story() async throws {
    for kind in [OutcomeKind.accepted, .noThankYou, .noAnswer] {
      try await withCounter { counter in
        let token = try await counter.offerOne()
        _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
        _ = try await counter.done(
          token, "bob", 1,
          kind == .accepted ? agreed() : .record(OutcomeAnswers(kind: kind)))
        let told = try await OpportunityTeller(
          configuration: counter.configuration, store: counter.feed.store,
          live: await counter.feed.poller.live
        ).story(of: 1, now: now + 60)
        let said = "\(told)"
        #expect(said.contains("no answer.") == (kind == .noAnswer))
        for word in ["accepted", "thank you", "may be shared"] {
          #expect(!said.contains("Outcome: \(word)") && !said.contains("help was \(word)"))
          #expect(word == "accepted" || !said.contains(word), "\(word)")
        }
      }
    }
  }

  @Test("To whom a note was handed is in the audit, and its outcome is not undone any more")
  func noted() async throws {
    try await withCounter { counter in
      let token = try await recorded(counter)
      let before = try await counter.done(token, "bob", -1, open)
      #expect(before.undo != nil)
      _ = try await counter.press(token, "bob", 2, .handOff(to: "Fire and rescue"))
      _ = try? await counter.press(token, "bob", 2, .handOff(to: "<script>"))
      let rows = try await counter.feed.store.audit(of: 1).filter { $0.action == "hand-off" }
      #expect(rows.map(\.agency) == ["Fire and rescue", nil])
      let after = try await counter.done(token, "bob", -1, open)
      #expect(after.undo == nil)
      await #expect(throws: ClaimError.noteMade) {
        try await counter.press(token, "bob", 2, .undo)
      }
      // The consent can still be taken back, and that undone.
      _ = try await counter.done(token, "bob", 2, .withdrawConsent)
      _ = try await counter.done(token, "bob", 3, .undo)
      #expect(try await counter.feed.store.opportunity(1)?.state == .done)
    }
  }

  @Test("Of two households only those that agreed are on a note, and a yes of neither is a no")
  func joint() async throws {
    for (households, isGiven) in [([2], true), ([], false), ([7], false)] as [(Set<Int>, Bool)] {
      try await withCounter { counter in
        let (jobs, offer) = DeskTests().joint(counter)
        try await counter.record(jobs, [offer])
        try await counter.deliver()
        let token = try counter.token()
        let (view, _) = try await counter.view(token, "bob", 0, .claim(second: "dee"))
        let receipt = try await counter.done(
          token, "bob", 1, agreed([.partner], households: households))
        #expect(receipt.consent == isGiven)
        let hand = DeskAction.handOff(to: "Fire and rescue")
        guard isGiven else {
          await #expect(throws: ClaimError.outsideConsent(agency: "Fire and rescue")) {
            try await counter.press(token, "bob", 2, hand)
          }
          return
        }
        guard case .handOff(let note) = try await counter.press(token, "bob", 2, hand) else {
          Issue.record("no note")
          return
        }
        #expect(note.households.map(\.address) == [view.households[1].address])
        #expect(!"\(note.households)".contains(view.households[0].address))
        #expect(note.consent.answers.households == [2])
      }
    }
  }

  @Test("What one of two households agreed to is not told at the door of the other")
  func otherDoor() async throws {
    try await withCounter { counter in
      let (jobs, offer) = DeskTests().joint(counter)
      try await counter.record(jobs, [offer])
      try await counter.deliver()
      let token = try counter.token()
      let (view, _) = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let agreeing = view.households[1].address
      #expect(agreeing != view.households[0].address)
      _ = try await counter.done(token, "bob", 1, agreed([.partner], households: [2]))
      let next = now + 30 * day
      let later = [
        counter.job("B8", "12 Mill Lane", days: -29), counter.job("B9", "9 Church Hill", days: -29),
      ]
      try await counter.record(later, later.map { counter.single([$0]) }, at: next)
      try await counter.deliver(at: next)
      var told: [Bool: HolderLine.Ending] = [:]
      for fresh in try counter.tokens(to: "Ann Archer").suffix(2) {
        let (page, _) = try await counter.view(
          fresh, "dee", 0, .claim(second: "bob"), at: next + 2 * day)
        let home = page.households[0]
        told[home.address == agreeing] = home.holders.first { $0.until == now }?.ending
      }
      #expect(told[true] == .outcome(.accepted, consent: true))
      #expect(told[false] == .outcome(.accepted, consent: false))
    }
  }

  @Test("An observer sees summaries alone: nobody is asked to agree that it hears more")
  func observer() async throws {
    try await withCounter { counter in
      counter.configuration.team.agencies.append(Agency(name: "Health", kind: .observer))
      let token = try await counter.offerOne()
      let (view, _) = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      #expect(view.offer.questions.consentClasses == [.support, .partner])
      let receipt = try await counter.done(token, "bob", 1, agreed([.observer]))
      #expect(receipt.consent == false)
    }
  }
}
