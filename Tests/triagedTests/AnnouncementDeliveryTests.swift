import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Digests of a set time, in the deliver loop")
struct AnnouncementDeliveryTests {
  /// 10:00 on Monday 23 November 2026.
  private let now = Counter.now
  private let hour = 3600.0

  private func withSchedule(
    _ schedule: (WorkingTime) -> AnnouncementSchedule, _ body: (Counter) async throws -> Void
  ) async throws {
    try await withCounter { counter in
      let at = try #require(
        counter.configuration.team.areas.firstIndex { $0.area == "new-cross" })
      counter.configuration.team.areas[at].announce = schedule(counter.configuration.desk.working)
      try await body(counter)
    }
  }

  private func twiceADay(_ calendar: WorkingTime) -> AnnouncementSchedule {
    AnnouncementSchedule(
      .times([510, 780], days: Set(Weekday.allCases.prefix(5))), atOnce: .band("high"),
      quiet: .init(hours: .init(from: 1080, to: 480)), calendar: calendar)
  }

  @Test(
    "At the slot one mail comes, in which is what was found since; a restart or a second look brings none more"
  )
  func slots() async throws {
    try await withSchedule(twiceADay) { counter in
      try await counter.deliver(at: now)
      #expect(try counter.mails.count == 1, "08:30 was missed, and is useful until 13:00")
      #expect(try counter.mails[0].contains("Street Scene: 0 new in"))
      let job = counter.job("1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])], at: now + hour)
      for later in [1.0, 1.5, 2, 2.99] { try await counter.deliver(at: now + later * hour) }
      #expect(try counter.mails.count == 1)
      for later in [3.0, 3.001, 4, -1, 2, 5] { try await counter.deliver(at: now + later * hour) }
      #expect(try counter.mails.count == 2)
      #expect(try counter.mails[1].contains("1 new in"))
      #expect(try await counter.feed.store.opportunity(1)?.state == .offered)
    }
  }

  @Test("What is urgent goes at once, and by night waits for the end of the quiet time")
  func urgent() async throws {
    try await withSchedule(twiceADay) { counter in
      try await counter.deliver(at: now)
      let urgent = counter.job("1", "12 Mill Lane")
      var opportunity = counter.single([urgent])
      opportunity.score = Score(reasons: [Reason(code: "x", points: 500, sentence: "A test.")])
      try await counter.record([urgent], [opportunity], at: now + hour)
      try await counter.deliver(at: now + hour)
      #expect(try counter.mails.count == 2)
      try await counter.deliver(at: now + 3 * hour)
      let late = counter.job("2", "9 Church Hill")
      var second = counter.single([late])
      second.score = opportunity.score
      let night = now + 10 * hour
      try await counter.record([urgent, late], [opportunity, second], at: night)
      let before = try counter.mails.count
      for later in [10.0, 15, 21.9] { try await counter.deliver(at: now + later * hour) }
      #expect(try counter.mails.count == before)
      try await counter.deliver(at: now + 22 * hour)
      #expect(try counter.mails.count == before + 1)
    }
  }

  @Test("A slot that comes in a pause is told after it, once, if it is still useful")
  func pausedAtTheSlot() async throws {
    try await withSchedule(twiceADay) { counter in
      let store = counter.feed.store
      try await store.pause(
        Pause(area: nil, why: "Flood", by: "ann", began: now - 2 * hour, until: nil))
      try await counter.deliver(at: now - 1.5 * hour)
      #expect(try counter.mails.isEmpty)
      #expect(try await store.outbox().isEmpty)
      let isOpen = try await store.areasWithOpenSlots([
        "new-cross": ("2026-11-23 08:30", ["ann"])
      ])
      #expect(isOpen == ["new-cross"], "it is dealt with for nobody")
      _ = try await store.resume(area: nil)
      for later in [0, 0.1, 2.9] { try await counter.deliver(at: now + later * hour) }
      #expect(try counter.mails.count == 1)
    }
  }

  @Test("A digest that was made before a pause waits for its end, as long as it is useful")
  func pausedOnceMade() async throws {
    for isShort in [true, false] {
      try await withSchedule(twiceADay) { counter in
        let store = counter.feed.store
        let channels = counter.configuration.channels
        counter.configuration.channels.removeValue(forKey: "post")
        try await counter.deliver(at: now)
        counter.configuration.channels = channels
        try await store.pause(Pause(area: nil, why: "Flood", by: "ann", began: now, until: nil))
        try await counter.deliver(at: now + hour)
        #expect(try counter.mails.isEmpty)
        #expect(try await store.outbox().count == 1)
        if isShort { _ = try await store.resume(area: nil) }
        // Its use ends with its day.
        try await counter.deliver(at: now + (isShort ? 2 : 22.2) * hour)
        #expect(try counter.mails.count == (isShort ? 1 : 0))
        #expect(try await store.outbox().isEmpty)
      }
    }
  }

  @Test("What is held is told only while it is held")
  func heldFacts() async throws {
    try await withSchedule(twiceADay) { counter in
      let job = counter.job("1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])], at: now - 2 * hour)
      let store = counter.feed.store
      let id = try #require(try await store.openOpportunities().first?.id)
      counter.facts = { areas, now in
        areas.map { area in
          DigestFacts.Area(
            id: area, name: area,
            held: [
              DigestFacts.Held(
                opportunity: id, whereabouts: "Mill Lane", jobType: "Noise", holder: "Bob",
                since: now, until: nil)
            ])
        }
      }
      try await counter.deliver(at: now)
      #expect(try counter.mails.count == 1)
      #expect(try !counter.mails[0].contains("Bob"), "It is offered, and nobody holds it.")
      _ = try await counter.desk(at: now + hour).claim(try counter.token(), "bob", 0)
      try await counter.deliver(at: now + 3 * hour)
      #expect(try counter.mails.count == 2)
      #expect(try counter.mails[1].contains("Mill Lane") && counter.mails[1].contains("Bob"))
    }
  }

  @Test("A meeting's pack comes before the meeting, and not when it has begun")
  func pack() async throws {
    func schedule(_ calendar: WorkingTime) -> AnnouncementSchedule {
      AnnouncementSchedule(
        .meeting(.init(on: CivilDay("2026-11-24")!, weeks: 2, begins: 600, ahead: 1440)),
        calendar: calendar)
    }
    try await withSchedule(schedule) { counter in
      try await counter.deliver(at: now + 23 * hour)
      #expect(try counter.mails.count == 1)
      #expect(try counter.mails[0].contains("For the meeting at 10:00 today."))
    }
    try await withSchedule(schedule) { counter in
      try await counter.deliver(at: now - 1)
      try await counter.deliver(at: now + 24 * hour)
      #expect(try counter.mails.isEmpty)
    }
  }

  @Test(
    "Nobody is reminded of what they have not been told of yet, nor sooner after that than else")
  func escalation() async throws {
    try await withSchedule(twiceADay) { counter in
      try await counter.deliver(at: now)
      let job = counter.job("1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])], at: now + 3.5 * hour)
      let watch = await counter.newWatch()
      func look(_ later: Double) async throws {
        try await watch.round(now: now + later, machine: .since(now, now + later))
      }
      // The next working day at 17:00, and nothing was sent: the service was down.
      try await look(30.9 * hour)
      #expect(try await counter.feed.store.deskTold().isEmpty)
      try await counter.deliver(at: now + 47 * hour)
      try await look(47.1 * hour)
      #expect(try await counter.feed.store.deskTold().isEmpty)
      try await look(54.9 * hour)
      let remind = counter.configuration.desk.escalate.remind
      #expect(remind == 8 * hour, "of working time")
      #expect(try await counter.feed.store.deskTold().isEmpty)
      try await look(71.2 * hour)
      #expect(try await counter.feed.store.deskTold().keys.map(\.kind) == [.remind])
    }
  }

  @Test("Where nobody leads the area there is nobody to be told: the line begins with the offer")
  func nobodyLeads() async throws {
    for hasLeader in [true, false] {
      try await withSchedule(twiceADay) { counter in
        if !hasLeader {
          let at = try #require(
            counter.configuration.team.areas.firstIndex { $0.area == "new-cross" })
          counter.configuration.team.areas[at].leaders = []
        }
        let job = counter.job("1", "12 Mill Lane")
        try await counter.record(
          [job], [counter.single([job])], leaders: hasLeader ? ["ann"] : [], at: now)
        let watch = await counter.newWatch()
        for later in [23.9, 24.1] {
          let at = now + later * hour
          try await watch.round(now: at, machine: .since(now, at))
          let told = try await counter.feed.store.deskTold().keys.map(\.kind)
          let expected: [DeskTelling] = hasLeader || later < 24 ? [] : [.remind]
          #expect(told == expected)
        }
      }
    }
  }

  @Test("Who leads the area no more gets no digest of it, also no empty one that was made before")
  func formerLeader() async throws {
    try await withSchedule(twiceADay) { counter in
      counter.configuration.channels.removeValue(forKey: "post")
      try await counter.deliver(at: now)
      #expect(try await counter.feed.store.outbox().count == 1)
      let channels = await counter.feed.poller.configuration.channels
      counter.configuration.channels = channels
      let at = try #require(
        counter.configuration.team.areas.firstIndex { $0.area == "new-cross" })
      counter.configuration.team.areas[at].leaders = ["bob"]
      try await counter.deliver(at: now + 1800)
      #expect(try counter.mails.count == 1, "Bob's")
      #expect(try counter.mails[0].contains("bob@example.org"))
      #expect(try await counter.feed.store.outbox().isEmpty)
    }
  }

  @Test("A digest that brings nothing new is not sent on another day; one that brings something is")
  func late() async throws {
    for hasOffer in [false, true] {
      try await withSchedule(twiceADay) { counter in
        let channels = counter.configuration.channels
        counter.configuration.channels.removeValue(forKey: "post")
        let job = counter.job("1", "12 Mill Lane")
        if hasOffer { try await counter.record([job], [counter.single([job])]) }
        try await counter.deliver(at: now + 4 * hour)
        counter.configuration.channels = channels
        // In the quiet time neither goes.
        try await counter.deliver(at: now + 10 * hour)
        #expect(try counter.mails.isEmpty)
        try await counter.deliver(at: now + 22.2 * hour)
        #expect(try counter.mails.count == (hasOffer ? 1 : 0))
        #expect(try await counter.feed.store.outbox().isEmpty)
      }
    }
  }
}
