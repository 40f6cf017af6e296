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
      #expect(view.claim.outing?.backBy == now + hour && receipt?.until == now + hour)
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

  /// What goes out by then; the other side takes all of it.
  @discardableResult
  private func sent(_ counter: Counter, at: Date) async throws -> [Notice] {
    let store = counter.feed.store
    let due = try await store.dueNotices(now: at)
    for notice in due {
      _ = try await store.noticeAttempting(id: notice.id, next: at + 30, now: at)
      try await store.noticeAccepted(id: notice.id, now: at)
    }
    return due
  }

  private func outing(_ counter: Counter) async throws -> Outing {
    try #require(try await counter.feed.store.outings().first)
  }

  /// Ann presses on the board.
  private func press(
    _ counter: Counter, _ action: BoardAction, _ item: BoardPress.Item, at: Date
  ) async throws -> BoardReceipt {
    try await BoardPresser(
      desk: LinkDesk(
        configuration: counter.configuration, store: counter.feed.store,
        live: await counter.feed.poller.live,
        floor: DiskFloor(left: { nil }), clock: { at })
    ).press(
      by: SignedIn(
        member: "ann", name: "Ann Archer",
        areas: [SignedIn.Area(id: "new-cross", name: "New Cross")], isAdmin: false, session: ""),
      BoardPress(area: "new-cross", items: [item], action: action))
  }

  @Test("At the minute their time is over the leader is told, by two channels, and once")
  func late() async throws {
    try await withTwoOut { counter, _ in
      let watch = await newWatch(counter)
      try await look(watch, now + hour - 1)
      #expect(try await sent(counter, at: now + hour).isEmpty)
      try await look(watch, now + hour)
      let told = try await sent(counter, at: now + hour)
      #expect(told.map(\.recipient) == ["ann@example.org", "ann@example.org"])
      #expect(Set(told.map(\.channel)) == ["post", "alarm"])
      let words = told.flatMap { [$0.subject] + $0.paragraphs }.joined(separator: "\n")
      #expect(words.contains("Bob Baker and Dee Dale set out on a visit in New Cross"))
      #expect(!words.contains("Mill Lane") && !told[0].subject.contains("Bob"))
      // Another program on the same store tells nobody twice.
      try await look(try await newWatch(counter), now + hour + 5 * minute)
      #expect(try await sent(counter, at: now + 2 * hour).isEmpty)
    }
  }

  @Test("A quarter of an hour later the duty mailbox is told, once, also after a restart")
  func duty() async throws {
    try await withTwoOut { counter, _ in
      let watch = await newWatch(counter)
      try await look(watch, now + hour)
      try await look(watch, now + hour + Outing.untilDuty - 1)
      #expect(try await sent(counter, at: now + 2 * hour).count == 2)
      let other = await newWatch(counter)
      for late in [0, 20, 3000.0] { try await look(other, now + hour + Outing.untilDuty + late) }
      #expect(
        try await sent(counter, at: now + 3 * hour).map(\.recipient) == ["duty@example.org"])
    }
  }

  @Test("Down over all of it: leaders and duty mailbox are told at once")
  func down() async throws {
    try await withTwoOut { counter, _ in
      try await look(await newWatch(counter), now + 5 * hour)
      let told = try await sent(counter, at: now + 5 * hour)
      #expect(
        Set(told.map(\.recipient)) == ["ann@example.org", "duty@example.org"] && told.count == 3)
    }
  }

  @Test("Back in time nobody is told; back too late everybody who was told is told that too")
  func back() async throws {
    try await withTwoOut { counter, token in
      let (view, _) = try await counter.view(
        token, "bob", 2, .back(outing: 1), at: now + 10 * minute)
      #expect(view.claim.outing == nil)
      let watch = await newWatch(counter)
      try await look(watch, now + 2 * hour)
      #expect(try await sent(counter, at: now + 2 * hour).isEmpty)

      _ = try await counter.view(token, "bob", 2, .setOut(minutes: 30), at: now + 2 * hour)
      let due = now + 2.5 * hour
      try await look(watch, due + 16 * minute)
      #expect(try await sent(counter, at: due + 17 * minute).count == 3)
      _ = try await counter.view(token, "bob", 3, .back(outing: 2), at: due + 20 * minute)
      for late in [20.0, 21, 60] { try await look(watch, due + late * minute) }
      let over = try await sent(counter, at: due + hour)
      #expect(over.count == 3 && over.allSatisfy { $0.subject.contains("is over") })
      #expect(over.contains { $0.recipient == "duty@example.org" })
    }
  }

  @Test("Of an alarm that nobody had nobody is told that it is over, and it goes no more")
  func nobodyHadIt() async throws {
    try await withTwoOut { counter, token in
      let (watch, store) = (await newWatch(counter), counter.feed.store)
      try await look(watch, now + hour)
      // By one channel it may have arrived: its answer was lost.
      let alarm = try #require(
        try await store.dueNotices(now: now + hour).first { $0.channel == "alarm" })
      _ = try await store.noticeAttempting(
        id: alarm.id, next: now + 2 * hour, now: now + hour)
      _ = try await counter.press(token, "bob", 2, .back(outing: 1), at: now + hour + minute)
      try await look(watch, now + hour + 2 * minute)
      let told = try await sent(counter, at: now + 9 * hour)
      #expect(told.map(\.channel) == ["alarm"])
      #expect(told.allSatisfy { $0.subject.contains("is over") })
    }
  }

  @Test("Who needs longer is late by the new time alone, and whoever was told is told that")
  func longer() async throws {
    try await withTwoOut { counter, token in
      let watch = await newWatch(counter)
      try await look(watch, now + hour)
      #expect(try await sent(counter, at: now + hour).count == 2)
      _ = try await counter.view(token, "bob", 2, .setOut(minutes: 90), at: now + hour + minute)
      try await look(watch, now + hour + 2 * minute)
      let told = try await sent(counter, at: now + 2 * hour)
      #expect(told.count == 2 && told.allSatisfy { $0.subject.contains("takes longer") })
      try await look(watch, now + 2.5 * hour)
      #expect(try await sent(counter, at: now + 3 * hour).isEmpty)
      try await look(watch, now + 2.5 * hour + minute)
      #expect(try await sent(counter, at: now + 3 * hour).count == 2)
    }
  }

  @Test("That it takes longer does not arrive behind the next alarm, which names the new time")
  func longerTooLate() async throws {
    try await withTwoOut { counter, token in
      let watch = await newWatch(counter)
      try await look(watch, now + hour)
      try await sent(counter, at: now + hour)
      _ = try await counter.view(token, "bob", 2, .setOut(minutes: 30), at: now + hour + minute)
      try await look(watch, now + hour + 2 * minute)
      try await look(watch, now + 1.5 * hour + minute)
      let told = try await sent(counter, at: now + 2 * hour)
      #expect(told.count == 2 && told.allSatisfy { $0.subject.contains("is late") })
      // Down while they gave it, and until it was over as well: the leaders ring by it.
      _ = try await counter.view(token, "bob", 3, .setOut(minutes: 30), at: now + 2 * hour)
      try await look(await newWatch(counter), now + 2.5 * hour + minute)
      #expect(try await sent(counter, at: now + 3 * hour).map(\.channel).count == 2)
    }
  }

  @Test("A wall clock that is set back holds no alarm up, and calls none off after a restart")
  func clockSetBack() async throws {
    try await withTwoOut { counter, _ in
      let watch = await newWatch(counter)
      try await look(watch, now + minute)
      let machine = MachineTime.since(now, now + hour + minute)
      try await watch.round(now: now - 3 * hour, machine: machine)
      #expect(try await sent(counter, at: now + hour).count == 2)
      try await newWatch(counter).round(now: now - 3 * hour + minute, machine: machine)
      #expect(try await sent(counter, at: now + hour).isEmpty)
      #expect(try await outing(counter).told == .leaders)
      // Put right, it is late as before.
      try await look(await newWatch(counter), now + hour + Outing.untilDuty)
      #expect(
        try await sent(counter, at: now + 2 * hour).map(\.recipient) == ["duty@example.org"])
    }
  }

  @Test("Without a contact register they are missed as well, and can say that they are back")
  func noRegister() async throws {
    try await withTwoOut { counter, token in
      try FileManager.default.removeItem(atPath: counter.configuration.registerFile)
      let later = max(now, .now) + 60
      for at in [later, later + 60] { _ = await counter.feed.poller.live.inForce(now: at) }
      try await look(await newWatch(counter), now + hour)
      #expect(try await sent(counter, at: now + hour).count == 2)
      // Their page cannot be shown; what answers has the way back on it.
      let receipt = try await counter.done(
        token, "bob", 2, .setOut(minutes: 30), at: now + hour)
      #expect(receipt.outing == OpenOuting(id: 1, backBy: now + 1.5 * hour))
      _ = try await counter.done(token, "bob", 2, .back(outing: 1), at: now + hour)
      #expect(try await outing(counter).backAt == now + hour)
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
        try await sent(counter, at: now + hour).map(\.recipient) == ["duty@example.org"])
    }
  }

  @Test("What came of the visit says that they are back; an odd time and an old page do nothing")
  func outcome() async throws {
    try await withTwoOut { counter, token in
      await #expect(throws: ClaimError.stale) {
        try await counter.press(token, "bob", 2, .setOut(minutes: 7))
      }
      await #expect(throws: ClaimError.stale) {
        try await counter.press(token, "bob", 1, .setOut(minutes: 30))
      }
      _ = try await counter.press(
        token, "bob", 2, .record(OutcomeAnswers(kind: .noAnswer)), at: now + 20 * minute)
      try await look(await newWatch(counter), now + 5 * hour)
      #expect(try await sent(counter, at: now + 5 * hour).isEmpty)
    }
  }

  @Test(
    "Undone, an outcome, a decline and giving back leave them out by the time they gave",
    arguments: [
      DeskAction.record(OutcomeAnswers(kind: .couldNotVisit)), .decline(why: .wrongAddress),
      .release,
    ])
  func undone(action: DeskAction) async throws {
    try await withTwoOut { counter, token in
      _ = try await counter.press(token, "bob", 2, action, at: now + 20 * minute)
      #expect(try await counter.feed.store.outings().isEmpty)
      let (view, _) = try await counter.view(token, "bob", 3, .undo, at: now + 25 * minute)
      #expect(view.claim.outing == OpenOuting(id: 1, backBy: now + hour))
      try await look(await newWatch(counter), now + hour)
      let told = try await sent(counter, at: now + hour)
      #expect(told.count == 2 && told.allSatisfy { $0.subject.contains("is late") })
    }
  }

  @Test("The same press twice sets out once, and comes back once, and says the same")
  func twice() async throws {
    try await withTwoOut { counter, token in
      let (view, receipt) = try await counter.view(
        token, "bob", 1, .setOut(minutes: 60), at: now + minute)
      #expect(view.claim.outing?.backBy == now + hour && receipt?.until == now + hour)
      #expect(try await counter.feed.store.outings().count == 1)
      for _ in 1...2 { _ = try await counter.view(token, "bob", 2, .back(outing: 1)) }
      // Nor does it end the next one, where a browser sends it anew.
      _ = try await counter.view(token, "bob", 2, .setOut(minutes: 30), at: now + 2 * minute)
      let (again, _) = try await counter.view(
        token, "bob", 2, .back(outing: 1), at: now + 3 * minute)
      #expect(again.claim.outing?.id == 2)
    }
  }

  @Test("Said by whoever set out, by who went along or by a leader, whatever became of the claim")
  func whoSaysIt() async throws {
    for member in ["bob", "dee", "ann"] {
      try await withTwoOut { counter, token in
        let receipt = try await press(
          counter, .release, .init(opportunity: 1, generation: 2), at: now + minute)
        #expect(receipt.done == [1])
        _ = try await press(
          counter, .revokeLinks, .init(opportunity: 1, generation: 3), at: now + minute)
        await #expect(throws: ClaimError.unknown) { try await counter.desk().look(token) }
        await #expect(throws: ClaimError.self) {
          try await counter.press(token, "charlie", 2, .back(outing: 1))
        }
        _ = try await counter.done(token, member, 2, .back(outing: 1), at: now + 2 * minute)
        #expect(try await counter.feed.store.outings().isEmpty, "\(member)")
      }
    }
  }

  @Test("With somebody else along and by another claim they have set out anew")
  func anotherCompanion() async throws {
    try await withTwoOut { counter, token in
      _ = try await press(
        counter, .release, .init(opportunity: 1, generation: 2), at: now + minute)
      let later = now + 20 * minute
      _ = try await counter.view(token, "bob", 3, .claim(second: "ann"), at: later)
      _ = try await counter.view(token, "bob", 4, .setOut(minutes: 60), at: later + minute)
      let outing = try await outing(counter)
      #expect(outing.people == ["bob", "ann"] && outing.since == later + minute)
      // By the same claim they set out when they did.
      _ = try await counter.view(token, "bob", 5, .setOut(minutes: 90), at: later + 9 * minute)
      #expect(try await self.outing(counter).since == later + minute)
    }
  }

  @Test("Nothing goes back while somebody is out for it, nor in the hour behind it")
  func lease() async throws {
    for isBack in [true, false] {
      try await withCounter { counter in
        let token = try await counter.offerOne()
        _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
        let desk = await counter.newWatch()
        func isHeld(at: Date) async throws -> Bool {
          for seconds in [0.0, 61] {
            let look = at + seconds
            try await desk.round(now: look, machine: .since(now, look))
          }
          return try await counter.feed.store.opportunity(1)?.state == .claimed
        }
        let end = now + 31 * hour
        #expect(try await isHeld(at: end - 2 * hour))
        try await counter.deliver(at: end - 2 * hour + 70)
        _ = try await counter.view(token, "bob", 1, .setOut(minutes: 60), at: end - 10 * minute)
        #expect(try await isHeld(at: end + 2 * hour))
        if isBack {
          _ = try await counter.view(token, "bob", 2, .back(outing: 1), at: end + 3 * hour)
          #expect(try await isHeld(at: end + 3.9 * hour))
          #expect(try await !isHeld(at: end + 4.1 * hour))
        } else {
          // Forgotten, it holds nothing for ever.
          #expect(try await isHeld(at: end + 24 * hour))
          #expect(try await !isHeld(at: end + 25 * hour))
        }
      }
    }
  }

  @Test("Passed on while they are out, they are missed all the same; who holds it is not out")
  func passedOn() async throws {
    try await withTwoOut { counter, token in
      let passed = try await counter.done(
        token, "bob", 2, .pass(to: "ann", why: .nearer, second: "dee"), at: now + minute)
      #expect(passed.outing == OpenOuting(id: 1, backBy: now + hour))
      let (view, _) = try await counter.view(
        token, "ann", -1, .claim(second: nil), at: now + 2 * minute)
      #expect(view.claim.holder.id == "ann" && view.claim.outing == nil)
      let watch = await newWatch(counter)
      try await look(watch, now + hour)
      #expect(
        try await sent(counter, at: now + hour).filter { $0.subject.contains("is late") }.count == 2
      )
      let board = try await counter.board(at: now + hour + minute)
      let line = try #require(board.out.first)
      #expect(line.backBy == now + hour && line.people.map(\.id) == ["bob", "dee"])
      let receipt = try await press(
        counter, .back, .init(opportunity: 1, generation: 0, outing: line.id),
        at: now + hour + minute)
      #expect(receipt.done == [1], "\(receipt.refused)")
      #expect(try await counter.board(at: now + hour + minute).out.isEmpty)
      try await look(watch, now + hour + 2 * minute)
      #expect(
        try await sent(counter, at: now + 2 * hour).contains { $0.subject.contains("is over") })
    }
  }
}
