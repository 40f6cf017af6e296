import Foundation
import Logging
import Storage
import Testing
import Triage

@testable import triaged

@Suite("What the desk does by itself")
struct DeskWatchTests {
  private let now = Counter.now
  private let hour = 3600.0
  private let day = 86_400.0

  @Test("A lease ends at two looks a minute apart, and is told to the leaders once")
  func lapse() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let end = now + day + 7 * hour
      let watch = await counter.newWatch()
      let store = counter.feed.store
      try await watch.look(at: end - hour)
      try await counter.deliver(at: end - hour + 5)
      for at in [0.0, 1, 60] { try await watch.look(at: end + at) }
      #expect(try await store.opportunity(1)?.state == .claimed)
      try await watch.look(at: end + 61)
      #expect(try await store.opportunity(1)?.state == .offered)
      try await watch.look(at: end + 200)
      try await counter.deliver(at: end + 200)
      let told = try counter.mails.filter { $0.contains("is open again") }
      #expect(told.count == 1)
      #expect(told[0].contains("ann@example.org") && told[0].contains("Bob Baker held it"))
      #expect(!told[0].contains("Mill Lane"))
      #expect(try counter.mails.filter { $0.contains("goes back soon") }.count == 1)
      let story = try #require(try await store.story(of: 1))
      #expect(story.claims.map(\.endedHow) == ["lapsed"])
      #expect(try await store.audit(of: 1).last?.action == "lapse")
      // A page of before can do nothing, and the offer is open to all.
      await #expect(throws: ClaimError.stale) { try await counter.press(token, "bob", 1, .renew) }
      _ = try await counter.view(token, "dee", 2, .claim(second: "ann"), at: end + 300)
    }
  }

  @Test("A renewed lease does not lapse by what was seen of the one before")
  func renewed() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let end = now + day + 7 * hour
      let watch = await counter.newWatch()
      try await watch.look(at: end - hour)
      try await watch.look(at: end + 1)
      _ = try await counter.view(token, "bob", 1, .renew, at: end + 30)
      try await watch.look(at: end + 70)
      #expect(try await counter.feed.store.opportunity(1)?.holder == "bob")
    }
  }

  @Test(
    "A register that is away for a moment puts no end off; for longer, by the time that was lost")
  func registerBlips() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let store = counter.feed.store
      let end = now + day + 7 * hour
      let watch = await counter.newWatch()
      // Less than an hour; a night; two hours and a half.
      for (from, to, lost) in [(1.0, 1.9, 0.0), (8, 22, 0), (24, 26.5, 3)] {
        #expect(try await store.beginGapEverywhere(now: now + from * hour))
        try await watch.look(at: now + to * hour)
        let until = try await store.opportunity(1)?.claim?.until
        #expect(until == (lost == 0 ? end : now + 2 * day + 2 * hour), "\(from)")
      }
    }
  }

  @Test("What people held who have gone goes back, and the leaders are told")
  func gone() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "dee", 0, .claim(second: "bob"))
      let at = try #require(counter.configuration.team.members.firstIndex { $0.id == "dee" })
      counter.configuration.team.members[at].until = CivilDay(now, in: .gmt)
      try await counter.watch(at: now + hour)
      #expect(try await counter.feed.store.opportunity(1)?.holder == "dee", "the last day counts")
      try await counter.watch(at: now + day)
      try await counter.deliver(at: now + day)
      #expect(try await counter.feed.store.opportunity(1)?.state == .offered)
      let told = try counter.mails.filter { $0.contains("is not in the team any more") }
      let mail = try #require(told.first)
      #expect(told.count == 1 && mail.contains("ann@example.org"))
      #expect(mail.contains("Dee Dale held it") && !mail.contains("Mill Lane"))
    }
  }

  @Test(
    "Held longer than its links last: with the end there are new links, and it stays on offer",
    arguments: [false, true])
  func newLinks(isPassedToLeader: Bool) async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let passes = isPassedToLeader ? 1 : 0
      if isPassedToLeader {
        _ = try await counter.done(token, "bob", 1, .pass(to: "ann", why: .away))
        try await counter.deliver(at: now + 60)
      }
      let sunday = CivilDay(now, in: .gmt).plus(20)
      _ = try await counter.view(
        token, isPassedToLeader ? "ann" : "bob", 1 + passes, .snooze(until: sunday))
      let before = try counter.tokens(to: "Ann Archer")
      let end = now + 21 * day + 7 * hour
      let watch = await counter.newWatch()
      try await watch.look(at: end - hour)
      try await counter.deliver(at: end - hour + 5)
      for at in [1.0, 62] { try await watch.look(at: end + at) }
      try await counter.feed.purge(end + 70)
      try await counter.deliver(at: end + 80)
      try await counter.feed.purge(end + hour)
      #expect(try await counter.feed.store.opportunity(1)?.state == .offered)
      let anns = try counter.tokens(to: "Ann Archer")
      #expect(anns.count == before.count + 1)
      await #expect(throws: ClaimError.expired) {
        try await counter.desk(at: end + hour).look(token)
      }
      _ = try await counter.view(
        try #require(anns.first { !before.contains($0) }), "dee", 3 + passes, .claim(second: "bob"),
        at: end + hour)
    }
  }

  @Test(
    "By a wrong clock nobody loses or is told anything, no row goes, and restarts forget nothing")
  func wrongClock() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let other = counter.job("C1", "9 Church Hill")
      try await counter.record([other], [counter.single([other])])
      try await counter.deliver()
      for at in counter.configuration.team.members.indices {
        counter.configuration.team.members[at].until = CivilDay(now, in: .gmt).plus(300)
      }
      func states() async throws -> [String] {
        var said: [String] = []
        for id in [Int64(1), 2] { said.append("\(try await counter.feed.store.opportunity(id)!)") }
        return said + (try await counter.feed.store.audit().map { "\($0)" })
          + (try await counter.feed.store.deskTold().keys.map { "\($0)" }.sorted())
      }
      var watch = await counter.newWatch()
      try await watch.look(at: now)
      let before = try await states()
      // Three years: the audit would go too.
      let ahead = 1100 * day + 4 * hour
      for at in stride(from: 20.0, to: 3600, by: 60) {
        if at == 1820 {
          try counter.feed.restart()
          watch = await counter.newWatch()
        }
        let machine = MachineTime.since(now, now + at)
        try await watch.round(now: now + ahead + at, machine: machine)
        try await Retention(
          configuration: counter.configuration, store: counter.feed.store,
          clock: counter.feed.clock, recording: counter.feed.poller.recording,
          logger: Logger(label: "test")
        ).round(now: now + ahead + at, machine: machine)
      }
      #expect(try await states() == before)
      #expect(
        counter.feed.journal.lines.filter { $0.contains("The clock has jumped ahead") }.count == 1)
      // Put right: nothing has happened, and what is due is told in its time.
      try await watch.look(at: now + 3700)
      #expect(try await states() == before)
      #expect(counter.feed.journal.lines.contains { $0.contains("The clock is right again") })
      try await watch.look(at: now + day)
      let told = try await counter.feed.store.deskTold()
      #expect(told.keys.filter { $0.opportunity == 2 }.map(\.kind) == [.remind])
    }
  }

  @Test(
    "While the register is out of force nothing goes back and nobody is asked; then there is time again"
  )
  func withoutRegister() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let other = counter.job("C1", "9 Church Hill")
      try await counter.record([other], [counter.single([other])])
      try await counter.deliver()
      let mails = try counter.mails.count
      let (file, away) = (counter.configuration.registerFile, counter.feed.folder.path + "/away")
      try FileManager.default.moveItem(atPath: file, toPath: away)
      let watch = await counter.newWatch()
      // Monday 11:00 to Thursday 11:00; the lease ends on Tuesday.
      for hours in 1...73 { try await watch.look(at: now + Double(hours) * hour) }
      for at in [1.0, 62] { try await watch.look(at: now + 73 * hour + at) }
      try await counter.deliver(at: now + 73 * hour + 70)
      #expect(try counter.mails.count == mails)
      #expect(try await counter.feed.store.opportunity(1)?.holder == "bob")
      try FileManager.default.moveItem(atPath: away, toPath: file)
      try FileManager.default.setAttributes([.modificationDate: now - 60], ofItemAtPath: file)
      // What two looks have seen alike is in force.
      let later = max(now + 74 * hour, .now) + 60
      for at in [later, later + 60] { _ = await counter.feed.poller.live.inForce(now: at) }
      let back = now + 73 * hour + 120
      for at in [0.0, 60, 120] { try await watch.look(at: back + at) }
      // Three working days and two minutes were lost: Friday 17:00 and the hour that was begun.
      let monday = now + 7 * day
      #expect(try await counter.feed.store.opportunity(1)?.claim?.until == monday)
      let lines = counter.feed.journal.lines
      #expect(lines.filter { $0.contains("register is out of force: until") }.count == 1)
      #expect(lines.contains { $0.contains("register is back") && $0.contains("ends_later=1") })
      // One hour of Monday has been waited for; Thursday 11:04 and six hours, Friday 10:04.
      try await watch.look(at: now + 4 * day)
      try await counter.deliver(at: now + 4 * day)
      #expect(try counter.mails.count == mails, "not asked yet")
      try await watch.look(at: now + 4 * day + 240)
      try await counter.deliver(at: now + 4 * day + 300)
      #expect(try counter.mails.count == mails + 1)
      #expect(try #require(try counter.mails.last).contains("waits"))
      // The reminder, then the end.
      try await watch.look(at: now + 4 * day + 5 * hour)
      try await counter.deliver(at: now + 4 * day + 5 * hour)
      for at in [1.0, 62] { try await watch.look(at: monday + at) }
      #expect(try await counter.feed.store.opportunity(1)?.state == .offered)
    }
  }
}
