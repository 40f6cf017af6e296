/// How one cell writes a date, told from its characters alone.
///
/// Where day and month are both numbers, which is which is left open: `A` stands for the first of the
/// two and `B` for the second ("A/B/yyyy H:mm"); ``DateOrder`` decides it for a whole list.
struct DateShape: Hashable {
  /// In the letters of ``DatePattern``, but for `A` and `B`.
  var template: String
  /// The two numbers whose order is open; `nil` where the text itself tells.
  var pair: Pair?
  var year: Int
  /// Days since 1970-01-01 where the text itself tells which number is which.
  private var fixedDay: Int?
  var hasTime: Bool
  /// `Z`, or an offset from Greenwich.
  var hasOffset: Bool

  struct Pair: Hashable {
    var first: Int
    var second: Int
  }

  /// Whether it stands for "no date" ("0001-01-01", "01/01/2050"), as ``DateReader`` has it.
  var isSentinel: Bool { year < 1900 || year >= 2050 }

  /// - Returns: `nil` for what is no date that ``DatePattern`` can read.
  init?(_ text: String) {
    var scan = DateScan(bytes: Array(text.utf8.prefix(64)))
    guard text.utf8.count <= 64, let date = scan.date() else { return nil }
    (template, pair, year, fixedDay) = date
    hasTime = false
    hasOffset = false
    if scan.isAtEnd { return }
    if scan.take(UInt8(ascii: "T")) {
      template += "'T'"
    } else if scan.spaces() {
      template += " "
    } else {
      return nil
    }
    let twoDigits = template.hasPrefix("yyyy")
    guard let time = scan.time(twoDigits: twoDigits) else { return nil }
    template += time
    hasTime = true
    if scan.isAtEnd { return }
    guard scan.offset() else { return nil }
    template += "XXX"
    hasOffset = true
    guard scan.isAtEnd else { return nil }
  }

  /// The pattern once it is known which number is the day.
  func pattern(_ order: DateOrder) -> String {
    let (first, second) = order == .monthFirst ? ("M", "d") : ("d", "M")
    return template.replacing("A", with: first).replacing("B", with: second)
  }

  /// Days since 1970-01-01 under an order; `nil` where the order makes no date of it.
  func day(_ order: DateOrder) -> Int? {
    guard let pair else { return fixedDay }
    let (day, month) =
      order == .monthFirst ? (pair.second, pair.first) : (pair.first, pair.second)
    guard (1...12).contains(month), (1...31).contains(day) else { return nil }
    return daysFromCivil(year: year, month: month, day: day)
  }
}

/// Which of two numbers with a slash between them is the day.
package enum DateOrder: String, Hashable, Sendable {
  /// As Britain writes: 31/12/2025.
  case dayFirst
  /// As the United States write: 12/31/2025.
  case monthFirst
}

/// Walks over the characters of one cell.
private struct DateScan {
  let bytes: [UInt8]
  private var at = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { at == bytes.count }

  mutating func date() -> (String, DateShape.Pair?, Int, Int?)? {
    guard let first = number() else { return nil }
    if first.digits == 8, isAtEnd {
      let (year, month, day) = (first.value / 10_000, first.value / 100 % 100, first.value % 100)
      guard (1900..<2051).contains(year), (1...12).contains(month), (1...31).contains(day) else {
        return nil
      }
      return ("yyyyMMdd", nil, year, daysFromCivil(year: year, month: month, day: day))
    }
    guard let separator = separator() else { return nil }
    let sign = String(UnicodeScalar(separator))
    if first.digits == 4 {
      guard let month = number(), month.digits <= 2, (1...12).contains(month.value),
        take(separator), let day = number(), day.digits <= 2, (1...31).contains(day.value)
      else { return nil }
      let (m, d) = month.digits == 2 && day.digits == 2 ? ("MM", "dd") : ("M", "d")
      return (
        "yyyy\(sign)\(m)\(sign)\(d)", nil, first.value,
        daysFromCivil(year: first.value, month: month.value, day: day.value)
      )
    }
    guard first.digits <= 2, (1...31).contains(first.value) else { return nil }
    if let month = monthName() {
      guard take(separator), let year = year() else { return nil }
      return (
        "d\(sign)MMM\(sign)\(year.letters)", nil, year.value,
        daysFromCivil(year: year.value, month: month, day: first.value)
      )
    }
    guard let second = number(), second.digits <= 2, (1...31).contains(second.value),
      take(separator), let year = year(), first.value <= 12 || second.value <= 12
    else { return nil }
    return (
      "A\(sign)B\(sign)\(year.letters)", DateShape.Pair(first: first.value, second: second.value),
      year.value, nil
    )
  }

  /// - Returns: the pattern's letters.
  mutating func time(twoDigits: Bool) -> String? {
    guard let hour = number(), hour.digits <= 2, hour.value < 24, take(UInt8(ascii: ":")),
      let minute = number(), minute.digits == 2, minute.value < 60
    else { return nil }
    var rest = ":mm"
    if take(UInt8(ascii: ":")) {
      guard let second = number(), second.digits == 2 else { return nil }
      rest += ":ss"
      if take(UInt8(ascii: ".")) { guard number() != nil else { return nil } }
    }
    let mark = at
    let gap = spaces()
    if halfDay() { return "h" + rest + (gap ? " a" : "a") }
    at = mark
    return (twoDigits && hour.digits == 2 ? "HH" : "H") + rest
  }

  mutating func offset() -> Bool {
    if take(UInt8(ascii: "Z")) { return true }
    guard take(UInt8(ascii: "+")) || take(UInt8(ascii: "-")), let hours = number() else {
      return false
    }
    if hours.digits == 4 { return true }
    guard hours.digits == 2, take(UInt8(ascii: ":")), let minutes = number() else { return false }
    return minutes.digits == 2
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  mutating func spaces() -> Bool {
    let start = at
    while at < bytes.count, bytes[at] == 0x20 { at += 1 }
    return at > start
  }

  private mutating func number() -> (value: Int, digits: Int)? {
    var value = 0
    let start = at
    while at < bytes.count, bytes[at] &- 0x30 <= 9 {
      if at - start >= 9 { return nil }
      value = value * 10 + Int(bytes[at] &- 0x30)
      at += 1
    }
    return at > start ? (value, at - start) : nil
  }

  private mutating func year() -> (letters: String, value: Int)? {
    guard let year = number() else { return nil }
    switch year.digits {
    case 4: return ("yyyy", year.value)
    case 2: return ("yy", 2000 + year.value)
    default: return nil
    }
  }

  private mutating func separator() -> UInt8? {
    guard at < bytes.count, [0x2F, 0x2D, 0x2E, 0x20].contains(bytes[at]) else { return nil }
    at += 1
    return bytes[at - 1]
  }

  private mutating func monthName() -> Int? {
    guard at + 3 <= bytes.count else { return nil }
    let name = String(decoding: bytes[at..<(at + 3)], as: UTF8.self).lowercased()
    let names = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    guard let month = names.firstIndex(of: name) else { return nil }
    at += 3
    return month + 1
  }

  private mutating func halfDay() -> Bool {
    guard at + 2 <= bytes.count, bytes[at + 1] | 0x20 == UInt8(ascii: "m"),
      [UInt8(ascii: "a"), UInt8(ascii: "p")].contains(bytes[at] | 0x20)
    else { return false }
    at += 2
    return true
  }
}
