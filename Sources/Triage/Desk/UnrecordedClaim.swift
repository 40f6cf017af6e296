import Foundation

/// A claim of which nothing is recorded: one that is held, or whose lease has lapsed and that nobody has taken since.
package struct UnrecordedClaim: Hashable, Sendable {
  package var opportunity: Int64
  /// The opportunity's when the claim began.
  package var generation: Int
  package var area: String
  package var jobType: String
  package var offer: OfferKind
  /// When the job was received.
  package var received: Date
  /// A member's id.
  package var holder: String
  /// The end of the lease; `nil`: it has none.
  package var until: Date?
  /// The last day that was planned for it.
  package var plannedFor: CivilDay?
  /// When somebody set out for it last, unless another day has been planned since.
  package var setOutAt: Date?
  /// When it went back; `nil`: it is held.
  package var lapsedAt: Date?
  /// When its holder did something with it last.
  package var actedAt: Date?

  package init(
    opportunity: Int64, generation: Int, area: String, jobType: String, offer: OfferKind,
    received: Date, holder: String, until: Date? = nil, plannedFor: CivilDay? = nil,
    setOutAt: Date? = nil, lapsedAt: Date? = nil,
    actedAt: Date? = nil
  ) {
    self.opportunity = opportunity
    self.generation = generation
    self.area = area
    self.jobType = jobType
    self.offer = offer
    self.received = received
    self.holder = holder
    self.until = until
    self.plannedFor = plannedFor
    self.setOutAt = setOutAt
    self.lapsedAt = lapsedAt
    self.actedAt = actedAt
  }

  /// Why something should be recorded of it by now.
  package enum Cause: Hashable, Sendable {
    case planned, setOut, lapsed
  }

  /// Days after which nobody is asked any more of what went back.
  package static let lapsedDays = 28.0

  /// Since which day an outcome is missing, and why.
  /// - Returns: `nil` where none is missing today: nothing was planned and nobody has set out, or the day is not over.
  package func missing(
    on today: CivilDay, in zone: TimeZone
  ) -> (since: CivilDay, cause: Cause)? {
    let found: (since: CivilDay, cause: Cause)?
    if let lapsedAt {
      found = (since: CivilDay(lapsedAt, in: zone), cause: .lapsed)
    } else if let setOutAt {
      found = (since: CivilDay(setOutAt, in: zone), cause: .setOut)
    } else {
      found = plannedFor.map { (since: $0, cause: .planned) }
    }
    return found.flatMap { $0.since < today ? $0 : nil }
  }
}
