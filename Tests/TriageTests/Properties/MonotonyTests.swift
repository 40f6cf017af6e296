import Foundation
import Testing
import Triage

/// A further signal never lowers a score: not a rule that counts more, not a further job.
///
/// Judged apart from what is not the score's: the other door and the register (which take an address out), claims
/// (for which a household waits), and feeds on trial (whose word gives way to the others'). An address is in one
/// pair of households at most; if the other household finds a better pair, this one's score is its own again.
@Suite("A further signal never lowers a score")
struct MonotonyTests {
  @Test("Raising any weight of the rules")
  func weights() async {
    await Cases("Weights").check { random in
      let town = judgedAlone(&random)
      var raised = town
      let more = Int.random(in: 1...20, using: &random)
      let which = Int.random(in: 0..<(town.rules.types.count + 7), using: &random)
      raise(which, more, &raised.rules.types, &raised.rules.signals)
      for at in raised.rules.overrides.indices {
        var rules = raised.rules.overrides[at].rules
        raise(which, more, &rules.types, &rules.signals)
        raised.rules.overrides[at].rules = rules
      }
      return lowered(triage(town.input()), triage(raised.input()))
    }
  }

  @Test("A further job of the last 90 days at any address")
  func jobs() async {
    await Cases("Jobs").check { random in
      let town = judgedAlone(&random)
      let known = town.jobs.filter { AddressKey($0.place) != nil }
      guard let like = known.randomElement(using: &random) else { return nil }
      var more = town.job(1000, &random)
      more = Job(
        id: JobRef(feed: like.id.feed, reference: "more"),
        received: daysAgo(.random(in: 0...90, using: &random)), closed: more.closed,
        status: more.status, jobClass: more.jobClass, type: more.type,
        callerType: more.callerType, place: like.place, area: like.area,
        otherParty: like.otherParty)
      let before = triage(town.input())
      let after = triage(town.input(town.jobs + [more]))
      if after.standings.last == .noOpportunity(why: .safeguarding) { return nil }
      return lowered(before, after)
    }
  }

  private func judgedAlone(_ random: inout Seeded) -> RandomTown {
    var town = RandomTown(&random)
    town.past = PastOffers(answered: town.past.answered)
    town.register = Register()
    town.shadowFeeds = []
    return town
  }

  private func lowered(_ before: Verdict, _ after: Verdict) -> String? {
    func scores(_ verdict: Verdict) -> [AddressKey: (points: Int, other: AddressKey?)] {
      var scores: [AddressKey: (points: Int, other: AddressKey?)] = [:]
      for one in verdict.opportunities + verdict.belowTheLine {
        scores[one.address] = (one.score.points, one.second?.address)
        if let second = one.second { scores[second.address] = (one.score.points, one.address) }
      }
      return scores
    }
    let (before, after) = (scores(before), scores(after))
    for (address, score) in before {
      let now = after[address]
      if let other = score.other, now?.other != other, after[other]?.other ?? other != address,
        after[other]?.other != nil
      {
        continue
      }
      if now?.points ?? -1 < score.points {
        return "\(address) had \(score.points) and has \(now.map { "\($0.points)" } ?? "none")"
      }
    }
    return nil
  }
}

/// Raises one weight: of a type, or one of the signals.
private func raise(_ which: Int, _ more: Int, _ types: inout [JobType], _ signals: inout Signals) {
  switch which - types.count {
  case 0: signals.repeatWithinYear += more
  case 1: signals.secondKind += more
  case 2: signals.moreOftenLately += more
  case 3: signals.firstInYear = min(signals.firstInYear + more, signals.repeatWithinYear)
  case 4: signals.several += more
  case 5: signals.reciprocal?.points += more
  case 6: signals.neighbours?.points += more
  default: types[which].points += more
  }
}
