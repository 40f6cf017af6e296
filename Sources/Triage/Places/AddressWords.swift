/// The words of a written address, before anything is made of them.
struct AddressWords {
  /// Comma or line separated segments, each a list of upper-case words, abbreviations spelled out.
  var segments: [[String]]
  /// Postcode without its space; a code of another country as the column has it; else empty.
  var postcode: String

  init(_ address: String, postcode given: String) {
    segments = AddressWords.segments(address)
    let inText = takePostcode(&segments)
    let inColumn = postcodeKey(given)
    postcode = inColumn.isEmpty ? inText : inColumn
    if postcode.isEmpty { postcode = given.uppercased().filter { $0.isASCII && !$0.isWhitespace } }
  }

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
      let spelled = settled(spelledOut(words))
      if !spelled.isEmpty { segments.append(spelled) }
      words.removeAll(keepingCapacity: true)
    }
    plain.withUTF8 { bytes in
      for (at, byte) in bytes.enumerated() {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), 0x0A, 0x0D: endSegment()
        case UInt8(ascii: "'"), UInt8(ascii: "\""): continue
        case UInt8(ascii: "-"), UInt8(ascii: "&"), UInt8(ascii: "/"):
          // "12-14" and "2/12" are one word; "Mill-Lane" is two.
          let next = at + 1 < bytes.count ? bytes[at + 1] : 0
          if let first = word.first, isDigit(first), isDigit(next) {
            word.append(byte == UInt8(ascii: "/") ? byte : UInt8(ascii: "-"))
          } else {
            endWord()
            if byte != UInt8(ascii: "/") { words.append("-") }
          }
        case 0x61...0x7A: word.append(byte - 0x20)
        case 0x30...0x39, 0x41...0x5A, 0x80...: word.append(byte)
        // A space, "No.12", "#12", "12 (a)".
        default: endWord()
        }
      }
      endSegment()
    }
    return segments
  }

  private static func spelledOut(_ words: [String]) -> [String] {
    var result: [String] = []
    result.reserveCapacity(words.count)
    for (at, word) in words.enumerated() {
      let more = at + 1 < words.count
      if word == "-" || word == "TO" || word == "AND" {
        // "12 - 14 High Street" is a range; "Flat 2 - 12 High Street" is none.
        if let before = result.last, isNumber(before), more, isNumber(words[at + 1]),
          result.count < 2 || !dwellingWords.contains(result[result.count - 2])
        {
          result[result.count - 1] = before + "-"
        } else if word != "-" {
          result.append(word)
        }
        continue
      }
      if let before = result.last, before.utf8.last == UInt8(ascii: "-") {
        result[result.count - 1] = before + word
        continue
      }
      // Nothing is short for a street where a street's name begins: "St Johns St", "Dr Green".
      let opens = result.last.map { isNumber($0) } ?? true
      if word == "ST", opens, more {
        result.append("SAINT")
      } else if word.utf8.count <= 6, let whole = abbreviations[word] {
        if !whole.isEmpty { result.append(opens && streetWords.contains(whole) ? word : whole) }
      } else if word.utf8.count > 2, word.hasPrefix("NO"),
        word.utf8.dropFirst(2).allSatisfy(isDigit)
      {
        result.append(String(word.dropFirst(2)))
      } else {
        result.append(word)
      }
    }
    return result
  }

  /// What is written in several ways and means one thing; who is meant is left out.
  private static func settled(_ words: [String]) -> [String] {
    var result: [String] = []
    result.reserveCapacity(words.count)
    var at = 0
    while at < words.count {
      let (word, next) = (words[at], at + 1 < words.count ? words[at + 1] : "")
      at += 1
      switch word {
      case "C" where result.isEmpty && next == "O", "CARE" where result.isEmpty && next == "OF":
        at += 1
      case "R" where next == "O", "REAR" where next == "OF":
        at += 1
        addRear(to: &result)
      case "REAR": addRear(to: &result)
      case "G" where next == "F":
        at += 1
        result += ["GROUND", "FLOOR"]
      case "O" where next == "S":
        at += 1
        result.append("OUTSIDE")
      case "GFF": result += ["GROUND", "FLOOR"]
      case "FFF": result += ["1ST", "FLOOR"]
      // "Ground Floor Flat 12 Mill Lane" is number 12.
      case "FLAT" where result.last.map(floorWords.contains) == true: continue
      case "THE" where dwellingWords.contains(next) || occupants.contains(next): continue
      case "AT" where result.last.map(isNumber) == true && isNumber(next): continue
      case "HOUSE" where result.isEmpty && isNumber(next): continue
      case "N", "E", "S", "W":
        let ends = next.isEmpty && result.count > 1 && result.last.map(streetWords.contains) == true
        result.append(ends ? directions.first { $0.hasPrefix(word) }! : word)
      default:
        if occupants.contains(word), result.isEmpty, next.isEmpty || isNumber(next) { continue }
        result.append(withoutLeadingZeros(word))
      }
    }
    return result
  }

  /// "To the rear", "at the rear" and "rear" are one.
  private static func addRear(to words: inout [String]) {
    for filler in ["THE", "TO", "AT"] where words.last == filler { words.removeLast() }
    words.append("REAR")
  }

  private static func withoutLeadingZeros(_ word: String) -> String {
    guard word.utf8.first == UInt8(ascii: "0") else { return word }
    let rest = word.drop { $0 == "0" }
    return rest.utf8.first.map(isDigit) == true ? String(rest) : word
  }

  /// Upper case, and the marks that word processors put in place of plain ones.
  private static func withoutTypography(_ text: String) -> String {
    var result = ""
    for character in text.uppercased() {
      switch character {
      case "\u{A0}", "\u{2116}": result.append(" ")
      case "\u{2018}", "\u{2019}": continue
      case "\u{2010}"..."\u{2014}": result.append("-")
      default: result.append(character)
      }
    }
    return result
  }
}

func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

/// Whether a word begins with a digit and is no ordinal: "12", "12A" and "12-14", not "1ST".
func isNumber(_ word: String) -> Bool {
  let bytes = word.utf8
  guard let first = bytes.first, isDigit(first) else { return false }
  guard bytes.count > 2, let last = bytes.last, !isDigit(last) else { return true }
  return !ordinalEndings.contains { word.hasSuffix($0) }
}

private let ordinalEndings = ["ST", "ND", "RD", "TH"]
