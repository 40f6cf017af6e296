/// Powers of ten that a `Double` holds exactly.
private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]

/// Reads a decimal number ("450000.5", "-1.2345", "+3") with ASCII white space round it.
///
/// Up to 15 digits: one exact division, so the nearest `Double`. Longer numbers and exponents go
/// through the standard library, which rounds correctly too.
/// - Returns: `nil` when the text is empty or is no finite number.
func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
  var at = 0
  var end = text.count
  while at < end, text[at] <= 0x20 { at &+= 1 }
  while end > at, text[end &- 1] <= 0x20 { end &-= 1 }
  let start = at
  var negative = false
  if at < end, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") {
    negative = text[at] == UInt8(ascii: "-")
    at &+= 1
  }
  var mantissa: UInt64 = 0
  let firstDigit = at
  while at < end, text[at] &- 0x30 <= 9 {
    mantissa = mantissa &* 10 &+ UInt64(text[at] &- 0x30)
    at &+= 1
  }
  var digits = at &- firstDigit
  var fraction = 0
  if at < end, text[at] == UInt8(ascii: ".") {
    at &+= 1
    let firstOfFraction = at
    while at < end, text[at] &- 0x30 <= 9 {
      mantissa = mantissa &* 10 &+ UInt64(text[at] &- 0x30)
      at &+= 1
    }
    fraction = at &- firstOfFraction
    digits &+= fraction
  }
  guard digits > 0 else { return nil }
  if at == end, digits <= 15 {
    let value = Double(mantissa) / powersOfTen[fraction]
    return negative ? -value : value
  }
  return longDecimal(UnsafeBufferPointer(rebasing: text[start..<end]))
}

@inline(never)
private func longDecimal(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
  func allowed(_ byte: UInt8) -> Bool {
    byte &- 0x30 <= 9 || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
  }
  guard text.count <= 64, text.allSatisfy(allowed),
    let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite
  else { return nil }
  return value
}
