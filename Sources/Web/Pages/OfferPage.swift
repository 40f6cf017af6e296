import Foundation
import Triage

/// What the link shows while nobody holds the offer.
struct OfferPage: PageModel {
  var view: String { "offer" }
  var offer: MaskedOffer
  var take: NamedForm
  var isWrong: Bool
  /// Who is asked first, as somebody was here before.
  var askedFirst: Asked?
  var undoMinutes: Int

  struct Asked: Sendable {
    var who: String
    var until: String
  }
}

/// What the link shows while somebody holds the offer: who, and the way in for that person.
struct HeldPage: PageModel {
  var view: String { "held" }
  var offer: MaskedOffer
  var holder: String
  var since: String
  var until: String?
  var take: NamedForm
  var isWrong: Bool
  /// For a colleague, while the link is good.
  var takeOver: HiddenForm?
}

/// The side of an opportunity that anybody with the link may see.
struct MaskedOffer: Sendable {
  var issuedTo: String
  var area: String
  /// Why the area was chosen.
  var areaReason: String?
  var jobType: String
  var whereabouts: String
  var isVisit: Bool
  var age: String
  var received: String
  /// "high, 50 points".
  var priority: String
  var isJoint: Bool
  var reasons: [Line]

  /// One reason and what it adds.
  struct Line: Sendable {
    var points: String
    var sentence: String

    init(_ reason: Reason) {
      points = MaskedOffer.signed(reason.points)
      sentence = reason.sentence
    }
  }

  init(_ offer: Offer, _ speech: Speech, now: Date) {
    issuedTo = offer.issuedTo
    area = offer.areaName
    areaReason = offer.areaReason
    jobType = offer.jobType
    whereabouts = Triage.whereabouts(
      street: offer.street, outwardCode: offer.outwardCode, otherwise: offer.areaName)
    isVisit = offer.offer == .visit
    age = speech.age(of: offer.since, at: now)
    received = speech.day(offer.since)
    let words = speech.words
    priority = words.filled(
      .priority,
      [
        "band": offer.band.isEmpty ? words[.drawn] : offer.band,
        "points": words.counted(offer.score.points, .points),
      ])
    isJoint = offer.isJoint
    reasons = offer.score.reasons.map(Line.init)
  }

  /// "+40", "−5", and "0" for what is said and adds nothing.
  fileprivate static func signed(_ points: Int) -> String {
    if points == 0 { return "0" }
    return points < 0 ? "\u{2212}\(points.magnitude)" : "+\(points)"
  }
}
