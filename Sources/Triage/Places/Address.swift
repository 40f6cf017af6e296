/// A written address taken apart far enough to compare it and to blur it.
///
/// The rules (docs/addresses.md lists them with examples): upper case, punctuation dropped,
/// street-type words spelled out, the unit ("FLAT 2") kept apart from the building's number, the
/// street ends at its street-type word, what follows (locality, town, county) is noise where
/// there is a postcode and kept where there is none.
package struct Address: Hashable, Sendable {
  /// Flat, room or unit with its designation removed ("2" of "FLAT 2"); empty for a whole house.
  package var unit: String
  /// House number, or its name where it has no number.
  package var number: String
  package var street: String
  /// Postcode without its space, or the remaining words where there is no postcode.
  package var postcode: String

  package init(_ address: String, postcode given: String = "") {
    var parts = Address.segments(address)
    let fromColumn = Address.postcodeKey(given)
    let inText = Address.takePostcode(&parts)
    var code = fromColumn.isEmpty ? inText : fromColumn
    // A code of another country is taken as it is.
    if code.isEmpty { code = given.uppercased().filter { $0.isASCII && !$0.isWhitespace } }
    unit = Address.takeUnit(&parts)
    (number, street) = Address.takeNumberAndStreet(&parts)
    postcode = code.isEmpty ? parts.flatMap { $0 }.joined(separator: " ") : code
  }

  /// The street in a form fit for a mail ("Mill Lane"): never a number, never a house name.
  /// `nil` where no street could be told with certainty, so that a mail says less, not more.
  package var streetForMail: String? {
    guard !street.isEmpty, !street.contains(where: \.isNumber),
      let last = street.split(separator: " ").last,
      Address.streetWords.contains(String(last))
    else { return nil }
    return street.split(separator: " ").map { $0.prefix(1) + $0.dropFirst().lowercased() }
      .joined(separator: " ")
  }

  /// One text for one dwelling.
  package var key: String { [unit, number, street, postcode].joined(separator: "|") }
  /// One text for the building that the dwelling is in.
  package var buildingKey: String { [number, street, postcode].joined(separator: "|") }

  /// Whether there is enough to tell this dwelling from the next one.
  package var isComplete: Bool { !number.isEmpty && !(street.isEmpty && postcode.isEmpty) }

  // MARK: - The parts

  /// Comma or line separated segments, each a list of upper-case words, abbreviations spelled out.
  ///
  /// Runs over bytes: a large list has many thousand addresses without a UPRN.
  private static func segments(_ text: String) -> [[String]] {
    var plain = text.utf8.allSatisfy { $0 < 0x80 } ? text : withoutTypography(text)
    var segments: [[String]] = []
    var words: [String] = []
    var word: [UInt8] = []
    func endWord() {
      if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
      word.removeAll(keepingCapacity: true)
    }
    func endSegment() {
      endWord()
      if !words.isEmpty { segments.append(spelledOut(words)) }
      words.removeAll(keepingCapacity: true)
    }
    plain.withUTF8 { bytes in
      for byte in bytes {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), 0x0A, 0x0D: endSegment()
        case 0x20, 0x09: endWord()
        case UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "("),
          UInt8(ascii: ")"):
          continue
        case 0x61...0x7A: word.append(byte - 0x20)
        default: word.append(byte)
        }
      }
      endSegment()
    }
    return segments
  }

  private static func spelledOut(_ words: [String]) -> [String] {
    words.indices.compactMap { at in
      // "ST JOHNS ST" is Saint Johns Street: a saint opens a street's name.
      let opens = at == 0 || words[at - 1].utf8.contains { $0 >= 0x30 && $0 <= 0x39 }
      if words[at] == "ST", opens, at + 1 < words.count { return "SAINT" }
      guard words[at].utf8.count <= 5, let whole = abbreviations[words[at]] else {
        return words[at]
      }
      return whole.isEmpty ? nil : whole
    }
  }

  /// Upper case, and the marks that word processors put in place of plain ones.
  private static func withoutTypography(_ text: String) -> String {
    var result = ""
    for character in text.uppercased() {
      switch character {
      case "\u{A0}": result.append(" ")
      case "\u{2018}", "\u{2019}": continue
      case "\u{2013}", "\u{2014}": result.append("-")
      default: result.append(character)
      }
    }
    return result
  }

  /// A postcode without its space, or an empty text when it is not shaped like one.
  static func postcodeKey(_ text: String) -> String {
    var key: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x61...0x7A: key.append(byte - 0x20)
      case 0x30...0x39, 0x41...0x5A: key.append(byte)
      default: continue
      }
    }
    return looksLikePostcode(key) ? String(decoding: key, as: UTF8.self) : ""
  }

  /// Outward (one or two letters, digit, perhaps a letter or digit) and inward (digit, two letters).
  private static func looksLikePostcode(_ key: [UInt8]) -> Bool {
    func letter(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
    func digit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    guard key.count >= 5, key.count <= 7 else { return false }
    let inward = key.count - 3
    guard digit(key[inward]), letter(key[inward + 1]), letter(key[inward + 2]), letter(key[0])
    else { return false }
    let outward = key[..<inward]
    let afterLetters = outward.drop(while: letter)
    let letters = outward.count - afterLetters.count
    guard letters <= 2, let first = afterLetters.first, digit(first) else { return false }
    return afterLetters.count <= 2
  }

  private static func takePostcode(_ parts: inout [[String]]) -> String {
    for segment in parts.indices.reversed() {
      let words = parts[segment]
      if let last = words.last, last.utf8.count >= 5, looksLikePostcode(Array(last.utf8)) {
        parts[segment].removeLast()
        if parts[segment].isEmpty { parts.remove(at: segment) }
        return last
      }
      if words.count >= 2 {
        let joined = words[words.count - 2] + words[words.count - 1]
        if words[words.count - 1].utf8.count == 3, joined.utf8.count <= 7,
          looksLikePostcode(Array(joined.utf8))
        {
          parts[segment].removeLast(2)
          if parts[segment].isEmpty { parts.remove(at: segment) }
          return joined
        }
      }
    }
    return ""
  }

  private static func takeUnit(_ parts: inout [[String]]) -> String {
    for segment in parts.indices {
      let words = parts[segment]
      for (at, word) in words.enumerated() where unitWords.contains(word) && at + 1 < words.count {
        let unit = words[at + 1]
        // "FLAT LANE" is a street, not a flat.
        guard unit.utf8.count <= 4, !streetWords.contains(unit) else { continue }
        parts[segment].removeSubrange(at...(at + 1))
        if parts[segment].isEmpty { parts.remove(at: segment) }
        return unit
      }
    }
    return ""
  }

  private static func takeNumberAndStreet(_ parts: inout [[String]]) -> (String, String) {
    func startsWithDigit(_ word: String) -> Bool {
      word.utf8.first.map { $0 >= 0x30 && $0 <= 0x39 } ?? false
    }
    // "12, Mill Lane" is "12 Mill Lane".
    for segment in parts.indices.dropLast()
    where parts[segment].count == 1 && startsWithDigit(parts[segment][0]) {
      parts[segment + 1].insert(parts[segment][0], at: 0)
      parts.remove(at: segment)
      break
    }
    for segment in parts.indices {
      let words = parts[segment]
      guard let at = words.firstIndex(where: startsWithDigit), at + 1 < words.count else {
        continue
      }
      var number = words[at]
      var first = at + 1
      // "12 A MILL LANE" is "12A MILL LANE".
      if words[first].utf8.count == 1, first + 1 < words.count {
        number += words[first]
        first += 1
      }
      let end = words[first...].lastIndex(where: streetWords.contains) ?? words.count - 1
      let street = words[first...end].joined(separator: " ")
      parts[segment] = Array(words[(end + 1)...])
      parts.removeFirst(segment)
      parts.removeAll(where: \.isEmpty)
      return (number, street)
    }
    // No number: the segment that ends in a street-type word is the street, what precedes it
    // names the house.
    if let segment = parts.firstIndex(where: { $0.count > 1 && streetWords.contains($0.last ?? "") }
    ) {
      let street = parts[segment].joined(separator: " ")
      let name = parts[..<segment].flatMap { $0 }.joined(separator: " ")
      parts.removeFirst(segment + 1)
      return (name, street)
    }
    let name = parts.first?.joined(separator: " ") ?? ""
    if !parts.isEmpty { parts.removeFirst() }
    return (name, "")
  }

  private static let unitWords: Set<String> = ["FLAT", "UNIT", "APARTMENT", "ROOM"]

  private static let abbreviations: [String: String] = [
    "RD": "ROAD", "ST": "STREET", "STR": "STREET", "AVE": "AVENUE", "AV": "AVENUE",
    "LN": "LANE", "DR": "DRIVE", "DRV": "DRIVE", "CL": "CLOSE", "CRES": "CRESCENT",
    "CR": "CRESCENT", "CT": "COURT", "GDNS": "GARDENS", "GDN": "GARDEN", "GR": "GROVE",
    "PL": "PLACE", "SQ": "SQUARE", "TERR": "TERRACE", "TER": "TERRACE", "WY": "WAY",
    "APT": "APARTMENT", "FLT": "FLAT", "RM": "ROOM", "NO": "", "HSE": "HOUSE",
  ]

  static let streetWords: Set<String> = [
    "ROAD", "STREET", "AVENUE", "LANE", "DRIVE", "CLOSE", "CRESCENT", "COURT", "GARDENS",
    "GROVE", "PLACE", "SQUARE", "TERRACE", "WAY", "WALK", "HILL", "RISE", "VIEW", "MEWS",
    "ROW", "GREEN", "PARK", "YARD", "GATE", "PASSAGE", "PATH", "PARADE", "VALE", "BANK",
    "BROADWAY", "MOUNT", "CROFT", "END", "FOLD", "GARTH", "HEIGHTS", "BOULEVARD", "SIDE",
    "CIRCLE", "WHARF", "QUAY", "CROSS", "COMMON", "DALE", "PKWY", "PARKWAY",
  ]
}
