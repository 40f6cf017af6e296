import Foundation
import Testing
import Triage

@testable import triaged

@Suite("Whoever held one at the address last is asked first")
struct AskedFirstTests {
  private let now = Counter.now
  private let hour = 3600.0
  private let day = 86_400.0
  private var monday: CivilDay { CivilDay(now, in: TimeZone(identifier: "Europe/London")!) }

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
}
