import Foundation

/// Judges addresses by one set of rules, each at any moment: for a pass all of them at one, for a replay one of
/// them day by day, for an explanation one at one with all that did not count.
package struct AddressJudge: Sendable {
  package let book: JobsByAddress
  /// Where each job ended the last time its address was judged. Of an address that cannot be told from
  /// others ``judgeUnaddressed(at:)`` says it.
  package internal(set) var standings: [JobStanding]

  /// A replay writes anew what is past.
  var input: TriageInput
  let readings: JobReadings
  /// By the areas' numbers in ``readings``.
  let rules: [AreaRules]
  let complaints: ComplaintGrid
  /// A job that was received later than the moment is not known yet.
  let isReplay: Bool
  private let facts: [TypeFacts]
  let isTrialArea: [Bool]
  /// Of each area's number, its position in the index of areas.
  let positionOfArea: [Int?]
  /// Of each job, whether it is a reason by itself as far as its address is not barred.
  private(set) var isCandidate: [Bool]
  /// Of each address the jobs for safeguarding that are at another and hold it as well.
  let holders: [Int: [Int]]
  private var flags: [Set<Register.Flag>?]

  /// - Parameters:
  ///   - input: its jobs and its moment are not looked at.
  ///   - isReplay: a job that was received later than the moment is taken for unknown in every respect.
  package init(_ book: JobsByAddress, _ input: TriageInput, isReplay: Bool = false) {
    self.book = book
    self.input = input
    self.input.past = input.past.renamed(by: book.aliases)
    self.isReplay = isReplay
    let readings = JobReadings(
      book.jobs, input.rules, shadowFeeds: input.shadowFeeds, endedFeeds: input.endedFeeds)
    self.readings = readings
    let rules = readings.areas.map { input.rules.inForce(in: $0) }
    self.rules = rules
    let facts = rules.flatMap { $0.types.map { TypeFacts($0) } }
    self.facts = facts
    isTrialArea = readings.areas.map {
      input.rules.isShadow || input.team.area($0)?.isShadow == true
    }
    let positions = Dictionary(
      (input.areas?.areas ?? []).enumerated().map { ($1.id, $0) },
      uniquingKeysWith: { one, _ in one })
    positionOfArea = readings.areas.map { positions[$0] }
    standings = Array(repeating: .typeNotInTable, count: book.jobs.count)
    isCandidate = Array(repeating: false, count: book.jobs.count)
    flags = Array(repeating: nil, count: book.keys.count)
    holders = book.reach.holders(
      book.jobs.indices.filter { readings.marks[$0].contains(.safeguarding) }, book)
    let metres = rules.compactMap { $0.signals.neighbours?.metres }.max()
    complaints = ComplaintGrid(
      metres == nil ? [] : complaintsOnGrid(book, readings, facts), side: metres ?? 1)
  }

  func facts(_ at: Int) -> TypeFacts {
    facts[readings.area[at] * input.rules.types.count + readings.type[at]]
  }

  /// - Parameter now: seconds since the reference date.
  func age(_ at: Int, _ now: Double) -> Double { now - book.received[at] }

  // MARK: - One cluster

  /// - Returns: at most one for each address: what is above the line and what is below it.
  package mutating func judge(
    _ cluster: JobsByAddress.Cluster, at moment: Date
  ) -> [JudgedAddress] {
    let now = moment.timeIntervalSinceReferenceDate
    var found: [JudgedAddress] = []
    var states = cluster.addresses.map { look(at: $0, now) }
    for at in states.indices where states[at].asks || !cluster.pairs.isEmpty {
      bar(&states[at])
    }
    for withTrials in [false, true] {
      if withTrials, !states.contains(where: \.hasTrials) { break }
      if !cluster.pairs.isEmpty {
        found += joint(cluster.pairs, &states, now, withTrials: withTrials)
      }
      for at in states.indices {
        let state = states[at]
        guard !state.isTaken, withTrials ? state.hasTrialCandidate : state.hasCandidate
        else { continue }
        states[at].isTaken = true
        if let why = state.barred(withTrials) {
          settle(state.address, .noOpportunity(why: why), now, withTrials: withTrials)
        } else {
          let one = single(state.address, now, withTrials: withTrials)
          settle(
            state.address, one.isAboveLine ? .inOpportunity : .belowTheLine, now,
            withTrials: withTrials)
          found.append(one)
        }
      }
    }
    return found
  }

  /// The standings of the jobs whose address cannot be told from others.
  package mutating func judgeUnaddressed(at moment: Date) {
    let now = moment.timeIntervalSinceReferenceDate
    for at in book.jobs.indices where book.addressOf[at] < 0 {
      standings[at] = standing(of: at, now) ?? .noOpportunity(why: .noAddress)
    }
  }

  /// What is known of an address before it is judged.
  struct State {
    let address: Int
    var hasCandidate = false
    var hasTrialCandidate = false
    var hasTrials = false
    /// A job that shows the other door; and one of a feed on trial, which bars trials alone.
    var isSafeguarded = false
    var isSafeguardedOnTrial = false
    var bar: NoOpportunity?
    /// It has had its judgement.
    var isTaken = false

    var asks: Bool { hasCandidate || hasTrialCandidate }

    func barred(_ withTrials: Bool) -> NoOpportunity? {
      bar ?? (withTrials && isSafeguardedOnTrial ? .safeguardedAddress : nil)
    }
  }

  private mutating func look(at address: Int, _ now: Double) -> State {
    var state = State(address: address)
    for at in book.positions(at: address) {
      let isTrial = readings.marks[at].contains(.trial)
      if isTrial { state.hasTrials = true }
      let standing = standing(of: at, now)
      isCandidate[at] = standing == nil
      standings[at] = standing ?? .belowTheLine
      if standing == nil {
        if isTrial { state.hasTrialCandidate = true } else { state.hasCandidate = true }
      } else if standing == .noOpportunity(why: .safeguarding), holdsAddress(at, now) {
        if isTrial { state.isSafeguardedOnTrial = true } else { state.isSafeguarded = true }
      }
    }
    for at in holders[address] ?? [] where holdsAddress(at, now) {
      if readings.marks[at].contains(.trial) {
        state.isSafeguardedOnTrial = true
      } else {
        state.isSafeguarded = true
      }
    }
    return state
  }

  private mutating func bar(_ state: inout State) {
    if flags(of: state.address).contains(.doNotContact) {
      state.bar = .doNotContact
    } else if state.isSafeguarded {
      state.bar = .safeguardedAddress
    } else if let first = input.past.joint[book.keys[state.address]],
      input.past.open[first] == .claimed
    {
      state.bar = .otherHouseholdHeld
    }
  }

  /// What the contact register says of all the places that the address's jobs name, and those that may be at it
  /// though it is not certain.
  package mutating func flags(of address: Int) -> Set<Register.Flag> {
    if let known = flags[address] { return known }
    var all: Set<Register.Flag> = []
    var asked: [Place] = []
    for at in book.positions(at: address).flatMap({ [$0] + book.reach.others(than: $0, book) }) {
      let place = book.jobs[at].place
      let isKnown = asked.contains {
        $0.address == place.address && $0.postcode == place.postcode && $0.uprn == place.uprn
          && $0.point == place.point && $0.location == place.location
      }
      if isKnown { continue }
      asked.append(place)
      all.formUnion(input.register.flags(for: place))
    }
    flags[address] = all
    return all
  }

  /// Gives the jobs of an address that could be a reason their standing.
  mutating func settle(
    _ address: Int, _ standing: JobStanding, _ now: Double, withTrials: Bool
  ) {
    for at in book.positions(at: address) where isCandidate[at] {
      if !withTrials, readings.marks[at].contains(.trial) {
        if case .noOpportunity = standing {
          standings[at] = standing
        } else {
          standings[at] = .noOpportunity(why: .feedOnTrial)
        }
      } else {
        standings[at] = standing
      }
    }
  }

  /// Drawn from below the line: what could be a reason is one.
  mutating func raise(_ judged: JudgedAddress) {
    for address in [judged.address, judged.second].compactMap({ $0 }) {
      for at in book.positions(at: address) where standings[at] == .belowTheLine {
        standings[at] = .inOpportunity
      }
    }
  }
}

private func complaintsOnGrid(
  _ book: JobsByAddress, _ readings: JobReadings, _ facts: [TypeFacts]
) -> [ComplaintGrid.Complaint] {
  guard let types = readings.areas.isEmpty ? nil : facts.count / readings.areas.count else {
    return []
  }
  return book.jobs.indices.compactMap { at in
    let type = readings.type[at]
    guard type >= 0, facts[readings.area[at] * types + type].isComplaint,
      readings.marks[at].isDisjoint(with: .noComplaint), book.addressOf[at] >= 0,
      book.received[at].isFinite, let point = book.jobs[at].place.point,
      [.coordinates, .uprn].contains(book.jobs[at].place.location)
    else { return nil }
    return ComplaintGrid.Complaint(
      point: point, received: book.received[at], address: book.addressOf[at],
      isOnTrial: readings.marks[at].contains(.trial))
  }
}
