import Foundation

/// What a cell of a date column turned out to be.
enum DateReading: Equatable {
  case date(Date)
  /// A stand-in for "no date" (`0001-01-01`, `01/01/2050`): read as an empty cell.
  case sentinel
  case unreadable
}

/// Reads the dates of one feed: its patterns in their order, then ISO 8601, which no other way to
/// write a date can be taken for and which the cells of a spreadsheet come as, then a spreadsheet's
/// serial number.
///
/// Civil times are read in the feed's own zone. Years before 1900 and from 2050 on are sentinels.
struct DateReader {
  private let patterns: [DatePattern]
  private let zoneMarksAreLocal: Bool
  private var clock: CivilClock
  /// Whether the date last read has a time that the clocks pass twice, or leave out.
  private(set) var isAmbiguous = false

  /// - Parameter zoneMarksAreLocal: whether a `Z` or `+00:00` behind a time is wrong, and the time is
  ///   one of `zone`.
  init(patterns: [DatePattern], zone: TimeZone, zoneMarksAreLocal: Bool = false) {
    self.patterns = patterns
    self.zoneMarksAreLocal = zoneMarksAreLocal
    clock = CivilClock(zone: zone)
  }

  /// Each begins with four digits and a hyphen; more need not be tried for what does not.
  private static let iso: [DatePattern] = [
    "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd HH:mm:ss",
    "yyyy-MM-dd HH:mm:ssXXX", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mmXXX", "yyyy-MM-dd HH:mm",
    "yyyy-MM-dd",
  ].compactMap { try? DatePattern($0) }

  /// - Parameter text: the trimmed bytes of a cell that is not empty.
  mutating func read(_ text: UnsafeBufferPointer<UInt8>) -> DateReading {
    isAmbiguous = false
    if let reading = read(text, as: patterns) { return reading }
    if text.count >= 10, text[4] == UInt8(ascii: "-"),
      let reading = read(text, as: DateReader.iso)
    {
      return reading
    }
    return serial(text)
  }

  private mutating func read(
    _ text: UnsafeBufferPointer<UInt8>, as patterns: [DatePattern]
  ) -> DateReading? {
    for pattern in patterns {
      if let written = pattern.read(text) {
        let reading = reading(of: written)
        if reading != .unreadable { return reading }
      }
    }
    return nil
  }

  /// A date in one pattern alone; `nil` for a sentinel too.
  mutating func read(_ text: UnsafeBufferPointer<UInt8>, as pattern: DatePattern) -> Date? {
    guard let written = pattern.read(text), case .date(let date) = reading(of: written) else {
      return nil
    }
    return date
  }

  private mutating func reading(of written: DatePattern.Written) -> DateReading {
    if written.year < 1900 || written.year >= 2050 { return .sentinel }
    guard (1...12).contains(written.month), written.day >= 1,
      written.day <= DateReader.days(in: written.month, of: written.year),
      written.hour < 24, written.minute < 60, written.second <= 60
    else { return .unreadable }
    let day = daysFromCivil(year: written.year, month: written.month, day: written.day)
    // A leap second is the second before it: instants have none.
    let seconds = written.hour * 3600 + written.minute * 60 + min(written.second, 59)
    let instant: Int
    if let offset = written.offset, !(offset == 0 && zoneMarksAreLocal) {
      instant = day * 86_400 + seconds - offset
    } else {
      instant = clock.instant(day: day, seconds: seconds)
      isAmbiguous = clock.isAmbiguous
    }
    return .date(Date(timeIntervalSince1970: Double(instant)))
  }

  /// Days since 1899-12-30 with the time of day as a fraction, as spreadsheets store dates.
  /// Only from 20000 (October 1954) on, so that no count or code is taken for a date.
  private mutating func serial(_ text: UnsafeBufferPointer<UInt8>) -> DateReading {
    guard text.count >= 5, text[0] &- 0x31 <= 8, text.count == 5 || text[5] == 0x2E,
      let value = decimal(text), value >= 20_000,
      value < Double(CivilClock.endDay + DateReader.serialOf1970)
    else { return .unreadable }
    let day = Int(value) - DateReader.serialOf1970
    let seconds = min(86_399, Int(((value - value.rounded(.down)) * 86_400).rounded()))
    return .date(Date(timeIntervalSince1970: Double(clock.instant(day: day, seconds: seconds))))
  }

  private static let serialOf1970 = 25_569

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
