import Foundation
import Logging
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Outcomes that are missing")
struct OutcomeReminderTests {
  /// A Monday at 10:00.
  private let now = Counter.now
  private let hour = 3600.0
  private let day = 86_400.0

  private func look(_ watch: DeskWatch, _ at: Date) async throws {
    try await watch.round(now: at, machine: .since(now, at))
  }

  private func owed(_ counter: Counter, _ words: String, at: Date) async throws -> [Notice] {
    try await counter.feed.store.dueNotices(now: at).filter { $0.subject.contains(words) }
  }

  /// Bob has put 12 Mill Lane off to Friday, was there on Wednesday and has come back.
  private func withVisit(_ body: (Counter, String) async throws -> Void) async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      _ = try await counter.view(
        token, "bob", 1, .snooze(until: CivilDay(now, in: .gmt).plus(4)), at: now + 60)
      _ = try await counter.view(token, "bob", 2, .setOut(minutes: 60), at: now + 2 * day)
      _ = try await counter.view(token, "bob", 3, .back(outing: 1), at: now + 2 * day + hour)
      try await body(counter, token)
    }
  }

  @Test("Whoever was there and recorded nothing is reminded once, on the next working morning")
  func wasThere() async throws {
    try await withVisit { counter, _ in
      let watch = await counter.newWatch()
      let thursday = now + 3 * day - hour
      for at in [now + 2 * day + 6 * hour, thursday - 1] { try await look(watch, at) }
      #expect(try await owed(counter, "is missing", at: thursday).isEmpty)
      try await look(watch, thursday)
      let told = try await owed(counter, "an outcome in New Cross is missing", at: thursday)
      #expect(told.map(\.recipient) == ["bob@example.org"])
      let words = told.flatMap(\.paragraphs).joined(separator: "\n")
      #expect(words.contains("You set out on 25 November."))
      #expect(!words.contains("Mill Lane") && !told[0].subject.contains("Bob"))
      // Another program on the same store, and another day.
      for at in [thursday + 60, thursday + day] {
        try await look(await counter.newWatch(), at)
      }
      #expect(try await owed(counter, "is missing", at: thursday + day).count == 1)
    }
  }

  @Test("What is recorded, or planned anew, before the mail has gone out is not asked for")
  func withdrawn() async throws {
    try await withVisit { counter, token in
      let thursday = now + 3 * day - hour
      try await look(await counter.newWatch(), thursday)
      _ = try await counter.view(
        token, "bob", 3, .snooze(until: CivilDay(now, in: .gmt).plus(7)), at: thursday + 60)
      #expect(try await owed(counter, "in New Cross is missing", at: thursday + 61).isEmpty)
      try await look(await counter.newWatch(), thursday + day)
      #expect(try await owed(counter, "in New Cross is missing", at: thursday + day).isEmpty)
    }
  }

  @Test("Who holds it for longer is not asked on the same day")
  func inHand() async throws {
    try await withVisit { counter, token in
      let thursday = now + 3 * day - hour
      _ = try await counter.view(token, "bob", 3, .renew, at: thursday - hour)
      try await look(await counter.newWatch(), thursday)
      #expect(try await owed(counter, "in New Cross is missing", at: thursday).isEmpty)
    }
  }

  @Test("Of a lease that ends today one mail says both: when it goes back, and what is missing")
  func leaseEnds() async throws {
    try await withVisit { counter, _ in
      let watch = await counter.newWatch()
      try await look(watch, now)
      // The lease of what was put off to Friday ends on Monday.
      try await look(watch, now + 3 * day)
      try await counter.deliver(at: now + 3 * day)
      let monday = now + 7 * day
      for at in [monday - hour, monday + 4 * hour] { try await look(watch, at) }
      let told = try await owed(counter, "goes back soon", at: monday + 4 * hour)
      #expect(told.count == 1)
      #expect(
        told[0].paragraphs.contains {
          $0.contains("You set out on 25 November, and nothing is recorded")
        })
      #expect(try counter.mails.filter { $0.contains("is missing") }.count == 1)
    }
  }

  @Test("Whose lease has lapsed without an outcome is told once that it went back")
  func lapsed() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let watch = await counter.newWatch()
      let end = now + day + 7 * hour
      try await look(watch, end - hour)
      try await counter.deliver(at: end - hour)
      for at in [1.0, 62] { try await look(watch, end + at) }
      let wednesday = now + 2 * day - hour
      #expect(try await owed(counter, "is missing", at: wednesday).isEmpty)
      for at in [0, 60, day] { try await look(watch, wednesday + at) }
      let told = try await owed(counter, "is missing", at: wednesday + day)
      #expect(told.map(\.recipient) == ["bob@example.org"])
      #expect(told[0].paragraphs.contains { $0.contains("It went back for others on 24 November") })
      // Somebody else has taken it: nobody asks any more.
      _ = try await counter.view(token, "dee", 2, .claim(second: "bob"), at: wednesday + day + 60)
      #expect(try await owed(counter, "is missing", at: wednesday + day + 61).isEmpty)
    }
  }

  // MARK: - Once a week

  @Test("On the first working day leaders have one list of the week, with names and no address")
  func week() async throws {
    try await withVisit { counter, _ in
      let watch = await counter.newWatch()
      try await look(watch, now)
      #expect(try await owed(counter, "missing", at: now).isEmpty)
      // Nothing was missing on Monday: the week is told, and what comes later in it waits.
      try await look(watch, now + 3 * day)
      try await counter.deliver(at: now + 3 * day)
      let monday = now + 7 * day - hour
      try await look(watch, monday - 60)
      #expect(try await owed(counter, "missing", at: monday).isEmpty)
      for at in [0, 60, hour] { try await look(watch, monday + at) }
      let told = try await owed(counter, "an outcome is missing", at: monday + hour)
      #expect(told.map(\.recipient) == ["ann@example.org"])
      let words = told.flatMap(\.paragraphs).joined(separator: "\n")
      #expect(words.contains("In New Cross one outcome is missing: 1 of Bob Baker."))
      #expect(words.contains("Bob Baker set out on 25 November."))
      #expect(words.contains(counter.configuration.publicURL + "/board"))
      #expect(!words.contains("Mill Lane"))
      try await look(await counter.newWatch(), monday + day)
      #expect(try await owed(counter, "an outcome is missing", at: monday + day).count == 1)
    }
  }

  @Test("A bank holiday shifts it by a day, and who was down over Monday has it on Tuesday")
  func shifted() async throws {
    try await withVisit { counter, _ in
      try await look(await counter.newWatch(), now)
      let christmas = Date(timeIntervalSince1970: 1_798_450_200)  // Monday 28 December 2026, 09:30
      let boxing = CivilDay(christmas, in: .gmt)
      #expect(
        boxing.description == "2026-12-28"
          && !counter.configuration.desk.working.isWorkingDay(boxing))
      let reminders = OutcomeReminders(
        configuration: counter.configuration, store: counter.feed.store,
        logger: Logger(label: "test"))
      for at in [christmas, christmas + day, christmas + 2 * day] {
        try await reminders.tell(try await reminders.missing(now: at), [:], now: at)
      }
      let told = try await owed(counter, "an outcome is missing", at: christmas + 3 * day)
      #expect(told.map { CivilDay($0.created, in: .gmt).description } == ["2026-12-29"])
    }
  }

  @Test("A clock that goes back tells no week twice; where nobody leads, the next who does is told")
  func clockAndLeaders() async throws {
    try await withVisit { counter, _ in
      let monday = now + 7 * day
      try counter.member("ann") {
        $0.away = CivilDay(monday, in: .gmt)...CivilDay(monday, in: .gmt)
        $0.deputy = nil
      }
      let reminders = OutcomeReminders(
        configuration: counter.configuration, store: counter.feed.store,
        logger: Logger(label: "test"))
      for at in [monday, monday + day, monday + 2 * day, monday + day] {
        try await reminders.tell(try await reminders.missing(now: at), [:], now: at)
      }
      let told = try await owed(counter, "an outcome is missing", at: monday + 3 * day)
      #expect(told.map { CivilDay($0.created, in: .gmt).description } == ["2026-12-01"])
    }
  }
}
