/// What a cell that should hold a UPRN (Unique Property Reference Number) holds.
package enum UPRNReading: Hashable, Sendable {
  /// 1 to 999,999,999,999.
  case uprn(UInt64)
  /// A spreadsheet has rounded it: "1.00E+11", or a number that ends in seven zeros. Which address it
  /// was cannot be known any more.
  case spoiled
  /// Empty, or anything else.
  case unusable

  /// Reads UTF-8. A UPRN has 1 to 12 digits; sources pad it with zeros or strip them, and write it as
  /// a decimal number whose fraction is zero.
  package init(_ text: UnsafeBufferPointer<UInt8>) {
    var at = 0
    var end = text.count
    while at < end, text[at] <= 0x20 { at += 1 }
    while end > at, text[end - 1] <= 0x20 { end -= 1 }
    while at < end, text[at] == UInt8(ascii: "0") { at += 1 }
    var value: UInt64 = 0
    var digits = 0
    var zeros = 0
    while at < end, text[at] &- 0x30 <= 9 {
      // More digits than a UPRN has are only counted.
      if digits < 12 { value = value * 10 + UInt64(text[at] &- 0x30) }
      zeros = text[at] == 0x30 ? zeros + 1 : 0
      digits += 1
      at += 1
    }
    let rest = UnsafeBufferPointer(rebasing: text[at..<end])
    if digits > 0, UPRNReading.isExponent(rest) {
      self = .spoiled
    } else if digits == 0 || digits > 12 || !UPRNReading.isZeroFraction(rest) {
      self = .unusable
    } else {
      self = zeros >= 7 ? .spoiled : .uprn(value)
    }
  }

  /// "", "." or ".0" with any number of zeros.
  private static func isZeroFraction(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first else { return true }
    return first == UInt8(ascii: ".") && text.dropFirst().allSatisfy { $0 == 0x30 }
  }

  /// "E+11", ".00E+11", ",5e11".
  private static func isExponent(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = text[...]
    if let first = rest.first, first == UInt8(ascii: ".") || first == UInt8(ascii: ",") {
      rest = rest.dropFirst().drop { $0 &- 0x30 <= 9 }
    }
    guard let mark = rest.popFirst(), mark | 0x20 == UInt8(ascii: "e") else { return false }
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest = rest.dropFirst()
    }
    return !rest.isEmpty && rest.count <= 3 && rest.allSatisfy { $0 &- 0x30 <= 9 }
  }
}

/// Brings a UPRN into one spelling.
/// - Returns: digits without leading zeros, or `nil` when the text is no usable UPRN.
package func normalisedUPRN(_ text: some StringProtocol) -> String? {
  var text = String(text)
  return text.withUTF8 { normalisedUPRN($0) }
}

/// The same for a text that is still UTF-8 bytes: reading a list asks it of every row in area.
package func normalisedUPRN(_ text: UnsafeBufferPointer<UInt8>) -> String? {
  guard case .uprn(let number) = UPRNReading(text) else { return nil }
  return String(number)
}
