import Foundation
import Logging
import Storage
import Testing
import Triage

@testable import triaged

extension Counter {
  /// One opportunity at 12 Mill Lane, told to Ann; the token of her link.
  func offerOne(at now: Date = Counter.now) async throws -> String {
    let one = job("B1", "12 Mill Lane")
    try await record([one], [single([one])], at: now)
    try await deliver(at: now)
    return try token()
  }

  func press(
    _ token: String, _ member: String, _ generation: Int, _ action: DeskAction, pin: String = "",
    proxy: String? = nil, at now: Date = Counter.now
  ) async throws -> DeskAnswer {
    try await desk(at: now).press(
      token,
      DeskPress(
        member: member, pin: pin, generation: generation, action: action,
        visitor: Visitor(proxyMember: proxy, network: .private)))
  }

  /// The view after a press by which the member holds it.
  func view(
    _ token: String, _ member: String, _ generation: Int, _ action: DeskAction,
    at now: Date = Counter.now
  ) async throws -> (ClaimedView, Receipt?) {
    let answer = try await press(token, member, generation, action, at: now)
    guard case .claimed(let view, let receipt) = answer else {
      Issue.record("\(answer)")
      throw ClaimError.stale
    }
    return (view, receipt)
  }

  func done(
    _ token: String, _ member: String, _ generation: Int, _ action: DeskAction,
    at now: Date = Counter.now
  ) async throws -> Receipt {
    let answer = try await press(token, member, generation, action, at: now)
    guard case .done(let receipt) = answer else {
      Issue.record("\(answer)")
      throw ClaimError.stale
    }
    return receipt
  }

  /// The board of New Cross, as Ann reads it.
  func board(at now: Date = Counter.now) async throws -> BoardView {
    let live = await feed.poller.live
    let area = SignedIn.Area(id: "new-cross", name: "New Cross")
    return try await BoardReader(
      configuration: configuration, store: feed.store, live: live,
      office: AdminOffice(
        configuration: configuration, store: feed.store, live: live, poller: feed.poller,
        meters: Meters(), effector: await feed.effector(),
        replayer: RuleReplayer(configuration, store: feed.store, live: live),
        matterSources: matterSources(configuration, live: live, store: feed.store),
        started: now), clock: { now }
    ).board(
      by: SignedIn(
        member: "ann", name: "Ann Archer", areas: [area], isAdmin: false, session: ""),
      area: area.id)
  }

  /// One round of the desk loop, of a program that was started just then.
  func watch(at now: Date) async throws {
    try await newWatch().round(now: now, machine: .since(Counter.now, now))
  }

  func newWatch() async -> DeskWatch {
    DeskWatch(
      configuration, store: feed.store, live: await feed.poller.live, clock: feed.clock,
      logger: Logger(label: "test") { [journal = feed.journal] _ in journal.handler })
  }

  /// Every link of every mail by the name that the mail greets.
  func tokens(to name: String) throws -> [String] {
    try mails.filter { $0.contains("Hello \(name)") }.flatMap { mail in
      var seen: [String] = []
      for match in mail.matches(of: /\/c\/([A-Za-z0-9_-]{20,})/) {
        let token = String(match.output.1)
        if !seen.contains(token) { seen.append(token) }
      }
      return seen
    }
  }
}

/// 2026-11-23 is a Monday; the desk's clock stands at 10:00.
@Suite("What is pressed at the desk")
struct DeskPressTests {
  private let now = Counter.now
  private let hour = 3600.0
  private let day = 86_400.0
  private var monday: CivilDay { CivilDay(now, in: TimeZone(identifier: "Europe/London")!) }

  @Test(
    "A claim is held until the end of the next working day, can be renewed, and put off to a day")
  func lease() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      let (claimed, receipt) = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let tuesday = now + day + 7 * hour
      #expect(claimed.claim.until == tuesday && receipt?.until == tuesday)
      #expect(claimed.claim.second?.id == "dee")
      #expect(claimed.undoUntil == now + 600 && receipt?.undo?.generation == 1)
      let (renewed, _) = try await counter.view(token, "bob", 1, .renew, at: now + day)
      #expect(renewed.claim.until == tuesday + day && renewed.claim.generation == 2)
      // To Saturday: the lease ends with the Monday behind it.
      let (snoozed, _) = try await counter.view(
        token, "bob", 2, .snooze(until: monday.plus(5)), at: now + day)
      #expect(snoozed.claim.snoozedUntil == monday.plus(5))
      #expect(snoozed.claim.until == tuesday + 6 * day)
      for wrong in [0, -1, 30] {
        await #expect(throws: ClaimError.notThatDay) {
          try await counter.view(token, "bob", 3, .snooze(until: monday.plus(wrong)))
        }
      }
      guard case .held(_, let by, _, let until) = try await counter.desk().look(token) else {
        Issue.record("it is not held")
        return
      }
      #expect(by == "Bob Baker" && until == tuesday + 6 * day)
    }
  }

  @Test("Who goes along is named where visits need two, and is somebody else of the area")
  func second() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      for second in [nil, "", "bob", "nobody"] {
        await #expect(throws: ClaimError.needsSecond) {
          try await counter.press(token, "bob", 0, .claim(second: second))
        }
      }
      guard case .open(let offer) = try await counter.desk().look(token) else { return }
      #expect(offer.needsSecond)
      let at = try #require(
        counter.configuration.team.areas.firstIndex { $0.area == "new-cross" })
      counter.configuration.team.areas[at].visitsNeedTwo = false
      let (view, _) = try await counter.view(token, "bob", 0, .claim(second: nil))
      #expect(view.claim.second == nil && !view.offer.needsSecond)
    }
  }

  @Test("Passed on: the other has a link of their own, the old one shows the masked page")
  func pass() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let receipt = try await counter.done(token, "bob", 1, .pass(to: "dee", why: .nearer))
      #expect(receipt.name == "Dee Dale" && receipt.undo?.generation == 2)
      let again = try await counter.done(token, "bob", 1, .pass(to: "dee", why: .nearer))
      #expect(again.name == "Dee Dale" && again.until == receipt.until)
      try await counter.deliver(at: now + 60)
      let mail = try #require(try counter.mails.first { $0.contains("Hello Dee Dale") })
      #expect(mail.contains("Passed to you by Bob Baker"))
      #expect(mail.contains("Mill Lane") && !mail.contains("12 Mill Lane"))
      let theirs = try #require(try counter.tokens(to: "Dee Dale").first)
      let (view, _) = try await counter.view(theirs, "dee", 2, .claim(second: nil))
      #expect(view.households[0].address.hasPrefix("12 Mill Lane") && view.claim.passes == 1)
      guard case .held(_, let by, _, _) = try await counter.desk().look(token) else {
        Issue.record("the old link does not show who holds it")
        return
      }
      #expect(by == "Dee Dale")
      // The second time, and then to a leader only.
      _ = try await counter.done(theirs, "dee", 2, .pass(to: "bob", why: .knowsThem))
      let (bobs, _) = try await counter.view(token, "bob", 3, .claim(second: nil))
      #expect(bobs.offer.questions.canPassTo?.map(\.id) == ["ann"])
      await #expect(throws: ClaimError.passedEnough(leaders: ["Ann Archer"])) {
        try await counter.press(token, "bob", 3, .pass(to: "dee", why: .away))
      }
      _ = try await counter.done(token, "bob", 3, .pass(to: "ann", why: .away, second: "dee"))
      #expect(try await counter.feed.store.opportunity(1)?.holder == "ann")
    }
  }

  @Test("Taken over: whoever held it is told, without a place; a stale page takes nothing")
  func takeOver() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let take = DeskAction.takeOver(why: .holderAway, second: "ann")
      await #expect(throws: ClaimError.stale) {
        try await counter.press(token, "dee", 0, take)
      }
      let (view, _) = try await counter.view(token, "dee", 1, take)
      #expect(view.claim.holder.id == "dee" && view.claim.generation == 2)
      let (twice, _) = try await counter.view(token, "dee", 1, take)
      #expect(twice.claim.generation == 2)
      await #expect(throws: ClaimError.stale) { try await counter.press(token, "bob", 1, .release) }
      try await counter.deliver(at: now + 60)
      let mail = try #require(try counter.mails.first { $0.contains("taken over") })
      #expect(mail.contains("bob@example.org") && mail.contains("Dee Dale has taken over"))
      #expect(!mail.contains("Mill Lane") && !mail.contains("NG17"))
      let subject = try #require(mail.firstMatch(of: /Subject:[^\r\n]*/)).output
      #expect(!subject.contains("Dee"))
      // Undone, the second mail says so.
      let (again, _) = try await counter.view(token, "ann", 2, take2("bob"))
      #expect(again.claim.holder.id == "ann")
      _ = try await counter.done(token, "ann", 3, .undo)
      #expect(try await counter.feed.store.opportunity(1)?.holder == "dee")
      try await counter.deliver(at: now + 120)
      #expect(try counter.mails.count == 2, "the mail about what was undone never went")
    }
  }

  private func take2(_ second: String) -> DeskAction { .takeOver(why: .agreed, second: second) }

  @Test("Whoever held one here before is asked first for a working day, with a link of their own")
  func askedFirst() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "dee", 0, .claim(second: "ann"))
      _ = try await counter.done(token, "dee", 1, .record(OutcomeAnswers(kind: .notNow)))
      let later = now + 7 * day
      let one = counter.job("B2", "12 Mill Lane", days: -6)
      try await counter.record([one], [counter.single([one])], at: later)
      try await counter.deliver(at: later)
      try await counter.watch(at: later + 60)
      try await counter.watch(at: later + 120)
      try await counter.deliver(at: later + 180)
      let mail = try #require(try counter.mails.filter { $0.contains("Hello Dee Dale") }.first)
      #expect(mail.contains("you are asked first"))
      #expect(try counter.tokens(to: "Dee Dale").count == 1, "once")
      let anns = try #require(try counter.tokens(to: "Ann Archer").last)
      guard case .open(let offer) = try await counter.desk(at: later).look(anns) else {
        Issue.record("it is not open")
        return
      }
      let until = later + day
      #expect(offer.askedFirst == Offer.AskedFirst(member: offer.members[2], until: until))
      await #expect(throws: ClaimError.askedFirst(name: "Dee Dale", until: until)) {
        try await counter.press(anns, "bob", 0, .claim(second: "ann"), at: later + hour)
      }
      let dees = try #require(try counter.tokens(to: "Dee Dale").first)
      _ = try await counter.view(dees, "dee", 0, .claim(second: "bob"), at: later + hour)
      _ = try await counter.done(dees, "dee", 1, .undo, at: later + hour)
      // The leader need not wait, and after a working day nobody need.
      _ = try await counter.view(anns, "ann", 2, .claim(second: "bob"), at: later + 2 * hour)
      _ = try await counter.done(anns, "ann", 3, .release, at: later + 2 * hour)
      _ = try await counter.view(anns, "bob", 4, .claim(second: "ann"), at: until)
    }
  }

  @Test("Where whoever was told that they are asked first takes something else, nobody waits")
  func firstIsFull() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "dee", 0, .claim(second: "ann"))
      _ = try await counter.done(token, "dee", 1, .pass(to: "bob", why: .away))
      _ = try await counter.done(
        token, "bob", 2, .record(OutcomeAnswers(kind: .notNow)), at: now + hour)
      let later = now + 7 * day
      let jobs = [
        counter.job("B2", "12 Mill Lane", days: -6), counter.job("B3", "9 Church Hill", days: -6),
      ]
      try await counter.record(jobs, jobs.map { counter.single([$0]) }, at: later)
      try await counter.deliver(at: later)
      var tokens: [String: String] = [:]
      for token in try counter.tokens(to: "Ann Archer") {
        guard case .open(let offer) = try await counter.desk(at: later).look(token) else {
          continue
        }
        tokens[offer.street ?? ""] = token
      }
      let (mill, church) = (
        try #require(tokens["Mill Lane"]), try #require(tokens["Church Hill"])
      )
      func first() async throws -> String? {
        guard case .open(let offer) = try await counter.desk(at: later + 120).look(mill) else {
          Issue.record("it is not open")
          return nil
        }
        return offer.askedFirst?.member.id
      }
      try await counter.watch(at: later + 60)
      #expect(try await first() == "bob")
      counter.configuration.team.openClaimsPerPerson = 1
      _ = try await counter.view(church, "bob", 0, .claim(second: "ann"), at: later + 90)
      #expect(try await first() == nil, "Dee has not been told")
      _ = try await counter.done(church, "bob", 1, .undo, at: later + 100)
      #expect(try await first() == "bob")
    }
  }

  @Test("Who is away, or holds as many as one may, is not asked first", arguments: [true, false])
  func notAskedFirst(isAway: Bool) async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "dee", 0, .claim(second: "ann"))
      _ = try await counter.done(token, "dee", 1, .record(OutcomeAnswers(kind: .notNow)))
      let later = now + 7 * day
      let jobs = [
        counter.job("B2", "12 Mill Lane", days: -6), counter.job("B3", "9 Church Hill", days: -6),
      ]
      try await counter.record(jobs, jobs.map { counter.single([$0]) }, at: later)
      try await counter.deliver(at: later)
      let anns = try counter.tokens(to: "Ann Archer").filter { $0 != token }
      if isAway {
        let at = try #require(counter.configuration.team.members.firstIndex { $0.id == "dee" })
        counter.configuration.team.members[at].away = monday.plus(5)...monday.plus(9)
      } else {
        counter.configuration.team.openClaimsPerPerson = 1
        for token in anns {
          guard case .open(let offer) = try await counter.desk(at: later).look(token) else {
            continue
          }
          #expect((offer.askedFirst?.member.id == "dee") == (offer.street == "Mill Lane"))
          if offer.street == "Church Hill" {
            _ = try await counter.view(token, "dee", 0, .claim(second: "ann"), at: later)
            break
          }
        }
      }
      try await counter.watch(at: later + 60)
      try await counter.deliver(at: later + 90)
      #expect(try counter.mails.allSatisfy { !$0.contains("you are asked first") })
      var claimed = 0
      for token in anns {
        guard case .open(let offer) = try await counter.desk(at: later + 95).look(token) else {
          continue
        }
        #expect(offer.askedFirst == nil)
        _ = try await counter.view(token, "bob", 0, .claim(second: "ann"), at: later + 100)
        claimed += 1
      }
      #expect(claimed == (isAway ? 2 : 1))
    }
  }

  @Test("What was to be asked first and is open again after that day is not asked first any more")
  func askedTooLate() async throws {
    for days in [0.0, 2] {
      try await withCounter { counter in
        let token = try await counter.offerOne()
        _ = try await counter.view(token, "dee", 0, .claim(second: "ann"))
        _ = try await counter.done(token, "dee", 1, .record(OutcomeAnswers(kind: .notNow)))
        let later = now + 7 * day
        let one = counter.job("B2", "12 Mill Lane", days: -6)
        try await counter.record([one], [counter.single([one])], at: later)
        try await counter.deliver(at: later)
        let anns = try #require(try counter.tokens(to: "Ann Archer").last)
        try await counter.watch(at: later + 60)
        // The mail has not gone out yet.
        _ = try await counter.view(anns, "ann", 0, .claim(second: "bob"), at: later + 70)
        try await counter.deliver(at: later + 80)
        let back = later + 90 + days * day
        _ = try await counter.done(anns, "ann", 1, .release, at: back)
        try await counter.watch(at: back + 10)
        try await counter.deliver(at: back + 20)
        let asked = try counter.mails.filter { $0.contains("you are asked first") }
        #expect(asked.count == (days == 0 ? 1 : 0))
      }
    }
  }

  @Test("Nobody answered: again at another time of day, three times at most")
  func visitAgain() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      let (first, _) = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      // Three days later, in the afternoon since it is morning.
      #expect(
        first.offer.questions.nextTry
          == VisitTry(at: now, nextOn: monday.plus(3), nextAt: .afternoon))
      let wrong: [(Int, PartOfDay)] = [(5, .morning), (-1, .evening), (29, .morning)]
      for (days, part) in wrong {
        await #expect(throws: ClaimError.notThatDay) {
          try await counter.press(token, "bob", 1, .visitAgain(on: monday.plus(days), at: part))
        }
      }
      let again = DeskAction.visitAgain(on: monday.plus(3), at: .evening)
      let (second, receipt) = try await counter.view(token, "bob", 1, again)
      #expect(second.claim.visits == [VisitTry(at: now, nextOn: monday.plus(3), nextAt: .evening)])
      #expect(
        second.claim.until == now + 4 * day + 7 * hour && receipt?.until == second.claim.until)
      let (twice, _) = try await counter.view(token, "bob", 1, again)
      #expect(twice.claim.visits.count == 1 && twice.claim.generation == 2)
      let (third, _) = try await counter.view(
        token, "bob", 2, .visitAgain(on: monday.plus(4), at: .morning), at: now + 3 * day)
      #expect(third.claim.visits.count == 2 && third.offer.questions.nextTry == nil)
      await #expect(throws: ClaimError.triedEnough) {
        try await counter.press(
          token, "bob", 3, .visitAgain(on: monday.plus(7), at: .morning), at: now + 4 * day)
      }
      _ = try await counter.done(
        token, "bob", 3, .record(OutcomeAnswers(kind: .noAnswer)), at: now + 4 * day)
    }
  }

  @Test(
    "The last change can be undone for ten minutes, an opt-out with it; not by others, not later")
  func undo() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let receipt = try await counter.done(
        token, "bob", 1, .record(OutcomeAnswers(kind: .doNotContact)))
      #expect(receipt.undo == Receipt.Undo(member: "bob", generation: 2, until: now + 600))
      #expect(try await counter.feed.store.optOuts().count == 1)
      for (who, at) in [("dee", now + 5), ("bob", now + 601)] {
        await #expect(throws: ClaimError.notUndoable) {
          try await counter.press(token, who, 2, .undo, at: at)
        }
      }
      let (back, after) = try await counter.view(token, "bob", 2, .undo, at: now + 599)
      #expect(back.claim.generation == 3 && back.claim.second?.id == "ann")
      #expect(back.claim.until == now + day + 7 * hour && after?.action == "undo")
      #expect(try await counter.feed.store.optOuts().isEmpty)
      #expect(back.undoUntil == now + 600, "the claim itself")
      let last = try await counter.done(token, "bob", 3, .undo, at: now + 600)
      #expect(last.undo == nil)
      guard case .open(let offer) = try await counter.desk(at: now + 600).look(token) else {
        Issue.record("it is not open")
        return
      }
      #expect(offer.generation == 4)
    }
  }

  @Test("Declined is an end of its own; not safe is told to the leaders")
  func decline() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let receipt = try await counter.done(token, "bob", 1, .decline(why: .notSafe))
      #expect(receipt.outcome == .declined)
      try await counter.deliver(at: now + 60)
      let mail = try #require(try counter.mails.first { $0.contains("declined as not safe") })
      #expect(mail.contains("ann@example.org") && !mail.contains("Mill Lane"))
      let stored = try #require(try await counter.feed.store.opportunity(1))
      #expect(stored.state == .done && stored.outcome?.declined == .notSafe)
      let story = try #require(try await counter.feed.store.story(of: 1))
      #expect(story.claims.map(\.endedHow) == ["declined"])
      let past = try await counter.feed.store.pastClaims(
        at: stored.opportunity.address, since: now - day)
      #expect(past.map { $0.outcome?.declined } == [.notSafe])
    }
  }

  @Test("A hand-off is made inside the consent's scope alone, until it is taken back")
  func handOff() async throws {
    try await withCounter { counter in
      counter.configuration.team.agencies.append(
        Agency(name: "Wardens", kind: .enforcement, exception: nil))
      counter.configuration.team.agencies.append(
        Agency(
          name: "Lapsed", kind: .partner,
          agreement: Agreement(reference: "x", ends: monday.plus(-1))))
      let token = try await counter.offerOne()
      let (view, _) = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      #expect(view.offer.questions.consentClasses == [.support, .partner])
      let consent = ConsentAnswers(
        isGiven: true, scope: [.partner, .enforcement, .observer], on: monday, how: .inPerson,
        wording: view.offer.questions.consentWording.version)
      let receipt = try await counter.done(
        token, "bob", 1, .record(OutcomeAnswers(kind: .accepted, consent: consent)))
      #expect(receipt.consent == true)
      func note(_ agency: String) async throws -> DeskAnswer {
        try await counter.press(token, "bob", 2, .handOff(to: agency))
      }
      guard case .handOff(let made) = try await note("Fire and rescue") else {
        Issue.record("no note")
        return
      }
      #expect(made.consent.answers.scope == [.partner] && made.from.id == "bob")
      #expect(made.households[0].address.hasPrefix("12 Mill Lane"))
      for name in ["Council", "Wardens", "Lapsed"] {
        await #expect(throws: ClaimError.outsideConsent(agency: name)) { try await note(name) }
      }
      await #expect(throws: ClaimError.outsideConsent(agency: "")) { try await note("<script>") }
      // Much later, through the same link.
      let later = now + 100 * day
      let withdrawn = try await counter.done(token, "bob", 2, .withdrawConsent, at: later)
      #expect(withdrawn.action == "withdraw-consent")
      await #expect(throws: ClaimError.expired) {
        try await counter.press(token, "bob", 3, .handOff(to: "Fire and rescue"), at: later + 600)
      }
      let audit = try await counter.feed.store.audit(of: 1).filter { $0.action == "hand-off" }
      #expect(
        audit.map(\.result) == ["ok"] + Array(repeating: "outside consent", count: 4))
    }
  }

  @Test("Help yes, sharing no: no note for anybody, and the board shows only that it is done")
  func noSharing() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let consent = ConsentAnswers(
        isGiven: false, scope: [.partner], on: monday, how: .byPhone, wording: "1")
      let receipt = try await counter.done(
        token, "bob", 1, .record(OutcomeAnswers(kind: .accepted, consent: consent)))
      #expect(receipt.consent == false)
      for agency in ["Council", "Fire and rescue"] {
        await #expect(throws: ClaimError.outsideConsent(agency: agency)) {
          try await counter.press(token, "bob", 2, .handOff(to: agency))
        }
      }
      await #expect(throws: ClaimError.outsideConsent(agency: "")) {
        try await counter.press(token, "bob", 2, .withdrawConsent)
      }
      let line = try #require(try await counter.board().done.first)
      #expect(line.opportunity == 1 && line.outcome == nil)
      let said = "\(line)"
      for word in ["accepted", "onsent", "shar"] { #expect(!said.contains(word), "\(word)") }
    }
  }

  @Test(
    "A PIN is asked with the name; five wrong ones lock the member there, the proxy's word is enough"
  )
  func pin() async throws {
    try await withCounter { counter in
      let file = counter.feed.folder.path + "/pin"
      try write("4711\n", to: file)
      let at = try #require(counter.configuration.team.members.firstIndex { $0.id == "bob" })
      counter.configuration.team.members[at].pinFile = file
      let token = try await counter.offerOne()
      guard case .open(let offer) = try await counter.desk().look(token) else { return }
      #expect(offer.withPIN == ["bob"])
      let claim = DeskAction.claim(second: "ann")
      // A form without a PIN, as a scanner sends it, is no try.
      for (pin, left) in [("", 5), ("", 5), ("4712", 4), ("4712", 3)] {
        await #expect(throws: ClaimError.wrongPIN(triesLeft: left)) {
          try await counter.press(token, "bob", 0, claim, pin: pin)
        }
      }
      _ = try await counter.press(token, "bob", 0, claim, pin: "4711")
      // The holder's page is bound to who opened it.
      _ = try await counter.press(token, "bob", 1, .renew)
      for _ in 1...5 { _ = try? await counter.press(token, "bob", 2, claim, pin: "1") }
      await #expect(throws: ClaimError.pinLocked) {
        try await counter.press(token, "bob", 2, claim, pin: "4711")
      }
      _ = try await counter.press(token, "bob", 2, claim, proxy: "bob")
      await #expect(throws: ClaimError.notInTeam) {
        try await counter.press(token, "bob", 2, claim, proxy: "dee")
      }
      let said = try await counter.feed.store.audit().map { "\($0)" }.joined()
      #expect(!said.contains("4711") && !said.contains("4712"))
    }
  }

  @Test("The council closes the job: the holder is told once, and goes on until they say so")
  func closed() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let closed = counter.job("B1", "12 Mill Lane", closed: now + 30)
      try await counter.record([closed], [], at: now + hour)
      for step in 1...3 { try await counter.watch(at: now + hour + Double(step)) }
      try await counter.deliver(at: now + hour + 9)
      let told = try counter.mails.filter { $0.contains("has closed the job") }
      #expect(told.count == 1 && told[0].contains("bob@example.org"))
      let (view, _) = try await counter.view(
        token, "bob", 1, .claim(second: nil), at: now + 2 * hour)
      #expect(view.closedByCouncil == now + 30)
      let (kept, _) = try await counter.view(
        token, "bob", 1, .keepAlthoughClosed, at: now + 2 * hour)
      #expect(kept.closedByCouncil == nil && kept.claim.until == view.claim.until)
      // Whoever it is passed to need not hear it again.
      _ = try await counter.done(token, "bob", 2, .pass(to: "dee", why: .away), at: now + 3 * hour)
      try await counter.watch(at: now + 3 * hour)
      try await counter.deliver(at: now + 3 * hour)
      #expect(try counter.mails.filter { $0.contains("has closed the job") }.count == 1)
    }
  }

  @Test("A sheet and a calendar file tell nothing of why; each is in the audit, a look is not")
  func papers() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.desk().look(token)
      #expect(try await counter.feed.store.audit().isEmpty)
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      guard case .sheet(let sheet) = try await counter.press(token, "bob", 1, .sheet) else {
        Issue.record("no sheet")
        return
      }
      #expect(sheet.second?.id == "dee" && sheet.isVisit && !sheet.emergency.isEmpty)
      #expect(sheet.households[0].history.isEmpty && sheet.households[0].holders.isEmpty)
      guard
        case .calendar(let file) = try await counter.press(
          token, "bob", 1, .calendar(on: monday.plus(1), at: .morning))
      else {
        Issue.record("no calendar")
        return
      }
      #expect(file.contains("SUMMARY:Street Scene visit\r\n"))
      #expect(file.contains("DTSTART:20261124T090000Z\r\nDTEND:20261124T120000Z\r\n"))
      #expect(!file.contains("Bulky") && !file.lowercased().contains("note of"))
      await #expect(throws: ClaimError.stale) { try await counter.press(token, "dee", 1, .sheet) }
      let rows = try await counter.feed.store.audit(of: 1)
      #expect(rows.map(\.action) == ["claim", "sheet", "calendar", "sheet"])
      #expect(rows.map(\.result) == ["ok", "ok", "ok", "stale"])
      #expect(Set(rows.map(\.mark)) == [AuditMark(via: "link 1", network: "a private network")])
    }
  }

  @Test("A code that the rules do not name is told in the glossary's words, and never as it is")
  func glossary() async throws {
    try await withCounter { counter in
      counter.configuration.glossary = Glossary(["QX7": "Leaning lamp post"])
      let jobs = [
        counter.job("B1", "12 Mill Lane"), counter.job("Q1", "12 Mill Lane", type: " qx7 "),
        counter.job("Q2", "12 Mill Lane", type: "QX8", days: 9),
      ]
      try await counter.record(jobs, [counter.single([jobs[0]])])
      try await counter.deliver()
      let (view, _) = try await counter.view(
        try counter.token(), "bob", 0, .claim(second: "ann"))
      let types = view.households[0].history.map(\.type)
      #expect(types.contains("Leaning lamp post") && types.contains("Another job"))
      #expect(!"\(view)".contains("QX8"))
    }
  }
}
