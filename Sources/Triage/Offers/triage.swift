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

  package init(
    jobs: [Job], rules: Rules, register: Register, team: Team, now: Date,
    open: [AddressKey: OpportunityState] = [:], answered: Set<JobRef> = [],
    offeredThisWeek: [String: Int] = [:]
  ) {
    self.jobs = jobs
    self.rules = rules
    self.register = register
    self.team = team
    self.now = now
    self.open = open
    self.answered = answered
    self.offeredThisWeek = offeredThisWeek
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

  package init(
    opportunities: [Opportunity], offered: Set<AddressKey>, belowTheLine: [Opportunity],
    standings: [JobStanding]
  ) {
    self.opportunities = opportunities
    self.offered = offered
    self.belowTheLine = belowTheLine
    self.standings = standings
  }
}

/// Judges every address afresh: jobs, rules, register, team and the moment in; opportunities out.
///
/// Pure: the same input gives the same verdict, in whatever order the jobs come.
package func triage(_ input: TriageInput) -> Verdict {
  var pass = Pass(input)
  return pass.run()
}

private struct Pass {
  let input: TriageInput
  let yearAgo: Date
  var typeOf: [TypeKey: Int?] = [:]
  var standings: [JobStanding]

  struct TypeKey: Hashable {
    let jobClass: String
    let type: String
    let status: String
  }

  /// A job that is a reason to call by itself.
  struct Candidate {
    let job: Int
    let type: Int
  }

  init(_ input: TriageInput) {
    self.input = input
    yearAgo = input.now.addingTimeInterval(-365 * day)
    standings = Array(repeating: .typeNotInTable, count: input.jobs.count)
  }

  mutating func run() -> Verdict {
    var atAddress: [AddressKey: [Int]] = [:]
    var types = [Int?](repeating: nil, count: input.jobs.count)
    var stopped = [Bool](repeating: false, count: input.jobs.count)
    for (at, job) in input.jobs.enumerated() {
      types[at] = type(of: job)
      stopped[at] = hasStopWord(job)
      guard let key = AddressKey(job.place) else {
        standings[at] = types[at] == nil ? .typeNotInTable : .noOpportunity(why: .noAddress)
        continue
      }
      atAddress[key, default: []].append(at)
    }

    var above: [Opportunity] = []
    var below: [Opportunity] = []
    for (key, positions) in atAddress {
      var candidates: [Candidate] = []
      for at in positions {
        if let why = whyNot(input.jobs[at], type: types[at], stopped: stopped[at]) {
          standings[at] = types[at] == nil ? .typeNotInTable : .noOpportunity(why: why)
        } else if let type = types[at] {
          candidates.append(Candidate(job: at, type: type))
        }
      }
      guard !candidates.isEmpty else { continue }
      let flags = input.register.flags(for: input.jobs[candidates[0].job].place)
      let flagged =
        flags.contains(.doNotContact)
        || candidates.dropFirst().contains {
          input.register.flags(for: input.jobs[$0.job].place).contains(.doNotContact)
        }
      if flagged {
        for candidate in candidates {
          standings[candidate.job] = .noOpportunity(why: .doNotContact)
        }
        continue
      }
      let history = positions.filter { !stopped[$0] && types[$0] != nil }
      let opportunity = judge(key, candidates, history, types)
      let isAbove = !opportunity.band.isEmpty
      for candidate in candidates {
        standings[candidate.job] = isAbove ? .inOpportunity : .belowTheLine
      }
      if isAbove { above.append(opportunity) } else { below.append(opportunity) }
    }
    above.sort(by: Pass.comesFirst)
    below.sort(by: Pass.comesFirst)
    return Verdict(
      opportunities: above, offered: pace(above), belowTheLine: below, standings: standings)
  }

  /// The best first: points, then the longest waiting, then the reference.
  static func comesFirst(_ one: Opportunity, _ other: Opportunity) -> Bool {
    let points = (one.score.points, other.score.points)
    if points.0 != points.1 { return points.0 > points.1 }
    if one.since != other.since { return one.since < other.since }
    return one.trigger < other.trigger
  }

  /// What is offered stays offered; free places of the week go to the best of the rest.
  func pace(_ sorted: [Opportunity]) -> Set<AddressKey> {
    var used = input.offeredThisWeek
    var offered: Set<AddressKey> = []
    for opportunity in sorted {
      switch input.open[opportunity.address] {
      case .offered, .claimed:
        offered.insert(opportunity.address)
      default:
        guard let team = input.team.area(opportunity.area),
          used[opportunity.area, default: 0] < team.weeklyCapacity
        else { continue }
        used[opportunity.area, default: 0] += 1
        offered.insert(opportunity.address)
      }
    }
    return offered
  }

  mutating func type(of job: Job) -> Int? {
    let key = TypeKey(jobClass: job.jobClass, type: job.type, status: job.status)
    if let known = typeOf[key] { return known }
    let found = input.rules.types.firstIndex {
      $0.match.matches(jobClass: job.jobClass, type: job.type, status: job.status)
    }
    typeOf[key] = found
    return found
  }

  var stopWordOf: [String: Bool] = [:]

  mutating func hasStopWord(_ job: Job) -> Bool {
    if input.rules.stopWords.isEmpty { return false }
    // Type and class repeat from job to job; notes do not, and are seldom carried.
    let words = job.type + "\n" + job.jobClass
    let inType: Bool
    if let known = stopWordOf[words] {
      inType = known
    } else {
      inType = contains(words)
      stopWordOf[words] = inType
    }
    return inType || (!job.notes.isEmpty && contains(job.notes))
  }

  private func contains(_ text: String) -> Bool {
    let text = text.lowercased()
    return input.rules.stopWords.contains { text.contains($0.lowercased()) }
  }

  func whyNot(_ job: Job, type: Int?, stopped: Bool) -> NoOpportunity? {
    guard let type else { return .historyOnly }
    if stopped { return .stopWord }
    let rule = input.rules.types[type]
    if rule.offer == nil { return .historyOnly }
    if !job.callerType.isEmpty,
      input.rules.callersWithoutResident.contains(where: { wildcard($0, matches: job.callerType) })
    {
      return .noResidentAsked
    }
    if job.closed != nil || job.gone != nil { return .closed }
    if input.answered.contains(job.id) { return .alreadyAnswered }
    guard let received = job.received else { return .noDate }
    let age = input.now.timeIntervalSince(received)
    if age < 0 { return .inFuture }
    if age < Double(rule.opensAfterDays) * day { return .tooEarly }
    if age > Double(rule.closesAfterDays) * day { return .tooLate }
    return nil
  }

  func judge(
    _ key: AddressKey, _ candidates: [Candidate], _ history: [Int], _ types: [Int?]
  ) -> Opportunity {
    let trigger = candidates.min { one, other in
      let points = (input.rules.types[one.type].points, input.rules.types[other.type].points)
      if points.0 != points.1 { return points.0 > points.1 }
      let jobs = (input.jobs[one.job], input.jobs[other.job])
      if jobs.0.received != jobs.1.received { return jobs.0.received! < jobs.1.received! }
      return jobs.0.id < jobs.1.id
    }!
    let rule = input.rules.types[trigger.type]
    let job = input.jobs[trigger.job]
    let within = history.filter { at in
      input.jobs[at].received.map { $0 >= yearAgo && $0 <= input.now } ?? false
    }
    var reasons = [
      Reason(code: "type:\(rule.id)", points: rule.points, sentence: rule.reason)
    ]
    reasons += signals(within, types)
    let score = Score(reasons: reasons)
    return Opportunity(
      address: key, area: job.area, offer: rule.offer!, trigger: job.id, jobType: rule.name,
      jobs: within.map { input.jobs[$0].id }.sorted(), since: job.received!, place: job.place,
      score: score, band: input.rules.band(of: score.points, in: job.area)?.name ?? "",
      rulesVersion: input.rules.version)
  }

  func signals(_ within: [Int], _ types: [Int?]) -> [Reason] {
    let signals = input.rules.signals
    var reasons: [Reason] = []
    func add(_ code: String, _ points: Int, _ sentence: String) {
      if points != 0 { reasons.append(Reason(code: code, points: points, sentence: sentence)) }
    }
    if within.count > 1 {
      add(
        "repeat", signals.repeatWithinYear, "\(within.count) jobs at this address in 12 months.")
    } else {
      add("first", signals.firstInYear, "The first job at this address in 12 months.")
    }
    let kinds = Set(within.map { types[$0]! })
    if kinds.count > 1 {
      add("second-kind", signals.secondKind, "\(kinds.count) different kinds of job.")
    }
    let ages = within.map { input.now.timeIntervalSince(input.jobs[$0].received!) }
    let lately = ages.count { $0 <= 90 * day }
    let before = ages.count { $0 > 90 * day && $0 <= 180 * day }
    if lately > before, lately > 1 {
      add(
        "lately", signals.moreOftenLately,
        "More often lately: \(lately) in the last 90 days, \(before) in the 90 before.")
    }
    return reasons
  }
}

/// Seconds.
private let day = 86_400.0
