/// What a single cell looks like, whatever stands above it.
enum CellTest {
  /// A British postcode, whole ("NG17 4BT"), with or without its space.
  static func isPostcode(_ text: String) -> Bool { outwardArea(text) != nil }

  /// The letters that a whole British postcode begins with ("NG"); `nil` for anything else.
  static func outwardArea(_ text: String) -> String? {
    let bytes = text.utf8.filter { $0 != 0x20 }.map { $0 &- 0x61 <= 25 ? $0 - 0x20 : $0 }
    guard (5...7).contains(bytes.count), text.utf8.count <= 9 else { return nil }
    func letter(_ byte: UInt8) -> Bool { byte &- 0x41 <= 25 }
    func digit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
    let inward = bytes.suffix(3).map { $0 }
    let outward = bytes.dropLast(3).map { $0 }
    guard digit(inward[0]), letter(inward[1]), letter(inward[2]), letter(outward[0]) else {
      return nil
    }
    let letters = outward.prefix(while: letter)
    let rest = outward.dropFirst(letters.count)
    guard letters.count <= 2, let first = rest.first, digit(first), rest.count <= 2 else {
      return nil
    }
    if rest.count == 2, let last = rest.last, !digit(last), !letter(last) { return nil }
    return String(decoding: letters, as: UTF8.self)
  }

  static func isLink(_ text: String) -> Bool {
    let text = text.prefix(8).lowercased()
    return text.hasPrefix("http://") || text.hasPrefix("https://") || text.hasPrefix("www.")
  }

  static func isEmail(_ text: String) -> Bool {
    guard text.utf8.count >= 6, let at = text.firstIndex(of: "@") else { return false }
    let domain = text[text.index(after: at)...]
    return !text.contains(" ") && domain.contains(".") && domain.count >= 4
      && text[..<at].count >= 1
  }

  /// A British telephone number: zero or +44 and nine or ten digits, with the marks people put
  /// between them.
  static func isTelephone(_ text: String) -> Bool {
    guard (10...18).contains(text.utf8.count) else { return false }
    var digits = 0
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39: digits += 1
      case 0x20, 0x28, 0x29, 0x2D, 0x2B: break
      default: return false
      }
    }
    if text.hasPrefix("+44") { return (11...13).contains(digits) }
    guard text.hasPrefix("0"), !text.hasPrefix("00"), (10...11).contains(digits) else {
      return false
    }
    return true
  }

  static func isDigits(_ text: String, _ length: ClosedRange<Int>) -> Bool {
    length.contains(text.utf8.count) && text.utf8.allSatisfy { $0 &- 0x30 <= 9 }
  }

  /// A time of day alone: "9:05", "13:47:10".
  static func isTime(_ text: String) -> Bool {
    guard (4...11).contains(text.utf8.count) else { return false }
    return DateShape("1/1/2001 " + text).map { $0.hasTime && !$0.hasOffset } ?? false
  }

  static func number(_ text: String) -> Double? {
    guard text.utf8.count <= 40 else { return nil }
    var text = text
    return text.withUTF8 { decimal($0) }
  }

  /// Two numbers in one cell.
  struct PointText: Hashable {
    var first: Double
    var second: Double
    /// Well-known text, whose first number is the easting or longitude.
    var isWKT: Bool
  }

  /// "(40.8, -73.9)", "52.7, -1.2" or "POINT (-1.2 52.7)".
  static func point(_ text: String) -> PointText? {
    guard (5...80).contains(text.utf8.count) else { return nil }
    var inner = Substring(text)
    let isWKT = text.prefix(5).lowercased() == "point"
    if isWKT { inner = inner.dropFirst(5) }
    inner = inner.drop { $0 == " " }
    if let first = inner.first, first == "(" || first == "[" {
      inner = inner.dropFirst()
      guard let last = inner.last, last == ")" || last == "]" else { return nil }
      inner = inner.dropLast()
    } else if isWKT {
      return nil
    }
    let parts = inner.split(maxSplits: 3) { isWKT ? $0 == " " : $0 == "," || $0 == ";" }
    guard parts.count == 2, let first = number(String(parts[0])),
      let second = number(String(parts[1]))
    else { return nil }
    return PointText(first: first, second: second, isWKT: isWKT)
  }
}
