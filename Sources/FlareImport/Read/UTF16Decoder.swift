/// Turns a stream of UTF-16 into UTF-8 (RFC 2781). A surrogate without its other half and an odd
/// last byte become U+FFFD and are counted.
struct UTF16Decoder {
  private let bigEndian: Bool
  /// The first byte of a unit that was cut between two calls.
  private var half: UInt8?
  private var highSurrogate: UInt32?
  private(set) var badCharacters = 0

  init(bigEndian: Bool) {
    self.bigEndian = bigEndian
  }

  /// - Parameter target: room for three bytes per unit and three more.
  /// - Returns: how many bytes were written.
  mutating func decode(
    _ bytes: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var written = 0
    var at = 0
    if let first = half, !bytes.isEmpty {
      half = nil
      put(unit(first, bytes[0]), target, &written)
      at = 1
    }
    // Nearly all of a list is ASCII: four units of it at a time. In a word loaded with the first
    // byte lowest, a unit's upper byte and the top bit of its lower byte must be zero.
    let beyondASCII: UInt64 = bigEndian ? 0x80FF_80FF_80FF_80FF : 0xFF80_FF80_FF80_FF80
    let shift: UInt64 = bigEndian ? 8 : 0
    while at + 1 < bytes.count {
      if highSurrogate == nil, at + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        if word & beyondASCII == 0 {
          let units = word >> shift
          target[written] = UInt8(truncatingIfNeeded: units)
          target[written + 1] = UInt8(truncatingIfNeeded: units >> 16)
          target[written + 2] = UInt8(truncatingIfNeeded: units >> 32)
          target[written + 3] = UInt8(truncatingIfNeeded: units >> 48)
          written += 4
          at += 8
          continue
        }
      }
      put(unit(bytes[at], bytes[at + 1]), target, &written)
      at += 2
    }
    if at < bytes.count { half = bytes[at] }
    return written
  }

  /// What is left over at the end of the file.
  mutating func finish(_ target: UnsafeMutablePointer<UInt8>) -> Int {
    guard half != nil || highSurrogate != nil else { return 0 }
    half = nil
    highSurrogate = nil
    var written = 0
    putBad(target, &written)
    return written
  }

  private func unit(_ first: UInt8, _ second: UInt8) -> UInt32 {
    bigEndian ? UInt32(first) << 8 | UInt32(second) : UInt32(second) << 8 | UInt32(first)
  }

  private mutating func put(
    _ unit: UInt32, _ target: UnsafeMutablePointer<UInt8>, _ written: inout Int
  ) {
    if let high = highSurrogate {
      highSurrogate = nil
      if unit & 0xFC00 == 0xDC00 {
        putPoint(0x10000 + ((high & 0x3FF) << 10 | unit & 0x3FF), target, &written)
        return
      }
      putBad(target, &written)
    }
    switch unit & 0xFC00 {
    case 0xD800: highSurrogate = unit
    case 0xDC00: putBad(target, &written)
    default: putPoint(unit, target, &written)
    }
  }

  private mutating func putBad(_ target: UnsafeMutablePointer<UInt8>, _ written: inout Int) {
    badCharacters += 1
    putPoint(0xFFFD, target, &written)
  }

  private func putPoint(
    _ point: UInt32, _ target: UnsafeMutablePointer<UInt8>, _ written: inout Int
  ) {
    func add(_ byte: UInt32) {
      target[written] = UInt8(truncatingIfNeeded: byte)
      written += 1
    }
    switch point {
    case ..<0x80: add(point)
    case ..<0x800:
      add(0xC0 | point >> 6)
      add(0x80 | point & 0x3F)
    case ..<0x10000:
      add(0xE0 | point >> 12)
      add(0x80 | point >> 6 & 0x3F)
      add(0x80 | point & 0x3F)
    default:
      add(0xF0 | point >> 18)
      add(0x80 | point >> 12 & 0x3F)
      add(0x80 | point >> 6 & 0x3F)
      add(0x80 | point & 0x3F)
    }
  }
}
