/// How an export's bytes stand for characters.
enum TextEncoding: Equatable, Sendable {
  case utf8(mark: Bool)
  case utf16(bigEndian: Bool)
  case windows1252

  /// As the report says it.
  var name: String {
    switch self {
    case .utf8(mark: false): "utf-8"
    case .utf8(mark: true): "utf-8 with BOM"
    case .utf16(bigEndian: false): "utf-16le"
    case .utf16(bigEndian: true): "utf-16be"
    case .windows1252: "windows-1252"
    }
  }

  /// What the first bytes of a file say: a byte order mark, else the zero bytes that UTF-16 puts
  /// on one side of nearly every character of a list, else UTF-8 until a byte proves otherwise.
  ///
  /// - Returns: the encoding and the length of its mark.
  static func sniff(_ head: UnsafeBufferPointer<UInt8>) -> (encoding: TextEncoding, mark: Int) {
    func begins(_ bytes: UInt8...) -> Bool { head.count >= bytes.count && head.starts(with: bytes) }
    if begins(0xEF, 0xBB, 0xBF) { return (.utf8(mark: true), 3) }
    if begins(0xFF, 0xFE) { return (.utf16(bigEndian: false), 2) }
    if begins(0xFE, 0xFF) { return (.utf16(bigEndian: true), 2) }
    let pairs = min(head.count, 4096) / 2
    var zeros = (even: 0, odd: 0)
    for pair in 0..<pairs {
      if head[2 * pair] == 0 { zeros.even += 1 }
      if head[2 * pair + 1] == 0 { zeros.odd += 1 }
    }
    if pairs >= 2 {
      if zeros.odd * 2 > pairs, zeros.even * 10 < pairs { return (.utf16(bigEndian: false), 0) }
      if zeros.even * 2 > pairs, zeros.odd * 10 < pairs { return (.utf16(bigEndian: true), 0) }
    }
    return (.utf8(mark: false), 0)
  }
}

/// The characters of windows-1252 for the bytes 0x80 to 0x9F; U+FFFD where it has none. From 0xA0
/// on, a byte is its own code point. Source: WHATWG Encoding, index windows-1252.
private let upperControls: [UInt16] = [
  0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
  0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
]

/// Writes the UTF-8 of a windows-1252 byte from 0x80 on: two or three bytes.
/// - Returns: how many.
func putWindows1252(_ byte: UInt8, at target: UnsafeMutablePointer<UInt8>) -> Int {
  let point = byte < 0xA0 ? upperControls[Int(byte - 0x80)] : UInt16(byte)
  let last = 0x80 | UInt8(truncatingIfNeeded: point) & 0x3F
  if point < 0x800 {
    target[0] = 0xC0 | UInt8(truncatingIfNeeded: point >> 6)
    target[1] = last
    return 2
  }
  target[0] = 0xE0 | UInt8(truncatingIfNeeded: point >> 12)
  target[1] = 0x80 | UInt8(truncatingIfNeeded: point >> 6) & 0x3F
  target[2] = last
  return 3
}

/// The code point of a windows-1252 byte.
func windows1252Point(_ byte: UInt8) -> UInt16 {
  byte >= 0x80 && byte < 0xA0 ? upperControls[Int(byte - 0x80)] : UInt16(byte)
}

func isUndefinedInWindows1252(_ byte: UInt8) -> Bool {
  byte >= 0x80 && byte < 0xA0 && upperControls[Int(byte - 0x80)] == 0xFFFD
}
