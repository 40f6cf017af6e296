import Foundation
import Testing
import Triage

@Suite("Late lists")
struct CadenceTests {
  private static let london = TimeZone(identifier: "Europe/London")!
  private let twice = Cadence(
    rhythm: .by(minutes: [8 * 60, 13 * 60]), holidays: .englandAndWales, grace: 3600)
  private let often = Cadence(
    rhythm: .every(seconds: 1800, from: 7 * 60, to: 19 * 60), holidays: .englandAndWales,
    grace: 3600)
  private let holidays = BankHolidays(divisions: [
    .englandAndWales: Set(["2026-12-25", "2026-12-28", "2027-01-01"].compactMap { CivilDay($0) })
  ])

  private func moment(_ text: String) throws -> Date {
    let parts = text.split(separator: " ")
    let clock = parts[1].split(separator: ":").compactMap { Int($0) }
    let day = try #require(CivilDay(String(parts[0])))
    return day.instant(minutes: clock[0] * 60 + clock[1], in: Self.london)
  }

  private func late(
    _ cadence: Cadence, list: String?, now: String, since: String = "2026-01-01 00:00"
  ) throws -> Date? {
    isLate(
      cadence, lastList: try list.map(moment), since: try moment(since), now: try moment(now),
      zone: Self.london, holidays: holidays)?.due
  }

  @Test(
    "By a time: late when the grace is over, since the time itself",
    arguments: [
      // In time.
      ("2026-11-23 07:55", "2026-11-23 09:01", nil),
      // Within the grace, then past it.
      ("2026-11-20 12:55", "2026-11-23 09:00", nil),
      ("2026-11-20 12:55", "2026-11-23 09:01", "2026-11-23 08:00"),
      // The morning's list says nothing of the one at noon, also when it was an hour late.
      ("2026-11-23 07:55", "2026-11-23 14:01", "2026-11-23 13:00"),
      ("2026-11-23 09:00", "2026-11-23 14:01", "2026-11-23 13:00"),
      ("2026-11-23 09:01", "2026-11-23 14:01", nil),
      // Made the evening before, and on a Saturday.
      ("2026-11-22 18:00", "2026-11-23 09:01", nil),
      ("2026-11-21 07:55", "2026-11-23 09:01", "2026-11-23 08:00"),
      // Weekend.
      ("2026-11-20 12:55", "2026-11-22 23:59", nil),
      // Christmas on a Friday, Boxing Day on the Monday after it.
      ("2026-12-24 12:55", "2026-12-28 23:00", nil),
      ("2026-12-24 12:55", "2026-12-29 09:01", "2026-12-29 08:00"),
      // Late for days: since the first that was missed.
      ("2026-11-23 07:55", "2026-11-26 10:00", "2026-11-23 13:00"),
      // The clocks change on the Sunday before; the list is due by the new clock.
      ("2026-10-23 12:55", "2026-10-26 09:00", nil),
      ("2026-10-23 12:55", "2026-10-26 09:01", "2026-10-26 08:00"),
      ("2026-03-27 12:55", "2026-03-30 09:01", "2026-03-30 08:00"),
    ] as [(String, String, String?)])
  func byTime(list: String, now: String, due: String?) throws {
    #expect(try late(twice, list: list, now: now) == due.map(moment))
  }

  @Test(
    "At an interval: nights, weekends and holidays do not count",
    arguments: [
      ("2026-11-23 10:00", "2026-11-23 11:30", nil),
      ("2026-11-23 10:00", "2026-11-23 11:31", "2026-11-23 10:30"),
      // The last of the evening; the grace goes on in the morning.
      ("2026-11-23 18:29", "2026-11-24 07:59", nil),
      ("2026-11-23 18:29", "2026-11-24 08:00", "2026-11-23 18:59"),
      ("2026-11-20 18:50", "2026-11-22 23:00", nil),
      ("2026-11-20 18:50", "2026-11-23 08:21", "2026-11-23 07:20"),
      ("2026-12-24 18:50", "2026-12-28 23:00", nil),
      // One that came at night counts from the morning.
      ("2026-11-24 03:00", "2026-11-24 08:30", nil),
      ("2026-11-24 03:00", "2026-11-24 08:31", "2026-11-24 07:30"),
    ] as [(String, String, String?)])
  func atIntervals(list: String, now: String, due: String?) throws {
    #expect(try late(often, list: list, now: now) == due.map(moment))
  }

  @Test("All day and every day an hour is an hour, also when the clocks change")
  func roundTheClock() throws {
    let hourly = Cadence(
      rhythm: .every(seconds: 3600, from: 0, to: 1440), days: Set(Weekday.allCases), grace: 0)
    for night in ["2026-03-29T00:10:00Z", "2026-10-25T00:10:00Z", "2026-10-24T22:30:00Z"] {
      let list = try Date(night, strategy: .iso8601)
      for (seconds, isLate) in [(3600.0, false), (3601, true)] {
        let answer = Triage.isLate(
          hourly, lastList: list, since: list, now: list + seconds, zone: Self.london,
          holidays: holidays)
        #expect((answer != nil) == isLate)
      }
    }
  }

  @Test("Until a first list comes it is as if one had come when the feed was first known")
  func never() throws {
    #expect(try late(twice, list: nil, now: "2026-11-23 09:30", since: "2026-11-23 07:00") == nil)
    #expect(
      try late(twice, list: nil, now: "2026-11-23 14:01", since: "2026-11-23 07:00")
        == moment("2026-11-23 13:00"))
    let said = isLate(
      twice, lastList: nil, since: try moment("2026-11-20 15:00"),
      now: try moment("2026-11-23 10:00"),
      zone: Self.london, holidays: holidays)
    #expect(
      said?.sentence(CivilWords(zone: Self.london, now: .now))
        == "No list came by 08:00 on Monday 23 November 2026; none has come yet.")
  }

  @Test(
    "A clock that ran ahead makes nothing late at once, and hides a late list for a day at most")
  func wrongClock() throws {
    #expect(try late(twice, list: "2026-11-23 20:00", now: "2026-11-23 14:01") == nil)
    #expect(
      try late(twice, list: "2036-11-23 20:00", now: "2026-11-23 14:01", since: "2026-11-20 15:00")
        == moment("2026-11-23 08:00"))
    #expect(
      try late(twice, list: "2036-11-23 20:00", now: "2026-11-23 14:01", since: "2036-01-01 00:00")
        == nil)
  }

  @Test("Times nearer than twice the grace each want a list of their own")
  func nearTimes() throws {
    let near = Cadence(rhythm: .by(minutes: [480, 510]), grace: 3600)
    #expect(
      try late(near, list: "2026-11-23 08:10", now: "2026-11-23 09:31")
        == moment("2026-11-23 08:30"))
    #expect(try late(near, list: "2026-11-23 08:16", now: "2026-11-23 09:31") == nil)
  }

  @Test("Without a working day nothing is ever due")
  func noDays() throws {
    for rhythm in [Cadence.Rhythm.by(minutes: [480]), .every(seconds: 3600, from: 0, to: 1440)] {
      let never = Cadence(rhythm: rhythm, days: [])
      #expect(try late(never, list: "2020-01-01 08:00", now: "2026-11-23 08:00") == nil)
    }
    #expect(
      try late(Cadence(rhythm: .by(minutes: [])), list: nil, now: "2026-11-23 08:00") == nil)
  }

  @Test("Against minute by minute counting: late exactly when a working time has passed unserved")
  func everyMinute() throws {
    // An export that runs at 07:50 and 12:50 on working days, and misses one of them.
    let (missed, due) = (try moment("2026-12-29 12:50"), try moment("2026-12-29 13:00"))
    let end = try moment("2027-01-06 00:00")
    var last = try moment("2026-12-18 12:50")
    var lateMinutes = 0
    var now = try moment("2026-12-19 00:00")
    while now < end {
      let day = CivilDay(now, in: Self.london)
      let works = twice.days.contains(day.weekday) && !holidays.isHoliday(day, in: .englandAndWales)
      for minutes in [470, 770] where works && day.instant(minutes: minutes, in: Self.london) == now
      {
        if now != missed { last = now }
      }
      let answer = isLate(
        twice, lastList: last, since: last, now: now, zone: Self.london, holidays: holidays)
      if let answer {
        lateMinutes += 1
        try #require(answer.due == due)
      }
      now += 60
    }
    // From 14:01 until the next list at 07:50.
    #expect(lateMinutes == (24 * 60 - (14 * 60 + 1)) + 470)
  }
}
