/// The contact register: who is not to be contacted, or only with care. Read from `register.csv`.
///
/// Fails closed: where the register is not in force, nothing is announced and nothing claimed.
package struct Register: Hashable, Sendable {
  package enum Flag: String, Sendable, Codable, CaseIterable {
    case doNotContact = "do_not_contact"
    case noLetter = "no_letter"
    case notAlone = "not_alone"
  }

  private var byUPRN: [String: Set<Flag>] = [:]
  /// By the texts of ``AddressTraces``.
  private var byTrace: [String: Set<Flag>] = [:]

  package init() {}

  package var isEmpty: Bool { byUPRN.isEmpty && byTrace.isEmpty }

  /// A flag on one flat holds for its whole building, and one on the building for every flat.
  package mutating func add(_ flag: Flag, uprn: String, address: String, postcode: String) {
    let uprn = normalisedUPRN(uprn)
    if let uprn { byUPRN[uprn, default: []].insert(flag) }
    for trace in AddressTraces(address, postcode: postcode).filed(alone: uprn == nil) {
      byTrace[trace, default: []].insert(flag)
    }
  }

  /// All flags that hold for a place, by its UPRN and by its written address.
  ///
  /// Another spelling must not hide an address, so that a flag may hold for a neighbour as well.
  package func flags(for place: Place) -> Set<Flag> {
    var flags = byUPRN[place.uprn] ?? []
    if byTrace.isEmpty { return flags }
    for trace in AddressTraces(place.address, postcode: place.postcode).sought {
      if let found = byTrace[trace] { flags.formUnion(found) }
    }
    return flags
  }
}

/// Whether the register may be relied on now.
package enum RegisterState: Hashable, Sendable {
  case inForce(Register)
  /// Missing, unreadable or too old: the sentence says which.
  case notInForce(why: String)

  package var register: Register? {
    if case .inForce(let register) = self { register } else { nil }
  }
}
