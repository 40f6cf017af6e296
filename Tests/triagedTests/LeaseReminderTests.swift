import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("The holder is reminded before a lease ends")
struct LeaseReminderTests {
  private let now = Counter.now
  private let hour = 3600.0
  private let day = 86_400.0

  @Test("Down over the reminder and the end: held for a working day more, and reminded first")
  func missedReminder() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let end = now + day + 7 * hour
      let watch = await counter.newWatch()
      for at in [1.0, 62, 130] { try await watch.look(at: end + at) }
      let held = try #require(try await counter.feed.store.opportunity(1))
      #expect(held.holder == "bob" && held.claim?.until == end + day)
      try await watch.look(at: end + day - 3 * hour)
      try await counter.deliver(at: end + day - 3 * hour)
      #expect(try counter.mails.filter { $0.contains("goes back soon") }.count == 1)
      for at in [1.0, 62] { try await watch.look(at: end + day + at) }
      #expect(try await counter.feed.store.opportunity(1)?.state == .offered)
    }
  }

  @Test("A reminder that does not go out puts the end off, twice at most")
  func refusedReminder() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let end = now + day + 7 * hour
      let watch = await counter.newWatch()
      for late in 0...2 {
        let end = end + Double(late) * day
        // Owed, and the relay takes nothing.
        try await watch.look(at: end - 3 * hour)
        for at in [1.0, 62] { try await watch.look(at: end + at) }
        let stored = try #require(try await counter.feed.store.opportunity(1))
        #expect(stored.state == (late < 2 ? .claimed : .offered), "\(late)")
        if late < 2 { #expect(stored.claim?.until == end + day) }
      }
      // Another claim begins to count anew.
      let next = now + 4 * day
      _ = try await counter.view(token, "dee", 2, .claim(second: "bob"), at: next)
      let until = try #require(try await counter.feed.store.opportunity(1)?.claim?.until)
      try await watch.look(at: until - 3 * hour)
      for at in [1.0, 62] { try await watch.look(at: until + at) }
      #expect(try await counter.feed.store.opportunity(1)?.holder == "dee")
    }
  }

  @Test("The holder is reminded three working hours before the end, once, whatever is restarted")
  func reminder() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let due = now + day + 4 * hour
      try await counter.watch(at: due - 1)
      try await counter.deliver(at: due - 1)
      func reminders() throws -> [String] {
        try counter.mails.filter { $0.contains("goes back soon") }
      }
      #expect(try reminders().isEmpty)
      try await counter.watch(at: due)
      // As after a kill: nothing in memory is left, and what was owed is owed once.
      try counter.feed.restart()
      for step in 1...3 { try await counter.watch(at: due + Double(step)) }
      try await counter.deliver(at: due + 5)
      #expect(try reminders().count == 1)
      // Another lease has a reminder of its own.
      _ = try await counter.view(token, "bob", 1, .renew, at: due + 60)
      try await counter.watch(at: due + day)
      try await counter.deliver(at: due + day)
      #expect(try reminders().count == 2)
    }
  }

  @Test("A reminder of what is done meanwhile is not sent")
  func overtaken() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let due = now + day + 4 * hour
      try await counter.watch(at: due)
      _ = try await counter.done(
        token, "bob", 1, .record(OutcomeAnswers(kind: .notNow)), at: due + 5)
      try await counter.deliver(at: due + 10)
      #expect(try counter.mails.count == 1)
    }
  }
}
