import Foundation
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
      try await watch.round(now: end, monotonic: 0)
      try await watch.round(now: end + 1, monotonic: 1)
      try await watch.round(now: end + 59, monotonic: 60)
      #expect(try await store.opportunity(1)?.state == .claimed)
      try await watch.round(now: end + 61, monotonic: 61)
      #expect(try await store.opportunity(1)?.state == .offered)
      try await watch.round(now: end + 200, monotonic: 200)
      try await counter.deliver(at: end + 200)
      let told = try counter.mails.filter { $0.contains("is open again") }
      #expect(told.count == 1)
      #expect(told[0].contains("ann@example.org") && told[0].contains("Bob Baker held it"))
      #expect(!told[0].contains("Mill Lane"))
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
      try await watch.round(now: end + 1, monotonic: 0)
      _ = try await counter.view(token, "bob", 1, .renew, at: end + 30)
      try await watch.round(now: end + 70, monotonic: 70)
      #expect(try await counter.feed.store.opportunity(1)?.holder == "bob")
    }
  }

  @Test("A clock that is set ahead ends nothing for an hour, and the journal says so")
  func jump() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      let watch = await counter.newWatch()
      try await watch.round(now: now, monotonic: 0)
      for at in [20.0, 100, 1800, 3600] {
        try await watch.round(now: now + 400 * day + at, monotonic: at)
      }
      // Put right within the hour: nothing has happened.
      try await watch.round(now: now + 3700, monotonic: 3700)
      try await watch.round(now: now + 3800, monotonic: 3800)
      #expect(try await counter.feed.store.opportunity(1)?.holder == "bob")
      #expect(counter.feed.journal.lines.contains { $0.contains("The clock has jumped ahead") })
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

  @Test("Of 60 leases and a clock that goes anywhere none lapses early and none stays for good")
  func anyClock() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var clock = LeaseClock()
      let until = now
      let leases = [Lease(opportunity: 1, generation: 1, holder: "ann", until: until)]
      var (wall, monotonic) = (now - 2 * day, 0.0)
      // The true time is `now - 2 * day + monotonic`.
      for _ in 0..<60 {
        let step = Double(Int.random(in: 5...1200, using: &random))
        monotonic += step
        wall += step
        if Int.random(in: 0..<15, using: &random) == 0 {
          wall += Double(Int.random(in: 3700...400_000_000, using: &random))
        }
        if Int.random(in: 0..<6, using: &random) == 0 { wall = now - 2 * day + monotonic }
        let past = wall > until ? leases : []
        let (ended, _) = clock.ended(past, now: wall, monotonic: monotonic)
        if !ended.isEmpty { #expect(wall > until) }
      }
      // The clock is right again and stays so.
      wall = now + 30 * day
      var gone = false
      for _ in 0..<100 {
        monotonic += 60
        wall += 60
        gone = gone || !clock.ended(leases, now: wall, monotonic: monotonic).ended.isEmpty
      }
      #expect(gone)
    }
  }
}

@Suite("A calendar file of a visit")
struct CalendarTextTests {
  private let made = Date(timeIntervalSince1970: 1_795_428_000)

  @Test("Lines are folded at 75 octets between characters, end with CRLF, and values are escaped")
  func shape() throws {
    let place = String(repeating: "Ffordd y Môr; 12, ", count: 9) + "a\\b\nc\u{7}\u{202E}\u{200B}d\r\ne"
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
