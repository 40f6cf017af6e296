/// Reads one JSON text into nodes with positions. Strict (RFC 8259), with a byte order mark
/// allowed in front; bounded in depth; a key that appears twice in an object is refused, since
/// readers differ in which one they take. At most ``mostValues`` values, since each takes fifty bytes.
///
/// Of our own because Foundation's reader names no positions. Linear in the text; never traps,
/// whatever the bytes.
struct JSONScanner {
  private let bytes: [UInt8]
  private var at = 0
  private static let deepest = 64
  private var values = 0
  private let mostValues: Int
  /// 2.6 million positions in 32 MB, of two numbers each with the fewest digits that place an area.
  static let mostValues = 8_000_000

  static func read(
    _ bytes: [UInt8], mostValues: Int = mostValues
  ) throws(JSONSyntaxError) -> JSONNode {
    var scanner = JSONScanner(bytes, mostValues: mostValues)
    return try scanner.document()
  }

  private init(_ bytes: [UInt8], mostValues: Int) {
    self.bytes = bytes
    self.mostValues = mostValues
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
  }

  private mutating func document() throws(JSONSyntaxError) -> JSONNode {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw problem("this is UTF-16; save the file as UTF-8")
    }
    skipSpace()
    if next == UInt8(ascii: "<") { throw problem("it begins like a web page, KML or other XML") }
    let node = try value(depth: 0)
    skipSpace()
    if at < bytes.count { throw problem("the text goes on after the end of the JSON value") }
    return node
  }

  private func problem(_ sentence: String, at offset: Int? = nil) -> JSONSyntaxError {
    JSONSyntaxError(offset: offset ?? at, sentence: sentence)
  }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
  }

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONNode {
    skipSpace()
    let start = at
    values += 1
    guard values <= mostValues else {
      throw problem("it holds more than \(mostValues) values; split it")
    }
    guard depth < JSONScanner.deepest else { throw problem("brackets are nested too deep") }
    switch next {
    case UInt8(ascii: "{"): return JSONNode(offset: start, value: try object(depth: depth))
    case UInt8(ascii: "["): return JSONNode(offset: start, value: try array(depth: depth))
    case UInt8(ascii: "\""): return JSONNode(offset: start, value: .string(try string()))
    case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?:
      return JSONNode(offset: start, value: .number(try number()))
    case UInt8(ascii: "t"):
      try word("true")
      return JSONNode(offset: start, value: .bool(true))
    case UInt8(ascii: "f"):
      try word("false")
      return JSONNode(offset: start, value: .bool(false))
    case UInt8(ascii: "n"):
      try word("null")
      return JSONNode(offset: start, value: .null)
    case nil:
      throw problem(bytes.isEmpty ? "the file is empty" : "the file ends where a value is expected")
    default: throw problem("a JSON value is expected here")
    }
  }

  private mutating func word(_ word: StaticString) throws(JSONSyntaxError) {
    let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[at...].starts(with: letters) else { throw problem("a JSON value is expected here") }
    at += letters.count
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    at += 1
    var nodes: [JSONNode] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      at += 1
      return .array(nodes)
    }
    while true {
      nodes.append(try value(depth: depth + 1))
      if try ends(with: UInt8(ascii: "]"), "]") { return .array(nodes) }
    }
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    at += 1
    var members: [JSONMember] = []
    var keys: Set<String> = []
    skipSpace()
    if next == UInt8(ascii: "}") {
      at += 1
      return .object(members)
    }
    while true {
      skipSpace()
      let start = at
      guard next == UInt8(ascii: "\"") else { throw problem("a key in quotes is expected here") }
      let key = try string()
      guard keys.insert(key).inserted else {
        throw problem("the key '\(key.prefix(40))' appears twice in one object", at: start)
      }
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw problem("a colon is expected after the key") }
      at += 1
      members.append(JSONMember(key: key, node: try value(depth: depth + 1)))
      if try ends(with: UInt8(ascii: "}"), "}") { return .object(members) }
    }
  }

  /// After an element: true at the closing bracket, false after a comma.
  private mutating func ends(
    with bracket: UInt8, _ written: String
  ) throws(JSONSyntaxError) -> Bool {
    skipSpace()
    if next == bracket {
      at += 1
      return true
    }
    guard next == UInt8(ascii: ",") else {
      if at == bytes.count { throw problem("the file ends before '\(written)'; it looks cut off") }
      throw problem("a comma or '\(written)' is expected here")
    }
    at += 1
    skipSpace()
    if next == bracket { throw problem("there is a comma too many before '\(written)'") }
    return false
  }

  private mutating func number() throws(JSONSyntaxError) -> Double {
    let start = at
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 >= 0x30 && $0 <= 0x39 } ?? false }
    if next == UInt8(ascii: "-") { at += 1 }
    if next == UInt8(ascii: "0") {
      at += 1
    } else {
      guard isDigit(next) else { throw problem("this is not a number", at: start) }
      while isDigit(next) { at += 1 }
    }
    if next == UInt8(ascii: ".") {
      at += 1
      guard isDigit(next) else { throw problem("this is not a number", at: start) }
      while isDigit(next) { at += 1 }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      at += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
      guard isDigit(next) else { throw problem("this is not a number", at: start) }
      while isDigit(next) { at += 1 }
    }
    if isDigit(next) { throw problem("a number must not begin with 0", at: start) }
    guard let number = Double(String(decoding: bytes[start..<at], as: UTF8.self)),
      number.isFinite
    else { throw problem("this number is too large", at: start) }
    return number
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    let start = at
    at += 1
    var text: [UInt8] = []
    var from = at
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        text += bytes[from..<at]
        at += 1
        guard let valid = String(validating: text, as: UTF8.self) else {
          throw problem("this text is not UTF-8", at: start)
        }
        return valid
      case UInt8(ascii: "\\"):
        text += bytes[from..<at]
        text += String(try escape()).utf8
        from = at
      case 0..<0x20: throw problem("a line break or control character stands inside a text")
      default: at += 1
      }
    }
    throw problem("this text has no closing quote", at: start)
  }

  private mutating func escape() throws(JSONSyntaxError) -> Character {
    let start = at
    at += 1
    guard let letter = next else { throw problem("the file ends inside a text") }
    at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return Character(Unicode.Scalar(letter))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw problem("this is no escape that JSON knows", at: start)
    }
    var code = try hexadecimal()
    if (0xD800...0xDBFF).contains(code), bytes[at...].starts(with: [0x5C, 0x75]) {
      at += 2
      let low = try hexadecimal()
      if (0xDC00...0xDFFF).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + low - 0xDC00 }
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw problem("this escape is half a character", at: start)
    }
    return Character(scalar)
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw problem("four hexadecimal digits are expected here")
      }
      code = code << 4 | UInt32(digit)
      at += 1
    }
    return code
  }
}
