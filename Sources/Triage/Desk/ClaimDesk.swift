import Foundation

/// All that the pages of a claim link can ask and do. Handed to Web as a value.
///
/// `token` is the secret part of a link as it came in; only its SHA-256 is known to the store.
/// `member` is the id of the team member that the person picked from the list.
package struct ClaimDesk: Sendable {
  /// What the link shows to anybody who opens it. Changes nothing.
  package var look: @Sendable (_ token: String) async throws -> LinkView
  /// Claims, or shows again what this member holds already. One winner; the others get
  /// ``ClaimError/heldBy(name:since:)``.
  ///
  /// `generation` is the ``Offer/generation`` of the page that was used. A claim needs the present
  /// one, else ``ClaimError/stale``; the holder gets the page whatever it is.
  package var claim:
    @Sendable (_ token: String, _ member: String, _ generation: Int) async throws -> ClaimedView
  /// Takes a claim back within ten minutes, as if it had not been.
  package var undo:
    @Sendable (_ token: String, _ member: String, _ generation: Int) async throws -> Void
  /// Gives it back for others to claim.
  package var release:
    @Sendable (_ token: String, _ member: String, _ generation: Int) async throws -> Void
  package var record:
    @Sendable (
      _ token: String, _ member: String, _ generation: Int, _ kind: OutcomeKind, _ consent: Bool?
    ) async throws -> Void

  package init(
    look: @escaping @Sendable (String) async throws -> LinkView,
    claim: @escaping @Sendable (String, String, Int) async throws -> ClaimedView,
    undo: @escaping @Sendable (String, String, Int) async throws -> Void,
    release: @escaping @Sendable (String, String, Int) async throws -> Void,
    record: @escaping @Sendable (String, String, Int, OutcomeKind, Bool?) async throws -> Void
  ) {
    self.look = look
    self.claim = claim
    self.undo = undo
    self.release = release
    self.record = record
  }
}

/// What a link shows before a name is picked: never a house number, a name or notes.
package enum LinkView: Hashable, Sendable {
  case open(Offer)
  /// Held: the holder can open it again by picking their name.
  case held(Offer, by: String, since: Date)
  case done(Offer, by: String, at: Date)
  case withdrawn(Offer)
}

/// The masked side of an opportunity.
package struct Offer: Hashable, Sendable {
  package var issuedTo: String
  package var areaName: String
  /// Why the area was chosen, as ``PilotArea/reasonLine`` has it.
  package var areaReason: String?
  package var offer: OfferKind
  package var jobType: String
  package var street: String?
  package var outwardCode: String
  package var since: Date
  /// Empty: drawn by lot from below the line.
  package var band: String
  /// Two households, visited separately.
  package var isJoint: Bool
  package var score: Score
  /// Those who may claim it, in the order of the team file.
  package var members: [Member]
  /// How often the opportunity has been claimed so far.
  package var generation: Int

  package init(
    issuedTo: String, areaName: String, areaReason: String? = nil, offer: OfferKind,
    jobType: String, street: String?, outwardCode: String, since: Date, band: String,
    isJoint: Bool = false, score: Score, members: [Member], generation: Int
  ) {
    self.issuedTo = issuedTo
    self.areaName = areaName
    self.areaReason = areaReason
    self.offer = offer
    self.jobType = jobType
    self.street = street
    self.outwardCode = outwardCode
    self.since = since
    self.band = band
    self.isJoint = isJoint
    self.score = score
    self.members = members
    self.generation = generation
  }
}

/// What the holder sees: the address and the history at it, of a joint opportunity both of either.
package struct ClaimedView: Hashable, Sendable {
  package var offer: Offer
  package var claim: Claim
  /// One, or the two of a joint opportunity.
  package var households: [HouseholdView]
  /// The complaints of a joint opportunity, newest first. Whose each was is told nowhere.
  package var complaints: [HistoryLine]
  /// Empty with a joint opportunity, and where a complaint about somebody else made it.
  package var contact: String
  package var notes: String
  /// The claim can be undone until then.
  package var undoUntil: Date

  package init(
    offer: Offer, claim: Claim, households: [HouseholdView], complaints: [HistoryLine] = [],
    contact: String, notes: String, undoUntil: Date
  ) {
    self.offer = offer
    self.claim = claim
    self.households = households
    self.complaints = complaints
    self.contact = contact
    self.notes = notes
    self.undoUntil = undoUntil
  }
}
