import Foundation

/// All that a pass judges by.
package struct TriageInput: Sendable {
  /// Every in-area job that is known: of this pass's list and from the mirror (12 months).
  package var jobs: [Job]
  package var rules: Rules
  package var register: Register
  package var team: Team
  package var now: Date
  /// Addresses with an open opportunity and its state.
  package var open: [AddressKey: OpportunityState]
  /// Jobs that were in an opportunity which has had its outcome: they cannot be a reason again.
  package var answered: Set<JobRef>
  /// Opportunities already offered in this calendar week, by area.
  package var offeredThisWeek: [String: Int]
  /// Where the areas lie that the jobs are in; `nil` where nothing is to be said of their edges.
  package var areas: AreaIndex?
  /// Metres from its edge within which an area marks an opportunity, where it states none itself.
  package var usualMargin: Double

  package init(
    jobs: [Job], rules: Rules, register: Register, team: Team, now: Date,
    open: [AddressKey: OpportunityState] = [:], answered: Set<JobRef> = [],
    offeredThisWeek: [String: Int] = [:], areas: AreaIndex? = nil,
    usualMargin: Double = PilotArea.usualMargin
  ) {
    self.jobs = jobs
    self.rules = rules
    self.register = register
    self.team = team
    self.now = now
    self.open = open
    self.answered = answered
    self.offeredThisWeek = offeredThisWeek
    self.areas = areas
    self.usualMargin = usualMargin
  }
}

/// What a pass found.
package struct Verdict: Sendable {
  /// Above the line, best first (points, then the longest since, then reference).
  package var opportunities: [Opportunity]
  /// Addresses among ``opportunities`` that are to be offered now or are offered already;
  /// the others wait for capacity.
  package var offered: Set<AddressKey>
  /// Judged and left below the line, best first.
  package var belowTheLine: [Opportunity]
  /// One for each of the input's jobs, in their order.
  package var standings: [JobStanding]
  /// The address of each of the input's jobs, in their order; `nil` where it cannot be told.
  package var addresses: [AddressKey?]

  package init(
    opportunities: [Opportunity], offered: Set<AddressKey>, belowTheLine: [Opportunity],
    standings: [JobStanding], addresses: [AddressKey?]
  ) {
    self.opportunities = opportunities
    self.offered = offered
    self.belowTheLine = belowTheLine
    self.standings = standings
    self.addresses = addresses
  }
}

/// Judges every address afresh: jobs, rules, register, team and the moment in; opportunities out.
///
/// Pure: the same input gives the same verdict, in whatever order the jobs come.
package func triage(_ input: TriageInput) -> Verdict {
  var pass = TriagePass(input)
  return pass.run()
}
