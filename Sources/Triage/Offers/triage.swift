import Foundation

/// All that a pass judges by.
package struct TriageInput: Sendable {
  /// Every in-area job that is known: of this pass's list and from the mirror (12 months).
  package var jobs: [Job]
  package var rules: Rules
  package var register: Register
  package var team: Team
  package var now: Date
  /// The civil day of ``now``, which the lot is drawn by.
  package var today: CivilDay
  /// What is known of the opportunities before this pass.
  package var past: PastOffers
  /// Feeds on trial: what only their jobs would make is listed and not announced.
  package var shadowFeeds: Set<String>
  /// Feeds whose agreement has ended: their jobs make nothing and are no history; for safeguarding they still hold
  /// their addresses.
  package var endedFeeds: Set<String>
  /// Where the areas lie that the jobs are in; `nil` where nothing is to be said of their edges.
  package var areas: AreaIndex?
  /// Metres from its edge within which an area marks an opportunity, where it states none itself.
  package var usualMargin: Double

  package init(
    jobs: [Job], rules: Rules, register: Register, team: Team, now: Date, today: CivilDay,
    past: PastOffers = PastOffers(), shadowFeeds: Set<String> = [], endedFeeds: Set<String> = [],
    areas: AreaIndex? = nil, usualMargin: Double = PilotArea.usualMargin
  ) {
    self.jobs = jobs
    self.rules = rules
    self.register = register
    self.team = team
    self.now = now
    self.today = today
    self.past = past
    self.shadowFeeds = shadowFeeds
    self.endedFeeds = endedFeeds
    self.areas = areas
    self.usualMargin = usualMargin
  }
}

/// What became of the opportunities before this pass: the memory that a pure judgement is handed.
package struct PastOffers: Hashable, Sendable {
  /// Addresses with an open opportunity and its state. Of a joint one its first household.
  package var open: [AddressKey: OpportunityState]
  /// The second household of open joint opportunities, and its first.
  package var joint: [AddressKey: AddressKey]
  /// Of the open ones, those that were drawn by lot: they stay though they may be below the line.
  package var drawn: Set<AddressKey>
  /// Of the waiting ones, those that were counted as offered while on trial.
  package var shadowed: Set<AddressKey>
  /// By job, the last outcome of an opportunity that it was part of; one that answers stands against any later
  /// one that does not.
  package var answered: [JobRef: Answer]
  /// Opportunities already offered in this calendar week, by area, drawn ones among them.
  package var offeredThisWeek: [String: Int]
  /// Of these, the drawn ones.
  package var drawnThisWeek: [String: Int]
  /// Opportunities on trial that would have been offered in this calendar week, by area. They are counted
  /// apart, so that a feed on trial takes no place from the others.
  package var shadowedThisWeek: [String: Int]
  /// Of these, the drawn ones.
  package var shadowDrawnThisWeek: [String: Int]

  package init(
    open: [AddressKey: OpportunityState] = [:], joint: [AddressKey: AddressKey] = [:],
    drawn: Set<AddressKey> = [], shadowed: Set<AddressKey> = [],
    answered: [JobRef: Answer] = [:], offeredThisWeek: [String: Int] = [:],
    drawnThisWeek: [String: Int] = [:], shadowedThisWeek: [String: Int] = [:],
    shadowDrawnThisWeek: [String: Int] = [:]
  ) {
    self.open = open
    self.joint = joint
    self.drawn = drawn
    self.shadowed = shadowed
    self.answered = answered
    self.offeredThisWeek = offeredThisWeek
    self.drawnThisWeek = drawnThisWeek
    self.shadowedThisWeek = shadowedThisWeek
    self.shadowDrawnThisWeek = shadowDrawnThisWeek
  }

  /// Written addresses that are remembered, for which a UPRN may have become known.
  package var written: [AddressKey] { (Array(open.keys) + joint.keys).filter { !$0.isUPRN } }

  /// The same under the keys of today: what was remembered of a written address is its UPRN's where one has
  /// become known for it. Of two that become one address, the one that is further on its way stays.
  package func renamed(by aliases: [AddressKey: AddressKey]) -> PastOffers {
    if aliases.isEmpty { return self }
    func now(_ key: AddressKey) -> AddressKey { aliases[key] ?? key }
    func further(_ one: OpportunityState, _ other: OpportunityState) -> OpportunityState {
      let way: [OpportunityState] = [.claimed, .offered, .waiting]
      return way.first { $0 == one || $0 == other } ?? one
    }
    var renamed = self
    renamed.open = Dictionary(open.map { (now($0), $1) }, uniquingKeysWith: further)
    // The two of a joint one may turn out to be one.
    renamed.joint = Dictionary(
      joint.sorted { $0.key.text < $1.key.text }.map { (now($0), now($1)) }
        .filter { $0.0 != $0.1 }, uniquingKeysWith: { one, _ in one })
    renamed.drawn = Set(drawn.map(now))
    renamed.shadowed = Set(shadowed.map(now))
    return renamed
  }
}

/// How often a job was part of an opportunity that had its outcome, and how the last one ended.
package struct Answer: Hashable, Sendable {
  package var kind: OutcomeKind
  package var at: Date
  package var times: Int

  package init(kind: OutcomeKind, at: Date, times: Int) {
    self.kind = kind
    self.at = at
    self.times = times
  }
}

/// What a pass found.
package struct Verdict: Sendable {
  /// Above the line, and what is drawn or was drawn from below it; best first (points, then the
  /// longest since, then reference).
  package var opportunities: [Opportunity]
  /// Addresses among ``opportunities`` that are to be offered now or are offered already;
  /// the others wait for capacity.
  package var offered: Set<AddressKey>
  /// Of ``offered`` and ``shadowed``, those that have their place by lot.
  package var drawn: Set<AddressKey>
  /// On trial: addresses among ``opportunities`` that would be offered if they were not.
  package var shadowed: Set<AddressKey>
  /// Judged and left below the line, best first.
  package var belowTheLine: [Opportunity]
  /// Jobs that show the other door (``Safeguarding``), by reference.
  package var safeguarding: [JobRef]
  /// One for each of the input's jobs, in their order.
  package var standings: [JobStanding]
  /// The address of each of the input's jobs, in their order; `nil` where it cannot be told.
  package var addresses: [AddressKey?]
  /// Written addresses that are known to be those of a UPRN, since a job bears both.
  package var aliases: [AddressKey: AddressKey]
  /// Nothing is made or opened again by it (``refreshing(_:jobs:)``).
  package var isRefreshOnly = false
  /// Households of which a verdict that makes nothing has no word: what is open there stays as it is.
  package var untouched: Set<AddressKey> = []

  package init(
    opportunities: [Opportunity], offered: Set<AddressKey>, drawn: Set<AddressKey> = [],
    shadowed: Set<AddressKey> = [], belowTheLine: [Opportunity], safeguarding: [JobRef] = [],
    standings: [JobStanding], addresses: [AddressKey?], aliases: [AddressKey: AddressKey] = [:]
  ) {
    self.opportunities = opportunities
    self.offered = offered
    self.drawn = drawn
    self.shadowed = shadowed
    self.belowTheLine = belowTheLine
    self.safeguarding = safeguarding
    self.standings = standings
    self.addresses = addresses
    self.aliases = aliases
  }
}

/// Judges every address afresh: jobs, rules, register, team and the moment in; opportunities out.
///
/// Pure: the same input gives the same verdict, in whatever order the jobs come.
package func triage(_ input: TriageInput) -> Verdict {
  var pass = TriagePass(input)
  return pass.run()
}
