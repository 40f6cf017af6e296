import Foundation
import Testing

@testable import Triage

/// Held against a clock on the wall that is looked at once a minute: a slot is due when it shows the slot's time
/// for the first time, or has jumped past it.
///
/// `make test-minutes` goes through every minute of 2026 to 2030; here it is those around every change of the
/// clocks, and some days of each year.
@Suite("Slots over five years, minute by minute")
struct ScheduleMinutesTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var schedule: AnnouncementSchedule
    /// By civil minutes since 1970, as the calendar on the wall would say it.
    var isDue: @Sendable (_ civilMinute: Int) -> String?
  }

  private static let zone = TimeZone(identifier: "Europe/London")!
  private static let holidays: Set<String> = [
    "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31",
    "2026-12-25", "2026-12-28", "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03",
    "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28", "2028-01-03", "2029-03-30",
  ]
  private static let calendar = WorkingTime(
    holidays: BankHolidays(divisions: [
      .englandAndWales: Set(holidays.compactMap { CivilDay($0) })
    ]), zone: zone)

  private static func key(_ minute: Int) -> String {
    "\(CivilDay(number: minute / 1440)) \(clockText(minute % 1440))"
  }

  private static func isHoliday(_ minute: Int) -> Bool {
    holidays.contains(CivilDay(number: minute / 1440).description)
  }

  private static func isWorkday(_ minute: Int) -> Bool {
    weekdays.contains(CivilDay(number: minute / 1440).weekday)
  }

  private static func times(
    _ name: String, _ times: [Int], _ days: Set<Weekday>, keepsHolidays: Bool = false
  ) -> Kind {
    Kind(
      testDescription: name,
      schedule: AnnouncementSchedule(
        .times(times, days: days), keepsHolidays: keepsHolidays, calendar: calendar)
    ) { minute in
      times.contains(minute % 1440) && days.contains(CivilDay(number: minute / 1440).weekday)
        && (keepsHolidays || !isHoliday(minute)) ? key(minute) : nil
    }
  }

  private static func meetings(
    _ name: String, on first: String, weeks: Int, at begins: Int, ahead: Int,
    keepsHolidays: Bool = false
  ) -> Kind {
    let first = CivilDay(first)!
    var due: Set<Int> = []
    for day in CivilDay("2025-11-01")!.number...CivilDay("2031-03-01")!.number
    where (day - first.number) % (7 * weeks) == 0 && (keepsHolidays || !isHoliday(day * 1440)) {
      var minute = day * 1440 + begins - ahead
      if !keepsHolidays, isHoliday(minute) {
        // What was to be read on a day of work is not read on a Sunday.
        let isOfWork = isWorkday(minute)
        while isHoliday(minute) || (isOfWork && !isWorkday(minute)) { minute -= 1440 }
      }
      due.insert(minute)
    }
    let all = due
    return Kind(
      testDescription: name,
      schedule: AnnouncementSchedule(
        .meeting(.init(on: first, weeks: weeks, begins: begins, ahead: ahead)),
        keepsHolidays: keepsHolidays, calendar: calendar)
    ) { all.contains($0) ? key($0) : nil }
  }

  private static let weekdays = Set(Weekday.allCases.prefix(5))
  private static let daily = Set(Weekday.allCases)

  static let kinds = [
    times("twice a day, Monday to Friday", [510, 780], weekdays),
    times("in the hour of the change", [60, 90, 119], daily, keepsHolidays: true),
    times("around midnight and the change", [0, 59, 120, 1439], daily),
    times("Sundays", [30, 90, 150], [.sunday]),
    meetings("weekly, a day before", on: "2026-11-24", weeks: 1, at: 600, ahead: 1440),
    meetings("weekly, on the night of the change", on: "2026-11-23", weeks: 1, at: 90, ahead: 1440),
    meetings(
      "fortnightly, half an hour before", on: "2026-11-24", weeks: 2, at: 570, ahead: 30,
      keepsHolidays: true),
    meetings(
      "fortnightly, three days before", on: "2026-10-26", weeks: 2, at: 840, ahead: 4320),
  ]

  private static let isFull = ProcessInfo.processInfo.environment["TRIAGED_MINUTES"] == "all"

  /// Spans of whole minutes since 1970, UTC.
  private static let spans: [Range<Int>] = {
    let start = CivilDay("2026-01-01")!.number * 1440
    let end = CivilDay("2031-01-01")!.number * 1440
    if isFull { return [start..<end] }
    var spans: [Range<Int>] = []
    var change = zone.nextDaylightSavingTimeTransition(
      after: Date(timeIntervalSince1970: Double(start) * 60))
    while let at = change.map({ Int($0.timeIntervalSince1970) / 60 }), at < end {
      spans.append((at - 400)..<(at + 400))
      change = zone.nextDaylightSavingTimeTransition(
        after: Date(timeIntervalSince1970: Double(at) * 60))
    }
    spans += (0..<5).map { (start + $0 * 400_009)..<(start + $0 * 400_009 + 1000) }
    // So that each kind has one: the packs before meetings of 24 November and of 26 October.
    for day in ["2026-11-23", "2026-10-23"] {
      let morning = CivilDay(day)!.number * 1440 + 480
      spans.append(morning..<(morning + 1000))
    }
    return spans
  }()

  private static func instant(_ minute: Int) -> Date {
    Date(timeIntervalSince1970: Double(minute) * 60)
  }

  /// Minutes since 1970 as the clock on the wall shows them.
  private static func civil(_ minute: Int) -> Int {
    minute + zone.secondsFromGMT(for: instant(minute)) / 60
  }

  @Test(
    "None is missed, none comes twice, each is due when the clock on the wall says so",
    arguments: kinds)
  func everyMinute(kind: Kind) {
    var (expectedCount, wrong, toldWrong) = (0, [String](), [String]())
    for span in Self.spans {
      // The hour that is passed twice is not passed anew.
      var passed = (span.lowerBound - 180..<span.lowerBound).map(Self.civil).max()!
      var told: Set<String> = []
      var isFirst = true
      for minute in span {
        let (now, shown) = (Self.instant(minute), Self.civil(minute))
        let expected = passed < shown ? (passed + 1...shown).compactMap(kind.isDue) : []
        passed = max(passed, shown)
        expectedCount += expected.count
        let found = kind.schedule.slots(after: now - 60, through: now).map(\.key)
        if found != expected { wrong.append("\(now): \(found), not \(expected)") }
        // As a daemon tells them: what is in force and was not told before. Several that are due behind one gap
        // are one digest.
        let slot = kind.schedule.slotInForce(at: now)
        let isNew = slot.map { told.insert($0.key).inserted } ?? false
        if !isFirst, (isNew ? slot?.key : nil) != expected.last {
          toldWrong.append("\(now): \(slot?.key ?? "none"), not \(expected)")
        }
        isFirst = false
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    #expect(toldWrong.isEmpty, "\(toldWrong.prefix(5))")
    #expect(expectedCount > 0)
  }

  @Test("Any minute of the day may be the time of a slot: it comes on each day, once")
  func everyTime() {
    var wrong: [String] = []
    for span in Self.spans {
      var passed = (span.lowerBound - 180..<span.lowerBound).map(Self.civil).max()!
      var due: [Int: [(String, Date)]] = [:]
      for minute in span {
        let shown = Self.civil(minute)
        guard passed < shown else { continue }
        for civil in passed + 1...shown {
          due[civil % 1440, default: []].append((Self.key(civil), Self.instant(minute)))
        }
        passed = shown
      }
      for time in 0..<1440 {
        let schedule = AnnouncementSchedule(
          .times([time], days: Self.daily), keepsHolidays: true, calendar: Self.calendar)
        let found = schedule.slots(
          after: Self.instant(span.lowerBound - 1), through: Self.instant(span.upperBound - 1))
        let expected = due[time] ?? []
        if found.map(\.key) != expected.map(\.0) || found.map(\.due) != expected.map(\.1) {
          wrong.append("\(clockText(time)) from \(Self.instant(span.lowerBound))")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }
}
