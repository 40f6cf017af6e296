import Foundation

/// Somebody holds an opportunity. The generation goes up with every change that anybody makes here, so that a
/// stale page can change nothing.
package struct Claim: Hashable, Sendable {
  package var opportunity: Int64
  package var generation: Int
  package var holder: Member
  /// Goes along, where visits need two.
  package var second: Member?
  package var since: Date
  /// The lease: without a word it goes back then.
  package var until: Date
  /// Nothing is due before this day.
  package var snoozedUntil: CivilDay?
  /// Tries at the door so far, the first first.
  package var visits: [VisitTry]
  /// How often it has been passed on.
  package var passes: Int
  /// The visit on which the holder is out; `nil`: on none.
  package var outing: OpenOuting?

  package init(
    opportunity: Int64, generation: Int, holder: Member, second: Member? = nil, since: Date,
    until: Date = .distantFuture, snoozedUntil: CivilDay? = nil, visits: [VisitTry] = [],
    passes: Int = 0, outing: OpenOuting? = nil
  ) {
    self.outing = outing
    self.opportunity = opportunity
    self.generation = generation
    self.holder = holder
    self.second = second
    self.since = since
    self.until = until
    self.snoozedUntil = snoozedUntil
    self.visits = visits
    self.passes = passes
  }
}

/// Nobody answered.
package struct VisitTry: Hashable, Sendable {
  package var at: Date
  /// Planned for the next one.
  package var nextOn: CivilDay
  package var nextAt: PartOfDay

  package init(at: Date, nextOn: CivilDay, nextAt: PartOfDay) {
    self.at = at
    self.nextOn = nextOn
    self.nextAt = nextAt
  }
}

/// How an opportunity ended for whoever held it.
package enum OutcomeKind: String, Sendable, Codable, CaseIterable {
  case noAnswer = "no_answer"
  case notNow = "not_now"
  case noThankYou = "no_thank_you"
  case accepted
  case notADwelling = "not_a_dwelling"
  case couldNotVisit = "could_not_visit"
  /// Asked not to be contacted again: the address goes to the contact register.
  case doNotContact = "do_not_contact"
  /// The holder declined it, with a ``DeclineReason``: nobody visited or called.
  case declined

  /// How a visit or a call can end: ``declined`` is none of them.
  package static let allCases: [OutcomeKind] = [
    .noAnswer, .notNow, .noThankYou, .accepted, .notADwelling, .couldNotVisit, .doNotContact,
  ]
}

/// What was recorded. Consent is asked only where help was accepted.
package struct Outcome: Hashable, Sendable {
  package var kind: OutcomeKind
  /// Whether the resident agrees that what was said may be shared, as it stands now: taken back, it is `false`. Only
  /// with `.accepted`.
  package var consent: Bool?
  package var by: String
  package var at: Date
  /// Only with `.declined`.
  package var declined: DeclineReason?

  package init(
    kind: OutcomeKind, consent: Bool?, by: String, at: Date, declined: DeclineReason? = nil
  ) {
    self.kind = kind
    self.consent = consent
    self.by = by
    self.at = at
    self.declined = declined
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
  /// The disk has no room left: nothing was changed.
  case noRoom
  /// Whoever held an opportunity here before is asked first.
  case askedFirst(name: String, until: Date)
  /// The visit needs two, and nobody was named who goes along, or somebody who may not.
  case needsSecond
  case wrongPIN(triesLeft: Int)
  /// After too many wrong PINs the link takes no more from this member.
  case pinLocked
  /// It has been passed on as often as may be: back to the leader only.
  case passedEnough(leaders: [String])
  /// As many tries at the door as may be: what is left is an outcome.
  case triedEnough
  /// A day in the past, too far off, or on which nobody works.
  case notThatDay
  /// The consent does not reach this agency, was not given, or was withdrawn.
  case outsideConsent(agency: String)
  /// The time for undoing is over, or something was changed since.
  case notUndoable
  /// Another service has a note of the outcome: what it was made from stays.
  case noteMade
  /// The contact register forbids the address since it was claimed: it can be ended and given back, and no more.
  case forbidden
}
