/// Which address, postcode and UPRN of several belong together: a "Site Postcode" goes with the
/// "Site Address", and not with the customer's.
enum AddressChoice {
  /// What a heading says beside what it is: "site" of "Site Address 2".
  static func qualifiers(_ heading: String) -> Set<String> {
    Set(wordsOfHeading(heading).filter { !$0.allSatisfy(\.isNumber) }).subtracting(plain)
  }

  /// Whether a heading speaks of where a person lives or is written to, who need not be where the job is.
  static func isPersons(_ heading: String) -> Bool {
    !Set(wordsOfHeading(heading)).isDisjoint(with: persons)
  }

  /// Numbered columns of one address have the same family: "address line" of "AddressLine3"; `nil` for
  /// a heading without a number.
  static func family(_ heading: String) -> [String]? {
    let words = wordsOfHeading(heading)
    guard let last = words.last, last.allSatisfy(\.isNumber) else { return nil }
    return Array(words.dropLast())
  }

  /// Of several columns of one meaning, the one that goes with the address; the one taken first where
  /// none does better. `isSettled` is false where more than one might be meant.
  static func choose(_ headings: [String], address: String?) -> (at: Int, isSettled: Bool) {
    let wanted = address.map(qualifiers) ?? []
    if !wanted.isEmpty {
      let sharing = headings.indices.filter { !qualifiers(headings[$0]).isDisjoint(with: wanted) }
      if let first = sharing.first { return (first, sharing.count == 1) }
    }
    if let taken = headings.first, qualifiers(taken).isEmpty { return (0, true) }
    return (headings.indices.first { !isPersons(headings[$0]) } ?? 0, headings.count < 2)
  }

  private static let persons: Set<String> = [
    "customer", "landlord", "owner", "complainant", "caller", "contact", "resident", "reporter",
    "billing", "home", "correspondence", "applicant", "agent", "requester", "tenant", "payer",
  ]

  private static let plain: Set<String> = [
    "address", "line", "add", "full", "street", "single", "text", "name", "number", "house", "road",
    "town", "city", "locality", "county", "postcode", "post", "code", "pcode", "zip", "zipcode",
    "postal", "uprn", "unique", "reference", "id", "the", "of", "llpg", "blpu",
  ]
}
