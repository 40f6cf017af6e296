/// What of a written address the contact register goes by: everything that may tell the building,
/// so that another spelling of it still meets.
///
/// An entry and a place meet when they share a token (a house number or a name) and the postcode,
/// or a token and the street, unless two postcodes put them into two districts. Better one address
/// too many than one too few.
struct AddressTraces {
  /// Every number of the address (ranges counted out, letters dropped) and every building's name.
  private let tokens: Set<String>
  /// The streets, each in the forms in which an entry is filed and a place is looked for.
  private let streets: [(filed: [String], sought: [String])]
  private let postcode: String
  /// The first half of a British postcode; empty where there is no whole one.
  private let district: String
  /// The building as it is spelled.
  private let building: String
  /// What tells a dwelling of the building from the next: "2" and "A", not "MRS GREEN" or "GROUND". Empty
  /// where nothing does for certain.
  let unit: Set<String>
  /// Words of the place itself of which each text of ``filed(alone:)`` begins with one, or with the postcode.
  let nameWords: Set<String>

  init(_ words: AddressWords) {
    let parsed = Address(words)
    unit = Set(
      parsed.unit.split(separator: " ").map(String.init).filter { word in
        word.utf8.count <= 2 || word.utf8.contains(where: isDigit)
      })
    postcode = words.postcode
    district = String(postcodeKey(postcode).dropLast(3))
    building = parsed.isComplete ? "=" + parsed.buildingKey : ""
    tokens = numbers(in: words.segments).union(names(in: words.segments))
    let found = typedStreets(in: words.segments)
    if !found.isEmpty {
      // A place may lack the street-type word, or have one that nobody knows.
      streets = found.map { street in
        let name = street.split(separator: " ")[0]
        return ([street, "\(name) ~"], [street, "\(name) ^"])
      }
    } else if let name = parsed.street.split(separator: " ").first {
      streets = [(["\(name) ^", "\(name) ~"], ["\(name) ~"])]
    } else {
      streets = []
    }
    // Of the street as it is spelled the first word is enough: where it is another, so is the street.
    nameWords = Set(
      (streets.flatMap(\.filed) + [parsed.street]).compactMap {
        $0.split(separator: " ").first.map(String.init)
      })
  }

  /// The texts under which an entry of the register is filed.
  /// - Parameter alone: the entry has no UPRN, so that it also holds for a place in its street or
  ///   postcode which has neither a number nor a name to tell it from the entry's.
  func filed(alone: Bool) -> Set<String> {
    var keys: Set<String> = []
    if !building.isEmpty { keys.insert(building) }
    var labels = tokens
    if alone { labels.insert("any") }
    if alone, tokens.isEmpty { labels.insert("all") }
    // A code of another country, or half a postcode, is too wide where there is a street.
    let byPostcode = !postcode.isEmpty && (!district.isEmpty || streets.isEmpty)
    for label in labels {
      if byPostcode { keys.insert(postcode + "|" + label) }
      for street in streets.flatMap(\.filed) {
        keys.insert(street + "|" + label + "|" + district)
        keys.insert(street + "|" + label + "|*")
      }
    }
    return keys
  }

  /// The texts to look for a place under.
  var sought: [String] {
    var keys: [String] = building.isEmpty ? [] : [building]
    let streets = streets.flatMap(\.sought)
    for label in tokens.isEmpty ? ["all", "any"] : tokens.union(["all"]) {
      if !postcode.isEmpty { keys.append(postcode + "|" + label) }
      for street in streets {
        if district.isEmpty {
          keys.append(street + "|" + label + "|*")
        } else {
          keys.append(street + "|" + label + "|" + district)
          keys.append(street + "|" + label + "|")
        }
      }
    }
    return keys
  }
}

/// Every house number, as far as it can be told from a flat's.
private func numbers(in segments: [[String]]) -> Set<String> {
  var all: Set<String> = []
  var ofUnits: Set<String> = []
  var certain = false
  for words in segments {
    var last: Int?
    for (at, word) in words.enumerated() {
      if streetWords.contains(word), let number = last {
        // "FLAT 2, 12 MILL LANE" is number 12; "FLAT 12 MILL LANE" may be number 12.
        if number == 0 || !dwellingWords.contains(words[number - 1]) { certain = true }
        last = nil
      }
      let counted = countedOut(word)
      if counted.isEmpty { continue }
      last = at
      if at > 0, dwellingWords.contains(words[at - 1]) {
        ofUnits.formUnion(counted)
      } else {
        all.formUnion(counted)
      }
    }
  }
  return certain && !all.isEmpty ? all : all.union(ofUnits)
}

/// "12A" is 12; "12-14" is 12, 13 and 14; "2/12" is 2 and 12; "TWELVE" and "XII" are 12.
private func countedOut(_ word: String) -> Set<String> {
  if let number = numberWords[word] { return [String(number)] }
  guard word.utf8.contains(where: isDigit) else { return [] }
  if let first = word.utf8.first, isDigit(first) {
    if !isNumber(word) { return [] }
  } else if word.utf8.count <= 4, word.utf8.prefix(while: { !isDigit($0) }).count <= 2 {
    // "NG17" is half a postcode.
    return []
  }
  let runs = word.utf8.split { !isDigit($0) }.compactMap { Int(String($0.prefix(9)) ?? "") }
  var numbers = Set(runs.map(String.init))
  if runs.count == 2, word.utf8.contains(UInt8(ascii: "-")), runs[0] < runs[1],
    runs[1] - runs[0] <= 200
  {
    numbers.formUnion((runs[0]...runs[1]).map(String.init))
  }
  return numbers
}

/// Street-type words, each with the word before it.
///
/// "Court" and its like count in the first segment that has one and before the first "Lane" and
/// its like only: what comes later is rather a locality ("New Cross").
private func typedStreets(in segments: [[String]]) -> [String] {
  var found: [String] = []
  var possible = true
  for words in segments {
    for (at, word) in words.enumerated() where streetWords.contains(word) {
      let isCertain = certainStreetWords.contains(word)
      guard isCertain || possible else { continue }
      if isCertain { possible = false }
      let before = at > 0 ? words[at - 1] : "THE"
      found.append(before == "THE" || isNumber(before) ? word : before + " " + word)
    }
    if !found.isEmpty { possible = false }
  }
  return found
}

/// Names of buildings: "ROSE COTTAGE", and whatever has no number and stands before the street.
private func names(in segments: [[String]]) -> Set<String> {
  var found: Set<String> = []
  let street = segments.firstIndex { $0.contains(where: certainStreetWords.contains) }
  for (segment, words) in segments.enumerated() {
    for (at, word) in words.enumerated()
    where at > 0 && buildingWords.contains(word) && !certainStreetWords.contains(words[at - 1])
      && !isNumber(words[at - 1])
    {
      // "12 ROSE COURT" is a number in a street, "FLAT 12 ROSE COURT" is in a building.
      if word == "COURT", let number = words[..<at].lastIndex(where: isNumber),
        number == 0 || !dwellingWords.contains(words[number - 1])
      {
        continue
      }
      found.insert(words[at - 1] + " " + word)
    }
    if segment > street ?? 0 || words.contains(where: dwellingWords.contains) { continue }
    let numbered = words.contains { !countedOut($0).isEmpty }
    if segment == street {
      // "FAIRHOLME MILL LANE"
      let end = words.firstIndex(where: certainStreetWords.contains) ?? 0
      if !numbered, end > 1 { found.insert(named(words[..<(end - 1)])) }
    } else if street != nil || !numbered {
      found.insert(named(words.drop { isNumber($0) }))
    }
  }
  found.remove("")
  return found
}

/// A name without its articles and titles.
private func named(_ words: ArraySlice<String>) -> String {
  words.filter { $0 != "THE" && !titles.contains($0) }.joined(separator: " ")
}
