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
  private var byAddress: [String: Set<Flag>] = [:]
  private var byBuilding: [String: Set<Flag>] = [:]

  package init() {}

  package var isEmpty: Bool { byUPRN.isEmpty && byAddress.isEmpty }

  /// A flag on one flat holds for its whole building.
  package mutating func add(_ flag: Flag, uprn: String, address: String, postcode: String) {
    if let uprn = normalisedUPRN(uprn) { byUPRN[uprn, default: []].insert(flag) }
    let address = Address(address, postcode: postcode)
    if address.isComplete {
      byAddress[address.key, default: []].insert(flag)
      byBuilding[address.buildingKey, default: []].insert(flag)
    }
  }

  /// All flags that hold for a place, by its UPRN and by its written address.
  package func flags(for place: Place) -> Set<Flag> {
    if isEmpty { return [] }
    var flags = byUPRN[place.uprn] ?? []
    if byBuilding.isEmpty { return flags }
    let address = Address(place.address, postcode: place.postcode)
    flags.formUnion(byAddress[address.key] ?? [])
    flags.formUnion(byBuilding[address.buildingKey] ?? [])
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
