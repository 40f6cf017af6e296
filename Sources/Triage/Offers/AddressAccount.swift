import Foundation

/// The whole judgement of one address (or of two households together) at a moment: what counted, what did not,
/// and why. Of two households it says nowhere whose complaint a complaint is.
package struct AddressAccount: Hashable, Sendable {
  package var address: AddressKey
  package var second: AddressKey?
  /// Newest first, those without a date last; then by reference.
  package var jobs: [JobAccount]
  /// Those that counted in the order of the score, then those that did not.
  package var reasons: [ReasonAccount]
  /// What the contact register says of any of its places.
  package var flags: Set<Register.Flag>
  /// Its jobs that show the other door.
  package var safeguarding: [JobRef]
  /// Above the line or below it (its band is empty); `nil` where nothing could be offered, for which the
  /// jobs' sentences are the reason.
  package var opportunity: Opportunity?

  package struct JobAccount: Hashable, Sendable {
    package var job: JobRef
    /// `nil`: one of the complaints of two households.
    package var household: AddressKey?
    /// In plain words; as the list has it where the job-type table does not know it.
    package var type: String
    package var received: Date?
    /// When the council closed it or took it off its list.
    package var closed: Date?
    package var standing: JobStanding
    /// Counts as history at its address.
    package var isHistory: Bool
    package var sentence: String
  }

  package struct ReasonAccount: Hashable, Sendable {
    /// As in ``Reason/code``.
    package var code: String
    /// What it adds, or would add.
    package var points: Int
    package var counted: Bool
    /// What was found; of a reason that does not count, why not.
    package var sentence: String
  }
}

extension JobStanding {
  /// In plain words.
  package var sentence: String {
    switch self {
    case .inOpportunity: "It counts in the opportunity."
    case .belowTheLine: "It is a reason, and the score stays below the line."
    case .noOpportunity(let why): why.sentence
    case .typeNotInTable: "The job-type table does not know its type."
    }
  }
}

extension AddressJudge {
  /// Judges an address with all that did not count.
  /// - Parameter drawn: it has its place by lot.
  /// - Returns: `nil` where no job is known of the address.
  package mutating func account(
    of key: AddressKey, at moment: Date, drawn: Bool = false
  ) -> AddressAccount? {
    let sought = book.aliases[key] ?? key
    guard let address = book.keys.firstIndex(of: sought),
      let cluster = book.clusters.first(where: { $0.addresses.contains(address) })
    else { return nil }
    let now = moment.timeIntervalSinceReferenceDate
    let judged = judge(cluster, at: moment).first { $0.address == address || $0.second == address }
    if drawn, let judged { raise(judged) }
    let addresses = judged.map { [$0.address] + ($0.second.map { [$0] } ?? []) } ?? [address]
    var opportunity = judged.map { self.opportunity($0, at: moment) }
    if drawn { opportunity?.score.addDrawn() }
    let jobs = addresses.flatMap { address in
      book.positions(at: address).map { job($0, judged, now) }
    }
    return AddressAccount(
      address: book.keys[addresses[0]], second: addresses.count > 1 ? book.keys[addresses[1]] : nil,
      jobs: jobs.sorted { one, other in
        let (first, second) = (one.received ?? .distantPast, other.received ?? .distantPast)
        return first != second ? first > second : one.job < other.job
      },
      reasons: (opportunity?.score.reasons ?? []).map {
        AddressAccount.ReasonAccount(
          code: $0.code, points: $0.points, counted: true, sentence: $0.sentence)
      } + notCounted(addresses, judged, now),
      flags: addresses.reduce(into: []) { $0.formUnion(flags(of: $1)) },
      safeguarding: jobs.filter { $0.standing == .noOpportunity(why: .safeguarding) }.map(\.job)
        .sorted(),
      opportunity: opportunity)
  }

  private func job(
    _ at: Int, _ judged: JudgedAddress?, _ now: Double
  ) -> AddressAccount.JobAccount {
    let job = book.jobs[at]
    let type = readings.type[at]
    let isComplaint = type >= 0 && rule(at).isComplaint
    let isSecret = judged?.second != nil && (isComplaint || job.otherParty != nil)
    return AddressAccount.JobAccount(
      job: job.id, household: isSecret ? nil : book.keys[book.addressOf[at]],
      type: type >= 0 ? rule(at).name : job.type, received: job.received,
      closed: [job.closed, job.gone].compactMap { $0 }.min(), standing: standings[at],
      isHistory: isInHistory(at, now, withTrials: judged?.withTrials ?? true),
      sentence: standings[at].sentence)
  }

  // MARK: - What did not count

  private func notCounted(
    _ addresses: [Int], _ judged: JudgedAddress?, _ now: Double
  ) -> [AddressAccount.ReasonAccount] {
    guard let judged else { return [] }
    typealias Account = AddressAccount.ReasonAccount
    var accounts: [Account] = []
    for at in addresses.flatMap({ book.positions(at: $0) })
    where isReason(at, judged) && at != judged.strongest?.job {
      let (rule, facts) = (rule(at), facts(at))
      accounts.append(
        Account(
          code: "type:" + rule.id, points: facts.span.faded(rule.points, age: age(at, now)),
          counted: false, sentence: "Only the strongest job counts: \(rule.name)."))
    }
    accounts.sort { one, other in
      one.points != other.points ? one.points > other.points : one.code < other.code
    }
    let weights = rules[readings.area[judged.strongest?.job ?? judged.trigger]].signals
    for signal in SignalCode.allCases where judged.signals[keyPath: signal.points] == nil {
      let points = signal.weight(weights)
      accounts.append(
        Account(
          code: signal.rawValue, points: points, counted: false,
          sentence: points == 0
            ? "The rules give it no points." : whyNot(signal, addresses, judged, weights, now)))
    }
    if judged.second == nil, let reciprocal = weights.reciprocal {
      accounts.append(
        Account(
          code: "reciprocal", points: reciprocal.points, counted: false,
          sentence: """
            No complaints went both ways within \(reciprocal.withinDays) days, or their time is over.
            """))
    }
    return accounts
  }

  private func isReason(_ at: Int, _ judged: JudgedAddress) -> Bool {
    guard standings[at] == .inOpportunity || standings[at] == .belowTheLine else { return false }
    return rule(at).offer != nil
  }

  private func whyNot(
    _ signal: SignalCode, _ addresses: [Int], _ judged: JudgedAddress, _ weights: Signals,
    _ now: Double
  ) -> String {
    if addresses.count > 1, signal != .first, signal != .several {
      return "It holds at neither of the two addresses."
    }
    let positions = history(of: judged.address, judged, now)
    switch signal {
    case .repeated: return "There is no other job at this address in 12 months."
    case .secondKind: return "All jobs are of one kind and from one list."
    case .lately:
      let (lately, before) = halves(positions, now)
      return "\(lately) in the last 90 days, \(before) in the 90 before."
    case .first: return "There was another job in 12 months."
    case .neighbours:
      let rule = weights.neighbours!
      return """
        Fewer than \(rule.complaints) complaints within \(Int(rule.metres)) m in \
        \(rule.withinDays) days, or all of them at one address.
        """
    case .several: return "Fewer than two of the signals come together."
    }
  }
}

extension SignalCode {
  fileprivate func weight(_ signals: Signals) -> Int {
    switch self {
    case .repeated: signals.repeatWithinYear
    case .secondKind: signals.secondKind
    case .lately: signals.moreOftenLately
    case .first: signals.firstInYear
    case .neighbours: signals.neighbours?.points ?? 0
    case .several: signals.several
    }
  }
}
