import Foundation

extension AddressJudge {
  /// The clusters that are to be judged on each of a number of days: those about which something may have
  /// changed since the day before. What is judged on no other day stands as it stood.
  /// - Parameter moments: of the days, ascending, in seconds since the reference date.
  func turnDays(_ moments: [Double]) -> [[Int]] {
    var due: [[Int]] = Array(repeating: [], count: moments.count)
    guard let first = moments.first, let last = moments.last else { return due }
    var marked = Array(repeating: false, count: moments.count)
    var turns: [Double] = []
    for (number, cluster) in book.clusters.enumerated() {
      // What is offered together stays together, which hangs on the days before.
      if !cluster.pairs.isEmpty {
        for day in due.indices { due[day].append(number) }
        continue
      }
      var (opens, closes) = (Double.infinity, -Double.infinity)
      for address in cluster.addresses {
        for at in book.positions(at: address) where mayBeReason(at) {
          let span = facts(at).span
          opens = min(opens, book.received[at] + span.opens)
          closes = max(closes, book.received[at] + span.closes)
        }
      }
      guard opens <= last + slack, closes >= first - slack else { continue }
      turns.removeAll(keepingCapacity: true)
      for address in cluster.addresses { addChanges(of: address, to: &turns) }
      var days: [Int] = []
      for turn in turns where turn >= opens - slack && turn <= closes + slack {
        var day = firstDay(moments, from: turn - slack)
        // A moment that falls together with the turn may lie on either side of it.
        while day < moments.count {
          if !marked[day] {
            marked[day] = true
            days.append(day)
          }
          guard moments[day] < turn + slack else { break }
          day += 1
        }
      }
      for day in days {
        marked[day] = false
        due[day].append(number)
      }
    }
    return due
  }

  /// Whether a job could be a reason by itself on some day.
  private func mayBeReason(_ at: Int) -> Bool {
    readings.type[at] >= 0
      && readings.marks[at].isDisjoint(with: [
        .outOfHistory, .noResident, .noDwelling, .uncertain, .trial,
      ]) && facts(at).isOffered && book.received[at].isFinite
  }
}

/// Seconds: instants of the lists are whole ones, and their sums may be rounded.
private let slack = 1.0

/// The first day that is judged at an instant or later.
private func firstDay(_ moments: [Double], from instant: Double) -> Int {
  var (low, high) = (0, moments.count)
  while low < high {
    let middle = (low + high) / 2
    if moments[middle] < instant { low = middle + 1 } else { high = middle }
  }
  return low
}
