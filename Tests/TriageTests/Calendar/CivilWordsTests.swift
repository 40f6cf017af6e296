import Foundation
import Testing
import Triage

@Suite("Moments and lengths of time in words")
struct CivilWordsTests {
  private func words(_ now: String) throws -> CivilWords {
    CivilWords(
      zone: try #require(TimeZone(identifier: "Europe/London")),
      now: try Date(now, strategy: .iso8601))
  }

  @Test("Days and times as pages and mails write them")
  func dates() throws {
    let dates = CivilDates(zone: try #require(TimeZone(identifier: "Europe/London")))
    let instant = try Date("2026-09-05T23:05:59Z", strategy: .iso8601)
    #expect(dates.date(instant) == "2026-09-06")
    #expect(dates.longDate(instant) == "Sunday 6 September 2026")
    #expect(dates.shortDate(instant) == "6 September")
    #expect(dates.day(instant) == "6 September 2026")
    #expect(dates.shortDay(instant) == "6 Sep 2026")
    #expect(dates.clock(instant) == "00:05")
    #expect(dates.moment(instant) == "Sunday 6 September, 00:05")
    let ages = [-1, 0, 1, 2, 25].map { dates.age(of: instant, at: instant + $0 * 3600.0 * 24) }
    #expect(ages == ["today", "today", "yesterday", "2 days ago", "25 days ago"])
  }

  @Test(
    "A moment is told by today, and by its date",
    arguments: [
      ("2026-11-23T07:55:30Z", "07:55 today"), ("2026-11-22T23:59:59Z", "23:59 yesterday"),
      ("2026-11-24T00:00:00Z", "00:00 tomorrow"),
      ("2026-11-20T12:55:00Z", "12:55 on Friday 20 November"),
      ("2025-11-20T12:55:00Z", "12:55 on Thursday 20 November 2025"),
      ("2026-06-30T23:30:00Z", "00:30 on Wednesday 1 July"),
      ("2026-10-25T00:30:00Z", "01:30 BST on Sunday 25 October"),
      ("2026-10-25T01:30:00Z", "01:30 GMT on Sunday 25 October"),
      ("2026-10-25T02:00:00Z", "02:00 on Sunday 25 October"),
      ("2026-10-24T23:59:00Z", "00:59 on Sunday 25 October"),
      ("2026-03-29T01:00:00Z", "02:00 on Sunday 29 March"),
    ])
  func moments(instant: String, said: String) throws {
    let words = try words("2026-11-23T12:00:00Z")
    #expect(words.moment(try Date(instant, strategy: .iso8601)) == said)
  }

  @Test("Midnight of summer time is the day's own, and a full moment bears its year")
  func summer() throws {
    let words = try words("2026-07-01T22:59:59Z")
    #expect(words.moment(try Date("2026-07-01T23:00:00Z", strategy: .iso8601)) == "00:00 tomorrow")
    #expect(
      words.fullMoment(try Date("2026-07-01T23:00:00Z", strategy: .iso8601))
        == "00:00 on Thursday 2 July 2026")
  }

  @Test("Elsewhere the doubled hour is told by its distance from UTC")
  func elsewhere() throws {
    let words = CivilWords(zone: try #require(TimeZone(identifier: "America/New_York")), now: .now)
    #expect(words.clock(try Date("2026-11-01T05:30:00Z", strategy: .iso8601)) == "01:30 UTC-04:00")
    #expect(words.clock(try Date("2026-11-01T06:30:00Z", strategy: .iso8601)) == "01:30 UTC-05:00")
  }

  @Test(
    "A length of time has its two largest units",
    arguments: [
      (-5.0, "less than a minute"), (59, "less than a minute"), (60, "1 minute"),
      (3600, "1 hour"), (12_000, "3 hours 20 minutes"), (86_400, "1 day"),
      (89_999, "1 day"), (439_259, "5 days 2 hours"),
      (.infinity, "less than a minute"), (.nan, "less than a minute"),
      (1e300, "11574074 days 1 hour"),
    ] as [(Double, String)])
  func durations(seconds: Double, said: String) {
    #expect(CivilWords.duration(seconds).replacing(",", with: "") == said)
  }

  @Test("Numbers have their thousands apart and one is one")
  func numbers() {
    #expect(CivilWords.counted(1, "row") == "1 row")
    #expect(CivilWords.counted(0, "row") == "0 rows")
    #expect(CivilWords.counted(1_234_567, "row") == "1,234,567 rows")
    #expect(CivilWords.grouped(-1000) == "-1,000")
    #expect(CivilWords.grouped(.min).hasPrefix("-9,223"))
  }
}
