import Foundation

/// Moments and lengths of time as sentences say them, in the civil time of one zone.
///
/// The words are fixed English and ask no locale, so that a mail, a terminal and a test read alike.
package struct CivilWords: Sendable {
  package let zone: TimeZone
  /// What "today" is.
  package let now: Date

  package init(zone: TimeZone, now: Date) {
    self.zone = zone
    self.now = now
  }

  /// "08:00 today", "12:55 yesterday", "08:00 tomorrow", else "08:00 on Friday 20 November", with the
  /// year where it is another. In the hour that the clocks pass twice it says which: "01:30 GMT today".
  package func moment(_ instant: Date) -> String {
    let (day, today) = (CivilDay(instant, in: zone), CivilDay(now, in: zone))
    let clock = clock(instant)
    return switch day.number - today.number {
    case 0: "\(clock) today"
    case -1: "\(clock) yesterday"
    case 1: "\(clock) tomorrow"
    default: "\(clock) on \(date(day, withYear: day.parts.year != today.parts.year))"
    }
  }

  /// "08:00 on Friday 20 November 2026": for what is read on another day than it is written.
  package func fullMoment(_ instant: Date) -> String {
    "\(clock(instant)) on \(date(CivilDay(instant, in: zone), withYear: true))"
  }

  /// "07:55"; in the hour that the clocks pass twice "01:30 BST" or "01:30 GMT".
  package func clock(_ instant: Date) -> String {
    let offset = zone.secondsFromGMT(for: instant)
    let clock = CivilDates(zone: zone).clock(instant)
    let isTwice = [-3600.0, 3600.0].contains { other in
      let there = zone.secondsFromGMT(for: instant + other)
      return Double(there - offset) == -other
    }
    return isTwice ? "\(clock) \(zoneName(instant, offset))" : clock
  }

  private func zoneName(_ instant: Date, _ offset: Int) -> String {
    if zone.identifier == "Europe/London" {
      return zone.isDaylightSavingTime(for: instant) ? "BST" : "GMT"
    }
    let minutes = abs(offset) / 60
    return "UTC\(offset < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
  }

  private func date(_ day: CivilDay, withYear: Bool) -> String {
    let date = "\(day.weekday.name) \(day.inWords)"
    return withYear ? "\(date) \(day.parts.year)" : date
  }

  /// "less than a minute", "25 minutes", "3 hours 20 minutes", "5 days 2 hours": the two largest units,
  /// rounded down; a clock that went back is "less than a minute".
  package static func duration(_ seconds: Double) -> String {
    guard seconds >= 60, seconds.isFinite else { return "less than a minute" }
    let minutes = Int(min(seconds, 1e12) / 60)
    let (days, hours) = (minutes / 1440, minutes / 60 % 24)
    let parts =
      days > 0 ? [(days, "day"), (hours, "hour")] : [(hours, "hour"), (minutes % 60, "minute")]
    return parts.filter { $0.0 > 0 }.map { counted($0.0, $0.1) }.joined(separator: " ")
  }

  /// "1 row", "12 rows", "1,234 rows".
  /// - Parameter several: the plural, where an "s" does not make it.
  package static func counted(_ number: Int, _ noun: String, _ several: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? noun : several ?? noun + "s")"
  }

  /// "12 of 30 values are dates", "1 of 30 values is a date", "1 of 1 value is a date".
  package static func share(
    _ part: Int, of whole: Int, _ noun: String, _ one: String, _ several: String
  ) -> String {
    "\(grouped(part)) of \(counted(whole, noun)) \(part == 1 ? one : several)"
  }

  /// "1,234,567".
  package static func grouped(_ number: Int) -> String {
    var text = ""
    for (at, digit) in String(number.magnitude).reversed().enumerated() {
      if at > 0, at % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + String(text.reversed())
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
