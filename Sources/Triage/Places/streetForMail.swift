extension Address {
  /// The street in a form fit for a mail ("Mill Lane"): never a number, a house's or a person's name.
  ///
  /// `nil` where no street could be told with certainty, so that a mail says less, not more: a house
  /// number stands directly before it, and it is one word with its street-type word ("Mill Lane"),
  /// perhaps after words such as OLD or SAINT. Of two such words only "Church Hill Road" is
  /// taken: "Fairholme Mill Lane" may well begin with a house.
  package var streetForMail: String? {
    guard tellsStreet else { return nil }
    let words = street.split(separator: " ").map(String.init)
    guard words.count <= 4, let type = words.last, streetWords.contains(type),
      words.allSatisfy({ $0.allSatisfy(\.isLetter) }),
      !words.contains(where: { titles.contains($0) || numberWords[$0] != nil }),
      !words.contains(where: dwellingWords.contains),
      !words.dropLast().contains(where: {
        buildingWords.contains($0) || certainStreetWords.contains($0)
      })
    else { return nil }
    let name = words.dropLast().drop(while: qualifiers.contains)
    let qualified = name.count < words.count - 1
    let told =
      switch name.count {
      case 0: qualified || type == "BROADWAY"
      case 1: true
      case 2:
        !streetWords.contains(name.first ?? "") && streetWords.contains(name.last ?? "")
          && certainStreetWords.contains(type)
      default: false
      }
    guard told, words.first != "THE" || words.count == 2 else { return nil }
    return words.map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined(separator: " ")
  }
}

/// Words that open the names of many streets and of hardly any person.
private let qualifiers: Set<String> = [
  "SAINT", "OLD", "NEW", "GREAT", "LITTLE", "UPPER", "LOWER", "NORTH", "SOUTH", "EAST", "WEST",
  "THE",
]
