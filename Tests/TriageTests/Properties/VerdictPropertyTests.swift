import Foundation
import Testing
import Triage

@Suite("What holds of every verdict")
struct VerdictPropertyTests {
  @Test("Every job is accounted for once, the reasons add up, and every rule is reached")
  func accounts() async {
    let cases = Cases("Accounts")
    var reached: [String: Int] = [:]
    await cases.check { random in
      let town = RandomTown(&random)
      let verdict = triage(town.input())
      for standing in verdict.standings { reached["\(standing)", default: 0] += 1 }
      for one in verdict.opportunities + verdict.belowTheLine {
        for reason in one.score.reasons {
          let code = reason.code.hasPrefix("type:") ? "type" : reason.code
          reached[code, default: 0] += 1
          if reason.sentence.contains(" points are left.") { reached["fading", default: 0] += 1 }
        }
        if one.isShadow { reached["trial", default: 0] += 1 }
      }
      reached["shadowed", default: 0] += verdict.shadowed.count
      reached["safeguarding told", default: 0] += verdict.safeguarding.count
      reached["alias", default: 0] += verdict.aliases.count
      return wrong(verdict, town.jobs) ?? wrongPoints(verdict, town.rules)
    }
    guard cases.count >= 1000 else { return }
    let rules = NoOpportunity.allCases.filter { $0 != .registerNotInForce }
      .map { "\(JobStanding.noOpportunity(why: $0))" }
    let codes = [
      "type", "repeat", "second-kind", "lately", "first", "several", "reciprocal", "neighbours",
      "drawn", "approximate", "edge", "fading", "trial", "shadowed", "safeguarding told", "alias",
    ]
    for rule in rules + codes
      + [
        "\(JobStanding.inOpportunity)", "\(JobStanding.belowTheLine)",
        "\(JobStanding.typeNotInTable)",
      ]
    {
      #expect(reached[rule, default: 0] >= 3, "'\(rule)' was never reached.")
    }
  }

  private func wrong(_ verdict: Verdict, _ jobs: [Job]) -> String? {
    guard verdict.standings.count == jobs.count, verdict.addresses.count == jobs.count else {
      return "Not one standing and one address for each job"
    }
    let standings = Dictionary(
      uniqueKeysWithValues: zip(jobs.map(\.id), verdict.standings))
    let all = verdict.opportunities + verdict.belowTheLine
    let households = all.flatMap { [$0.address] + ($0.second.map { [$0.address] } ?? []) }
    if Set(households).count != households.count { return "An address in two opportunities" }
    let addresses = Set(verdict.opportunities.map(\.address))
    if !verdict.offered.union(verdict.shadowed).isSubset(of: addresses) {
      return "Offered without an opportunity"
    }
    if !verdict.offered.isDisjoint(with: verdict.shadowed) { return "Offered and on trial" }
    if !verdict.drawn.isSubset(of: verdict.offered.union(verdict.shadowed)) {
      return "Drawn and not offered"
    }
    for (opportunities, standing) in [
      (verdict.opportunities, JobStanding.inOpportunity), (verdict.belowTheLine, .belowTheLine),
    ] {
      for one in opportunities where standings[one.trigger] != standing {
        return "A trigger that is not \(standing)"
      }
      let members = opportunities.flatMap(\.jobs)
      if Set(members).count != members.count { return "A job in two opportunities" }
      for (job, own) in standings where own == standing && !members.contains(job) {
        return "\(job) is \(standing) and in no such opportunity"
      }
      for one in opportunities where !one.jobs.contains(one.trigger) {
        return "An opportunity without its trigger"
      }
    }
    for (job, standing) in zip(jobs, verdict.standings)
    where standing == .noOpportunity(why: .safeguarding) {
      for one in all where one.jobs.contains(job.id) {
        return "A job of the other door in an opportunity"
      }
    }
    return nil
  }

  private func wrongPoints(_ verdict: Verdict, _ rules: Rules) -> String? {
    for one in verdict.opportunities + verdict.belowTheLine {
      let sum = one.score.reasons.map(\.points).reduce(0, +)
      if sum != one.score.points { return "The reasons do not add up" }
      if one.score.reasons.contains(where: { $0.points < 0 }) { return "Points below zero" }
      let codes = one.score.reasons.map(\.code)
      if Set(codes).count != codes.count { return "A reason twice" }
      // The band is made of the judge's numbers, the reasons with the sentences.
      if one.band != rules.inForce(in: one.area).band(of: sum)?.name ?? "" {
        return "The band \(one.band) is not that of \(sum) points"
      }
    }
    for opportunities in [verdict.opportunities, verdict.belowTheLine] {
      for (one, next) in zip(opportunities, opportunities.dropFirst()) {
        let isInOrder =
          one.score.points != next.score.points
          ? one.score.points > next.score.points
          : one.since != next.since ? one.since < next.since : one.trigger <= next.trigger
        if !isInOrder { return "Not best first" }
      }
    }
    for one in verdict.opportunities where one.band.isEmpty {
      if !verdict.drawn.contains(one.address) { return "Below the line and not drawn" }
    }
    return nil
  }

  @Test("The order of the jobs does not matter, and the same again gives the same")
  func order() async {
    await Cases("Order").check { random in
      let town = RandomTown(&random)
      let order = Array(town.jobs.indices).shuffled(using: &random)
      let one = triage(town.input())
      for order in [order, Array(town.jobs.indices)] {
        let other = triage(town.input(order.map { town.jobs[$0] }))
        if one.opportunities != other.opportunities || one.belowTheLine != other.belowTheLine {
          return "Other opportunities"
        }
        if one.offered != other.offered || one.drawn != other.drawn
          || one.shadowed != other.shadowed
        {
          return "Other offers"
        }
        if order.map({ one.standings[$0] }) != other.standings { return "Other standings" }
        if order.map({ one.addresses[$0] }) != other.addresses || one.aliases != other.aliases {
          return "Other addresses"
        }
        if one.safeguarding != other.safeguarding { return "Other words of safeguarding" }
      }
      return nil
    }
  }

  @Test("What a feed on trial says changes nothing of what the others make")
  func trial() async {
    await Cases("Trial").check { random in
      var town = RandomTown(&random)
      // Where all is on trial, a feed on trial shares the places of the trial.
      town.rules.isShadow = false
      for at in town.team.areas.indices { town.team.areas[at].isShadow = false }
      let live = town.jobs.filter { $0.id.feed != "trial" }
      let with = triage(town.input())
      let without = triage(town.input(live))
      // The register alone asks every place, whoever named it.
      let flagged = Set(
        zip(with.addresses, with.standings).filter { $0.1 == .noOpportunity(why: .doNotContact) }
          .compactMap(\.0))
      func mine(_ verdict: Verdict) -> [Opportunity] {
        (verdict.opportunities + verdict.belowTheLine).filter { one in
          one.jobs.contains { $0.feed != "trial" } && !flagged.contains(one.address)
            && !(one.second.map { flagged.contains($0.address) } ?? false)
        }.map { one in
          // The places that the register is asked for besides: it takes no certainty either.
          var one = one
          one.alsoAt = []
          return one
        }
      }
      let after = mine(with).filter { one in
        !one.isShadow || mine(without).contains { $0.address == one.address }
      }
      guard flagged.isEmpty else { return nil }
      // To hold an address takes no certainty: even a feed on trial may tell whose UPRN a written address is.
      let held = Set(
        zip(with.addresses, with.standings).filter {
          $0.1 == .noOpportunity(why: .safeguardedAddress)
        }.compactMap(\.0))
      func isHeld(_ one: Opportunity) -> Bool {
        held.contains(one.address) || one.second.map { held.contains($0.address) } ?? false
      }
      // Of two households the one that is not held is judged alone then.
      if mine(without).contains(where: { $0.second != nil && isHeld($0) }) { return nil }
      if after != mine(without).filter({ !isHeld($0) }) { return "Other opportunities" }
      if mine(without).contains(where: isHeld) { return nil }
      // What was offered before its feed went on trial stays offered.
      let onTrial = with.opportunities.filter(\.isShadow).map(\.address)
      if with.offered.subtracting(onTrial) != without.offered { return "Other offers" }
      return nil
    }
  }
}
