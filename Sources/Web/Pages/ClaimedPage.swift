import Foundation
import Triage

/// What the holder sees: the only page with an address on it, and it comes only from a POST.
struct ClaimedPage: PageModel {
  var view: String { "claimed" }
  var offer: MaskedOffer
  /// What was just done, or who claimed it and when.
  var banner: String
  var undo: UndoForm?
  /// "Thursday 26 November, 17:00"; `nil`: for as long as it takes.
  var until: String?
  var snoozed: String?
  /// When those who are out on the visit want to be back.
  var out: String?
  /// That time is over.
  var isLate: Bool
  var isVisit: Bool
  /// Who goes along.
  var second: String?
  /// When the council closed the job.
  var closed: String?
  /// Two households are told one after the other, under a heading of their own.
  var isJoint: Bool
  var households: [HouseholdPart]
  var complaints: [HouseholdPart.Line]
  var contact: String?
  var notes: String?
  var hasVisits: Bool
  var visits: [String]
  var card: Card?
  var hasChecklist: Bool
  var checklist: [String]
  var hasEmergency: Bool
  var emergency: [Emergency]
  var canVisitAgain: Bool
  /// The forms of all that can be done, by the name of the action.
  var form: [String: HiddenForm]

  /// How a conversation may begin.
  struct Card: Sendable {
    var opening: String?
    var hasAsk: Bool
    var ask: [String]
    var hasAvoid: Bool
    var avoid: [String]

    init?(_ card: PromptCard) {
      guard card != PromptCard() else { return nil }
      opening = card.opening.isEmpty ? nil : card.opening
      (hasAsk, ask) = (!card.ask.isEmpty, card.ask)
      (hasAvoid, avoid) = (!card.avoid.isEmpty, card.avoid)
    }
  }

  init(
    _ view: ClaimedView, banner: String, _ speech: Speech, now: Date, undo: UndoForm?,
    form: [String: HiddenForm]
  ) {
    offer = MaskedOffer(view.offer, speech, now: now)
    self.banner = banner
    self.undo = undo
    let claim = view.claim
    until = claim.until == .distantFuture ? nil : speech.moment(claim.until)
    snoozed = claim.snoozedUntil.map(speech.weekday)
    out = (claim.outing?.backBy).map(speech.moment)
    isLate = claim.outing.map { $0.backBy < now } ?? false
    isVisit = view.offer.offer == .visit
    second = claim.second?.name
    closed = view.closedByCouncil.map(speech.day)
    isJoint = view.households.count > 1
    households = view.households.enumerated().map { at, household in
      HouseholdPart(
        household, speech,
        heading: view.households.count > 1
          ? speech.words[.household, at == 0 ? "1" : "2"] : nil)
    }
    complaints = view.complaints.map { HouseholdPart.Line($0, speech) }
    contact = view.contact.isEmpty ? nil : view.contact
    notes = view.notes.isEmpty ? nil : view.notes
    visits = claim.visits.map { visit in
      speech.words.filled(
        .tried,
        [
          "at": speech.moment(visit.at), "day": speech.weekday(visit.nextOn),
          "part": speech.words[.part, visit.nextAt.rawValue],
        ])
    }
    hasVisits = !visits.isEmpty
    card = Card(view.card)
    checklist = view.checklist
    hasChecklist = !checklist.isEmpty
    emergency = view.emergency.map(Emergency.init)
    hasEmergency = !emergency.isEmpty
    canVisitAgain = view.offer.questions.nextTry != nil
    self.form = form
  }
}

/// A number to ring when something goes wrong.
struct Emergency: Sendable {
  var service: String
  var number: String
  /// For a `tel:` link (RFC 3966): digits, and a plus in front.
  var dial: String

  init(_ number: EmergencyNumber) {
    service = number.name
    self.number = number.number
    let digits = number.number.filter { $0.isASCII && $0.isNumber }
    dial = (number.number.hasPrefix("+") ? "+" : "") + digits
  }
}
