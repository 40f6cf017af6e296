/// Whether an address is no door to knock at: one of the premises that gazetteers keep for a street or an
/// open space as a whole ("STREET RECORD, Mill Lane"), or a spot that is told by a dwelling near it
/// ("Outside 12 Mill Lane", "Land adj 12 Mill Lane", "Garages rear of 12 Mill Lane").
///
/// Such premises may have a UPRN like any other (BS 7666: street records; AddressBase: land, LP), so the
/// address alone tells them. "Rear of 12 Mill Lane" may be where somebody lives.
package func isNoDwelling(_ address: String) -> Bool {
  // Most addresses have none of the words, and need not be taken apart.
  guard tellingParts.contains(where: { mayHold($0, address) }) else { return false }
  return AddressWords(address, postcode: "").segments.enumerated().contains { at, words in
    let pair = Array(words.prefix(2))
    if pair == ["STREET", "RECORD"] || pair == ["OPEN", "SPACE"]
      || words.suffix(2) == ["STREET", "RECORD"]
    {
      return true
    }
    guard at == 0, let first = words.first else { return false }
    let next = words.count > 1 ? words[1] : ""
    if nearbyWords.contains(first) { return true }
    // "Garage Cottage" may well be a home.
    if communalWords.contains(first) { return !words.contains(where: buildingWords.contains) }
    return nearbyPairs.contains([first, next])
      || first == "LAND" && (next.isEmpty || landWords.contains(next))
  }
}

/// Words before an address that is near the spot.
private let nearbyWords: Set<String> = [
  "OUTSIDE", "OPPOSITE", "OPP", "ADJACENT", "ADJ", "NEAR", "BETWEEN", "BEHIND", "JUNCTION",
  "ALLEY", "ALLEYWAY",
]

private let nearbyPairs: Set<[String]> = [
  ["NEXT", "TO"], ["SIDE", "OF"], ["FRONT", "OF"], ["CORNER", "OF"], ["JCT", "OF"],
]

/// What belongs to a building, or to several, and is nobody's home.
private let communalWords: Set<String> = ["GARAGE", "GARAGES", "COMMUNAL", "BIN", "BINSTORE"]

/// "Land at the rear of 12 Mill Lane"; "Land Lane" is a street.
private let landWords: Set<String> = [
  "AT", "ADJACENT", "ADJ", "NEAR", "BETWEEN", "OPPOSITE", "OPP", "BEHIND", "REAR", "OFF", "TO",
  "OF", "NORTH", "EAST", "SOUTH", "WEST",
]

/// In small letters; each such address has one of them.
private let tellingParts: [StaticString] = [
  "record", "space", "outside", "o/s", "opp", "adj", "near", "between", "behind", "junction", "jct",
  "alley", "next", "side of", "front of", "corner", "garage", "communal", "bin", "land",
]

/// - Parameter word: in small letters.
private func mayHold(_ word: StaticString, _ text: String) -> Bool {
  var text = text
  let count = word.utf8CodeUnitCount
  // Every job of a year comes by here for every list, so what takes long without optimising is kept out.
  return text.withUTF8 { bytes in
    var start = 0
    while start + count <= bytes.count {
      var same = 0
      while same < count, bytes[start + same] | 0x20 == word.utf8Start[same] { same += 1 }
      if same == count { return true }
      start += 1
    }
    return false
  }
}
