/// What an opportunity invites to.
package enum OfferKind: String, Sendable, Codable, CaseIterable {
  /// A knock on the door, in a pair.
  case visit
  /// A telephone call first.
  case call
}

/// One line of the job-type table.
package struct JobType: Hashable, Sendable {
  package var id: String
  /// In plain words, as mails and pages show it ("Bulky waste quote").
  package var name: String
  package var match: JobPattern
  /// `nil`: counts as history at the address and makes no opportunity.
  package var offer: OfferKind?
  /// Shows the other door (``Safeguarding``) and makes no opportunity; then ``offer`` is `nil`.
  package var isSafeguarding: Bool
  /// About somebody else than who called: counts for ``Signals/reciprocal`` and ``Signals/neighbours``.
  package var isComplaint: Bool
  package var points: Int
  package var window: Window
  /// Still a reason to call when the council has closed the job: closed is not finished.
  package var afterClosing: Bool
  /// Whether, after an outcome that answered nothing, the job may be a reason again.
  package var revisit: Revisit?
  /// The first sentence of the score ("A bulky waste quote is still open").
  package var reason: String

  package init(
    id: String, name: String, match: JobPattern, offer: OfferKind?, isSafeguarding: Bool = false,
    isComplaint: Bool = false, points: Int = 0, window: Window = Window(),
    afterClosing: Bool = false, revisit: Revisit? = nil, reason: String = ""
  ) {
    self.id = id
    self.name = name
    self.match = match
    self.offer = offer
    self.isSafeguarding = isSafeguarding
    self.isComplaint = isComplaint
    self.points = points
    self.window = window
    self.afterClosing = afterClosing
    self.revisit = revisit
    self.reason = reason
  }
}

/// When a job is a reason to call, counted from the instant at which it was received.
package struct Window: Hashable, Sendable {
  /// Cooling off: hours in which it is no reason yet.
  package var opensAfterHours: Int
  /// From this day on its points go down evenly, day by day, to none on the last day; `nil`: never.
  package var fadesAfterDays: Int?
  package var closesAfterDays: Int

  package init(opensAfterHours: Int = 0, fadesAfterDays: Int? = nil, closesAfterDays: Int = 28) {
    self.opensAfterHours = opensAfterHours
    self.fadesAfterDays = fadesAfterDays
    self.closesAfterDays = closesAfterDays
  }
}

/// After "no answer", "not now" or "could not visit" the same job may be a reason once more.
package struct Revisit: Hashable, Sendable {
  package var afterDays: Int
  /// Outcomes after which it is left alone.
  package var times: Int

  package init(afterDays: Int = 3, times: Int = 3) {
    self.afterDays = afterDays
    self.times = times
  }
}
