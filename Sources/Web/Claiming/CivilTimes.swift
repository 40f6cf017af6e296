import Foundation

/// Moments as people read them, in the civil time of the deployment.
struct CivilTimes: Sendable {
  let timeZone: TimeZone

  /// "Thursday 19 November, 14:05"
  func moment(_ date: Date) -> String {
    date.formatted(
      style(
        """
        \(weekday: .wide) \(day: .defaultDigits) \(month: .wide), \
        \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)
        """))
  }

  /// "14:05"
  func time(_ date: Date) -> String {
    date.formatted(
      style(
        "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)"))
  }

  /// "19 November 2026"
  func day(_ date: Date) -> String {
    date.formatted(style("\(day: .defaultDigits) \(month: .wide) \(year: .defaultDigits)"))
  }

  /// "19 Nov 2026", for tables.
  func shortDay(_ date: Date) -> String {
    date.formatted(style("\(day: .defaultDigits) \(month: .abbreviated) \(year: .defaultDigits)"))
  }

  /// Civil days that lie between: "today", "yesterday", "3 days ago". A day in the future, as a
  /// council's clock that runs ahead makes it, is "today".
  func age(of date: Date, at now: Date) -> String {
    let calendar = calendar
    let days =
      calendar.dateComponents(
        [.day], from: calendar.startOfDay(for: date), to: calendar.startOfDay(for: now)
      ).day ?? 0
    return switch days {
    case ...0: "today"
    case 1: "yesterday"
    default: "\(days) days ago"
    }
  }

  private var calendar: Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    return calendar
  }

  private func style(_ format: Date.FormatString) -> Date.VerbatimFormatStyle {
    Date.VerbatimFormatStyle(
      format: format, locale: Locale(identifier: "en_GB"), timeZone: timeZone, calendar: calendar)
  }
}
