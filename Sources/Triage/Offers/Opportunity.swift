import Foundation

/// A reason to start a conversation at one address, as the rules judge it now.
package struct Opportunity: Hashable, Sendable {
  package var address: AddressKey
  package var area: String
  package var offer: OfferKind
  /// The job that makes it: the council's own event, never a list or a prediction.
  package var trigger: JobRef
  /// The trigger's type, in plain words.
  package var jobType: String
  /// All jobs at the address within 12 months, the trigger among them.
  package var jobs: [JobRef]
  /// When the trigger was received.
  package var since: Date
  package var place: Place
  /// Complaints went both ways with this other household: one joint opportunity, visited separately.
  /// Whose complaint made it is told to nobody; ``address`` is the lesser of the two keys.
  package var second: Household?
  /// Places that may be at one of the households though it is not certain (``HoldReach``): the contact register
  /// is asked for them as well. Ours is the address, theirs the place.
  package var alsoAt: [Household]
  package var score: Score
  /// Empty: below the line, drawn by lot.
  package var band: String
  package var rulesVersion: String
  /// On trial: listed, and never announced.
  package var isShadow: Bool

  package init(
    address: AddressKey, area: String, offer: OfferKind, trigger: JobRef, jobType: String,
    jobs: [JobRef], since: Date, place: Place, second: Household? = nil,
    alsoAt: [Household] = [], score: Score, band: String, rulesVersion: String,
    isShadow: Bool = false
  ) {
    self.address = address
    self.area = area
    self.offer = offer
    self.trigger = trigger
    self.jobType = jobType
    self.jobs = jobs
    self.since = since
    self.place = place
    self.second = second
    self.alsoAt = alsoAt
    self.score = score
    self.band = band
    self.rulesVersion = rulesVersion
    self.isShadow = isShadow
  }

  /// The addresses that it is about: one, or the two of a joint one.
  package var households: [AddressKey] { [address] + (second.map { [$0.address] } ?? []) }

  /// The street as a mail may name it, of a joint one both ("Mill Lane and Church Hill"); `nil` where none
  /// can be told for certain.
  package var street: String? {
    var streets: [String] = []
    for street in places.compactMap(\.street) where !streets.contains(street) {
      streets.append(street)
    }
    return streets.isEmpty ? nil : streets.joined(separator: " and ")
  }

  /// As their jobs write them, in the same order.
  package var places: [Place] { [place] + (second.map { [$0.place] } ?? []) }
}

/// A band as it is told: what has none has its place by lot.
package func bandWords(_ band: String) -> String { band.isEmpty ? "drawn by lot" : band }

/// What is said wherever a joint opportunity is told.
package let visitSeparately = "two households, visit separately"

/// A household and where it is.
package struct Household: Hashable, Sendable {
  package var address: AddressKey
  package var place: Place

  package init(address: AddressKey, place: Place) {
    self.address = address
    self.place = place
  }
}

/// Where an opportunity is on its way. Ends in one of the last two.
package enum OpportunityState: String, Sendable, Codable, CaseIterable {
  /// Above the line, and the week's capacity is used up.
  case waiting
  /// Announced or about to be: can be claimed.
  case offered
  /// Somebody holds it.
  case claimed
  /// An outcome was recorded.
  case done
  /// The reason is gone: job closed, out of the area, out of its window, rules changed.
  case withdrawn

  package var isOpen: Bool { self == .waiting || self == .offered || self == .claimed }
}

/// Where one in-area job ended in a pass. Every job ends in exactly one.
package enum JobStanding: Hashable, Sendable {
  /// Counts in the opportunity at its address, which is above the line or drawn from below it.
  case inOpportunity
  /// Would be a reason, but the score at its address stays below the area's lowest band.
  case belowTheLine
  case noOpportunity(why: NoOpportunity)
  /// The job-type table does not know it: listed for the admin, never dropped.
  case typeNotInTable
}

/// Why a job in area makes no opportunity and is part of none.
package enum NoOpportunity: String, Sendable, Codable, CaseIterable {
  case historyOnly, stopWord, noResidentAsked, tooEarly, tooLate, noDate, inFuture, closed
  case noAddress, notADwelling, doNotContact, alreadyAnswered, revisitLater
  case safeguarding, safeguardedAddress, agreementEnded, otherHouseholdHeld, feedOnTrial
  case registerNotInForce
  /// ``LocationGrade/postcodeNearEdge``.
  case placeUncertain

  package var sentence: String {
    switch self {
    case .historyOnly: "This type of job counts as history only."
    case .stopWord: "A stop word of the rules takes it out."
    case .noResidentAsked: "It was raised by an officer, so no resident asked."
    case .tooEarly: "Its window has not opened yet."
    case .tooLate: "Its window has closed."
    case .noDate: "It bears no date received."
    case .inFuture: "It is dated in the future."
    case .closed: "The council has closed it."
    case .noAddress: "Its address cannot be told apart from others."
    case .notADwelling: "Its premises are a street or an open space, where nobody lives."
    case .doNotContact: "The contact register says: do not contact."
    case .revisitLater:
      "It had an outcome that answered nothing; its day for another try has not come."
    case .safeguarding: "It may be for safeguarding: the other door is shown."
    case .safeguardedAddress: "Another job at its address, or about it, may be for safeguarding."
    case .feedOnTrial: "Its feed is on trial, and other jobs make something of its address."
    case .registerNotInForce:
      "The contact register is not in force, so nothing new is made of any job."
    case .agreementEnded: "The agreement for its feed has ended."
    case .otherHouseholdHeld:
      "Somebody holds the other household of a complaint that went both ways."
    case .alreadyAnswered: "It was part of an opportunity that has had its outcome."
    case .placeUncertain:
      "It is known by its postcode alone, close to the edge of the area: a person decides."
    }
  }
}
