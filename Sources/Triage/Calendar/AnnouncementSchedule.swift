import Foundation

/// When what is owed of an area is told to those who lead it.
///
/// All times are civil times of the zone of ``calendar``. A slot that is not left out comes once, whatever the
/// clocks do: a time that they leave out in spring is due at the first moment behind the gap, one that they pass
/// twice in autumn at the first of the two.
package struct AnnouncementSchedule: Hashable, Sendable {
  package enum Rhythm: Hashable, Sendable {
    /// There are no slots.
    case none
    /// Minutes after midnight, on these days.
    case times([Int], days: Set<Weekday>)
    /// A pack before each meeting.
    case meeting(Meeting)
  }

  /// A meeting that is held every so many weeks.
  package struct Meeting: Hashable, Sendable {
    /// One of its days, by which the weeks are counted, before it and after.
    package var on: CivilDay
    package var weeks: Int
    /// Minutes after midnight at which it begins.
    package var begins: Int
    /// Minutes by the clock on the wall from the pack to the meeting: of a day, the same time a day before.
    package var ahead: Int

    package init(on: CivilDay, weeks: Int, begins: Int, ahead: Int) {
      self.on = on
      self.weeks = weeks
      self.begins = begins
      self.ahead = ahead
    }

    func isHeld(on day: CivilDay) -> Bool { (day.number - on.number) % (7 * weeks) == 0 }
  }

  /// What waits for no slot.
  package enum AtOnce: Hashable, Sendable {
    case everything
    /// From the points of this band of the area's rules upward.
    case band(String)
    case nothing
  }

  /// When nothing is told, neither at once nor late.
  package struct Quiet: Hashable, Sendable {
    /// Minutes after midnight; where the second is not later it is one of the next day.
    package var hours: Hours?
    package var days: Set<Weekday>
    package var isOnHolidays: Bool
    /// Whenever the team does not work.
    package var isOutsideWorkingHours: Bool

    package struct Hours: Hashable, Sendable {
      package var from: Int
      package var to: Int

      package init(from: Int, to: Int) {
        self.from = from
        self.to = to
      }

      package func contains(_ minute: Int) -> Bool {
        from < to ? (from..<to).contains(minute) : minute >= from || minute < to
      }
    }

    package init(
      hours: Hours? = nil, days: Set<Weekday> = [], isOnHolidays: Bool = false,
      isOutsideWorkingHours: Bool = false
    ) {
      self.hours = hours
      self.days = days
      self.isOnHolidays = isOnHolidays
      self.isOutsideWorkingHours = isOutsideWorkingHours
    }
  }

  package var rhythm: Rhythm
  package var atOnce: AtOnce
  package var quiet: Quiet
  /// Whether bank holidays have slots as other days have.
  package var keepsHolidays: Bool
  /// Whether a slot at which there is nothing new is told all the same.
  package var sendsEmpty: Bool
  /// Zone, bank holidays and working hours.
  package var calendar: WorkingTime

  package init(
    _ rhythm: Rhythm, atOnce: AtOnce = .nothing, quiet: Quiet = Quiet(),
    keepsHolidays: Bool = false, sendsEmpty: Bool = true, calendar: WorkingTime
  ) {
    self.rhythm = rhythm
    self.atOnce = atOnce
    self.quiet = quiet
    self.keepsHolidays = keepsHolidays
    self.sendsEmpty = sendsEmpty
    self.calendar = calendar
  }

  /// Whether nothing is told at a moment.
  package func isQuiet(at instant: Date) -> Bool {
    if quiet == Quiet() { return false }
    let day = CivilDay(instant, in: calendar.zone)
    if let hours = quiet.hours,
      hours.contains(CivilDates(zone: calendar.zone).minutes(instant))
    {
      return true
    }
    return quiet.days.contains(day.weekday)
      || (quiet.isOnHolidays && isHoliday(day))
      || (quiet.isOutsideWorkingHours && !calendar.isOpen(at: instant))
  }

  func isHoliday(_ day: CivilDay) -> Bool {
    calendar.holidays.isHoliday(day, in: calendar.division)
  }

  /// Whether a day has slots as far as bank holidays go.
  func counts(_ day: CivilDay) -> Bool { keepsHolidays || !isHoliday(day) }
}
