/// A date format made ready for reading bytes, in the letters of Unicode's UTS #35:
///
/// `yyyy yy` year · `MM M` month · `MMM` month's English short name · `dd d` day · `HH H` hour 0–23
/// · `hh h` hour 1–12 · `mm` minute · `ss` second (a fraction behind it is passed over) · `a` AM or
/// PM · `XXX` offset (`Z`, `+01:00`, `+0100`) · `'…'` literal text. Two letters want two digits, one
/// letter takes one or two; `H` and `h` likewise. A space stands for one or more spaces.
package struct DatePattern: Sendable {
  let steps: [Step]

  enum Step: Equatable, Sendable {
    case year
    case shortYear
    case month(minimum: Int)
    case monthName
    case day(minimum: Int)
    case hour(minimum: Int)
    case hour12(minimum: Int)
    case minute
    case second
    case halfDay
    case offset
    case space
    case literal(UInt8)
  }

  /// A date pattern that cannot be used.
  package struct Unusable: Error, Hashable, Sendable {
    /// A sentence.
    package let why: String
  }

  package init(_ pattern: String) throws(Unusable) {
    var steps: [Step] = []
    var rest = Array(pattern.utf8)[...]
    while let byte = rest.first {
      if byte == UInt8(ascii: "'") {
        let text = rest.dropFirst().prefix { $0 != byte }
        steps += text.map { .literal($0) }
        rest = rest.dropFirst(text.count + 2)
        continue
      }
      let run = rest.prefix { $0 == byte }
      rest = rest.dropFirst(run.count)
      let isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A
      if byte == UInt8(ascii: " ") {
        steps.append(.space)
      } else if !isLetter {
        steps += run.map { .literal($0) }
      } else if let step = DatePattern.step(byte, run.count) {
        steps.append(step)
      } else {
        throw Unusable(
          why: "The date format '\(pattern)' has '\(String(decoding: run, as: UTF8.self))', which "
            + "stands for nothing; write for example 'dd/MM/yyyy HH:mm'.")
      }
    }
    func has(_ wanted: (Step) -> Bool) -> Bool { steps.contains(where: wanted) }
    guard has({ $0 == .year || $0 == .shortYear }),
      has({ if case .day = $0 { true } else { false } }),
      has({ if case .month = $0 { true } else { $0 == .monthName } })
    else {
      throw Unusable(why: "The date format '\(pattern)' lacks a year, a month or a day.")
    }
    self.steps = steps
  }

  private static func step(_ letter: UInt8, _ count: Int) -> Step? {
    switch (letter, count) {
    case (UInt8(ascii: "y"), 4): .year
    case (UInt8(ascii: "y"), 2): .shortYear
    case (UInt8(ascii: "M"), 1...2): .month(minimum: count)
    case (UInt8(ascii: "M"), 3): .monthName
    case (UInt8(ascii: "d"), 1...2): .day(minimum: count)
    case (UInt8(ascii: "H"), 1...2): .hour(minimum: count)
    case (UInt8(ascii: "h"), 1...2): .hour12(minimum: count)
    case (UInt8(ascii: "m"), 2): .minute
    case (UInt8(ascii: "s"), 2): .second
    case (UInt8(ascii: "a"), 1): .halfDay
    case (UInt8(ascii: "X"), 3): .offset
    default: nil
    }
  }

  /// A civil date and time as it was written, not yet on any calendar.
  struct Written {
    var year = 0
    var month = 0
    var day = 0
    var hour = 0
    var minute = 0
    var second = 0
    /// Seconds east of Greenwich, where the text itself says so.
    var offset: Int?
  }

  /// - Returns: `nil` unless the whole text fits. Ranges are left to the caller.
  func read(_ text: UnsafeBufferPointer<UInt8>) -> Written? {
    var reader = DigitReader(text: text)
    var written = Written()
    var afternoon: Bool?
    for step in steps {
      let fits: Bool
      switch step {
      case .year: fits = reader.number(4...4, into: &written.year)
      case .shortYear:
        fits = reader.number(2...2, into: &written.year)
        written.year += 2000
      case .month(let minimum): fits = reader.number(minimum...2, into: &written.month)
      case .monthName: fits = reader.monthName(into: &written.month)
      case .day(let minimum): fits = reader.number(minimum...2, into: &written.day)
      case .hour(let minimum): fits = reader.number(minimum...2, into: &written.hour)
      case .hour12(let minimum):
        fits = reader.number(minimum...2, into: &written.hour) && (1...12).contains(written.hour)
      case .minute: fits = reader.number(2...2, into: &written.minute)
      case .second:
        fits = reader.number(2...2, into: &written.second)
        reader.passFraction()
      case .halfDay: fits = reader.halfDay(into: &afternoon)
      case .offset: fits = reader.offset(into: &written.offset)
      case .space: fits = reader.spaces()
      case .literal(let byte): fits = reader.take(byte)
      }
      guard fits else { return nil }
    }
    guard reader.isAtEnd else { return nil }
    if let afternoon { written.hour = written.hour % 12 + (afternoon ? 12 : 0) }
    return written
  }
}

/// Walks over the bytes of one date.
private struct DigitReader {
  let text: UnsafeBufferPointer<UInt8>
  var at = 0

  init(text: UnsafeBufferPointer<UInt8>) {
    self.text = text
  }

  var isAtEnd: Bool { at == text.count }

  func byte(_ position: Int) -> UInt8 { position < text.count ? text[position] : 0 }

  mutating func number(_ digits: ClosedRange<Int>, into value: inout Int) -> Bool {
    var sum = 0
    var count = 0
    while count < digits.upperBound, byte(at) &- 0x30 <= 9 {
      sum = sum * 10 + Int(byte(at) &- 0x30)
      at += 1
      count += 1
    }
    value = sum
    return count >= digits.lowerBound
  }

  mutating func take(_ wanted: UInt8) -> Bool {
    guard byte(at) == wanted, !isAtEnd else { return false }
    at += 1
    return true
  }

  mutating func spaces() -> Bool {
    guard byte(at) == 0x20 else { return false }
    while byte(at) == 0x20 { at += 1 }
    return true
  }

  mutating func passFraction() {
    guard byte(at) == UInt8(ascii: "."), byte(at + 1) &- 0x30 <= 9 else { return }
    at += 1
    while byte(at) &- 0x30 <= 9 { at += 1 }
  }

  mutating func halfDay(into afternoon: inout Bool?) -> Bool {
    guard byte(at + 1) | 0x20 == UInt8(ascii: "m") else { return false }
    switch byte(at) | 0x20 {
    case UInt8(ascii: "a"): afternoon = false
    case UInt8(ascii: "p"): afternoon = true
    default: return false
    }
    at += 2
    return true
  }

  mutating func monthName(into month: inout Int) -> Bool {
    let names: StaticString = "janfebmaraprmayjunjulaugsepoctnovdec"
    guard at + 3 <= text.count else { return false }
    for candidate in 0..<12 {
      let name = names.utf8Start + 3 * candidate
      if (0..<3).allSatisfy({ byte(at + $0) | 0x20 == name[$0] }) {
        month = candidate + 1
        at += 3
        return true
      }
    }
    return false
  }

  mutating func offset(into offset: inout Int?) -> Bool {
    if byte(at) | 0x20 == UInt8(ascii: "z") {
      at += 1
      offset = 0
      return true
    }
    let sign: Int
    switch byte(at) {
    case UInt8(ascii: "+"): sign = 1
    case UInt8(ascii: "-"): sign = -1
    default: return false
    }
    at += 1
    var (hours, minutes) = (0, 0)
    guard number(2...2, into: &hours) else { return false }
    _ = take(UInt8(ascii: ":"))
    guard number(2...2, into: &minutes), hours <= 14, minutes < 60 else { return false }
    offset = sign * (hours * 3600 + minutes * 60)
    return true
  }
}
