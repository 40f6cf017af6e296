import Foundation

extension AddressJudge {
  /// The moments at which the judgement of a cluster may change of itself: between two of them it is the same,
  /// as long as no job is added. Ascending, each once; an address without any job that could be a reason has
  /// them too.
  ///
  /// What has an open end (a window is still open at the instant at which it closes) changes just after.
  package func changes(of cluster: JobsByAddress.Cluster) -> [Date] {
    var moments: Set<Double> = []
    for address in cluster.addresses {
      for at in book.positions(at: address) {
        if book.closed[at].isFinite { moments.insert(book.closed[at]) }
        if let answer = input.past.answered[book.jobs[at].id] {
          let answered = answer.at.timeIntervalSinceReferenceDate
          moments.insert(answered)
          if readings.type[at] >= 0, let revisit = facts(at).revisit {
            moments.insert(answered + Double(revisit.afterDays) * secondsOfDay)
          }
        }
        let received = book.received[at]
        guard received.isFinite else { continue }
        moments.insert(received)
        moments.formUnion(turns(at).map { received + $0 })
      }
      formNeighbours(address, &moments)
    }
    return moments.filter(\.isFinite).sorted().map { Date(timeIntervalSinceReferenceDate: $0) }
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
    if facts.isComplaint, let reciprocal = rules[readings.area[at]].signals.reciprocal {
      turns += TypeFacts.Span(reciprocal.window).turns
    }
    return turns
  }

  /// Complaints near by come and go.
  private func formNeighbours(_ address: Int, _ moments: inout Set<Double>) {
    let positions = book.positions(at: address)
    let areas = Set(positions.map { readings.area[$0] })
    for rule in areas.compactMap({ rules[$0].signals.neighbours }) where rule.points > 0 {
      let points = Set(positions.compactMap { book.jobs[$0].place.point })
      for point in points {
        complaints.visit(near: point, within: rule.metres, from: -.infinity, to: .infinity) {
          moments.insert($0.received)
          moments.insert($0.received + Double(rule.withinDays) * secondsOfDay + justAfter)
          return true
        }
      }
    }
  }
}

/// Seconds: a millisecond.
let justAfter = 0.001
