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
  let squashed = words.joined()
  for (category, phrases, stems) in categories {
    if phrases.contains(where: { holds(words, $0) }) || stems.contains(where: squashed.contains) {
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
private func withoutNeutral(_ words: [String]) -> [String] {
  var words = words
  for phrase in neutral {
    while let at = words.indices.first(where: { words[$0...].starts(with: phrase) }) {
      words.replaceSubrange(at..<(at + phrase.count), with: [" "])
    }
  }
  return words
}

private let neutral: [[String]] = [
  ["environmental", "health"], ["health", "and", "safety"], ["health", "safety"],
  ["public", "health"], ["tree", "health"], ["plant", "health"], ["animal", "health"],
  ["health", "centre"], ["medical", "centre"], ["hospital", "site"],
]

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

/// What council systems call such columns. Words that mean other things too ("benefit of doubt", a
/// "GP" bin) are taken with their neighbours only; a stem may stand anywhere, also where words are
/// glued together ("residentdisability").
private let categories: [(category: String, phrases: [String], stems: [String])] = [
  (
    "health",
    [
      "health*", "medical*", "medicine*", "illness*", "diagnos*", "autis*", "epilep*", "diabet*",
      "hiv", "nhs", "gp name", "gp surgery", "gp practice", "hospital*", "patient*", "allerg*",
      "mental*", "suicid*", "self harm", "addict*", "alcohol*", "substance misuse", "drug use*",
      "drug misuse", "smoker", "clinical*", "sick*", "oxygen", "dialysis", "carer*", "care needs",
      "care plan", "maternity", "blood group", "blood type",
    ],
    ["medication", "dementia", "psychiatr", "mentalhealth", "pregnan", "medicalcondition"]
  ),
  (
    "disability",
    [
      "disab*", "mobility*", "blue badge*", "impair*", "blind", "deaf", "dla", "special need*",
      "access need*", "infirm*", "frail*", "hearing loss", "sight loss",
    ],
    ["disabilit", "disabled", "wheelchair", "bluebadge", "impairment"]
  ),
  (
    "reason for assistance",
    [
      "assist* reason*", "reason* for assist*", "assist* type", "assist* collection reason*",
      "assist* condition*", "assist* evidence",
    ],
    ["assistedreason", "assistreason", "reasonforassist", "assistedcollectionreason"]
  ),
  (
    "vulnerability or safeguarding", ["social care", "social worker*"],
    ["vulnerab", "safeguard"]
  ),
  (
    "ethnic origin",
    [
      "ethnic*", "race", "races", "racial*", "migrant*", "country of birth", "country of origin",
      "place of birth", "skin colour", "traveller*", "gypsy", "gypsies", "roma", "visa status",
      "visa type", "bame",
    ],
    ["ethnicit", "ethnicorigin", "nationality", "immigra", "asylum", "refugee"]
  ),
  (
    "religion or belief",
    [
      "religio*", "faith*", "belief*", "church member*", "denomination", "muslim*", "christian*",
      "jewish", "hindu*", "sikh*", "buddhis*",
    ],
    ["religion", "religious"]
  ),
  (
    "sex life or orientation",
    ["sexual*", "sex life", "lgb*", "gay", "lesbian*", "bisexual*"],
    ["sexualit", "sexualorient"]
  ),
  (
    "gender identity", ["gender identit*", "gender reassign*", "trans status"],
    ["genderident", "transgender"]
  ),
  (
    "trade union", ["trade union*", "trades union*", "union member*", "union name"],
    ["tradeunion", "unionmember"]
  ),
  (
    "political opinion",
    ["politic*", "party member*", "party affiliation", "voting intention*", "vote intention*"],
    ["politicalopinion"]
  ),
  (
    "biometric or genetic data",
    ["genetic*", "genome*", "dna", "retina*", "face scan"],
    ["biometric", "fingerprint", "voiceprint"]
  ),
  (
    "criminal offences",
    [
      "criminal*", "offence*", "offense*", "offender*", "convict*", "probation*", "prison*",
      "police record*", "cautions", "sentence date", "dbs", "crb", "arrest*", "asbo", "asb history",
      "crime record*",
    ],
    ["criminalrecord", "conviction", "offender"]
  ),
  (
    "benefits",
    [
      "=benefit", "benefits", "benefit type", "benefit claim*", "benefit status",
      "benefit recipient*",
      "on benefit", "receives benefit", "in receipt", "housing benefit*", "uc claim*", "pip", "dwp",
      "council tax support", "council tax reduction", "income support", "jobseeker*", "jsa", "esa",
      "pension credit", "attendance allowance", "free school meal*", "tax credit*", "means tested",
    ],
    ["universalcredit", "housingbenefit"]
  ),
]
