import Foundation

extension AddressJudge {
  /// The moments at which the judgement of a cluster may change of itself: between two of them it is the same,
  /// as long as no job is added. Ascending, each once; an address without any job that could be a reason has
  /// them too.
  ///
  /// What has an open end (a window is still open at the instant at which it closes) changes just after.
  package func changes(of cluster: JobsByAddress.Cluster) -> [Date] {
    var moments: [Double] = []
    for address in cluster.addresses { addChanges(of: address, to: &moments) }
    return Set(moments.filter(\.isFinite)).sorted()
      .map { Date(timeIntervalSinceReferenceDate: $0) }
  }

  /// The same of one address, in no order and some of them twice, in seconds since the reference date.
  func addChanges(of address: Int, to moments: inout [Double]) {
    for at in book.positions(at: address) {
      if book.closed[at].isFinite { moments.append(book.closed[at]) }
      if !input.past.answered.isEmpty, let answer = input.past.answered[book.jobs[at].id] {
        let answered = answer.at.timeIntervalSinceReferenceDate
        moments.append(answered)
        if readings.type[at] >= 0, let revisit = facts(at).revisit {
          moments.append(answered + Double(revisit.afterDays) * secondsOfDay)
        }
      }
      let received = book.received[at]
      guard received.isFinite else { continue }
      moments.append(received)
      for age in turns(at) { moments.append(received + age) }
    }
    for at in holders[address] ?? [] where book.received[at].isFinite {
      moments.append(book.received[at])
      for age in turns(at) { moments.append(book.received[at] + age) }
    }
    addNeighbours(of: address, to: &moments)
  }

  /// Ages of a job at which something may change.
  private func turns(_ at: Int) -> [Double] {
    if readings.marks[at].contains(.safeguarding) {
      return [Double(input.rules.safeguarding.days) * secondsOfDay + justAfter]
    }
    guard readings.type[at] >= 0 else { return [] }
    var turns = [90.0, 180, 365].map { $0 * secondsOfDay + justAfter }
    let facts = facts(at)
    if facts.isOffered { turns += facts.span.turns }
    // The other household may lie in another area, by whose window the two are judged.
    if facts.isComplaint || book.jobs[at].otherParty != nil {
      for reciprocal in rules.compactMap(\.signals.reciprocal) {
        turns += TypeFacts.Span(reciprocal.window).turns
      }
    }
    return turns
  }

  /// Complaints near by come and go.
  private func addNeighbours(of address: Int, to moments: inout [Double]) {
    let positions = book.positions(at: address)
    var asked: [(area: Int, point: GridPoint)] = []
    for at in positions {
      let area = readings.area[at]
      guard let rule = rules[area].signals.neighbours, rule.points > 0,
        let point = book.jobs[at].place.point,
        !asked.contains(where: { $0.area == area && $0.point == point })
      else { continue }
      asked.append((area, point))
      complaints.visit(near: point, within: rule.metres, from: -.infinity, to: .infinity) {
        moments.append($0.received)
        moments.append($0.received + Double(rule.withinDays) * secondsOfDay + justAfter)
        return true
      }
    }
  }
}

/// Seconds: a millisecond.
let justAfter = 0.001
