import Foundation

/// Days and times as pages and mails write them, in the civil time of one zone.
///
/// The words are fixed English and ask no locale. Sentences about moments are ``CivilWords``'.
package struct CivilDates: Sendable {
  package let zone: TimeZone

  package init(zone: TimeZone) {
    self.zone = zone
  }

  /// "2026-11-21".
  package func date(_ instant: Date) -> String { CivilDay(instant, in: zone).description }

  /// "Saturday 21 November 2026".
  package func longDate(_ instant: Date) -> String {
    let day = CivilDay(instant, in: zone)
    return "\(day.weekday.name) \(day.inWords) \(day.parts.year)"
  }

  /// "21 November".
  package func shortDate(_ instant: Date) -> String { CivilDay(instant, in: zone).inWords }

  /// "19 November 2026".
  package func day(_ instant: Date) -> String {
    let day = CivilDay(instant, in: zone)
    return "\(day.inWords) \(day.parts.year)"
  }

  /// "19 Nov 2026", for tables.
  package func shortDay(_ instant: Date) -> String {
    let (year, month, day) = CivilDay(instant, in: zone).parts
    return "\(day) \(CivilDay.months[month - 1].prefix(3)) \(year)"
  }

  /// Minutes of the civil day that have passed, as the clocks show it.
  package func minutes(_ instant: Date) -> Int {
    let local =
      Int(instant.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: instant)
    return ((local % 86_400 + 86_400) % 86_400) / 60
  }

  /// "08:30".
  package func clock(_ instant: Date) -> String {
    let minutes = minutes(instant)
    return "\(two(minutes / 60)):\(two(minutes % 60))"
  }

  /// "Thursday 19 November, 14:05".
  package func moment(_ instant: Date) -> String {
    let day = CivilDay(instant, in: zone)
    return "\(day.weekday.name) \(day.inWords), \(clock(instant))"
  }

  /// "today", "yesterday" or "3 days ago": midnights between the two, whatever the hours. What is in the
  /// future, as a council's clock that runs ahead makes it, is "today".
  package func age(of earlier: Date, at now: Date) -> String {
    switch CivilDay(now, in: zone).number - CivilDay(earlier, in: zone).number {
    case ...0: "today"
    case 1: "yesterday"
    case let days: "\(days) days ago"
    }
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension CivilDay {
  /// "21 November".
  package var inWords: String { "\(parts.day) \(CivilDay.months[parts.month - 1])" }

  package static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

}
