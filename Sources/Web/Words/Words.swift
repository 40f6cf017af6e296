/// All words of the pages in one language.
///
/// A text may hold tags, `{{name}}`. In a template they are filled by the template's own fields; what Swift
/// code says fills them by ``filled(_:_:)``. A text is never markup.
package struct Words: Sendable {
  let language: Language
  private(set) var texts: [String: [Language.Plural?: String]]

  init(_ language: Language, texts: [String: [Language.Plural?: String]]) {
    self.language = language
    self.texts = texts
  }

  /// The text of a key that counts nothing. Empty for one that there is not, which a test rules out.
  func text(_ key: String) -> String { texts[key]?[nil] ?? "" }

  subscript(_ key: WordKey) -> String { text(key.rawValue) }

  /// One of a family of like texts: `words[.kind, "accepted"]` has the key `kind.accepted`.
  subscript(_ family: WordFamily, _ member: String) -> String {
    text("\(family.rawValue).\(member)")
  }

  func filled(_ key: WordKey, _ values: [String: String]) -> String {
    Words.fill(self[key], values)
  }

  func filled(_ family: WordFamily, _ member: String, _ values: [String: String]) -> String {
    Words.fill(self[family, member], values)
  }

  /// "3 offers": the text for that number, whose tag is `{{count}}`.
  func counted(_ number: Int, _ key: WordKey, _ values: [String: String] = [:]) -> String {
    let texts = texts[key.rawValue] ?? [:]
    let text = texts[language.plural(of: number)] ?? texts[.other] ?? ""
    return Words.fill(text, values.merging(["count": "\(number)"]) { _, own in own })
  }

  /// In one pass, so that a value that looks like a tag stays what it is.
  static func fill(_ text: String, _ values: [String: String]) -> String {
    var filled = ""
    var rest = text[...]
    while let open = rest.firstRange(of: "{{"),
      let close = rest[open.upperBound...].firstRange(of: "}}")
    {
      filled += rest[..<open.lowerBound]
      filled += values[String(rest[open.upperBound..<close.lowerBound])] ?? ""
      rest = rest[close.upperBound...]
    }
    return filled + rest
  }

  /// The names of the tags in a text.
  static func tags(in text: String) -> Set<String> {
    Set(text.matches(of: /\{\{([^{}]*)\}\}/).map { String($0.1) })
  }
}
