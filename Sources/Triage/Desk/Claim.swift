import Foundation

/// Somebody holds an opportunity. The generation counts claims of the same opportunity, so that a
/// stale page cannot change a later claim.
package struct Claim: Hashable, Sendable {
  package var opportunity: Int64
  package var generation: Int
  package var holder: Member
  package var since: Date

  package init(opportunity: Int64, generation: Int, holder: Member, since: Date) {
    self.opportunity = opportunity
    self.generation = generation
    self.holder = holder
    self.since = since
  }
}

/// How a visit or call ended.
package enum OutcomeKind: String, Sendable, Codable, CaseIterable {
  case noAnswer = "no_answer"
  case notNow = "not_now"
  case noThankYou = "no_thank_you"
  case accepted
  case notADwelling = "not_a_dwelling"
  case couldNotVisit = "could_not_visit"
  /// Asked not to be contacted again: the address goes to the contact register.
  case doNotContact = "do_not_contact"
}

/// What was recorded. Consent is asked only where help was accepted.
package struct Outcome: Hashable, Sendable {
  package var kind: OutcomeKind
  /// Whether the resident agreed that what was said may be shared; only with `.accepted`.
  package var consent: Bool?
  package var by: String
  package var at: Date

  package init(kind: OutcomeKind, consent: Bool?, by: String, at: Date) {
    self.kind = kind
    self.consent = consent
    self.by = by
    self.at = at
  }
}

/// Why a claim or a change to one was refused. Each has a page of its own.
package enum ClaimError: Error, Hashable, Sendable {
  case heldBy(name: String, since: Date)
  /// The reason is gone, the register forbids it, or it has had its outcome.
  case withdrawn
  case done(name: String, at: Date)
  /// The link is not known, or was revoked. Told exactly as ``expired`` is.
  case unknown
  case expired
  /// The page was older than the claim that it spoke of, or than the last claim of an offer that
  /// is open again.
  case stale
  case notInTeam
  /// This person, or (with a name) this person's agency, holds as many claims as may be held at a time.
  case tooMany(limit: Int, agency: String?)
  /// The register is not in force: nothing may be claimed.
  case onHold(why: String)
}
