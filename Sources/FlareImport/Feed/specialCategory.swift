/// The special category of personal data (UK GDPR Article 9; criminal offences, Article 10), or the
/// like of it, that a column holds by its heading; `nil` for none known.
///
/// The heading is cut into words at spaces, punctuation, digits and changes of case
/// ("AssistedReason", "DISABILITY_FLAG"), and whole words are compared: "Grace Road", "Trace" and
/// "Placement" are none, "Race" is one.
/// - Parameter further: words of the feed's own, compared in the same way; `*` at the end stands for
///   any ending.
/// - Returns: the category's name in plain words, or the feed's word.
package func specialCategory(_ heading: String, further: [String] = []) -> String? {
  let words = withoutNeutral(plainWords(heading))
  for (category, phrases, stems) in specialCategoryWords {
    if phrases.contains(where: { holds(words, $0) })
      || stems.contains(where: { holds(words, stem: $0) })
    {
      return category
    }
  }
  return further.first { word in
    let phrase = plainWords(word).joined(separator: " ")
    return !phrase.isEmpty && holds(words, word.hasSuffix("*") ? phrase + "*" : phrase)
  }
}

/// Headings of a list that hold a special category by their name, each with the category.
package func specialCategories(
  in header: [String], further: [String] = []
) -> [(heading: String, category: String)] {
  header.compactMap { heading in
    specialCategory(heading, further: further).map { (heading, $0) }
  }
}

/// Without the phrases of street-scene lists in which such a word says nothing about a person.
///
/// Also where such a phrase is glued together ("ENVIRONMENTALHEALTH").
private func withoutNeutral(_ words: [String]) -> [String] {
  var words = words
  for phrase in neutralPhrases {
    while let at = words.indices.first(where: { words[$0...].starts(with: phrase) }) {
      words.replaceSubrange(at..<(at + phrase.count), with: [" "])
    }
    let glued = phrase.joined()
    for at in words.indices where words[at].count >= glued.count {
      words[at] = words[at].replacing(glued, with: " ")
    }
  }
  return words
}

/// Whether a stem stands anywhere within one word, or is made of whole words: "residentdisability",
/// "Universal Credit". The "refugee" of "Refuge Easting" is neither.
private func holds(_ words: [String], stem: String) -> Bool {
  if words.contains(where: { $0.contains(stem) && !wholeWordsAside.contains($0) }) { return true }
  return words.indices.contains { start in
    var run = ""
    for word in words[start...] {
      run += word
      if run.count >= stem.count { break }
    }
    return run == stem && !wholeWordsAside.contains(run)
  }
}

/// A phrase of words that must stand one behind the other; `*` at the end of a word stands for any
/// ending, `=` before the phrase wants nothing beside it.
private func holds(_ words: [String], _ phrase: String) -> Bool {
  let wanted = phrase.split(whereSeparator: { $0 == " " || $0 == "=" })
  if phrase.hasPrefix("="), words.count != wanted.count { return false }
  guard wanted.count <= words.count else { return false }
  return (0...(words.count - wanted.count)).contains { start in
    zip(words[start...], wanted).allSatisfy { word, wanted in
      wanted.hasSuffix("*") ? word.hasPrefix(wanted.dropLast()) : word == wanted
    }
  }
}

/// The words of a heading in small letters: "uprnRef2_HealthNotes" gives uprn, ref, health, notes.
private func plainWords(_ heading: String) -> [String] {
  var words: [String] = []
  var word: [Character] = []
  func end() {
    if !word.isEmpty { words.append(String(word).lowercased()) }
    word.removeAll()
  }
  let characters = Array(heading)
  for (at, character) in characters.enumerated() {
    guard character.isLetter else {
      // An apostrophe is part of a word; digits and all else part words.
      if character != "'" && character != "\u{2019}" { end() }
      continue
    }
    if character.isUppercase, let last = word.last {
      // "healthNotes", and the N of "DWPNotes".
      let opens = at + 1 < characters.count && characters[at + 1].isLowercase
      if last.isLowercase || opens { end() }
    }
    word.append(character)
  }
  end()
  return words
}
