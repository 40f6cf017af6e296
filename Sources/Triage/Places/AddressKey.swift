/// What makes two jobs be at the same address: the UPRN where there is one, else the normalised
/// number, street and postcode. The text begins with which of the two it is, and is shown.
package struct AddressKey: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  package init(text: String) {
    self.text = text
  }

  /// - Returns: `nil` when the place has neither a UPRN nor an address that can be told apart.
  package init?(_ place: Place) {
    if !place.uprn.isEmpty {
      text = "uprn:" + place.uprn
      return
    }
    let address = Address(place.address, postcode: place.postcode)
    guard address.isComplete else { return nil }
    text = "addr:" + address.key
  }

  /// A fingerprint that is the same from run to run (FNV-1a, 64 bits). It tells that two jobs speak of
  /// one address without keeping it; who has a list of all addresses could find it again.
  package var print: Int64 {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int64(bitPattern: value)
  }

  package var isUPRN: Bool { text.hasPrefix("uprn:") }
  /// Of a key that is a UPRN, its digits.
  package var uprn: String? { isUPRN ? String(text.dropFirst("uprn:".count)) : nil }
  package var description: String { text }
}
