import Foundation
import Storage
import Testing
import Triage

@testable import triaged

extension Counter {
  /// Puts a contact register in force.
  func register(_ entries: String...) async throws {
    let file = configuration.registerFile
    try write("uprn,address,postcode,flag,expires\n" + entries.map { $0 + "\n" }.joined(), to: file)
    try settle(file)
    // What two looks have seen alike is in force.
    let later = max(Counter.now, .now) + 60
    for at in [later, later + 60] { _ = await feed.poller.live.inForce(now: at) }
  }

  func member(_ id: String, _ change: (inout Member) -> Void) throws {
    let at = try #require(configuration.team.members.firstIndex { $0.id == id })
    change(&configuration.team.members[at])
  }

  /// Of New Cross.
  func team(_ change: (inout Team.AreaTeam) -> Void) throws {
    let at = try #require(configuration.team.areas.firstIndex { $0.area == "new-cross" })
    change(&configuration.team.areas[at])
  }
}

@Suite("Who may do what at the desk")
struct WhoMayTests {
  private let now = Counter.now
  private let hour = 3600.0
  private let day = 86_400.0
  private var monday: CivilDay { CivilDay(now, in: TimeZone(identifier: "Europe/London")!) }

  @Test("Where the register says that nobody goes alone, a visit needs two whatever the area says")
  func notAlone() async throws {
    try await withCounter { counter in
      try counter.team { $0.visitsNeedTwo = false }
      let token = try await counter.offerOne()
      try await counter.register(",12 Mill Lane,NG17 9CM,not_alone,")
      guard case .open(let offer) = try await counter.desk().look(token) else {
        Issue.record("it is not open")
        return
      }
      #expect(offer.needsSecond)
      await #expect(throws: ClaimError.needsSecond) {
        try await counter.press(token, "bob", 0, .claim(second: nil))
      }
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      await #expect(throws: ClaimError.needsSecond) {
        try await counter.press(token, "ann", 1, .takeOver(why: .urgent, second: nil))
      }
    }
  }

  @Test("Passed to who went along, or when that one has left, somebody else goes along")
  func passedToSecond() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      for second in [nil, "dee", "nobody"] {
        await #expect(throws: ClaimError.needsSecond) {
          try await counter.press(token, "bob", 1, .pass(to: "dee", why: .away, second: second))
        }
      }
      let pass = DeskAction.pass(to: "dee", why: .away, second: "bob")
      for _ in 1...2 { _ = try await counter.done(token, "bob", 1, pass) }
      var stored = try #require(try await counter.feed.store.opportunity(1))
      #expect(stored.holder == "dee" && stored.claim?.second == "bob")
      // Bob leaves: to Ann it cannot go without another one.
      try counter.member("bob") { $0.until = monday.plus(-1) }
      await #expect(throws: ClaimError.needsSecond) {
        try await counter.press(token, "dee", 2, .pass(to: "ann", why: .away))
      }
      _ = try await counter.done(token, "dee", 2, .pass(to: "ann", why: .away, second: "dee"))
      stored = try #require(try await counter.feed.store.opportunity(1))
      #expect(stored.holder == "ann" && stored.claim?.second == "dee")
    }
  }

  @Test(
    "What the register forbids while it is held goes to nobody else and no further; its holder is told once and ends it"
  )
  func forbidden() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      try await counter.watch(at: now + 30)
      try await counter.register(",12 Mill Lane,NG17 9CM,do_not_contact,")
      let refused: [(String, DeskAction)] = [
        ("ann", .takeOver(why: .urgent, second: "dee")), ("bob", .renew),
        ("bob", .pass(to: "ann", why: .away)), ("bob", .snooze(until: monday.plus(1))),
        ("bob", .visitAgain(on: monday.plus(3), at: .morning)),
        ("bob", .calendar(on: monday.plus(1), at: .morning)), ("bob", .sheet),
      ]
      for (who, action) in refused {
        await #expect(throws: ClaimError.forbidden, "\(action)") {
          try await counter.press(token, who, 1, action)
        }
      }
      for step in 1...3 { try await counter.watch(at: now + 60 * Double(step)) }
      try await counter.deliver(at: now + 240)
      let told = try counter.mails.filter { $0.contains("is not to be contacted") }
      let mail = try #require(told.first)
      #expect(told.count == 1 && mail.contains("bob@example.org"))
      #expect(!mail.contains("Mill Lane"))
      let (view, _) = try await counter.view(token, "bob", 1, .claim(second: nil))
      #expect(view.households[0].flags == [.doNotContact])
      _ = try await counter.done(token, "bob", 1, .decline(why: .noReason))
    }
  }

  @Test("Where the register is corrected before the mail has gone out, there is no mail; then anew")
  func corrected() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      try await counter.watch(at: now + 30)
      for isForbidden in [true, false, true] {
        try await counter.register(",\(isForbidden ? 12 : 14) Mill Lane,NG17 9CM,do_not_contact,")
        for step in 1...2 { try await counter.watch(at: now + 60 * Double(step)) }
        let owed = try await counter.feed.store.dueNotices(now: now + 130).count
        #expect(owed == (isForbidden ? 1 : 0))
      }
      try await counter.deliver(at: now + 240)
      #expect(try counter.mails.filter { $0.contains("is not to be contacted") }.count == 1)
    }
  }

  @Test("Passed to somebody and forbidden since, it stays out of a message whose rest goes")
  func forbiddenInMessage() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      _ = try await counter.done(token, "bob", 1, .pass(to: "ann", why: .away))
      let jobs = [counter.job("B1", "12 Mill Lane"), counter.job("B2", "9 Church Hill")]
      try await counter.record([jobs[1]], jobs.map { counter.single([$0]) }, at: now + 60)
      try await counter.register(",12 Mill Lane,NG17 9CM,do_not_contact,")
      for step in 1...2 { try await counter.deliver(at: now + 60 + Double(step)) }
      let mails = try counter.mails
      #expect(mails.count == 2)
      #expect(mails.contains { $0.contains("Church Hill") && !$0.contains("Mill Lane") })
      #expect(try await counter.feed.store.opportunity(1)?.holder == "ann")
    }
  }

  @Test("An ended link takes nothing over, and shows no way to; its holder goes on")
  func ended() async throws {
    try await withCounter { counter in
      counter.configuration.linkLifetime = hour
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let later = now + hour
      await #expect(throws: ClaimError.expired) {
        try await counter.press(token, "dee", 1, .takeOver(why: .urgent, second: "ann"), at: later)
      }
      guard case .held(let offer, _, _, _) = try await counter.desk(at: later).look(token) else {
        Issue.record("it is not held")
        return
      }
      #expect(offer.isEnded)
      _ = try await counter.view(token, "bob", 1, .renew, at: later)
    }
  }

  @Test("Through the link of a reader who has left nobody takes over; its holder goes on")
  func readerLeft() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      try counter.member("ann") { $0.until = monday.plus(-1) }
      try counter.team { $0.leaders = ["dee"] }
      guard case .held(let offer, _, _, _) = try await counter.desk().look(token) else {
        Issue.record("it is not held")
        return
      }
      #expect(offer.isEnded)
      await #expect(throws: ClaimError.expired) {
        try await counter.press(token, "dee", 1, .takeOver(why: .urgent, second: "bob"))
      }
      _ = try await counter.view(token, "bob", 1, .renew)
    }
  }

  @Test("An undo gives it to nobody whom the register would not let claim it")
  func undoForbidden() async throws {
    let cases: [(DeskAction, ClaimError, String?)] = [
      (.release, .withdrawn, nil), (.pass(to: "ann", why: .away), .forbidden, "ann"),
    ]
    for (action, error, holder) in cases {
      try await withCounter { counter in
        let token = try await counter.offerOne()
        _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
        _ = try await counter.done(token, "bob", 1, action)
        try await counter.register(",12 Mill Lane,NG17 9CM,do_not_contact,")
        await #expect(throws: error, "\(action)") {
          try await counter.press(token, "bob", 2, .undo)
        }
        #expect(try await counter.feed.store.opportunity(1)?.holder == holder)
      }
    }
  }

  @Test("Who has left the team does nothing more with what they hold")
  func inactive() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      try counter.member("bob") { $0.until = monday.plus(-1) }
      let actions: [DeskAction] = [
        .claim(second: nil), .renew, .release, .undo, .sheet, .pass(to: "dee", why: .away),
        .record(OutcomeAnswers(kind: .noAnswer)),
      ]
      for action in actions {
        await #expect(throws: ClaimError.notInTeam, "\(action)") {
          try await counter.press(token, "bob", 1, action)
        }
      }
    }
  }

  @Test("Moved to another area, a holder opens and ends what they hold")
  func moved() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      try counter.team { $0.members.removeAll { $0 == "bob" } }
      guard case .held(let offer, _, _, _) = try await counter.desk().look(token) else {
        Issue.record("it is not held")
        return
      }
      #expect(offer.others.map(\.id) == ["bob"] && !offer.members.contains { $0.id == "bob" })
      _ = try await counter.view(token, "bob", -1, .claim(second: nil))
      let plans: [DeskAction] = [
        .renew, .snooze(until: monday.plus(1)), .visitAgain(on: monday.plus(3), at: .morning),
        .calendar(on: monday.plus(1), at: .morning),
      ]
      for action in plans {
        await #expect(throws: ClaimError.notInTeam, "\(action)") {
          try await counter.press(token, "bob", 1, action)
        }
      }
      _ = try await counter.done(token, "bob", 1, .record(OutcomeAnswers(kind: .noAnswer)))
    }
  }

  @Test("An undo by which somebody would hold more than they may is refused")
  func limit() async throws {
    try await withCounter { counter in
      counter.configuration.team.openClaimsPerPerson = 1
      let jobs = (1...2).map { counter.job("B\($0)", "\($0) Mill Lane") }
      try await counter.record(jobs, jobs.map { counter.single([$0]) })
      try await counter.deliver()
      let tokens = try counter.tokens(to: "Ann Archer")
      _ = try await counter.view(tokens[0], "bob", 0, .claim(second: "dee"))
      _ = try await counter.done(tokens[0], "bob", 1, .release)
      _ = try await counter.view(tokens[1], "bob", 0, .claim(second: "dee"))
      await #expect(throws: ClaimError.tooMany(limit: 1, agency: nil)) {
        try await counter.press(tokens[0], "bob", 2, .undo)
      }
      _ = try await counter.done(tokens[1], "bob", 1, .release)
      _ = try await counter.view(tokens[0], "bob", 2, .undo)
    }
  }
}
