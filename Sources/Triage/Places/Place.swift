/// Where a job is: what the list said, and the point on the grid that was made of it.
package struct Place: Hashable, Sendable {
  /// The address as the list has it, parts joined with ", ".
  package var address: String
  package var postcode: String
  /// Digits only, without leading zeros; empty when the list has none that can be used.
  package var uprn: String
  package var point: GridPoint?
  package var location: LocationGrade

  package init(
    address: String, postcode: String = "", uprn: String = "", point: GridPoint? = nil,
    location: LocationGrade = .none
  ) {
    self.address = address
    self.postcode = postcode
    self.uprn = uprn
    self.point = point
    self.location = location
  }

  /// The first half of a British postcode ("NG17"), or an empty text.
  package var outwardCode: String { String(Address.postcodeKey(postcode).dropLast(3)) }
}

/// How well a job is placed, best first. The grade is kept and shown.
package enum LocationGrade: String, Sendable, CaseIterable {
  /// Coordinates of the row itself.
  case coordinates
  /// The UPRN, looked up in the gazetteer.
  case uprn
  /// The middle of the postcode: near a boundary a person decides.
  case postcode
  /// Not located.
  case none
}

/// Brings a UPRN (Unique Property Reference Number) into one spelling.
///
/// A UPRN has 1 to 12 digits; sources pad it with zeros or strip them. What a spreadsheet has
/// spoiled ("1.00E+11", a number ending in seven zeros) is refused.
/// - Returns: digits without leading zeros, or `nil` when the text is no usable UPRN.
package func normalisedUPRN(_ text: some StringProtocol) -> String? {
  let trimmed = text.drop { $0 == " " }
  var digits = trimmed[...]
  while digits.last == " " { digits = digits.dropLast() }
  guard !digits.isEmpty, digits.utf8.count <= 12,
    digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
  else { return nil }
  let bare = digits.drop { $0 == "0" }
  guard !bare.isEmpty, !bare.hasSuffix("0000000") else { return nil }
  return String(bare)
}
