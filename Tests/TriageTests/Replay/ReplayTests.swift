import Foundation
import Testing

@testable import Triage

@Suite("Replay: two sets of rules over the same days")
struct ReplayTests {
  @Test(
    "Day by day it is what a pass of that day would have said",
    arguments: 0..<UInt64(ProcessInfo.processInfo.environment["TRIAGED_REPLAYS"] ?? "40")!)
  func asDayByDay(seed: UInt64) {
    var random = Seeded(seed)
    let input = ReplaySamples.input(&random)
    let told = replay(input)
    let (inForce, new) = (
      dayByDay(input, by: input.inForce), dayByDay(input, by: input.new)
    )
    for week in told.weeks {
      let key = WeekKey(monday: week.monday, area: week.area)
      #expect(week.inForce == inForce.weeks[key] ?? .init(), "seed \(seed), in force, \(key)")
      #expect(week.new == new.weeks[key] ?? .init(), "seed \(seed), new, \(key)")
    }
    let changed = Dictionary(uniqueKeysWithValues: told.changes.map { ($0.address, $0) })
    #expect(changed.count == told.changes.count)
    var same = 0
    for address in Set(inForce.peaks.keys).union(new.peaks.keys) {
      let (one, other) = (inForce.peaks[address], new.peaks[address])
      if one == other {
        same += 1
        #expect(changed[address] == nil, "seed \(seed), \(address)")
        continue
      }
      let change = changed[address]
      #expect(change?.inForce == one && change?.new == other, "seed \(seed), \(address)")
      switch change?.what {
      case .entered: #expect(one == nil)
      case .left: #expect(other == nil)
      case .up: #expect(isUp(one, other), "seed \(seed), \(address)")
      case .down: #expect(isUp(other, one), "seed \(seed), \(address)")
      case nil: Issue.record("seed \(seed): \(address) is not told")
      }
    }
    #expect(told.same.values.reduce(0, +) == same, "seed \(seed)")
    if let courses = told.courses {
      #expect(courses.inForce.steps == inForce.steps, "seed \(seed)")
      #expect(courses.new.steps == new.steps, "seed \(seed)")
    }
  }

  /// The samples' bands have the same names and order in all their rules.
  private func isUp(_ one: Replay.Peak?, _ other: Replay.Peak?) -> Bool {
    guard let one, let other else { return false }
    let order = ["medium", "high"]
    let (before, after) = (order.firstIndex(of: one.band)!, order.firstIndex(of: other.band)!)
    return before != after ? before < after : one.points < other.points
  }

  @Test(
    "A new band below the others turns no step down into one up, and no fall into a lower band either",
    arguments: [
      (20, [Band(name: "medium", from: 10), Band(name: "low", from: 5)], Replay.Change.What.down),
      (35, [Band(name: "medium", from: 10), Band(name: "low", from: 5)], .up),
      (
        20,
        [Band(name: "high", from: 40), Band(name: "medium", from: 25), Band(name: "low", from: 5)],
        .down
      ),
      (35, [Band(name: "top", from: 35), Band(name: "medium", from: 25)], .up),
      (35, [Band(name: "other", from: 30)], .up),
    ])
  func direction(points: Int, bands: [Band], what: Replay.Change.What) {
    var inForce = rules
    (inForce.types[0].points, inForce.signals) = (30, Signals())
    inForce.bands = [Band(name: "medium", from: 30)]
    var new = inForce
    (new.types[0].points, new.bands) = (points, bands)
    let told = replay(
      ReplayInput(
        jobs: [job("1")], inForce: inForce, new: new, register: Register(), team: team(),
        days: [.init(day: CivilDay(now, in: .gmt), moment: now)]))
    #expect(told.changes.map(\.what) == [what])
  }

  @Test("Of complaints both ways nothing is told that says who complained when, by whichever rules")
  func paired() throws {
    var inForce = rules
    // A complaint that is a reason by itself, and by the rules in force nothing comes of a pair.
    inForce.types[2].offer = .visit
    (inForce.types[2].isComplaint, inForce.types[2].points) = (true, 40)
    inForce.types[2].reason = "Noise."
    var new = inForce
    new.signals.reciprocal = Reciprocal(points: 40, name: "Two", reason: "Both ways.")
    var one = job("1", type: "Noise", daysAgo: 9, uprn: "12")
    one.otherParty = AddressKey(text: "uprn:14").print
    var other = job("2", type: "Noise", daysAgo: 5, uprn: "14", address: "14 Larkspur Road")
    other.otherParty = AddressKey(text: "uprn:12").print
    let plain = job("3", daysAgo: 8, uprn: "12")
    let days = (0..<12).reversed().map { back in
      ReplayInput.Day(day: CivilDay(daysAgo(Double(back)), in: .gmt), moment: daysAgo(Double(back)))
    }
    let courses = try #require(
      replay(
        ReplayInput(
          jobs: [one, other, plain], inForce: inForce, new: new, register: Register(), team: team(),
          days: days, asked: AddressKey(text: "uprn:12"))
      ).courses)
    #expect(courses.inForce.steps.isEmpty && courses.inForce.isPaired)
    #expect(courses.new.steps.map(\.isJoint) == [true])
    for course in [courses.inForce, courses.new] {
      #expect(course.jobs.map(\.reference) == ["3"])
    }
  }

  @Test("The samples reach what can happen")
  func reaches() {
    var (offered, drawn, waiting, joint) = (0, 0, 0, 0)
    var whats: Set<Replay.Change.What> = []
    for seed in 0..<UInt64(40) {
      var random = Seeded(seed)
      let told = replay(ReplaySamples.input(&random))
      offered += told.weeks.reduce(0) { $0 + $1.new.offered }
      drawn += told.weeks.reduce(0) { $0 + $1.new.drawn }
      waiting += told.weeks.reduce(0) { $0 + $1.new.waiting }
      whats.formUnion(told.changes.map(\.what))
      joint += told.courses.map { $0.new.steps.count(where: \.isJoint) } ?? 0
    }
    #expect(offered > 0 && drawn > 0 && waiting > 0 && joint > 0)
    #expect(whats == Set(Replay.Change.What.allCases))
  }

  @Test("The same rules twice: nothing enters, leaves or moves")
  func sameRules() {
    var same = 0
    for seed in 0..<UInt64(10) {
      var random = Seeded(seed)
      var input = ReplaySamples.input(&random)
      input.new = input.inForce
      let told = replay(input)
      #expect(told.changes.isEmpty)
      for week in told.weeks { #expect(week.inForce == week.new) }
      same += told.same.values.reduce(0, +)
    }
    #expect(same > 0)
  }

  @Test("Rules on trial and paused areas are replayed as if they were not")
  func trials() {
    var random = Seeded(8)
    var input = ReplaySamples.input(&random)
    let told = replay(input)
    input.new.isShadow = true
    for at in input.team.areas.indices {
      input.team.areas[at].isShadow = true
      input.team.areas[at].paused = "a course"
    }
    let again = replay(input)
    #expect(again.weeks == told.weeks && again.changes == told.changes)
  }

  @Test("Of an address nobody has a job at nothing is told")
  func nobody() {
    var random = Seeded(9)
    var input = ReplaySamples.input(&random)
    input.asked = AddressKey(text: "uprn:1")
    #expect(replay(input).courses == nil)
    input.days = []
    input.asked = nil
    #expect(replay(input).changes.isEmpty)
  }
}

// MARK: - The slow way

private struct WeekKey: Hashable {
  let monday: CivilDay
  let area: String
}

private struct Told {
  var peaks: [AddressKey: Replay.Peak] = [:]
  var weeks: [WeekKey: Replay.Count] = [:]
  var steps: [Replay.Step] = []
}

/// Every day a whole pass over the jobs that were known on it, told what the pass of the day before offered.
private func dayByDay(_ input: ReplayInput, by rules: Rules) -> Told {
  var told = Told()
  var offers: [AddressKey: (monday: CivilDay, area: String, isDrawn: Bool)] = [:]
  var last: Verdict?
  for (at, day) in input.days.enumerated() {
    var triageInput = input.triage(by: rules)
    triageInput.jobs = input.jobs.filter { $0.received.map { $0 <= day.moment } ?? true }
    (triageInput.now, triageInput.today) = (day.moment, day.day)
    var past = PastOffers(answered: input.answered.filter { $0.value.at <= day.moment })
    let monday = day.day.plus(-((day.day.number + 3) % 7))
    for opportunity in last?.opportunities ?? [] {
      guard let offer = offers[opportunity.address] else { continue }
      past.open[opportunity.address] = .offered
      if offer.isDrawn { past.drawn.insert(opportunity.address) }
      if let second = opportunity.second { past.joint[second.address] = opportunity.address }
    }
    // What will not be offered any more gives its place back before the others are handed out: found by a
    // pass that has no place to give.
    triageInput.past = past
    var closed = triageInput
    for area in closed.team.areas.indices { closed.team.areas[area].weeklyCapacity = 0 }
    let staying = triage(closed)
    var kept: [AddressKey: (monday: CivilDay, area: String, isDrawn: Bool)] = [:]
    for opportunity in staying.opportunities where staying.offered.contains(opportunity.address) {
      let before =
        offers[opportunity.address] ?? opportunity.second.flatMap { offers[$0.address] }
      guard let before else { continue }
      kept[opportunity.address] = (before.monday, opportunity.area, before.isDrawn)
    }
    for offer in kept.values where offer.monday == monday {
      triageInput.past.offeredThisWeek[offer.area, default: 0] += 1
      if offer.isDrawn { triageInput.past.drawnThisWeek[offer.area, default: 0] += 1 }
    }
    var verdict = triage(triageInput)
    // What lists on trial alone would make is left out.
    verdict.opportunities.removeAll(where: \.isShadow)
    verdict.belowTheLine.removeAll(where: \.isShadow)
    for opportunity in verdict.opportunities where verdict.offered.contains(opportunity.address) {
      guard kept[opportunity.address] == nil else { continue }
      let isDrawn = verdict.drawn.contains(opportunity.address)
      kept[opportunity.address] = (monday, opportunity.area, isDrawn)
      told.weeks[WeekKey(monday: monday, area: opportunity.area), default: .init()].offered += 1
      if isDrawn {
        told.weeks[WeekKey(monday: monday, area: opportunity.area), default: .init()].drawn += 1
      }
    }
    offers = kept
    last = verdict
    for opportunity in verdict.opportunities where !opportunity.band.isEmpty {
      for address in [opportunity.address, opportunity.second?.address].compactMap(\.self) {
        let points = opportunity.score.points
        if let known = told.peaks[address], known.points >= points { continue }
        told.peaks[address] = Replay.Peak(points: points, band: opportunity.band)
      }
    }
    let isEnd =
      at + 1 == input.days.count || input.days[at + 1].day.number > monday.number + 6
    if isEnd {
      for area in input.team.areas.map(\.area) {
        told.weeks[WeekKey(monday: monday, area: area), default: .init()].waiting =
          verdict.opportunities.count {
            $0.area == area && !$0.band.isEmpty && !verdict.offered.contains($0.address)
          }
      }
    }
    note(input, verdict, day, &told)
  }
  return told
}

private func note(
  _ input: ReplayInput, _ verdict: Verdict, _ day: ReplayInput.Day, _ told: inout Told
) {
  guard let asked = input.asked else { return }
  let all = verdict.opportunities + verdict.belowTheLine
  let book = JobsByAddress(input.jobs, without: input.shadowFeeds.union(input.endedFeeds))
  let isPaired = book.clusters.contains { cluster in
    cluster.pairs.contains { book.keys[$0.one] == asked || book.keys[$0.other] == asked }
  }
  // Of one of two households nothing is told that it makes alone.
  let found = all.first {
    ($0.address == asked && ($0.second != nil || !isPaired)) || $0.second?.address == asked
  }
  var step = Replay.Step(
    day: day.day, standing: .noReason, points: 0, band: "", isJoint: false, reasons: [])
  if let found {
    step.points = found.score.points
    step.band = found.band
    step.isJoint = found.second != nil
    step.standing =
      verdict.offered.contains(found.address)
      ? verdict.drawn.contains(found.address) ? .drawn : .offered
      : found.band.isEmpty ? .belowTheLine : .waiting
    step.reasons = found.score.reasons.filter { $0.code != "drawn" }
    if let last = told.steps.last, last.standing == step.standing, last.points == step.points,
      last.band == step.band, last.isJoint == step.isJoint
    {
      return
    }
  } else {
    if isPaired { step.standing = .notTold }
    if (told.steps.last?.standing ?? step.standing) == step.standing { return }
  }
  told.steps.append(step)
}
