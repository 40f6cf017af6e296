/// Brings a heading into words: "CRNo" is "cr no", "case_enquiry_id" is "case enquiry id",
/// "ens-Street" is "street".
func wordsOfHeading(_ heading: String) -> [String] {
  var words: [String] = []
  var word = ""
  let letters = Array(heading)
  func end() {
    if !word.isEmpty { words.append(word.lowercased()) }
    word = ""
  }
  for (at, letter) in letters.enumerated() {
    guard letter.isLetter || letter.isNumber else {
      // An apostrophe joins, everything else parts.
      if letter != "'" && letter != "\u{2019}" { end() }
      continue
    }
    if let last = word.last {
      let next = at + 1 < letters.count ? letters[at + 1] : " "
      let begins = letter.isUppercase && (!last.isUppercase || next.isLowercase)
      if begins || letter.isNumber != last.isNumber { end() }
    }
    word.append(letter)
  }
  end()
  // Jadu puts "ens" before every field; a dotted path of JSON says what it is at its end.
  if words.count > 1, ["ens", "txt", "fld", "attributes", "properties"].contains(words[0]) {
    words.removeFirst()
  }
  return words
}
