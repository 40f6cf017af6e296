/// How many claims may be held at a time by who asks for another one.
package struct ClaimLimits: Hashable, Sendable {
  /// `nil`: any number.
  package var ofPerson: Int?
  /// Of all people of the agency together; `nil`: any number.
  package var ofAgency: Int?
  package var agency: String
  /// The ids of the agency's people.
  package var colleagues: Set<String>

  package init(
    ofPerson: Int? = nil, ofAgency: Int? = nil, agency: String = "", colleagues: Set<String> = []
  ) {
    self.ofPerson = ofPerson
    self.ofAgency = ofAgency
    self.agency = agency
    self.colleagues = colleagues
  }
}

extension Team {
  /// What the team file allows a member.
  package func claimLimits(of member: Member) -> ClaimLimits {
    ClaimLimits(
      ofPerson: openClaimsPerPerson, ofAgency: agency(of: member)?.openClaims,
      agency: member.agency,
      colleagues: Set(members.filter { $0.agency == member.agency }.map(\.id)))
  }
}
