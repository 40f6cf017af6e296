import Foundation

/// What was answered about sharing, as it was asked.
package struct ConsentAnswers: Hashable, Sendable {
  package var isGiven: Bool
  /// With whom: classes of agencies; empty exactly where it is not given.
  package var scope: Set<Agency.Kind>
  package var on: CivilDay
  package var how: How
  /// Which wording was read out: `ConsentWording.version`.
  package var wording: String
  /// Of two households those that agreed, 1 and 2 as their page numbers them; of one alone empty.
  package var households: Set<Int>

  package enum How: String, Hashable, Sendable, Codable, CaseIterable {
    case inPerson = "in_person"
    case byPhone = "by_phone"
  }

  package init(
    isGiven: Bool, scope: Set<Agency.Kind> = [], on: CivilDay, how: How, wording: String,
    households: Set<Int> = []
  ) {
    self.households = households
    self.isGiven = isGiven
    self.scope = scope
    self.on = on
    self.how = how
    self.wording = wording
  }
}

/// A resident's word about sharing, as it stands.
package struct Consent: Hashable, Sendable {
  package var answers: ConsentAnswers
  /// The member who asked.
  package var by: String
  package var recordedAt: Date
  package var withdrawnAt: Date?

  package init(answers: ConsentAnswers, by: String, recordedAt: Date, withdrawnAt: Date? = nil) {
    self.answers = answers
    self.by = by
    self.recordedAt = recordedAt
    self.withdrawnAt = withdrawnAt
  }

  /// It was given, and not taken back.
  package var isStanding: Bool { answers.isGiven && withdrawnAt == nil }

  /// Whether something may be handed on to an agency of this class. Never to one of which nobody is asked
  /// (``Agency/Kind/mayHear``).
  package func allows(_ kind: Agency.Kind) -> Bool {
    isStanding && kind.mayHear && answers.scope.contains(kind)
  }
}

/// What is read out before the question, from the configuration.
package struct ConsentWording: Hashable, Sendable {
  package var version: String
  /// Paragraphs.
  package var text: [String]

  package init(version: String, text: [String]) {
    self.version = version
    self.text = text
  }
}

/// For an agency inside the scope of a consent: who, where, what they agreed to, and nothing of the score.
package struct HandOffNote: Hashable, Sendable {
  package var to: String
  package var from: Member
  package var made: Date
  package var consent: Consent
  package var households: [HouseholdView]
  package var contact: String
  package var jobType: String
  package var since: Date

  package init(
    to: String, from: Member, made: Date, consent: Consent, households: [HouseholdView],
    contact: String, jobType: String, since: Date
  ) {
    self.to = to
    self.from = from
    self.made = made
    self.consent = consent
    self.households = households
    self.contact = contact
    self.jobType = jobType
    self.since = since
  }
}
