import Foundation

/// One run of ``triage(_:)``: groups the jobs by address, asks each job why it is no reason, and
/// judges the addresses that have one.
struct TriagePass {
  private let input: TriageInput
  private let yearAgo: Date
  private var standings: [JobStanding]
  private var addresses: [AddressKey?]
  private var readings: [Words: Reading] = [:]
  private var isNoResident: [String: Bool] = [:]
  /// Of each job.
  private var reading: [Reading] = []
  /// Of each area's id, in the index.
  private let areaPositions: [String: Int]

  /// A job's words, which repeat from row to row.
  private struct Words: Hashable {
    let jobClass: String
    let type: String
    let status: String
    let callerType: String
  }

  /// What the rules make of a job's words.
  private struct Reading {
    /// Position in the job-type table.
    var type: Int?
    var stopped: Bool
  }

  init(_ input: TriageInput) {
    self.input = input
    yearAgo = input.now.addingTimeInterval(-365 * day)
    standings = Array(repeating: .typeNotInTable, count: input.jobs.count)
    addresses = Array(repeating: nil, count: input.jobs.count)
    reading.reserveCapacity(input.jobs.count)
    areaPositions = Dictionary(
      (input.areas?.areas ?? []).enumerated().map { ($1.id, $0) },
      uniquingKeysWith: { one, _ in one })
  }

  mutating func run() -> Verdict {
    for job in input.jobs { reading.append(read(job)) }
    let groups = groupByAddress()
    var above: [Opportunity] = []
    var below: [Opportunity] = []
    for group in groups {
      guard let opportunity = judge(group) else { continue }
      if opportunity.band.isEmpty { below.append(opportunity) } else { above.append(opportunity) }
    }
    above = bestFirst(above)
    return Verdict(
      opportunities: above, offered: pace(above, in: input), belowTheLine: bestFirst(below),
      standings: standings, addresses: addresses)
  }

  // MARK: - Jobs

  private mutating func read(_ job: Job) -> Reading {
    let words = Words(
      jobClass: job.jobClass, type: job.type, status: job.status, callerType: job.callerType)
    var reading: Reading
    if let known = readings[words] {
      reading = known
    } else {
      let type = input.rules.types.firstIndex {
        $0.match.matches(
          jobClass: job.jobClass, type: job.type, status: job.status, callerType: job.callerType)
      }
      reading = Reading(
        type: type, stopped: hasStopWord(job.type) || hasStopWord(job.jobClass))
      readings[words] = reading
    }
    // Notes do not repeat, and are seldom carried.
    if !reading.stopped, !job.notes.isEmpty { reading.stopped = hasStopWord(job.notes) }
    return reading
  }

  private func hasStopWord(_ text: String) -> Bool {
    let text = text.lowercased()
    return input.rules.stopWords.contains { text.contains($0.lowercased()) }
  }

  private mutating func noResidentAsked(_ callerType: String) -> Bool {
    if callerType.isEmpty { return false }
    if let known = isNoResident[callerType] { return known }
    let answer = input.rules.callersWithoutResident.contains { wildcard($0, matches: callerType) }
    isNoResident[callerType] = answer
    return answer
  }

  private mutating func whyNot(_ at: Int, type: Int) -> NoOpportunity? {
    let rule = input.rules.types[type]
    if reading[at].stopped { return .stopWord }
    if rule.offer == nil { return .historyOnly }
    if noResidentAsked(input.jobs[at].callerType) { return .noResidentAsked }
    if isNoDwelling(input.jobs[at].place.address) { return .notADwelling }
    let closed = input.jobs[at].closed.map { $0 <= input.now } ?? false
    if (closed || input.jobs[at].gone != nil) && !rule.afterClosing { return .closed }
    if input.past.answered[input.jobs[at].id] != nil { return .alreadyAnswered }
    guard let received = input.jobs[at].received else { return .noDate }
    let age = input.now.timeIntervalSince(received)
    if age < 0 { return .inFuture }
    if age < Double(rule.window.opensAfterHours) * 3600 { return .tooEarly }
    if age > Double(rule.window.closesAfterDays) * day { return .tooLate }
    // Asked last: what is listed for a person to decide would be a reason to call.
    if input.jobs[at].place.location == .postcodeNearEdge { return .placeUncertain }
    return nil
  }

  // MARK: - Addresses

  /// An address as a list writes it: the same text comes with every job of a household.
  private struct Written: Hashable {
    let address: String
    let postcode: String
  }

  /// Positions of the jobs at each address that can be told apart from others.
  private mutating func groupByAddress() -> [[Int]] {
    var keys: [Written: AddressKey?] = [:]
    func key(of place: Place) -> AddressKey? {
      guard place.uprn.isEmpty else { return AddressKey(place) }
      let written = Written(address: place.address, postcode: place.postcode)
      if let known = keys[written] { return known }
      let key = AddressKey(place)
      keys[written] = .some(key)
      return key
    }
    var groupOf: [AddressKey: Int] = [:]
    var groups: [[Int]] = []
    groupOf.reserveCapacity(input.jobs.count / 2)
    for at in input.jobs.indices {
      guard let key = key(of: input.jobs[at].place) else {
        if reading[at].type != nil { standings[at] = .noOpportunity(why: .noAddress) }
        continue
      }
      addresses[at] = key
      if let group = groupOf[key] {
        groups[group].append(at)
      } else {
        groupOf[key] = groups.count
        groups.append([at])
      }
    }
    return groups
  }

  /// - Returns: `nil` when no job of the address is a reason to call.
  private mutating func judge(_ positions: [Int]) -> Opportunity? {
    var candidates: [Int] = []
    for at in positions {
      guard let type = reading[at].type else { continue }
      if let why = whyNot(at, type: type) {
        standings[at] = .noOpportunity(why: why)
      } else {
        candidates.append(at)
      }
    }
    guard let trigger = candidates.min(by: isStronger) else { return nil }
    let flagged = candidates.contains {
      input.register.flags(for: input.jobs[$0].place).contains(.doNotContact)
    }
    if flagged {
      for at in candidates { standings[at] = .noOpportunity(why: .doNotContact) }
      return nil
    }
    let opportunity = opportunity(trigger, history: positions)
    for at in candidates {
      standings[at] = opportunity.band.isEmpty ? .belowTheLine : .inOpportunity
    }
    return opportunity
  }

  /// More points, then waiting longer, then the reference.
  private func isStronger(_ one: Int, _ other: Int) -> Bool {
    let points = (points(of: one), points(of: other))
    if points.0 != points.1 { return points.0 > points.1 }
    let received = (input.jobs[one].received!, input.jobs[other].received!)
    if received.0 != received.1 { return received.0 < received.1 }
    return input.jobs[one].id < input.jobs[other].id
  }

  private func points(of at: Int) -> Int { input.rules.types[reading[at].type!].points }

  private func opportunity(_ trigger: Int, history positions: [Int]) -> Opportunity {
    let job = input.jobs[trigger]
    let rule = input.rules.types[reading[trigger].type!]
    let within = positions.filter { at in
      if at == trigger { return true }
      guard let received = input.jobs[at].received else { return false }
      return received >= yearAgo && received <= input.now && !reading[at].stopped
        && reading[at].type != nil
    }
    let score = Score(
      reasons: [Reason(code: "type:" + rule.id, points: rule.points, sentence: rule.reason)]
        + signals(within) + doubts(job))
    return Opportunity(
      address: addresses[trigger]!, area: job.area, offer: rule.offer!, trigger: job.id,
      jobType: rule.name, jobs: within.map { input.jobs[$0].id }.sorted(), since: job.received!,
      place: job.place, score: score,
      band: input.rules.inForce(in: job.area).band(of: score.points)?.name ?? "",
      rulesVersion: input.rules.version)
  }

  /// Adds no points: geography decides whether, never how much.
  private func doubts(_ job: Job) -> [Reason] {
    switch job.place.location {
    case .postcode:
      return [
        Reason(
          code: "approximate", points: 0,
          sentence: "Approximate place: known by its postcode only.")
      ]
    case .coordinates, .uprn:
      guard let areas = input.areas, let position = areaPositions[job.area],
        let point = job.place.point,
        let edge = areas.edge(
          ofArea: position, near: point,
          within: areas.areas[position].margin ?? input.usualMargin)
      else { return [] }
      return [Reason(code: "edge", points: 0, sentence: edge.sentence(areas.areas))]
    case .postcodeNearEdge, .none: return []
    }
  }

  /// What the history of 12 months adds.
  private func signals(_ within: [Int]) -> [Reason] {
    let signals = input.rules.signals
    var reasons: [Reason] = []
    func add(_ code: String, _ points: Int, _ sentence: @autoclosure () -> String) {
      if points != 0 { reasons.append(Reason(code: code, points: points, sentence: sentence())) }
    }
    guard within.count > 1 else {
      add("first", signals.firstInYear, "The first job at this address in 12 months.")
      return reasons
    }
    add("repeat", signals.repeatWithinYear, "\(within.count) jobs at this address in 12 months.")
    let kinds = Set(within.map { reading[$0].type! }).count
    if kinds > 1 { add("second-kind", signals.secondKind, "\(kinds) different kinds of job.") }
    var (lately, before) = (0, 0)
    for at in within {
      let age = input.now.timeIntervalSince(input.jobs[at].received!)
      if age <= 90 * day { lately += 1 } else if age <= 180 * day { before += 1 }
    }
    if lately > before, lately > 1 {
      add(
        "lately", signals.moreOftenLately,
        "More often lately: \(lately) in the last 90 days, \(before) in the 90 before.")
    }
    return reasons
  }
}

/// Points, then the longest since, then the reference.
private func bestFirst(_ opportunities: [Opportunity]) -> [Opportunity] {
  let ranks = opportunities.indices.map { at in
    (points: opportunities[at].score.points, since: opportunities[at].since, at: at)
  }
  let order = ranks.sorted { one, other in
    if one.points != other.points { return one.points > other.points }
    if one.since != other.since { return one.since < other.since }
    return opportunities[one.at].trigger < opportunities[other.at].trigger
  }
  return order.map { opportunities[$0.at] }
}

/// What is offered stays offered; free places of the week go to the best of the rest.
private func pace(_ sorted: [Opportunity], in input: TriageInput) -> Set<AddressKey> {
  var used = input.past.offeredThisWeek
  let capacity = Dictionary(
    input.team.areas.map { ($0.area, $0.weeklyCapacity) }, uniquingKeysWith: { one, _ in one })
  var offered: Set<AddressKey> = []
  for opportunity in sorted {
    switch input.past.open[opportunity.address] {
    case .offered, .claimed:
      offered.insert(opportunity.address)
    default:
      let taken = used[opportunity.area, default: 0]
      if taken < capacity[opportunity.area, default: 0] {
        used[opportunity.area] = taken + 1
        offered.insert(opportunity.address)
      }
    }
  }
  return offered
}

/// Seconds.
private let day = 86_400.0
