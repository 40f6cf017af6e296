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

  private func look(_ watch: DeskWatch, _ at: Date) async throws {
    try await watch.round(now: at, machine: .since(now, at))
  }

  @Test("A lease ends at two looks a minute apart, and is told to the leaders once")
  func lapse() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let end = now + day + 7 * hour
      let watch = await counter.newWatch()
      let store = counter.feed.store
      try await look(watch, end - hour)
      try await counter.deliver(at: end - hour + 5)
      for at in [0.0, 1, 60] { try await look(watch, end + at) }
      #expect(try await store.opportunity(1)?.state == .claimed)
      try await look(watch, end + 61)
      #expect(try await store.opportunity(1)?.state == .offered)
      try await look(watch, end + 200)
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
      try await look(watch, end - hour)
      try await look(watch, end + 1)
      _ = try await counter.view(token, "bob", 1, .renew, at: end + 30)
      try await look(watch, end + 70)
      #expect(try await counter.feed.store.opportunity(1)?.holder == "bob")
    }
  }

  @Test("Down over the reminder and the end: held for a working day more, and reminded first")
  func missedReminder() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let end = now + day + 7 * hour
      let watch = await counter.newWatch()
      for at in [1.0, 62, 130] { try await look(watch, end + at) }
      let held = try #require(try await counter.feed.store.opportunity(1))
      #expect(held.holder == "bob" && held.claim?.until == end + day)
      try await look(watch, end + day - 3 * hour)
      try await counter.deliver(at: end + day - 3 * hour)
      #expect(try counter.mails.filter { $0.contains("goes back soon") }.count == 1)
      for at in [1.0, 62] { try await look(watch, end + day + at) }
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
        try await look(watch, end - 3 * hour)
        for at in [1.0, 62] { try await look(watch, end + at) }
        let stored = try #require(try await counter.feed.store.opportunity(1))
        #expect(stored.state == (late < 2 ? .claimed : .offered), "\(late)")
        if late < 2 { #expect(stored.claim?.until == end + day) }
      }
      // Another claim begins to count anew.
      let next = now + 4 * day
      _ = try await counter.view(token, "dee", 2, .claim(second: "bob"), at: next)
      let until = try #require(try await counter.feed.store.opportunity(1)?.claim?.until)
      try await look(watch, until - 3 * hour)
      for at in [1.0, 62] { try await look(watch, until + at) }
      #expect(try await counter.feed.store.opportunity(1)?.holder == "dee")
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
        try await look(watch, now + to * hour)
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
      try await look(watch, end - hour)
      try await counter.deliver(at: end - hour + 5)
      for at in [1.0, 62] { try await look(watch, end + at) }
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
      try await look(watch, now)
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
      try await look(watch, now + 3700)
      #expect(try await states() == before)
      #expect(counter.feed.journal.lines.contains { $0.contains("The clock is right again") })
      try await look(watch, now + day)
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
      for hours in 1...73 { try await look(watch, now + Double(hours) * hour) }
      for at in [1.0, 62] { try await look(watch, now + 73 * hour + at) }
      try await counter.deliver(at: now + 73 * hour + 70)
      #expect(try counter.mails.count == mails)
      #expect(try await counter.feed.store.opportunity(1)?.holder == "bob")
      try FileManager.default.moveItem(atPath: away, toPath: file)
      try FileManager.default.setAttributes([.modificationDate: now - 60], ofItemAtPath: file)
      // What two looks have seen alike is in force.
      let later = max(now + 74 * hour, .now) + 60
      for at in [later, later + 60] { _ = await counter.feed.poller.live.inForce(now: at) }
      let back = now + 73 * hour + 120
      for at in [0.0, 60, 120] { try await look(watch, back + at) }
      // Three working days and two minutes were lost: Friday 17:00 and the hour that was begun.
      let monday = now + 7 * day
      #expect(try await counter.feed.store.opportunity(1)?.claim?.until == monday)
      let lines = counter.feed.journal.lines
      #expect(lines.filter { $0.contains("register is out of force: until") }.count == 1)
      #expect(lines.contains { $0.contains("register is back") && $0.contains("ends_later=1") })
      // One hour of Monday has been waited for; Thursday 11:04 and six hours, Friday 10:04.
      try await look(watch, now + 4 * day)
      try await counter.deliver(at: now + 4 * day)
      #expect(try counter.mails.count == mails, "not asked yet")
      try await look(watch, now + 4 * day + 240)
      try await counter.deliver(at: now + 4 * day + 300)
      #expect(try counter.mails.count == mails + 1)
      #expect(try #require(try counter.mails.last).contains("waits"))
      // The reminder, then the end.
      try await look(watch, now + 4 * day + 5 * hour)
      try await counter.deliver(at: now + 4 * day + 5 * hour)
      for at in [1.0, 62] { try await look(watch, monday + at) }
      #expect(try await counter.feed.store.opportunity(1)?.state == .offered)
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

@Suite("A calendar file of a visit")
struct CalendarTextTests {
  private let made = Date(timeIntervalSince1970: 1_795_428_000)

  @Test("Lines are folded at 75 octets between characters, end with CRLF, and values are escaped")
  func shape() throws {
    let place =
      String(repeating: "Ffordd y Môr; 12, ", count: 9) + "a\\b\nc\u{7}\u{202E}\u{200B}d\r\ne"
    let text = calendarText(
      uid: "visit-1@example.org", sequence: 3, made: made, from: made, to: made + 3600,
      places: [place, "9 Church Hill"])
    let lines = text.components(separatedBy: "\r\n")
    #expect(lines.last == "" && !text.replacing("\r\n", with: "").contains("\n"))
    for line in lines { #expect(line.utf8.count <= 75, "\(line)") }
    var whole: [String] = []
    for line in lines.dropLast() {
      if line.hasPrefix(" ") {
        whole[whole.count - 1] += line.dropFirst()
      } else {
        whole.append(line)
      }
    }
    let location = try #require(whole.first { $0.hasPrefix("LOCATION:") })
    #expect(
      location == "LOCATION:"
        + String(repeating: "Ffordd y Môr\\; 12\\, ", count: 9)
        + "a\\\\b\\ncd\\ne\\; 9 Church Hill")
    #expect(whole.contains("SUMMARY:Street Scene visit") && whole.contains("CLASS:PRIVATE"))
    #expect(whole.contains("DTSTAMP:20261123T100000Z") && whole.contains("SEQUENCE:3"))
    #expect(whole.first == "BEGIN:VCALENDAR" && whole.last == "END:VCALENDAR")
  }

  @Test("Times are UTC in summer too, and before 1970")
  func times() {
    let june = Date(timeIntervalSince1970: 1_781_600_400)
    let text = calendarText(
      uid: "x", sequence: 1, made: Date(timeIntervalSince1970: -1), from: june, to: june + 10_800,
      places: [])
    #expect(text.contains("DTSTART:20260616T090000Z\r\nDTEND:20260616T120000Z\r\n"))
    #expect(text.contains("DTSTAMP:19691231T235959Z\r\n"))
  }
}
