/// Where the lines of a text are: made once, so that each of many places in a large file costs little, also
/// where the whole file is one line.
struct LineIndex {
  private static let step = 4096

  /// Line and column of the first byte of each stretch of ``step`` bytes.
  private var stretches: [(line: Int, column: Int)] = []

  init(_ bytes: [UInt8]) {
    var place = (line: 1, column: 1)
    bytes.withUnsafeBufferPointer { bytes in
      var at = 0
      while at <= bytes.count {
        stretches.append(place)
        let end = min(bytes.count, at + LineIndex.step)
        LineIndex.go(over: bytes[at..<end], from: &place)
        at += LineIndex.step
      }
    }
  }

  /// Line and column of a byte, both from 1; columns count characters (Unicode scalars).
  func place(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    let offset = max(0, min(offset, bytes.count))
    let stretch = offset / LineIndex.step
    var place = stretches[stretch]
    bytes.withUnsafeBufferPointer { bytes in
      LineIndex.go(over: bytes[stretch * LineIndex.step..<offset], from: &place)
    }
    return place
  }

  private static func go(
    over bytes: Slice<UnsafeBufferPointer<UInt8>>, from place: inout (line: Int, column: Int)
  ) {
    for byte in bytes {
      if byte == 0x0A {
        place = (place.line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        place.column += 1
      }
    }
  }
}
