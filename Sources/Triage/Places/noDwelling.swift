/// Whether an address is one of the premises that gazetteers keep for a street or an open space as a
/// whole ("STREET RECORD, Mill Lane"): there is no door to knock at.
///
/// Such premises have a UPRN like any other (BS 7666: street records; AddressBase: land, LP), so the
/// address alone tells them.
package func isNoDwelling(_ address: String) -> Bool {
  // Most addresses have neither word, and need not be taken apart.
  guard mayHold("record", address) || mayHold("space", address) else { return false }
  return AddressWords(address, postcode: "").segments.contains { words in
    let pair = Array(words.prefix(2))
    return pair == ["STREET", "RECORD"] || pair == ["OPEN", "SPACE"]
      || words.suffix(2) == ["STREET", "RECORD"]
  }
}

/// - Parameter word: in small letters.
private func mayHold(_ word: StaticString, _ text: String) -> Bool {
  var text = text
  let count = word.utf8CodeUnitCount
  return text.withUTF8 { bytes in
    guard bytes.count >= count else { return false }
    return (0...(bytes.count - count)).contains { start in
      (0..<count).allSatisfy { bytes[start + $0] | 0x20 == word.utf8Start[$0] }
    }
  }
}
