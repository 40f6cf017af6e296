/// A date or time as spreadsheets store it: days since an epoch, the time of day as fraction, civil
/// time of no zone. Rounded to the second.
///
/// Of the two epochs, 1900 has a 29 February 1900 that never was: serial 60. It is written as
/// the sheet shows it, and no reader of dates takes it.
struct SerialDate {
  private static let secondsOfDay = 86_400
  /// 9999-12-31 in the system of 1900; a spreadsheet shows nothing beyond.
  private static let last = 2_958_465
  /// Between the two systems.
  private static let between = 1462
  /// 1970-01-01 in the system of 1900.
  private static let unixEpoch = 25_569

  /// Appends "yyyy-MM-dd'T'HH:mm:ss", at midnight "yyyy-MM-dd", and "HH:mm:ss" for what is less than
  /// a day.
  /// - Returns: `false` where the number is no date.
  static func append(_ serial: Double, counts1904: Bool, to bytes: inout [UInt8]) -> Bool {
    guard serial >= 0, serial < Double(last + 1) else { return false }
    let total = Int((serial * Double(secondsOfDay)).rounded())
    let seconds = total % secondsOfDay
    if total < secondsOfDay {
      appendTime(seconds, to: &bytes)
      return true
    }
    let day = total / secondsOfDay + (counts1904 ? between : 0)
    guard day <= last else { return false }
    if day == 60, !counts1904 {
      bytes.append(contentsOf: "1900-02-29".utf8)
    } else {
      appendDate(day - unixEpoch + (day < 60 ? 1 : 0), to: &bytes)
    }
    if seconds > 0 {
      bytes.append(UInt8(ascii: "T"))
      appendTime(seconds, to: &bytes)
    }
    return true
  }

  /// Appends a length of time as "HH:mm:ss", the hours in as many digits as they need.
  static func appendElapsed(_ days: Double, to bytes: inout [UInt8]) -> Bool {
    guard days >= 0, days < Double(last + 1) else { return false }
    appendTime(Int((days * Double(secondsOfDay)).rounded()), to: &bytes)
    return true
  }

  private static func appendTime(_ seconds: Int, to bytes: inout [UInt8]) {
    append(seconds / 3600, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(seconds / 60 % 60, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(seconds % 60, width: 2, to: &bytes)
  }

  /// - Parameter day: days since 1970-01-01. Source: H. Hinnant, "chrono-Compatible Low-Level Date
  ///   Algorithms" (civil_from_days).
  private static func appendDate(_ day: Int, to bytes: inout [UInt8]) {
    let shifted = day + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    append(era * 400 + yearOfEra + (month >= 10 ? 1 : 0), width: 4, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(month < 10 ? month + 3 : month - 9, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(dayOfYear - (153 * month + 2) / 5 + 1, width: 2, to: &bytes)
  }

  private static func append(_ number: Int, width: Int, to bytes: inout [UInt8]) {
    var power = 1
    for _ in 1..<width { power *= 10 }
    while number / power >= 10 { power *= 10 }
    while power > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / power % 10))
      power /= 10
    }
  }
}
