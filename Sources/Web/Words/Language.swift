/// A language that the pages can speak. Its words are in `Resources/words`.
package enum Language: String, CaseIterable, Hashable, Sendable {
  case english = "en"
  case welsh = "cy"

  /// The categories of counted things that the language tells apart, as Unicode CLDR has them.
  var plurals: [Plural] {
    switch self {
    case .english: [.one, .other]
    case .welsh: Plural.allCases
    }
  }

  /// CLDR 47, "Language Plural Rules", cardinals of whole numbers.
  func plural(of number: Int) -> Plural {
    switch (self, number) {
    case (.english, 1), (.welsh, 1): .one
    case (.welsh, 0): .zero
    case (.welsh, 2): .two
    case (.welsh, 3): .few
    case (.welsh, 6): .many
    default: .other
    }
  }

  enum Plural: String, CaseIterable, Hashable, Sendable {
    case zero, one, two, few, many, other
  }

  /// The one that a browser asks for by `Accept-Language` (RFC 9110, section 12.5.4) among those that there
  /// are; the first of these where it asks for none of them. `en` serves one who asks for `en-US`.
  static func asked(for header: String?, among languages: [Language]) -> Language {
    let first = languages.first ?? .english
    guard languages.count > 1, let header, header.utf8.count <= 500 else { return first }
    var best: (language: Language, quality: Double)?
    for wish in header.split(separator: ",") {
      let parts = wish.split(separator: ";").map { $0.trimmed }
      guard let range = parts.first?.lowercased() else { continue }
      let quality =
        parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      let main = range.prefix { $0 != "-" }
      guard quality > (best?.quality ?? 0),
        let language = range == "*" ? first : languages.first(where: { $0.rawValue == main })
      else { continue }
      best = (language, quality)
    }
    return best?.language ?? first
  }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
