import Glibc

/// Reads the scalars of a JSON text (RFC 8259) where they stand: numbers and words as they are written,
/// strings in place where nothing in them is escaped, else unescaped behind the text.
///
/// Each reading says whether it could be done, and leaves ``at`` where it could not.
struct JSONText {
  /// Lone halves of UTF-16 pairs, and bytes that are nothing in windows-1252.
  var badCharacters = 0
  /// Zero characters that were written as an escape, and left out.
  var zeros = 0

  private(set) var bytes = UnsafeMutablePointer<UInt8>(
    mutating: UnsafePointer(bitPattern: 1)!)
  var at = 0
  private var end = 0
  /// Where there is room for what is unescaped, and where that ends.
  var scratch = 0
  private(set) var scratchEnd = 0
  private var isWindows1252 = false
  /// Whether reading broke off because the text goes on behind what is in memory.
  private(set) var isAtDataEnd = false

  /// Goes to the window's position; of a longer record than ``CSVReader/rowLimit`` only so much is read.
  mutating func begin(_ window: borrowing JSONWindow) {
    bytes = window.bytes
    at = window.position
    end = min(window.filled, window.position + CSVReader.rowLimit)
    scratch = window.capacity
    scratchEnd = window.capacity + window.scratchCapacity
    isWindows1252 = window.encoding == .windows1252
    isAtDataEnd = false
  }

  /// Goes to the next byte that is no white space, and gives it.
  @inline(__always)
  mutating func byteBehindSpace() -> UInt8? {
    while at < end {
      let byte = bytes[at]
      if byte > 0x20 { return byte }
      if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return byte }
      at &+= 1
    }
    isAtDataEnd = true
    return nil
  }

  /// The number, word or string that begins with a byte; `null` is an empty one.
  mutating func scalar(_ byte: UInt8) -> (start: Int, end: Int)? {
    switch byte {
    case UInt8(ascii: "\""): return string()
    case UInt8(ascii: "t"): return literal("true")
    case UInt8(ascii: "f"): return literal("false")
    case UInt8(ascii: "n"): return literal("null").map { ($0.start, $0.start) }
    default: return number()
    }
  }

  private mutating func literal(_ word: StaticString) -> (start: Int, end: Int)? {
    let start = at
    for index in 0..<word.utf8CodeUnitCount {
      if at == end {
        isAtDataEnd = true
        return nil
      }
      guard bytes[at] == word.utf8Start[index] else { return nil }
      at &+= 1
    }
    return (start, at)
  }

  private mutating func number() -> (start: Int, end: Int)? {
    let start = at
    if at < end, bytes[at] == UInt8(ascii: "-") { at &+= 1 }
    let first = at
    guard digits() else { return nil }
    if bytes[first] == UInt8(ascii: "0"), at > first + 1 { return nil }
    if at < end, bytes[at] == UInt8(ascii: ".") {
      at &+= 1
      guard digits() else { return nil }
    }
    if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at &+= 1
      if at < end, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at &+= 1 }
      guard digits() else { return nil }
    }
    if at == end {
      isAtDataEnd = true
      return nil
    }
    return (start, at)
  }

  private mutating func digits() -> Bool {
    let start = at
    while at < end, bytes[at] &- 0x30 <= 9 { at &+= 1 }
    if at == end { isAtDataEnd = true }
    return at > start && at < end
  }

  // MARK: - Strings

  /// The text of the string at `at`, where it stands in the file, or unescaped behind it.
  mutating func string() -> (start: Int, end: Int)? {
    at &+= 1
    let start = at
    while at < end {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at &+= 1
        return (start, at &- 1)
      }
      if byte == UInt8(ascii: "\\") || (byte >= 0x80 && isWindows1252) {
        return unescaped(from: start)
      }
      // Tabs and line ends should be escaped and are not by every system; zeros are gone already.
      if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return nil }
      at &+= 1
    }
    isAtDataEnd = true
    return nil
  }

  private mutating func unescaped(from start: Int) -> (start: Int, end: Int)? {
    let text = scratch
    guard copy(start, at) else { return nil }
    while at < end {
      let byte = bytes[at]
      switch byte {
      case UInt8(ascii: "\""):
        at &+= 1
        return (text, scratch)
      case UInt8(ascii: "\\"):
        guard escape() else { return nil }
      case 0x80... where isWindows1252:
        guard scratchEnd - scratch >= 3 else { return nil }
        if isUndefinedInWindows1252(byte) { badCharacters += 1 }
        scratch += putWindows1252(byte, at: bytes + scratch)
        at &+= 1
      default:
        if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return nil }
        guard add(byte) else { return nil }
        at &+= 1
      }
    }
    isAtDataEnd = true
    return nil
  }

  private mutating func escape() -> Bool {
    guard at + 1 < end else {
      isAtDataEnd = true
      return false
    }
    let letter = bytes[at + 1]
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      at &+= 2
      return add(letter)
    case UInt8(ascii: "n"):
      at &+= 2
      return add(0x0A)
    case UInt8(ascii: "r"):
      at &+= 2
      return add(0x0D)
    case UInt8(ascii: "t"):
      at &+= 2
      return add(0x09)
    case UInt8(ascii: "b"), UInt8(ascii: "f"):
      at &+= 2
      return add(0x20)
    case UInt8(ascii: "u"): return codePoint()
    default: return false
    }
  }

  /// `\uXXXX`, and the pair of them that stands for one character beyond U+FFFF.
  private mutating func codePoint() -> Bool {
    guard let high = hexadecimal(at + 2) else { return false }
    at &+= 6
    var point = high
    if (0xD800..<0xDC00).contains(high) {
      point = 0xFFFD
      if at + 1 >= end {
        isAtDataEnd = true
        return false
      }
      if bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") {
        guard let low = hexadecimal(at + 2) else { return false }
        if (0xDC00..<0xE000).contains(low) {
          at &+= 6
          point = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        }
      }
    } else if (0xDC00..<0xE000).contains(high) {
      point = 0xFFFD
    }
    if point == 0xFFFD { badCharacters += 1 }
    if point == 0 {
      zeros += 1
      return true
    }
    guard let scalar = Unicode.Scalar(point) else { return false }
    return UTF8.encode(scalar).map { $0.allSatisfy { add($0) } } ?? false
  }

  private mutating func hexadecimal(_ start: Int) -> UInt32? {
    guard start + 4 <= end else {
      isAtDataEnd = true
      return nil
    }
    var value: UInt32 = 0
    for position in start..<(start + 4) {
      let byte = bytes[position]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46, 0x61...0x66: digit = (byte | 0x20) - 0x61 + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  @inline(__always)
  private mutating func add(_ byte: UInt8) -> Bool {
    guard scratch < scratchEnd else { return false }
    bytes[scratch] = byte
    scratch &+= 1
    return true
  }

  private mutating func copy(_ start: Int, _ end: Int) -> Bool {
    guard end - start <= scratchEnd - scratch else { return false }
    memcpy(bytes + scratch, bytes + start, end - start)
    scratch += end - start
    return true
  }
}
