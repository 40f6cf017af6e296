import Foundation
import Testing
import Triage

@Suite("Civil days")
struct CivilDayTests {
  private static let zones = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "GMT"]

  @Test("Every day of two centuries has the parts and the weekday that Foundation gives it")
  func parts() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let names = [
      1: Weekday.sunday, 2: .monday, 3: .tuesday, 4: .wednesday, 5: .thursday, 6: .friday,
    ]
    for number in stride(from: -36_525, through: 73_050, by: 1) {
      let day = CivilDay(number: number)
      let date = Date(timeIntervalSince1970: Double(number) * 86_400)
      let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
      try #require(day.parts == (parts.year, parts.month, parts.day))
      try #require(day.weekday == names[parts.weekday ?? 7] ?? .saturday)
      try #require(CivilDay(day.description) == day)
    }
  }

  @Test(
    "What is no day is none",
    arguments: [
      "2027-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-04-30", "2026-4-30", "", "today",
      "2026-04-30 ", "+026-04-30",
    ])
  func noDay(text: String) {
    #expect(CivilDay(text) == nil)
  }

  @Test("An instant is of the day that a clock on the wall shows", arguments: zones)
  func instants(zone: String) throws {
    let zone = try #require(TimeZone(identifier: zone))
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    for hour in 0..<(24 * 366) {
      let instant = Date(timeIntervalSince1970: 1_767_225_600 + Double(hour) * 3600)
      let parts = calendar.dateComponents([.year, .month, .day], from: instant)
      try #require(CivilDay(instant, in: zone).parts == (parts.year, parts.month, parts.day))
    }
  }

  @Test("A time of the day is the instant at which the clock shows it", arguments: zones)
  func times(zone: String) throws {
    let zone = try #require(TimeZone(identifier: zone))
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let first = try #require(CivilDay(year: 2026, month: 1, day: 1))
    var leftOut = 0
    for day in 0..<730 {
      for minutes in stride(from: 0, to: 1440, by: 30) {
        let wanted = first.plus(day)
        let instant = wanted.instant(minutes: minutes, in: zone)
        let parts = calendar.dateComponents([.day, .hour, .minute], from: instant)
        let shows = parts.hour! * 60 + parts.minute!
        if shows != minutes || parts.day != wanted.parts.day {
          leftOut += 1
          // Left out by the clocks: the moment of the change, which shows a later time.
          let before = calendar.dateComponents([.hour, .minute], from: instant - 60)
          try #require(shows > minutes && before.hour! * 60 + before.minute! < minutes)
        }
      }
    }
    let perYear = ["GMT": 0, "Australia/Lord_Howe": 1][zone.identifier] ?? 2
    #expect(leftOut == 2 * perYear)
  }

  @Test("Of a time that the clocks pass twice it is the second")
  func twice() throws {
    let zone = try #require(TimeZone(identifier: "Europe/London"))
    let day = try #require(CivilDay("2026-10-25"))
    #expect(
      day.instant(minutes: 90, in: zone).formatted(.iso8601) == "2026-10-25T01:30:00Z")
    let spring = try #require(CivilDay("2026-03-29"))
    #expect(
      spring.instant(minutes: 90, in: zone).formatted(.iso8601) == "2026-03-29T01:00:00Z")
  }
}
