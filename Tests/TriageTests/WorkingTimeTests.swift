import Foundation
import Testing

@testable import Triage

/// Held against Foundation's calendar and a loop over days or minutes.
@Suite("When a team works")
struct WorkingTimeTests {
  private let zone = TimeZone(identifier: "Europe/London")!
  /// Of England and Wales.
  private let holidays = [
    "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31",
    "2026-12-25",
    "2026-12-28", "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31",
    "2027-08-30",
    "2027-12-27", "2027-12-28", "2028-01-03",
  ]

  private var working: WorkingTime {
    WorkingTime(
      holidays: BankHolidays(divisions: [
        .englandAndWales: Set(holidays.map { CivilDay($0)! })
      ]), zone: zone)
  }

  private var calendar: Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    return calendar
  }

  /// 17:00 of the first day behind it that is Monday to Friday and no holiday.
  private func end(after day: Date, _ calendar: Calendar, _ named: DateFormatter) -> Date {
    var next = day
    while true {
      next = calendar.date(byAdding: .day, value: 1, to: next)!
      let weekday = calendar.component(.weekday, from: next)
      if (2...6).contains(weekday), !holidays.contains(named.string(from: next)) {
        return calendar.date(bySettingHour: 17, minute: 0, second: 0, of: next)!
      }
    }
  }

  @Test("A lease of every civil minute of 2026 and 2027 ends with the next working day")
  func everyMinute() {
    let (working, calendar) = (working, calendar)
    let named = DateFormatter()
    named.calendar = calendar
    named.timeZone = zone
    named.locale = Locale(identifier: "en_US_POSIX")
    named.dateFormat = "yyyy-MM-dd"
    var day = calendar.date(from: DateComponents(year: 2026, month: 1, day: 1))!
    let last = calendar.date(from: DateComponents(year: 2028, month: 1, day: 1))!
    var (minutes, wrong) = (0, 0)
    while day < last {
      let next = calendar.date(byAdding: .day, value: 1, to: day)!
      let expected = end(after: day, calendar, named)
      var minute = day
      while minute < next {
        if working.endOfNextWorkingDay(after: minute) != expected { wrong += 1 }
        minutes += 1
        minute += 60
      }
      day = next
    }
    #expect(wrong == 0)
    #expect(minutes == 730 * 1440, "the days of the clock changes make up for one another")
  }

  @Test("Working time adds up minute by minute, over nights, week-ends, holidays and clock changes")
  func adding() {
    let (working, calendar) = (working, calendar)
    /// Whether the minute that begins then is one of work.
    func isWork(_ minute: Date) -> Bool { working.isOpen(at: minute) }
    let starts = [
      "2026-03-27T15:00", "2026-03-28T12:00", "2026-10-23T16:59", "2026-10-25T01:30",
      "2026-12-24T09:00", "2026-12-31T18:00", "2027-03-25T08:00",
    ]
    for text in starts {
      let parts = text.split { "-T:".contains($0) }.map { Int($0)! }
      let start = calendar.date(
        from: DateComponents(
          year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4]))!
      var (minute, worked) = (start, 0)
      while worked < 24 * 60 {
        if isWork(minute) { worked += 1 }
        minute += 60
        if worked % 180 == 0, isWork(minute - 60) {
          #expect(working.adding(workingSeconds: Double(worked) * 60, to: start) == minute)
        }
        if worked % 97 == 0 {
          #expect(working.workingSeconds(from: start, to: minute) == Double(worked) * 60)
        }
      }
    }
    #expect(working.workingSeconds(from: .now, to: .now - 5) == 0)
    #expect(working.dayLength == 8 * 3600)
  }

  @Test("Other days, hours and divisions: a shift on Saturdays, Scotland's holidays, nobody ever")
  func others() {
    var shift = working
    shift.days = [.saturday]
    shift.hours = 600..<720
    let monday = calendar.date(from: DateComponents(year: 2026, month: 11, day: 23, hour: 10))!
    let saturday = calendar.date(from: DateComponents(year: 2026, month: 11, day: 28, hour: 12))!
    #expect(shift.endOfNextWorkingDay(after: monday) == saturday)
    #expect(shift.adding(workingSeconds: 7200, to: monday) == saturday)
    #expect(!shift.isOpen(at: saturday) && shift.isOpen(at: saturday - 1))
    var never = working
    never.days = []
    #expect(never.endOfNextWorkingDay(after: monday) > monday)
    #expect(never.workingSeconds(from: monday, to: monday + 1e7) == 0)
  }
}
