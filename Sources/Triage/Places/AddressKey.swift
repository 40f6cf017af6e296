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

  package var isUPRN: Bool { text.hasPrefix("uprn:") }
  package var description: String { text }
}
