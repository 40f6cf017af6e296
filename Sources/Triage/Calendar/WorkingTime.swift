import Foundation

/// When a team works: by lease, reminder and escalation. Civil times of one zone.
package struct WorkingTime: Hashable, Sendable {
  package var days: Set<Weekday>
  /// Minutes after midnight.
  package var hours: Range<Int>
  package var holidays: BankHolidays
  package var division: HolidayDivision
  package var zone: TimeZone

  package init(
    days: Set<Weekday> = [.monday, .tuesday, .wednesday, .thursday, .friday],
    hours: Range<Int> = 540..<1020, holidays: BankHolidays = BankHolidays(),
    division: HolidayDivision = .englandAndWales, zone: TimeZone
  ) {
    self.days = days
    self.hours = hours
    self.holidays = holidays
    self.division = division
    self.zone = zone
  }

  package func isWorkingDay(_ day: CivilDay) -> Bool {
    days.contains(day.weekday) && !holidays.isHoliday(day, in: division)
  }

  package func isOpen(at instant: Date) -> Bool {
    let day = CivilDay(instant, in: zone)
    return isWorkingDay(day) && instant >= start(of: day) && instant < end(of: day)
  }

  package func start(of day: CivilDay) -> Date {
    day.instant(minutes: hours.lowerBound, in: zone)
  }

  package func end(of day: CivilDay) -> Date {
    day.instant(minutes: hours.upperBound, in: zone)
  }

  /// The first working day behind a day. Of a calendar without any, the day after.
  package func workingDay(after day: CivilDay) -> CivilDay {
    for ahead in 1...400 where isWorkingDay(day.plus(ahead)) { return day.plus(ahead) }
    return day.plus(1)
  }

  /// When a lease ends that begins now: at the end of the next working day behind today's.
  package func endOfNextWorkingDay(after instant: Date) -> Date {
    end(of: workingDay(after: CivilDay(instant, in: zone)))
  }

  /// The instant at which this much working time has gone by.
  package func adding(workingSeconds seconds: Double, to instant: Date) -> Date {
    var left = seconds
    var day = CivilDay(instant, in: zone)
    var from = instant
    for _ in 0..<4000 {
      if isWorkingDay(day) {
        let (start, end) = (max(from, start(of: day)), end(of: day))
        if start < end {
          let room = end.timeIntervalSince(start)
          if left <= room { return start.addingTimeInterval(left) }
          left -= room
        }
      }
      day = day.plus(1)
      from = start(of: day)
    }
    return instant.addingTimeInterval(seconds)
  }

  /// Seconds of working time between two instants; 0 where the second is not later. What lies more than four
  /// hundred days apart counts as far as that.
  package func workingSeconds(from: Date, to: Date) -> Double {
    var sum = 0.0
    var day = CivilDay(from, in: zone)
    for _ in 0..<400 where start(of: day) < to || day == CivilDay(from, in: zone) {
      if isWorkingDay(day) {
        sum += max(0, min(to, end(of: day)).timeIntervalSince(max(from, start(of: day))))
      }
      day = day.plus(1)
    }
    return sum
  }

  /// Working time of one whole day, in seconds, where no clock is changed.
  package var dayLength: Double { Double(hours.count) * 60 }
}
