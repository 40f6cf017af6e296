import Foundation

/// A day of the Gregorian calendar, of no particular zone.
package struct CivilDay: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01, which was a Thursday.
  package let number: Int

  package init(number: Int) {
    self.number = number
  }

  /// - Returns: `nil` for a day that no calendar has, such as 2027-02-29.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    number = CivilDay.number(year, month, day)
    guard self.month == month else { return nil }
  }

  /// "2026-12-25" of ISO 8601, and nothing looser.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ isDigits($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The day of an instant in a zone.
  package init(_ instant: Date, in zone: TimeZone) {
    let local = instant.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: instant))
    number = Int((min(max(local, -6e10), 3e11) / 86_400).rounded(.down))
  }

  package var weekday: Weekday {
    Weekday.allCases[((number + 3) % 7 + 7) % 7]
  }

  package func plus(_ days: Int) -> CivilDay { CivilDay(number: number + days) }

  package static func < (one: CivilDay, other: CivilDay) -> Bool { one.number < other.number }

  package var description: String {
    let (year, month, day) = parts
    return String(format: "%04d-%02d-%02d", year, month, day)
  }

  package var month: Int { parts.month }

  /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years that begin on
  /// 1 March, so that the leap day is the last of its year.
  package var parts: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * ofYear + 2) / 153
    let day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
  }

  /// The instant at which a clock in the zone shows this many minutes after midnight.
  ///
  /// A time that the clocks leave out is the instant at which they jump past it; of a time that they
  /// pass twice it is the second, so that nothing is late before its time is over.
  package func instant(minutes: Int, in zone: TimeZone) -> Date {
    instants(minutes: minutes, in: zone).last
  }

  /// The same, but of a time that the clocks pass twice the first: for what begins then.
  package func firstInstant(minutes: Int, in zone: TimeZone) -> Date {
    instants(minutes: minutes, in: zone).first
  }

  private func instants(minutes: Int, in zone: TimeZone) -> (first: Date, last: Date) {
    let local = Double(number * 86_400 + minutes * 60)
    // Offsets are looked up on both sides of any change of the clocks.
    let offsets = [-86_400.0, 86_400.0].map {
      zone.secondsFromGMT(for: Date(timeIntervalSince1970: local + $0))
    }
    let early = Date(timeIntervalSince1970: local - Double(max(offsets[0], offsets[1])))
    let late = Date(timeIntervalSince1970: local - Double(min(offsets[0], offsets[1])))
    func isReal(_ instant: Date) -> Bool {
      Double(zone.secondsFromGMT(for: instant)) + instant.timeIntervalSince1970 == local
    }
    switch (isReal(early), early == late || isReal(late)) {
    case (true, true): return (early, late)
    case (true, false): return (early, early)
    case (false, true) where early != late: return (late, late)
    default:
      guard let change = zone.nextDaylightSavingTimeTransition(after: early - 1) else {
        return (early, early)
      }
      let after = min(change, late)
      return (after, after)
    }
  }
}

package enum Weekday: String, CaseIterable, Hashable, Sendable, Codable {
  case monday = "mon"
  case tuesday = "tue"
  case wednesday = "wed"
  case thursday = "thu"
  case friday = "fri"
  case saturday = "sat"
  case sunday = "sun"

  package var name: String {
    switch self {
    case .monday: "Monday"
    case .tuesday: "Tuesday"
    case .wednesday: "Wednesday"
    case .thursday: "Thursday"
    case .friday: "Friday"
    case .saturday: "Saturday"
    case .sunday: "Sunday"
    }
  }
}

/// Whether a text is of ASCII digits alone.
package func isDigits(_ text: some StringProtocol) -> Bool {
  text.utf8.allSatisfy { (0x30...0x39).contains($0) }
}
