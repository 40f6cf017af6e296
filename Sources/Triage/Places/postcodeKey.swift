/// A British postcode without its space ("NG179CM"), or an empty text when it is not shaped like one.
package func postcodeKey(_ text: String) -> String {
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

/// The postcode at the end of a written address, without its space; empty where it has none.
package func postcodeKey(inAddress address: String) -> String {
  let code = AddressWords(address, postcode: "").postcode
  return postcodeKey(code)
}

/// A postcode as a number that sorts as its key does: one byte a character, the first one highest.
/// Zero where the text is no ``postcodeKey(_:)``.
package func postcodeNumber(_ key: some StringProtocol) -> UInt64 {
  guard key.utf8.count <= 7 else { return 0 }
  return key.utf8.reduce(0) { $0 << 8 | UInt64($1) } << UInt64(8 * (7 - key.utf8.count))
}

/// Takes the last postcode that ends a segment out of an address, and gives it without its space.
func takePostcode(_ parts: inout [[String]]) -> String {
  for segment in parts.indices.reversed() {
    let words = parts[segment]
    guard let last = words.last else { continue }
    var taken = 0
    if last.utf8.count >= 5, looksLikePostcode(Array(last.utf8)) {
      taken = 1
    } else if words.count >= 2, last.utf8.count == 3 {
      let joined = words[words.count - 2] + last
      if joined.utf8.count <= 7, looksLikePostcode(Array(joined.utf8)) { taken = 2 }
    }
    guard taken > 0 else { continue }
    let code = words.suffix(taken).joined()
    parts[segment].removeLast(taken)
    if parts[segment].isEmpty { parts.remove(at: segment) }
    return code
  }
  return ""
}

/// Outward (one or two letters, digit, perhaps a letter or digit) and inward (digit, two letters).
private func looksLikePostcode(_ key: [UInt8]) -> Bool {
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
