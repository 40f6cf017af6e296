import Foundation

extension AddressJudge {
  func single(_ address: Int, _ now: Double, withTrials: Bool) -> JudgedAddress {
    let finding = find(address, now, withTrials: withTrials)
    let trigger = finding.strongest!
    let number = readings.area[trigger.job]
    let points = trigger.points + finding.signals.sum
    return JudgedAddress(
      address: address, second: nil, area: readings.areas[number], trigger: trigger.job,
      points: points, band: rules[number].band(of: points)?.name ?? "",
      since: book.jobs[trigger.job].received!, waitingSince: finding.waitingSince,
      hasHistory: finding.hasHistory, isShadow: withTrials || isTrialArea[number],
      withTrials: withTrials, strongest: trigger, signals: finding.signals, reciprocity: nil)
  }

  struct Finding {
    /// Of the area in which it is worth most.
    var strongest: (job: Int, points: Int)?
    var signals: SignalPoints
    /// Of all areas whichever gives most, apart for the job and for each signal: what counts where two
    /// households are judged together. A weight that is raised then never lowers their score, whatever areas
    /// their jobs lie in.
    var most: (job: (job: Int, points: Int)?, signals: SignalPoints)
    /// A job of 12 months is older than the oldest that is a reason.
    var hasHistory: Bool
    var waitingSince: Date
  }

  /// - Parameter area: of the complaint, of a household that is judged together with another: its rules count
  ///   whether or not a job is a reason by itself.
  func find(
    _ address: Int, _ now: Double, withTrials: Bool, area: Int? = nil
  ) -> Finding {
    var history = AddressHistory()
    var first = Double.infinity
    for at in book.positions(at: address)
    where isInHistory(at, now, withTrials: withTrials) {
      history.add(type: readings.type[at], feed: readings.feed[at], age: age(at, now))
      first = min(first, book.received[at])
    }
    var best: (job: Int, points: Int)?
    var bestSignals: SignalPoints?
    var signals: (area: Int, points: SignalPoints)?
    var most: (job: (job: Int, points: Int)?, signals: SignalPoints?) = (
      nil, area.map { weigh(address, history, $0, now, withTrials: withTrials) }
    )
    var oldest = Double.infinity
    for at in book.positions(at: address)
    where isCandidate[at] && (withTrials || !readings.marks[at].contains(.trial)) {
      let area = readings.area[at]
      if signals?.area != area {
        let weighed = weigh(address, history, area, now, withTrials: withTrials)
        signals = (area, weighed)
        most.signals = most.signals.map { SignalPoints($0, weighed) } ?? weighed
      }
      let facts = facts(at)
      let one = (job: at, points: facts.span.faded(facts.points, age: age(at, now)))
      oldest = min(oldest, book.received[at])
      if most.job.map({ isStronger(one, $0) }) ?? true { most.job = one }
      let total = one.points + signals!.points.sum
      if let known = best {
        let bestTotal = known.points + bestSignals!.sum
        if total < bestTotal { continue }
        if total == bestTotal, !isStronger(one, known) { continue }
      }
      best = one
      bestSignals = signals!.points
    }
    let signalsOfAll = most.signals ?? weigh(address, history, 0, now, withTrials: withTrials)
    return Finding(
      strongest: best, signals: bestSignals ?? signalsOfAll, most: (most.job, signalsOfAll),
      hasHistory: first < oldest, waitingSince: Date(timeIntervalSinceReferenceDate: oldest))
  }

  /// More points, then waiting longer, then the reference.
  func isStronger(
    _ one: (job: Int, points: Int), _ other: (job: Int, points: Int)
  ) -> Bool {
    if one.points != other.points { return one.points > other.points }
    let received = (book.received[one.job], book.received[other.job])
    if received.0 != received.1 { return received.0 < received.1 }
    return book.jobs[one.job].id < book.jobs[other.job].id
  }

  private func weigh(
    _ address: Int, _ history: AddressHistory, _ area: Int, _ now: Double, withTrials: Bool
  ) -> SignalPoints {
    let weights = rules[area].signals
    var history = history
    if let neighbours = weights.neighbours, neighbours.points > 0 {
      history.hasNeighbours = complaints.holds(
        neighbours, near: points(of: address, now, withTrials: withTrials), now: now,
        withTrials: withTrials)
    }
    return SignalPoints(history, weights)
  }

  /// Where the address's jobs of 12 months are, as far as they were placed well.
  func points(of address: Int, _ now: Double, withTrials: Bool) -> [GridPoint] {
    var points: [GridPoint] = []
    for at in book.positions(at: address)
    where isInHistory(at, now, withTrials: withTrials) {
      let place = book.jobs[at].place
      guard place.location == .coordinates || place.location == .uprn, let point = place.point,
        !points.contains(point)
      else { continue }
      points.append(point)
    }
    return points
  }

  /// Whether a job counts as history at its address: of 12 months, or a reason by itself.
  func isInHistory(_ at: Int, _ now: Double, withTrials: Bool) -> Bool {
    let marks = readings.marks[at]
    if !withTrials, marks.contains(.trial) { return false }
    if isCandidate[at] { return true }
    let age = age(at, now)
    return age >= 0 && age <= 365 * secondsOfDay && readings.type[at] >= 0
      && marks.isDisjoint(with: .outOfHistory)
  }
}
