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
  package var outwardCode: String { String(postcodeKey(postcode).dropLast(3)) }
}

extension Place {
  /// The street as a mail may name it ("Mill Lane"), or `nil` where it cannot be told for certain.
  package var street: String? { Address(address, postcode: postcode).streetForMail }
}

/// "Mill Lane, NG17": as much of a place as may be said before a claim.
/// - Parameter otherwise: said where neither is known, such as the area's name.
package func whereabouts(
  street: String?, outwardCode: String, otherwise: String = ""
) -> String {
  let parts = [street ?? "", outwardCode].filter { !$0.isEmpty }
  return parts.isEmpty ? otherwise : parts.joined(separator: ", ")
}

/// How well a job is placed, best first. The grade is kept and shown.
package enum LocationGrade: String, Sendable, CaseIterable {
  /// Coordinates of the row itself.
  case coordinates
  /// The UPRN, looked up in the gazetteer.
  case uprn
  /// The middle of the postcode, well inside an area.
  case postcode
  /// The middle of the postcode, so near an area's edge that a person decides: makes no opportunity.
  case postcodeNearEdge
  /// Not located.
  case none
}
