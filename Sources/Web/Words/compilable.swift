/// A template with its marks replaced by words, as Mustache compiles it.
///
/// The first line, which is not the template's, says how values are escaped: a partial would begin anew with
/// the library's own escaping. Words are escaped here, but for their tags.
func compilable(_ template: String, _ words: Words, star: String?) -> String {
  var text = "{{% CONTENT_TYPE: PAGETEXT}}\n"
  var rest = template[...]
  while let mark = rest.firstMatch(of: pageMark) {
    text += rest[..<mark.range.lowerBound]
    let key = String(mark.1).replacing("*", with: star ?? "*")
    text += key == "style" ? Stylesheet.text : markup(words.text(key))
    rest = rest[mark.range.upperBound...]
  }
  return text + rest
}

/// `[[offer.heading]]`.
nonisolated(unsafe) let pageMark = /\[\[([a-z0-9_.*A-Z]+)\]\]/

/// Words as they stand in a page: what is a sign of HTML is escaped, a tag is left for Mustache.
private func markup(_ text: String) -> String {
  var markup = ""
  var rest = text[...]
  while let open = rest.firstRange(of: "{{"),
    let close = rest[open.upperBound...].firstRange(of: "}}")
  {
    markup += PageText().escapeText(String(rest[..<open.lowerBound]))
    markup += rest[open.lowerBound..<close.upperBound]
    rest = rest[close.upperBound...]
  }
  return markup + PageText().escapeText(String(rest))
}
