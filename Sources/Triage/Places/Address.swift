/// A written address taken apart far enough to compare it and to blur it.
///
/// The rules (docs/addresses.md lists them with examples): upper case, punctuation dropped,
/// street-type words spelled out, the unit ("FLAT 2") kept apart from the building's number, the
/// street ends at its street-type word, what follows (locality, town, county) is noise where
/// there is a postcode and kept where there is none.
package struct Address: Hashable, Sendable {
  /// What tells one dwelling of the building from the next ("2" of "FLAT 2", "1ST FLOOR", or
  /// whatever else stands before the number); empty for a whole house.
  package var unit: String
  /// House number, or its name where it has no number.
  package var number: String
  package var street: String
  /// Postcode without its space, or the remaining words where there is no postcode.
  package var postcode: String
  /// Whether a house number stands before the street, and no second street might be the real one.
  let tellsStreet: Bool

  package init(_ address: String, postcode given: String = "") {
    self.init(AddressWords(address, postcode: given))
  }

  init(_ words: AddressWords) {
    var parts = words.segments
    splitNameFromStreet(&parts)
    var unit = takeUnit(&parts)
    joinLoneNumbers(&parts)
    if let found = findNumberedStreet(in: parts) {
      let line = parts[found.segment]
      unit += parts[..<found.segment].joined() + line[..<found.at]
      number = line[found.at]
      var first = found.at + 1
      // "12 A MILL LANE" is "12A MILL LANE".
      if line[first].utf8.count == 1, first < found.end {
        number += line[first]
        first += 1
      }
      street = line[first...found.end].joined(separator: " ")
      parts.removeFirst(found.segment)
      parts[0].removeFirst(found.end + 1)
      let others = found.kind == .certain ? certainStreetWords : streetWords
      // "STUDIO 4 ANN LANE, 12 THE CROFT": that number is no house's, and there is another one.
      let isUnitNumber = found.at > 0 && dwellingWords.contains(line[found.at - 1])
      tellsStreet =
        found.kind != .unknown && isPlainHouseNumber(number) && !isUnitNumber
        && !parts.joined().contains(where: isNumber)
        && !parts[0].contains(where: streetWords.contains)
        && !parts.joined().contains(where: others.contains)
    } else {
      (number, street) = takeNameAndStreet(&parts, unit: &unit)
      tellsStreet = false
    }
    // "12 Mill Lane, 1st Floor" is "1st Floor, 12 Mill Lane".
    parts.removeAll { words in
      guard
        words.contains(where: dwellingWords.contains) || isLoneNumber(words)
          || (words.count == 1 && loneDwellingWords.contains(words[0]))
      else {
        return words.isEmpty
      }
      unit += words
      return true
    }
    self.unit = unit.joined(separator: " ")
    let code = words.postcode
    postcode = code.isEmpty ? withoutCounty(Array(parts.joined())).joined(separator: " ") : code
  }

  /// One text for one dwelling.
  package var key: String { [unit, number, street, postcode].joined(separator: "|") }
  /// One text for the building that the dwelling is in.
  package var buildingKey: String { [number, street, postcode].joined(separator: "|") }

  /// Whether there is enough to tell this dwelling from the next one.
  package var isComplete: Bool { !number.isEmpty && !(street.isEmpty && postcode.isEmpty) }
}

/// Takes "FLAT 2" out, and gives "2".
private func takeUnit(_ parts: inout [[String]]) -> [String] {
  for segment in parts.indices {
    let words = parts[segment]
    for (at, word) in words.enumerated() where unitWords.contains(word) && at + 1 < words.count {
      let unit = words[at + 1]
      let number = numberWords[unit].map(String.init)
      // "FLAT LANE" is a street, not a flat.
      guard number != nil || unit.utf8.count <= 2 || unit.utf8.contains(where: isDigit) else {
        continue
      }
      var end = at + 1
      // "Flat 2 A, 12 Mill Lane" is flat 2A.
      var letter = ""
      if end + 1 < words.count, words[end + 1].utf8.count == 1, !isNumber(words[end + 1]),
        unit.utf8.allSatisfy(isDigit), end + 2 == words.count || isNumber(words[end + 2])
      {
        end += 1
        letter = words[end]
      }
      parts[segment].removeSubrange(at...end)
      if parts[segment].isEmpty { parts.remove(at: segment) }
      let label = (number ?? unit) + letter
      // A room is in a flat; a flat, a unit and an apartment are one thing.
      return word == "ROOM" ? [word, label] : [label]
    }
  }
  return []
}

private func isLoneNumber(_ words: [String]) -> Bool {
  words.count == 1 && words[0].utf8.count <= 4 && isNumber(words[0])
}

/// "12, Mill Lane" is "12 Mill Lane", also with "Rear of" before it.
private func joinLoneNumbers(_ parts: inout [[String]]) {
  for segment in parts.indices.dropLast().reversed() {
    let words = parts[segment].first == "REAR" ? Array(parts[segment].dropFirst()) : parts[segment]
    let isRange = words.count == 1 && words[0].contains("-") && isPlainHouseNumber(words[0])
    guard isRange || isLoneNumber(words), !isNumber(parts[segment + 1][0]) else { continue }
    parts[segment] += parts.remove(at: segment + 1)
  }
}

private struct NumberedStreet {
  enum Kind: Int { case unknown, possible, certain }
  var kind: Kind
  var segment: Int
  /// The number's word, and the last word of the street.
  var at: Int
  var end: Int
}

/// The first segment that has a number before a street; one that ends in "Lane" is preferred to
/// one that ends in "Court", and that to one without a street-type word.
private func findNumberedStreet(in parts: [[String]]) -> NumberedStreet? {
  var best: NumberedStreet?
  for (segment, words) in parts.enumerated() {
    guard let first = words.firstIndex(where: isNumber), first + 1 < words.count else { continue }
    var kind = NumberedStreet.Kind.unknown
    var end = words.count - 1
    let rest = (first + 1)..<words.count
    for at in rest where streetWords.contains(words[at]) {
      (kind, end) = (.possible, at)
      if certainStreetWords.contains(words[at]), !isNumber(words[at - 1]) {
        kind = .certain
        break
      }
    }
    // "Park Lane Close" and "Park Road West" are other streets than "Park Lane" and "Park Road".
    while kind == .certain, end + 1 < words.count, streetWords.contains(words[end + 1]) { end += 1 }
    if kind != .unknown, end + 2 == words.count, directions.contains(words[end + 1]) { end += 1 }
    if let best, best.kind.rawValue >= kind.rawValue { continue }
    // "STUDIO 3 12 MILL LANE" is number 12; "48 91 PLACE" is number 48 of a numbered street.
    let at = (first..<end).last { isNumber(words[$0]) && !streetWords.contains(words[$0 + 1]) }
    best = NumberedStreet(kind: kind, segment: segment, at: at ?? first, end: end)
    if kind == .certain { break }
  }
  return best
}

/// No number: the segment that ends in a street-type word is the street, what precedes it names
/// the house.
private func takeNameAndStreet(
  _ parts: inout [[String]], unit: inout [String]
) -> (name: String, street: String) {
  while let first = parts.first, first.contains(where: dwellingWords.contains) {
    unit += parts.removeFirst()
  }
  func ends(_ words: [String], in vocabulary: Set<String>) -> Bool {
    let words =
      words.count > 2 && directions.contains(words[words.count - 1])
      ? words.dropLast() : words[...]
    return words.count > 1 && vocabulary.contains(words.last ?? "")
  }
  let street =
    parts.firstIndex { ends($0, in: certainStreetWords) }
    ?? parts.firstIndex { ends($0, in: streetWords) }
  if let street {
    let found = parts[street].joined(separator: " ")
    let name = houseName(parts[..<street].joined())
    parts.removeFirst(street + 1)
    return (name, found)
  }
  return (parts.isEmpty ? "" : houseName(parts.removeFirst()), "")
}

/// "The Rose Cottage" is "Rose Cottage", "Hill View" is "Hillview".
private func houseName(_ words: some Sequence<String>) -> String {
  words.filter { $0 != "THE" }.joined()
}

/// "ROSE COTTAGE MILL LANE" is "ROSE COTTAGE, MILL LANE".
private func splitNameFromStreet(_ parts: inout [[String]]) {
  for (segment, words) in parts.enumerated() {
    guard words.count > 3, let last = words.last, certainStreetWords.contains(last),
      !words.contains(where: isNumber),
      let name = words.dropLast(2).lastIndex(where: buildingWords.contains), name > 0
    else { continue }
    parts.replaceSubrange(
      segment...segment, with: [Array(words[...name]), Array(words[(name + 1)...])])
    return
  }
}

/// Leaves out the names of counties and countries behind a town's, where there is no postcode.
private func withoutCounty(_ words: [String]) -> [String] {
  var words = words
  cutting: while true {
    for length in [3, 2, 1] where words.count > length {
      if counties.contains(words.suffix(length).joined(separator: " ")) {
        words.removeLast(length)
        continue cutting
      }
    }
    return words
  }
}

/// Whether it is "12", "12A", "12-14" or "12A-14B".
private func isPlainHouseNumber(_ text: String) -> Bool {
  let ends = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
  return ends.count <= 2
    && ends.allSatisfy { end in
      let letters = end.drop(while: isDigit)
      return letters.count <= 1 && (1...5).contains(end.count - letters.count)
        && letters.allSatisfy { $0 >= 0x41 && $0 <= 0x5A }
    }
}
