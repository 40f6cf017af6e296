/// A service that takes part, and on what ground.
package struct Agency: Hashable, Sendable {
  package var name: String
  package var kind: Kind
  package var agreement: Agreement?
  /// Claims that its members may hold together at a time; `nil`: any number.
  package var openClaims: Int?
  /// Only with ``Kind/enforcement``, which is refused without one.
  package var exception: SignedException?

  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// The support team itself.
    case support
    case partner
    /// Is told, and claims nothing.
    case coordinator
    /// Sees masked summaries, and claims nothing.
    case observer
    /// Refused, since a visit that ends in a sanction ends the trust: only with a signed exception.
    case enforcement

    package var mayClaim: Bool { self != .coordinator && self != .observer }
    /// Whether a resident is asked to agree that it hears of them: nobody is asked that of enforcement, and an
    /// observer sees summaries alone.
    package var mayHear: Bool { self != .enforcement && self != .observer }
    /// Whether its members may be told of single opportunities.
    package var mayLead: Bool { self != .observer }
  }

  package init(
    name: String, kind: Kind = .support, agreement: Agreement? = nil, openClaims: Int? = nil,
    exception: SignedException? = nil
  ) {
    self.name = name
    self.kind = kind
    self.agreement = agreement
    self.openClaims = openClaims
    self.exception = exception
  }

  package func isActive(on day: CivilDay) -> Bool {
    if kind == .enforcement, exception.map({ day <= $0.until }) != true { return false }
    return agreement?.isInForce(on: day) ?? true
  }
}

/// A data sharing agreement, of a feed or of an agency.
package struct Agreement: Hashable, Sendable {
  package var reference: String
  /// The last day on which it holds; `nil`: without end.
  package var ends: CivilDay?

  package init(reference: String, ends: CivilDay?) {
    self.reference = reference
    self.ends = ends
  }

  package func isInForce(on day: CivilDay) -> Bool { ends.map { day <= $0 } ?? true }

  /// Days before its end on which that is said.
  package static let warningDays = 60
}

/// A named person's word that an enforcement unit may take part.
package struct SignedException: Hashable, Sendable {
  package var by: String
  package var on: CivilDay
  package var until: CivilDay
  package var why: String

  package init(by: String, on: CivilDay, until: CivilDay, why: String) {
    self.by = by
    self.on = on
    self.until = until
    self.why = why
  }
}
