import CScan

/// Says whether a stream of bytes is UTF-8 so far (RFC 3629: no overlong forms, no surrogates,
/// nothing above U+10FFFF). A sequence may be cut between two calls, and by the end of the file:
/// that is a cut-off file, not another encoding.
struct UTF8Check {
  /// Continuation bytes that are still to come, and the range that the next one must lie in.
  private var awaited = 0
  private var range: ClosedRange<UInt8> = 0x80...0xBF
  /// Whether a whole character beyond ASCII has passed.
  private(set) var hasBeyondASCII = false
  /// Whether the bytes so far end inside a character.
  var isMidway: Bool { awaited > 0 }

  /// - Returns: `false` as soon as the bytes cannot be UTF-8.
  mutating func accept(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var at = 0
    while at < count {
      if awaited > 0 {
        guard range.contains(bytes[at]) else { return false }
        range = 0x80...0xBF
        awaited -= 1
        if awaited == 0 { hasBeyondASCII = true }
        at += 1
        continue
      }
      at = cscan_next_non_ascii(bytes, at, count)
      guard at < count else { break }
      guard begin(bytes[at]) else { return false }
      at += 1
    }
    return true
  }

  private mutating func begin(_ lead: UInt8) -> Bool {
    switch lead {
    case 0xC2...0xDF: (awaited, range) = (1, 0x80...0xBF)
    case 0xE0: (awaited, range) = (2, 0xA0...0xBF)
    case 0xED: (awaited, range) = (2, 0x80...0x9F)
    case 0xE1...0xEF: (awaited, range) = (2, 0x80...0xBF)
    case 0xF0: (awaited, range) = (3, 0x90...0xBF)
    case 0xF4: (awaited, range) = (3, 0x80...0x8F)
    case 0xF1...0xF3: (awaited, range) = (3, 0x80...0xBF)
    default: return false
    }
    return true
  }
}
