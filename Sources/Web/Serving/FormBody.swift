/// The fields of a form as a browser sends them (application/x-www-form-urlencoded,
/// https://url.spec.whatwg.org/#urlencoded-parsing), read strictly: what a browser never sends is
/// refused, not guessed at.
struct FormBody: Hashable {
  /// The largest body that is read, in bytes.
  static let limit = 16 << 10

  private var fields: [String: String] = [:]

  /// - Parameter most: fields that the form may have.
  /// - Throws: ``Refused``.
  init(_ bytes: some Sequence<UInt8>, most: Int = 32) throws {
    for pair in Array(bytes).split(separator: UInt8(ascii: "&")) {
      guard fields.count < most else { throw Refused.tooManyFields }
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      let name = try Self.text(pair[..<equals])
      let value = try Self.text(pair[equals...].dropFirst())
      guard fields.updateValue(value, forKey: name) == nil else { throw Refused.duplicateField }
    }
  }

  /// The field's value; empty where there is none, as for a list from which nothing was picked.
  subscript(_ name: String) -> String { fields[name] ?? "" }

  /// The fields whose names begin so, by what follows in the name.
  func fields(beginning prefix: String) -> [(name: String, value: String)] {
    fields.compactMap { name, value in
      name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), value) : nil
    }
  }

  /// The body is no form of ours. Told with 400.
  enum Refused: Error {
    case badEscape, notUTF8, duplicateField, tooManyFields
  }

  private static func text(_ encoded: ArraySlice<UInt8>) throws -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(encoded.count)
    var rest = encoded
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hexDigit),
          let low = rest.popFirst().flatMap(hexDigit)
        else { throw Refused.badEscape }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Refused.notUTF8 }
    return text
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
