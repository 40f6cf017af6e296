import Foundation

/// Civil dates and times of one zone, in words and as mail headers write them.
struct CivilTime {
  private let calendar: Calendar

  init(_ zone: TimeZone) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    self.calendar = calendar
  }

  /// RFC 5322, 3.3: "Sat, 21 Nov 2026 08:30:00 +0000".
  func header(_ instant: Date) -> String {
    let (date, offset) = (parts(instant), calendar.timeZone.secondsFromGMT(for: instant) / 60)
    let sign = offset < 0 ? "-" : "+"
    let zone = sign + two(abs(offset) / 60) + two(abs(offset) % 60)
    let clock = "\(two(date.hour!)):\(two(date.minute!)):\(two(date.second!))"
    return "\(weekday(date).prefix(3)), \(date.day!) \(month(date).prefix(3)) "
      + "\(four(date.year!)) \(clock) \(zone)"
  }

  /// "2026-11-21".
  func date(_ instant: Date) -> String {
    let date = parts(instant)
    return "\(four(date.year!))-\(two(date.month!))-\(two(date.day!))"
  }

  /// "Saturday 21 November 2026".
  func longDate(_ instant: Date) -> String {
    let date = parts(instant)
    return "\(weekday(date)) \(date.day!) \(month(date)) \(date.year!)"
  }

  /// "21 November".
  func shortDate(_ instant: Date) -> String {
    let date = parts(instant)
    return "\(date.day!) \(month(date))"
  }

  /// "08:30".
  func clock(_ instant: Date) -> String {
    let date = parts(instant)
    return "\(two(date.hour!)):\(two(date.minute!))"
  }

  /// "today", "yesterday" or "3 days ago": midnights between the two, whatever the hours.
  func age(of earlier: Date, at now: Date) -> String {
    let days = calendar.dateComponents(
      [.day], from: calendar.startOfDay(for: earlier), to: calendar.startOfDay(for: now)
    ).day!
    return switch days {
    case ...0: "today"
    case 1: "yesterday"
    default: "\(days) days ago"
    }
  }

  private func parts(_ instant: Date) -> DateComponents {
    calendar.dateComponents(
      [.year, .month, .day, .hour, .minute, .second, .weekday], from: instant)
  }

  private func weekday(_ date: DateComponents) -> String {
    [
      "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ][date.weekday! - 1]
  }

  private func month(_ date: DateComponents) -> String {
    [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ][date.month! - 1]
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  private func four(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 4 - String(number).count)) + String(number)
  }
}
