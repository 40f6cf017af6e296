/// A JSON text in the making. Keys keep the order in which they are written, so that the same content is the same
/// bytes, which a signature needs.
enum JSONValue: Hashable, Sendable {
  case text(String)
  case number(Int)
  case truth(Bool)
  case list([JSONValue])
  case object([Field])

  struct Field: Hashable, Sendable {
    var key: String
    var value: JSONValue
  }

  /// UTF-8 without white space.
  var bytes: [UInt8] {
    var out: [UInt8] = []
    write(to: &out)
    return out
  }

  private func write(to out: inout [UInt8]) {
    switch self {
    case .text(let text): quote(text, to: &out)
    case .number(let number): out += Array(String(number).utf8)
    case .truth(let truth): out += Array((truth ? "true" : "false").utf8)
    case .list(let values):
      out.append(UInt8(ascii: "["))
      for (at, value) in values.enumerated() {
        if at > 0 { out.append(UInt8(ascii: ",")) }
        value.write(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let fields):
      out.append(UInt8(ascii: "{"))
      for (at, field) in fields.enumerated() {
        if at > 0 { out.append(UInt8(ascii: ",")) }
        quote(field.key, to: &out)
        out.append(UInt8(ascii: ":"))
        field.value.write(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }
}

/// RFC 8259, 7.
private func quote(_ text: String, to out: inout [UInt8]) {
  let quote = UInt8(ascii: "\"")
  out.append(quote)
  for byte in text.utf8 {
    switch byte {
    case quote, UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
    case ..<0x20, 0x7F:
      let digits = String(byte, radix: 16)
      out += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    default: out.append(byte)
    }
  }
  out.append(quote)
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral text: String) { self = .text(text) }
  init(integerLiteral number: Int) { self = .number(number) }
  init(booleanLiteral truth: Bool) { self = .truth(truth) }
  init(arrayLiteral values: JSONValue...) { self = .list(values) }
  init(dictionaryLiteral fields: (String, JSONValue)...) {
    self = .object(fields.map { Field(key: $0.0, value: $0.1) })
  }
}
