/// Reads a pair of coordinates in one cell: "53.1, -1.26", "(53.1 -1.26)", "450500;359500", or WKT
/// ("POINT (450500 359500)", with "SRID=27700;" before it and Z or M behind it as PostGIS writes
/// them). Source of WKT: OGC 06-103r4, section 7.
/// - Returns: the two numbers in the order in which they stand; `nil` for anything else.
func readPoint(
  _ text: UnsafeBufferPointer<UInt8>
) -> (first: Double, second: Double, isWKT: Bool)? {
  guard text.count <= 200 else { return nil }
  var rest = text[...]
  func skipSpace() { rest = rest.drop { $0 <= 0x20 } }
  func take(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    let letters = UnsafeBufferPointer(start: word.utf8Start, count: count)
    guard rest.count >= count, zip(rest, letters).allSatisfy({ $0 & 0xDF == $1 }) else {
      return false
    }
    rest = rest.dropFirst(count)
    return true
  }
  func number() -> Double? {
    skipSpace()
    let digits = rest.prefix { byte in
      byte &- 0x30 <= 9 || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
    }
    rest = rest.dropFirst(digits.count)
    return decimal(UnsafeBufferPointer(rebasing: digits))
  }

  skipSpace()
  if take("SRID") {
    guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    rest = rest[(end + 1)...]
    skipSpace()
  }
  let isWKT = take("POINT")
  skipSpace()
  if isWKT {
    _ = take("Z")
    _ = take("M")
    skipSpace()
  }
  let hasBracket = rest.first == UInt8(ascii: "(") || (!isWKT && rest.first == UInt8(ascii: "["))
  if isWKT, !hasBracket { return nil }
  if hasBracket { rest = rest.dropFirst() }
  guard let first = number() else { return nil }
  let before = rest.count
  skipSpace()
  if !isWKT, let mark = rest.first, mark == UInt8(ascii: ",") || mark == UInt8(ascii: ";") {
    rest = rest.dropFirst()
  } else if rest.count == before {
    return nil
  }
  guard let second = number() else { return nil }
  // A height or a measure is passed over.
  skipSpace()
  for _ in 0..<2 where isWKT && rest.first != UInt8(ascii: ")") {
    guard number() != nil else { return nil }
    skipSpace()
  }
  if hasBracket {
    guard let last = rest.popFirst(), last == UInt8(ascii: ")") || last == UInt8(ascii: "]") else {
      return nil
    }
    skipSpace()
  }
  return rest.isEmpty ? (first, second, isWKT) : nil
}
