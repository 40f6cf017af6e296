import Foundation

/// When lists of a feed are expected, in the civil time of the feed's zone.
package struct Cadence: Hashable, Sendable {
  package enum Rhythm: Hashable, Sendable {
    /// A list by each of these times, in minutes after midnight and ascending. One counts for its time
    /// from six in the evening before, or from when the one before was overdue.
    case by(minutes: [Int])
    /// No longer than so many seconds between two lists, of the time between the two minutes after
    /// midnight on working days; what passes outside of it does not count.
    case every(seconds: Double, from: Int, to: Int)
  }

  package var rhythm: Rhythm
  package var days: Set<Weekday>
  package var holidays: HolidayDivision
  /// Seconds after which an overdue list is late.
  package var grace: Double

  package init(
    rhythm: Rhythm, days: Set<Weekday> = [.monday, .tuesday, .wednesday, .thursday, .friday],
    holidays: HolidayDivision = .none, grace: Double = 3600
  ) {
    self.rhythm = rhythm
    self.days = days
    self.holidays = holidays
    self.grace = grace
  }

  /// When a list that is newer than `list` is due, and when it is late.
  /// - Returns: `nil` where no day of the next 400 is a working day.
  package func deadline(
    after list: Date, zone: TimeZone, _ known: BankHolidays
  ) -> (due: Date, late: Date)? {
    let days = workingDays(around: CivilDay(list, in: zone), known)
    switch rhythm {
    case .by(let times):
      guard let due = due(after: list, by: times, on: days, zone) else { return nil }
      return (due, due + grace)
    case .every(let seconds, let from, let to):
      // The grace counts in the same hours: what the evening leaves of it goes on in the morning.
      let hours = days.lazy.map {
        ($0.instant(minutes: from, in: zone), $0.instant(minutes: to, in: zone))
      }
      guard let due = moment(seconds, after: list, in: hours),
        let late = moment(seconds + grace, after: list, in: hours)
      else { return nil }
      return (due, late)
    }
  }

  private func workingDays(around day: CivilDay, _ known: BankHolidays) -> some Sequence<CivilDay> {
    (-1...400).lazy.map(day.plus).filter {
      days.contains($0.weekday) && !known.isHoliday($0, in: holidays)
    }
  }

  private func due(
    after list: Date, by times: [Int], on days: some Sequence<CivilDay>, _ zone: TimeZone
  ) -> Date? {
    var before: Date?
    for day in days {
      let evening = day.plus(-1).instant(minutes: 18 * 60, in: zone)
      for time in times {
        let due = day.instant(minutes: time, in: zone)
        // Where times are nearer than twice the grace, a late list counts for the nearer.
        let late = before.map { $0 + min(grace, due.timeIntervalSince($0) / 2) } ?? .distantPast
        if list < evening || list <= late { return due }
        before = due
      }
    }
    return nil
  }

  /// The moment at which so many seconds of the hours have passed since then.
  private func moment(
    _ seconds: Double, after then: Date, in hours: some Sequence<(Date, Date)>
  ) -> Date? {
    var left = seconds
    for (opens, closes) in hours {
      let begin = max(then, opens)
      let open = closes.timeIntervalSince(begin)
      if open >= left { return begin + left }
      left -= max(0, open)
    }
    return nil
  }
}

/// A list that did not come in time.
package struct LateSince: Hashable, Sendable {
  /// When it was due.
  package var due: Date
  /// The last that came before; `nil` where none ever did.
  package var lastList: Date?

  /// "No list came by 08:00 on Monday 23 November 2026; the last is of 12:55 on Friday 20 November
  /// 2026." Says the same at every poll.
  package func sentence(_ words: CivilWords) -> String {
    let missed = "No list came by \(words.fullMoment(due))"
    guard let lastList else { return missed + "; none has come yet." }
    return missed + "; the last is of \(words.fullMoment(lastList))."
  }
}

/// Whether a list should have come by now and has not.
///
/// - Parameters:
///   - lastList: the instant of the last list itself (from its name, else its last change), and not
///     when it was fetched: a server that goes on giving yesterday's list, or that answers "not
///     modified", is up while the export behind it has stopped. Never later than it was received.
///   - since: when the feed was first known. Until a list comes it is as if one had come then.
/// - Returns: `nil` in time, and where a clock that was wrong leaves nothing to say: a last list of up
///   to a day ahead counts as one of now, one further ahead as none.
package func isLate(
  _ cadence: Cadence, lastList: Date?, since: Date, now: Date, zone: TimeZone,
  holidays: BankHolidays
) -> LateSince? {
  let believed = lastList.flatMap { $0 > now + 86_400 ? nil : $0 }
  guard
    let deadline = cadence.deadline(after: min(believed ?? since, now), zone: zone, holidays),
    now > deadline.late
  else { return nil }
  return LateSince(due: deadline.due, lastList: believed)
}
