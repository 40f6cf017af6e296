import Foundation

/// Turns civil times of one zone into instants.
///
/// An hour that the clocks repeat is taken as its first pass; an hour that they leave out is read
/// with the offset before the change (01:30 on the spring night is 02:30 summer time). Looking a
/// zone's offset up is slow, so each civil day is looked up once and remembered.
struct CivilClock {
  private let zone: TimeZone
  /// The offset of each civil day from 1900-01-01 in seconds, or one of the two marks below. Made for the
  /// first date: many lists are refused before they come to one.
  private var offsets: [Int32]

  /// Whether the time last turned into an instant is one that the clocks pass twice, or leave out.
  private(set) var isAmbiguous = false

  private static let unknown = Int32.min
  /// The clocks change on this day or beside it.
  private static let changes = Int32.max
  /// 1900-01-01 and 2050-01-01 as days since 1970-01-01.
  static let firstDay = -25_567
  static let endDay = 29_220

  init(zone: TimeZone) {
    self.zone = zone
    offsets = []
  }

  /// - Parameters:
  ///   - day: days since 1970-01-01, from ``firstDay`` up to but not with ``endDay``.
  ///   - seconds: since midnight, as the clock on the wall shows it.
  /// - Returns: seconds since 1970-01-01T00:00:00Z.
  mutating func instant(day: Int, seconds: Int) -> Int {
    isAmbiguous = false
    let civil = day * 86_400 + seconds
    let slot = day - CivilClock.firstDay
    if offsets.isEmpty {
      offsets = Array(
        repeating: CivilClock.unknown, count: CivilClock.endDay - CivilClock.firstDay)
    }
    if offsets[slot] == CivilClock.unknown {
      let before = offset(at: day * 86_400 - 86_400)
      let after = offset(at: day * 86_400 + 2 * 86_400)
      offsets[slot] = before == after ? Int32(before) : CivilClock.changes
    }
    if offsets[slot] != CivilClock.changes { return civil - Int(offsets[slot]) }
    let before = offset(at: day * 86_400 - 86_400)
    let after = offset(at: day * 86_400 + 2 * 86_400)
    let isFirst = offset(at: civil - before) == before
    let isSecond = offset(at: civil - after) == after
    isAmbiguous = before != after && isFirst == isSecond
    return isSecond && !isFirst ? civil - after : civil - before
  }

  private func offset(at instant: Int) -> Int {
    zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
  }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar. Source: H. Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms" (days_from_civil).
func daysFromCivil(year: Int, month: Int, day: Int) -> Int {
  let shifted = month <= 2 ? year - 1 : year
  let era = (shifted >= 0 ? shifted : shifted - 399) / 400
  let yearOfEra = shifted - era * 400
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}
