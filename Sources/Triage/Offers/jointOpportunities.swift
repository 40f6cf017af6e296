import Foundation

extension AddressJudge {
  /// One joint opportunity for each pair among which complaints went both ways: what is held or offered stays
  /// together, then the best pair first, then the one with the newest complaint, then by the keys.
  mutating func joint(
    _ pairs: [JobsByAddress.ComplaintPair], _ states: inout [State], _ now: Double,
    withTrials: Bool
  ) -> [JudgedAddress] {
    var proposals: [(judged: JudgedAddress, stays: Bool)] = []
    for pair in pairs {
      guard let one = states.first(where: { $0.address == pair.one }),
        let other = states.first(where: { $0.address == pair.other }),
        !one.isTaken, !other.isTaken,
        // What a feed on trial says changes nothing of what the others make.
        !withTrials || (!one.hasCandidate && !other.hasCandidate),
        let reciprocity = reciprocity(pair, now, withTrials: withTrials)
      else { continue }
      let judged = joint(pair, reciprocity, now, withTrials: withTrials)
      proposals.append((judged, isOfferedTogether(pair)))
    }
    proposals.sort { one, other in
      if one.stays != other.stays { return one.stays }
      if one.judged.points != other.judged.points {
        return one.judged.points > other.judged.points
      }
      if one.judged.since != other.judged.since { return one.judged.since > other.judged.since }
      return keys(one.judged).lexicographicallyPrecedes(keys(other.judged))
    }
    var found: [JudgedAddress] = []
    for (judged, stays) in proposals {
      let one = states.firstIndex { $0.address == judged.address }!
      let other = states.firstIndex { $0.address == judged.second! }!
      if states[one].isTaken || states[other].isTaken { continue }
      let bars = [states[one], states[other]].compactMap { $0.barred(withTrials) }
      guard bars.allSatisfy({ $0 == .otherHouseholdHeld }) else { continue }
      if !stays {
        let held = [one, other].filter { isHeld(states[$0].address) }
        // Whoever is not held waits for the end of the claim.
        if held.count == 1 { states[held[0] == one ? other : one].bar = .otherHouseholdHeld }
        guard held.isEmpty, bars.isEmpty else { continue }
      }
      states[one].isTaken = true
      states[other].isTaken = true
      let standing: JobStanding = judged.isAboveLine ? .inOpportunity : .belowTheLine
      for address in [judged.address, judged.second!] {
        settle(address, standing, now, withTrials: withTrials)
      }
      standings[judged.reciprocity!.newer] = standing
      standings[judged.reciprocity!.older] = standing
      found.append(judged)
    }
    return found
  }

  private func keys(_ judged: JudgedAddress) -> [String] {
    [book.keys[judged.address].text, book.keys[judged.second!].text]
  }

  /// Whether somebody holds an opportunity at an address, alone or as one of two households.
  private func isHeld(_ address: Int) -> Bool {
    let key = book.keys[address]
    if input.past.open[key] == .claimed { return true }
    return input.past.joint[key].map { input.past.open[$0] == .claimed } ?? false
  }

  /// Whether the two are households of one open opportunity that is held or offered.
  private func isOfferedTogether(_ pair: JobsByAddress.ComplaintPair) -> Bool {
    let (one, other) = (book.keys[pair.one], book.keys[pair.other])
    let first =
      input.past.joint[other] == one ? one : input.past.joint[one] == other ? other : nil
    let state = first.flatMap { input.past.open[$0] }
    return state == .claimed || state == .offered
  }

  private func joint(
    _ pair: JobsByAddress.ComplaintPair, _ reciprocity: Reciprocity, _ now: Double,
    withTrials: Bool
  ) -> JudgedAddress {
    let one = find(
      pair.one, now, withTrials: withTrials, area: readings.area[reciprocity.ofOne])
    let other = find(
      pair.other, now, withTrials: withTrials, area: readings.area[reciprocity.ofOther])
    let strongest: (job: Int, points: Int)? =
      switch (one.most.job, other.most.job) {
      case (let one?, let other?): isStronger(one, other) ? one : other
      default: one.most.job ?? other.most.job
      }
    let signals = SignalPoints(one.most.signals, other.most.signals)
    let points = reciprocity.points + (strongest?.points ?? 0) + signals.sum
    let number = readings.area[reciprocity.ofOne]
    let since = book.jobs[reciprocity.newer].received!
    return JudgedAddress(
      address: pair.one, second: pair.other, area: readings.areas[number],
      trigger: reciprocity.newer, points: points,
      band: rules[number].band(of: points)?.name ?? "", since: since,
      waitingSince: min(since, one.waitingSince, other.waitingSince), hasHistory: true,
      isShadow: withTrials || isTrialArea[number], withTrials: withTrials, strongest: strongest,
      signals: signals, reciprocity: reciprocity)
  }
}
