import Foundation
import Logging
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Who is out on a visit, and not back")
struct OutingTests {
  private let now = Counter.now
  private let minute = 60.0
  private let hour = 3600.0

  /// Bob and Dee go to 12 Mill Lane and want to be back in an hour. Ann leads, and has an alarm channel.
  private func withTwoOut(_ body: (Counter, String) async throws -> Void) async throws {
    try await withCounter { counter in
      counter.configuration.channels["alarm"] = counter.configuration.channels["post"]
      try counter.member("ann") { $0.alarmChannel = "alarm" }
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let (view, receipt) = try await counter.view(token, "bob", 1, .setOut(minutes: 60))
      #expect(view.claim.backBy == now + hour && receipt?.until == now + hour)
      try await body(counter, token)
    }
  }

  private func newWatch(_ counter: Counter) async -> OutingWatch {
    OutingWatch(
      counter.configuration, store: counter.feed.store, live: await counter.feed.poller.live,
      logger: Logger(label: "test"))
  }

  private func look(_ watch: OutingWatch, _ at: Date) async throws {
    try await watch.round(now: at, machine: .since(now, at))
  }

  private func owed(_ counter: Counter, at: Date) async throws -> [Notice] {
    try await counter.feed.store.dueNotices(now: at)
  }

  @Test("At the minute their time is over the leader is told, by two channels, and once")
  func late() async throws {
    try await withTwoOut { counter, _ in
      let watch = await newWatch(counter)
      try await look(watch, now + hour - 1)
      #expect(try await owed(counter, at: now + hour).isEmpty)
      try await look(watch, now + hour)
      let told = try await owed(counter, at: now + hour)
      #expect(told.map(\.recipient) == ["ann@example.org", "ann@example.org"])
      #expect(Set(told.map(\.channel)) == ["post", "alarm"])
      let words = told.flatMap { [$0.subject] + $0.paragraphs }.joined(separator: "\n")
      #expect(words.contains("Bob Baker and Dee Dale set out on a visit in New Cross"))
      #expect(!words.contains("Mill Lane") && !told[0].subject.contains("Bob"))
      // Another program on the same store tells nobody twice.
      try await look(try await newWatch(counter), now + hour + 5 * minute)
      #expect(try await owed(counter, at: now + 2 * hour).count == 2)
    }
  }

  @Test("A quarter of an hour later the duty mailbox is told, once, also after a restart")
  func duty() async throws {
    try await withTwoOut { counter, _ in
      let watch = await newWatch(counter)
      try await look(watch, now + hour)
      try await look(watch, now + hour + Outing.untilDuty - 1)
      #expect(try await owed(counter, at: now + 2 * hour).count == 2)
      let other = await newWatch(counter)
      for late in [0, 20, 3000.0] { try await look(other, now + hour + Outing.untilDuty + late) }
      let told = try await owed(counter, at: now + 3 * hour)
      #expect(told.filter { $0.recipient == "duty@example.org" }.count == 1)
      #expect(told.count == 3)
    }
  }

  @Test("Down over all of it: leaders and duty mailbox are told at once")
  func down() async throws {
    try await withTwoOut { counter, _ in
      try await look(await newWatch(counter), now + 5 * hour)
      let told = try await owed(counter, at: now + 5 * hour)
      #expect(
        Set(told.map(\.recipient)) == ["ann@example.org", "duty@example.org"] && told.count == 3)
    }
  }

  @Test("Back in time nobody is told; back too late everybody who was told is told that too")
  func back() async throws {
    try await withTwoOut { counter, token in
      let (view, _) = try await counter.view(token, "bob", 2, .back, at: now + 10 * minute)
      #expect(view.claim.backBy == nil)
      let watch = await newWatch(counter)
      try await look(watch, now + 2 * hour)
      #expect(try await owed(counter, at: now + 2 * hour).isEmpty)

      _ = try await counter.view(token, "bob", 3, .setOut(minutes: 30), at: now + 2 * hour)
      let due = now + 2.5 * hour
      try await look(watch, due + 16 * minute)
      _ = try await counter.view(token, "bob", 4, .back, at: due + 20 * minute)
      for late in [20.0, 21, 60] { try await look(watch, due + late * minute) }
      let told = try await owed(counter, at: due + hour)
      let over = told.filter { $0.subject.contains("is over") }
      #expect(over.count == 3 && told.count == 6)
      #expect(over.contains { $0.recipient == "duty@example.org" })
    }
  }

  @Test("Who needs longer is late by the new time alone, and whoever was told is told that")
  func longer() async throws {
    try await withTwoOut { counter, token in
      let watch = await newWatch(counter)
      try await look(watch, now + hour)
      _ = try await counter.view(token, "bob", 2, .setOut(minutes: 90), at: now + hour + minute)
      try await look(watch, now + hour + 2 * minute)
      let told = try await owed(counter, at: now + 2 * hour)
      #expect(told.count == 4 && told.filter { $0.subject.contains("takes longer") }.count == 2)
      try await look(watch, now + 2.5 * hour)
      #expect(try await owed(counter, at: now + 3 * hour).count == 4)
      try await look(watch, now + 2.5 * hour + minute)
      #expect(try await owed(counter, at: now + 3 * hour).count == 6)
    }
  }

  @Test("A wall clock that is set back holds no alarm up")
  func clockSetBack() async throws {
    try await withTwoOut { counter, _ in
      let watch = await newWatch(counter)
      try await look(watch, now + minute)
      let machine = MachineTime.since(now, now + hour + minute)
      try await watch.round(now: now - 3 * hour, machine: machine)
      #expect(try await owed(counter, at: now + hour).count == 2)
    }
  }

  @Test("Without a contact register they are missed as well, and can say that they are back")
  func noRegister() async throws {
    try await withTwoOut { counter, token in
      try FileManager.default.removeItem(atPath: counter.configuration.registerFile)
      let later = max(now, .now) + 60
      for at in [later, later + 60] { _ = await counter.feed.poller.live.inForce(now: at) }
      try await look(await newWatch(counter), now + hour)
      #expect(try await owed(counter, at: now + hour).count == 2)
      _ = try await counter.press(token, "bob", 2, .back, at: now + hour)
      #expect(try await counter.feed.store.outings().first?.backAt == now + hour)
    }
  }

  @Test("Who leads the area and is out there is not asked where they are: the line ends at once")
  func leaderIsOut() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "ann", 0, .claim(second: "dee"))
      _ = try await counter.view(token, "ann", 1, .setOut(minutes: 30))
      try await look(await newWatch(counter), now + 0.5 * hour)
      #expect(
        try await owed(counter, at: now + hour).map(\.recipient) == ["duty@example.org"])
    }
  }

  @Test("What came of the visit says that they are back; an odd time and an old page do nothing")
  func outcome() async throws {
    try await withTwoOut { counter, token in
      await #expect(throws: ClaimError.stale) {
        try await counter.press(token, "bob", 2, .setOut(minutes: 7))
      }
      await #expect(throws: ClaimError.stale) { try await counter.press(token, "bob", 1, .back) }
      _ = try await counter.press(
        token, "bob", 2, .record(OutcomeAnswers(kind: .noAnswer)), at: now + 20 * minute)
      try await look(await newWatch(counter), now + 5 * hour)
      #expect(try await owed(counter, at: now + 5 * hour).isEmpty)
    }
  }

  @Test("The same press twice sets out once, and says the same")
  func twice() async throws {
    try await withTwoOut { counter, token in
      let (view, receipt) = try await counter.view(
        token, "bob", 1, .setOut(minutes: 60), at: now + minute)
      #expect(view.claim.backBy == now + hour && receipt?.until == now + hour)
      #expect(try await counter.feed.store.outings().count == 1)
    }
  }

  @Test(
    "Passed on while they are out, they are missed all the same; a leader may say they are back")
  func passedOn() async throws {
    try await withTwoOut { counter, token in
      _ = try await counter.press(
        token, "bob", 2, .pass(to: "ann", why: .nearer, second: "dee"), at: now + minute)
      let watch = await newWatch(counter)
      try await look(watch, now + hour)
      #expect(
        try await owed(counter, at: now + hour).filter { $0.subject.contains("is late") }.count == 2
      )
      let board = try await counter.board(at: now + hour + minute)
      let line = try #require(board.held.first)
      #expect(line.backBy == now + hour)
      let receipt = try await BoardPresser(
        desk: LinkDesk(
          configuration: counter.configuration, store: counter.feed.store,
          live: await counter.feed.poller.live, clock: { now + hour + minute })
      ).press(
        by: SignedIn(
          member: "ann", name: "Ann Archer",
          areas: [SignedIn.Area(id: "new-cross", name: "New Cross")], isAdmin: false, session: ""),
        BoardPress(
          area: "new-cross",
          items: [.init(opportunity: 1, generation: line.generation)], action: .back))
      #expect(receipt.done == [1], "\(receipt.refused)")
      #expect(try await counter.board(at: now + hour + minute).held.first?.backBy == nil)
      try await look(watch, now + hour + 2 * minute)
      #expect(
        try await owed(counter, at: now + 2 * hour).contains { $0.subject.contains("is over") })
    }
  }
}
