/// A file of words as it was read: one JSON object of texts by key, or of texts by plural category by key.
///
/// Read by hand and not by a decoder, because whoever edits it is to be told the line, and of a key that
/// stands twice.
struct WordsFile: Sendable {
  struct Entry: Hashable, Sendable {
    /// By category; a text that counts nothing is under `nil`.
    var texts: [Language.Plural?: String]
    /// From 1.
    var line: Int
  }

  private(set) var entries: [String: Entry] = [:]

  /// - Throws: the first thing that is no such JSON.
  init(_ text: String) throws(Broken) {
    var reader = Reader(text)
    try reader.expect("{")
    if reader.take("}") {
      try reader.end()
      return
    }
    repeat {
      let line = reader.lineOfNext()
      let key = try reader.string()
      guard entries[key] == nil else {
        throw Broken(line: line, what: "the key '\(key)' stands twice")
      }
      try reader.expect(":")
      entries[key] = Entry(texts: try Self.texts(&reader), line: line)
    } while reader.take(",")
    try reader.expect("}")
    try reader.end()
  }

  private static func texts(_ reader: inout Reader) throws(Broken) -> [Language.Plural?: String] {
    guard reader.take("{") else { return [nil: try reader.string()] }
    var texts: [Language.Plural?: String] = [:]
    repeat {
      let line = reader.lineOfNext()
      let name = try reader.string()
      guard let plural = Language.Plural(rawValue: name), texts[plural] == nil else {
        throw Broken(line: line, what: "'\(name)' is no plural category, or stands twice")
      }
      try reader.expect(":")
      texts[plural] = try reader.string()
    } while reader.take(",")
    try reader.expect("}")
    return texts
  }

  struct Broken: Error, Hashable {
    var line: Int
    var what: String
  }

  private struct Reader {
    private var rest: Substring.UnicodeScalarView
    private(set) var line = 1

    init(_ text: String) { rest = text[...].unicodeScalars }

    mutating func lineOfNext() -> Int {
      skip()
      return line
    }

    private mutating func skip() {
      while let next = rest.first, next == " " || next == "\n" || next == "\r" || next == "\t" {
        if next == "\n" { line += 1 }
        rest.removeFirst()
      }
    }

    mutating func take(_ sign: Unicode.Scalar) -> Bool {
      skip()
      guard rest.first == sign else { return false }
      rest.removeFirst()
      return true
    }

    mutating func expect(_ sign: Unicode.Scalar) throws(Broken) {
      guard take(sign) else { throw Broken(line: line, what: "a '\(sign)' is wanted here") }
    }

    mutating func end() throws(Broken) {
      skip()
      guard rest.isEmpty else { throw Broken(line: line, what: "there is more after the last '}'") }
    }

    mutating func string() throws(Broken) -> String {
      try expect("\"")
      var text = ""
      while let next = rest.popFirst() {
        switch next {
        case "\"": return text
        case "\\": text.unicodeScalars.append(try escaped())
        case _ where next.value < 0x20:
          throw Broken(line: line, what: "a text has to be in one line")
        default: text.unicodeScalars.append(next)
        }
      }
      throw Broken(line: line, what: "a text has no closing '\"'")
    }

    /// `\n` and its like are left out on purpose: a text is one line.
    private mutating func escaped() throws(Broken) -> Unicode.Scalar {
      switch rest.popFirst() {
      case "\"": return "\""
      case "\\": return "\\"
      case "/": return "/"
      case "u":
        let digits = String(String.UnicodeScalarView(rest.prefix(4)))
        rest = rest.dropFirst(4)
        if let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init), scalar.value >= 0x20
        {
          return scalar
        }
        fallthrough
      default: throw Broken(line: line, what: "an escape is not understood; write the sign itself")
      }
    }
  }
}
