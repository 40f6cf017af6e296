import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Where nobody claims, somebody else is asked")
struct EscalationTests {
  private let now = Counter.now
  private let hour = 3600.0
  private let day = 86_400.0

  @Test(
    "Nobody claims: the leader again, the deputy with a link, the duty mailbox, in working hours")
  func escalation() async throws {
    try await withCounter { counter in
      _ = try await counter.offerOne()
      func round(_ at: Date) async throws -> Int {
        let before = try counter.mails.count
        for step in 0...1 { try await counter.watch(at: at + Double(step)) }
        try await counter.deliver(at: at + 5)
        return try counter.mails.count - before
      }
      // 10:00 on a Monday: eight working hours are over at 10:00 on the Tuesday.
      #expect(try await round(now + 8 * hour) == 0)
      #expect(try await round(now + 14 * hour) == 0)
      #expect(try await round(now + day - 60) == 0)
      #expect(try await round(now + day) == 1)
      #expect(try #require(try counter.mails.last).contains("ann@example.org"))
      #expect(try await round(now + 2 * day - 60) == 0)
      #expect(try await round(now + 2 * day) == 1)
      let deputy = try #require(try counter.mails.last)
      #expect(deputy.contains("Hello Bob Baker") && deputy.contains("you stand in for Ann Archer"))
      #expect(try await round(now + 3 * day) == 1)
      let duty = try #require(try counter.mails.last)
      #expect(duty.contains("duty@example.org") && !duty.contains("/c/"))
      #expect(try await round(now + 9 * day) == 0, "that is the end of the line")
      // The deputy's link claims, though he does not lead the area.
      let token = try #require(try counter.tokens(to: "Bob Baker").first)
      _ = try await counter.view(token, "dee", 0, .claim(second: "bob"), at: now + 9 * day)
      // Given back it is another time of being open.
      _ = try await counter.done(token, "dee", 1, .release, at: now + 9 * day)
      #expect(try await round(now + 9 * day + hour) == 0)
      #expect(try await round(now + 10 * day) == 1)
      // The deputy is told anew, though he had a mail of the first time.
      #expect(try await round(now + 11 * day) == 1)
      let again = try #require(try counter.mails.last)
      #expect(again.contains("Hello Bob Baker") && again.contains("you stand in for Ann Archer"))
      #expect(try counter.tokens(to: "Bob Baker").count == 2)
    }
  }

  @Test("However long nobody could be asked, the steps come one by one", arguments: [true, false])
  func oneByOne(isPaused: Bool) async throws {
    try await withCounter { counter in
      _ = try await counter.offerOne()
      let monday = now + 14 * day
      func round(_ at: Date) async throws -> Int {
        let before = try counter.mails.count
        for step in 0...3 { try await counter.watch(at: at + Double(step) * 20) }
        try await counter.deliver(at: at + 70)
        return try counter.mails.count - before
      }
      if isPaused {
        // Four days; else the program was down.
        try await counter.feed.store.pause(
          Pause(
            area: "new-cross", why: "Flood", by: "ann", began: now,
            until: CivilDay(monday, in: .gmt)))
        #expect(try await round(now + 60) == 0)
        #expect(try await round(monday - day) == 0)
        #expect(try await round(monday) == 0, "no time has gone by")
        #expect(try await round(monday + day - 240) == 0)
      } else {
        #expect(try await round(monday + day - 120) == 1)
      }
      #expect(try await round(monday + day) == (isPaused ? 1 : 0))
      #expect(try #require(try counter.mails.last).contains("ann@example.org"))
      #expect(try await round(monday + 2 * day - 240) == 0)
      #expect(try await round(monday + 2 * day) == 1)
      #expect(try #require(try counter.mails.last).contains("Hello Bob Baker"))
      #expect(try await round(monday + 3 * day - 240) == 0)
      #expect(try await round(monday + 3 * day + 60) == 1)
      #expect(try #require(try counter.mails.last).contains("duty@example.org"))
    }
  }

  @Test("At night, on holidays and in a pause nobody is asked")
  func quiet() async throws {
    try await withCounter { counter in
      _ = try await counter.offerOne()
      counter.configuration.desk.working.holidays.divisions[.englandAndWales, default: []]
        .formUnion((1...4).map { CivilDay(now, in: .gmt).plus($0) })
      try await counter.watch(at: now + 3 * day)
      try await counter.deliver(at: now + 3 * day)
      #expect(try counter.mails.count == 1, "four holidays")
      let next = now + 7 * day
      let today = CivilDay(next, in: .gmt)
      try await counter.feed.store.pause(
        Pause(area: "new-cross", why: "Flood", by: "ann", began: next, until: today.plus(1)))
      try await counter.watch(at: next)
      try await counter.deliver(at: next)
      #expect(try counter.mails.count == 1, "a pause")
      try await counter.watch(at: next + day)
      try await counter.deliver(at: next + day)
      #expect(try counter.mails.count > 1)
    }
  }
}
