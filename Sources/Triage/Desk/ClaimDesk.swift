import Foundation

/// All that the pages of a claim link can ask and do. Handed to Web as a value.
///
/// `token` is the secret part of a link as it came in; only its SHA-256 is known to the store.
package struct ClaimDesk: Sendable {
  /// What the link shows to anybody who opens it. Changes nothing.
  package var look: @Sendable (_ token: String) async throws -> LinkView
  /// One press of a button. Refuses with ``ClaimError``.
  ///
  /// Of those who claim at a time one wins; the others get ``ClaimError/heldBy(name:since:)``. What is sent a
  /// second time (a double tap, the Back button) answers as the first time and changes nothing.
  package var press: @Sendable (_ token: String, _ press: DeskPress) async throws -> DeskAnswer

  package init(
    look: @escaping @Sendable (String) async throws -> LinkView,
    press: @escaping @Sendable (String, DeskPress) async throws -> DeskAnswer
  ) {
    self.look = look
    self.press = press
  }
}

/// What came of a press.
package enum DeskAnswer: Hashable, Sendable {
  /// The holder's page, as it is now; what was done, if anything was.
  case claimed(ClaimedView, after: Receipt?)
  /// It is the member's no longer.
  case done(Receipt)
  case sheet(VisitSheet)
  /// RFC 5545, in UTF-8.
  case calendar(String)
  case handOff(HandOffNote)
}

/// What was done, and until when it can be undone.
package struct Receipt: Hashable, Sendable {
  /// ``DeskAction/name``.
  package var action: String
  /// Of whom it speaks beside the member: to whom it was passed, who was told.
  package var name: String?
  /// Until when it is held, snoozed, or to be visited again.
  package var until: Date?
  /// `nil`: it cannot be undone.
  package var undo: Undo?
  package var outcome: OutcomeKind?
  package var consent: Bool?
  /// Of the opportunity, afterwards: for what can still be done then.
  package var generation = 0
  /// The agencies that a note can be handed to: inside the consent's scope, with an agreement in force.
  package var handOffTo: [String] = []
  /// The visit on which the member is out, where the holder's page does not say so.
  package var outing: OpenOuting?

  /// What the form that undoes it carries.
  package struct Undo: Hashable, Sendable {
    package var member: String
    package var generation: Int
    package var until: Date

    package init(member: String, generation: Int, until: Date) {
      self.member = member
      self.generation = generation
      self.until = until
    }
  }

  package init(
    action: String, name: String? = nil, until: Date? = nil, undo: Undo? = nil,
    outcome: OutcomeKind? = nil, consent: Bool? = nil
  ) {
    self.action = action
    self.name = name
    self.until = until
    self.undo = undo
    self.outcome = outcome
    self.consent = consent
  }
}

/// What may be taken along on paper: nothing on it discloses why somebody calls if it is left behind. It bears
/// the heading "Street Scene visit", the address, who goes, cautions, and the numbers to ring.
package struct VisitSheet: Hashable, Sendable {
  package var households: [HouseholdView]
  package var isVisit: Bool
  package var holder: Member
  package var second: Member?
  package var made: Date
  package var emergency: [EmergencyNumber]

  package init(
    households: [HouseholdView], isVisit: Bool, holder: Member, second: Member?, made: Date,
    emergency: [EmergencyNumber]
  ) {
    self.households = households
    self.isVisit = isVisit
    self.holder = holder
    self.second = second
    self.made = made
    self.emergency = emergency
  }
}

/// What a link shows before a name is picked: never a house number, a name or notes.
package enum LinkView: Hashable, Sendable {
  case open(Offer)
  /// Held: the holder can open it again by picking their name, and a colleague can take it over.
  case held(Offer, by: String, since: Date, until: Date)
  case done(Offer, by: String, at: Date)
  case withdrawn(Offer)
}

/// What can be answered to the questions of the holder's pages. It comes without the address, so that a question can
/// be asked again whatever is the matter with the register, and nobody is shown what they did not ask for.
package struct Questions: Hashable, Sendable {
  package var consentWording = ConsentWording(version: "1", text: [])
  /// Classes of agencies that take part, to ask consent for.
  package var consentClasses: [Agency.Kind] = [.support, .partner]
  /// To whom the holder can pass it on (leaders alone once it has been passed on twice); `nil`: to any other member.
  package var canPassTo: [Member]?
  /// The days on which it may be snoozed or visited again; `nil`: the next four weeks.
  package var days: ClosedRange<CivilDay>?
  /// Those of them on which nobody works.
  package var offDays: Set<CivilDay> = []
  /// Proposed for the next try at the door; `nil`: tried as often as may be.
  package var nextTry: VisitTry?

  package init() {}
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
  /// None of them, who may open it all the same: who holds or recorded it, and once it is done who leads the area.
  package var others: [Member] = []
  /// Goes up with every change that anybody makes at the desk. A form that bears another one changes nothing.
  package var generation: Int
  /// Visits here need two, or one to this address does: who goes along is named with the claim. Members of another
  /// agency than the holder's are proposed first.
  package var needsSecond: Bool
  /// Whoever held an opportunity here before is asked first, until then.
  package var askedFirst: AskedFirst?
  /// Members who have a PIN to type.
  package var withPIN: Set<String>
  /// The link has ended: nobody can take it over through it.
  package var isEnded = false
  /// What the pages need to ask the holder's questions; nothing of it is secret.
  package var questions = Questions()

  package struct AskedFirst: Hashable, Sendable {
    package var member: Member
    package var until: Date

    package init(member: Member, until: Date) {
      self.member = member
      self.until = until
    }
  }

  package init(
    issuedTo: String, areaName: String, areaReason: String? = nil, offer: OfferKind,
    jobType: String, street: String?, outwardCode: String, since: Date, band: String,
    isJoint: Bool = false, score: Score, members: [Member], generation: Int,
    needsSecond: Bool = false, askedFirst: AskedFirst? = nil, withPIN: Set<String> = []
  ) {
    self.needsSecond = needsSecond
    self.askedFirst = askedFirst
    self.withPIN = withPIN
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

/// What the holder sees: the address and the history at it, of a joint opportunity both of either. What they can be
/// asked is with its ``offer``, ``Offer/questions``.
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
  /// The claim can be undone until then; `nil`: the last thing that the holder did here cannot be undone.
  package var undoUntil: Date?
  /// The council has closed the job since it was claimed, and the holder has not said yet that the claim goes
  /// on all the same.
  package var closedByCouncil: Date?
  package var card: PromptCard
  package var checklist: [String]
  package var emergency: [EmergencyNumber]

  package init(
    offer: Offer, claim: Claim, households: [HouseholdView], complaints: [HistoryLine] = [],
    contact: String, notes: String, undoUntil: Date?, closedByCouncil: Date? = nil,
    card: PromptCard = PromptCard(), checklist: [String] = [], emergency: [EmergencyNumber] = []
  ) {
    self.closedByCouncil = closedByCouncil
    self.card = card
    self.checklist = checklist
    self.emergency = emergency
    self.offer = offer
    self.claim = claim
    self.households = households
    self.complaints = complaints
    self.contact = contact
    self.notes = notes
    self.undoUntil = undoUntil
  }
}
