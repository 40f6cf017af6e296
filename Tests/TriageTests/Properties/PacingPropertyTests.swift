import Foundation
import Testing
import Triage

@Suite("The week's places")
struct PacingPropertyTests {
  @Test("What is offered anew never exceeds the capacity, and twice the list gets no more places")
  func capacity() async {
    await Cases("Capacity").check { random in
      let town = RandomTown(&random)
      let verdict = triage(town.input())
      if let wrong = tooMany(verdict, town) { return wrong }
      // The same households once more, in a town beside it.
      var twice = town.jobs
      for var job in town.jobs {
        if !job.place.uprn.isEmpty { job.place.uprn += "9" }
        job.place.postcode = "S1 2AB"
        job.otherParty = nil
        twice.append(
          Job(
            id: JobRef(feed: job.id.feed, reference: job.id.reference + "-2"),
            received: job.received, closed: job.closed, status: job.status, type: job.type,
            callerType: job.callerType, place: job.place, notes: job.notes, area: job.area,
            gone: job.gone))
      }
      return tooMany(triage(town.input(twice)), town)
    }
  }

  private func tooMany(_ verdict: Verdict, _ town: RandomTown) -> String? {
    let past = town.past.renamed(by: verdict.aliases)
    for team in town.team.areas {
      for isShadow in [false, true] {
        let given = isShadow ? verdict.shadowed : verdict.offered
        let new = verdict.opportunities.filter { one in
          let keys = [one.address] + (one.second.map { [$0.address] } ?? [])
          let isKnown = keys.contains { key in
            past.open[key] == .offered || past.open[key] == .claimed
              || (isShadow && past.shadowed.contains(key))
          }
          return one.area == team.area && given.contains(one.address) && !isKnown
        }
        let used = (isShadow ? past.shadowedThisWeek : past.offeredThisWeek)[team.area] ?? 0
        if new.count > (team.paused == nil ? max(0, team.weeklyCapacity - used) : 0) {
          return "\(new.count) anew where \(used) of \(team.weeklyCapacity) places are used"
        }
        let drawn = new.filter {
          verdict.drawn.contains($0.address) && !past.drawn.contains($0.address)
        }
        let week = Int((Double(town.input().today.number - 3) / 7).rounded(.down))
        let share = drawnPlaces(
          of: week, capacity: team.weeklyCapacity, percent: team.drawnPercent)
        if drawn.count > share { return "\(drawn.count) drawn where the week has \(share)" }
      }
    }
    return nil
  }

  @Test("The drawn places of any run of weeks are the stated share, to the place")
  func share() async {
    await Cases("Share").check { random in
      let (capacity, percent) = (
        Int.random(in: 0...40, using: &random), Int.random(in: 0...100, using: &random)
      )
      let first = Int.random(in: 2000...4000, using: &random)
      let weeks = Int.random(in: 1...60, using: &random)
      let drawn = (first..<(first + weeks)).map {
        drawnPlaces(of: $0, capacity: capacity, percent: percent)
      }
      let exact = Double(weeks * capacity * percent) / 100
      if abs(Double(drawn.reduce(0, +)) - exact) >= 1 { return "Not the share" }
      return drawn.allSatisfy { (0...capacity).contains($0) } ? nil : "More than the places"
    }
  }

  /// The bound: with k places a week and p per cent of them drawn, m whole weeks have at least floor(m·k·p/100)
  /// drawn places. Whoever is in the lot goes before all who have begun to wait in a later week, so that of n
  /// others who began in the same week or earlier at most n are drawn first: the wait in the lot is at most
  /// ceil(100·(n+1)/(k·p)) whole weeks, and the rest of the week in which it began. In the lot are at once those
  /// below the line and those that had no history when they began to wait, and all others after 28 days, or after half
  /// the window of their trigger where that is less. A wait ends as well when the window closes: what this shows is that
  /// nobody is passed over who is there to be drawn.
  ///
  /// Each wait is a case: in a town to which better ones than can be offered come every week, for windows that
  /// stay open.
  @Test("Nobody waits longer than the drawn share allows")
  func nobodyStarves() async {
    let cases = Cases("Waits")
    var waits = 0
    var number: UInt64 = 0
    var byLot = 0
    while waits < cases.count {
      let seed = cases.seed &+ number
      number += 1
      var random = Seeded(seed)
      await Task.yield()
      var waiting = Waiting(&random)
      switch waiting.run(&random) {
      case .failure(let wrong):
        Issue.record("\(wrong) (TRIAGED_SEED=\(seed) TRIAGED_CASES=1)")
        return
      case .success(let count):
        waits += count.all
        byLot += count.byLot
      }
    }
    #expect(byLot > waits / 20, "The lot had hardly anything to do.")
  }
}

/// Weeks of one area, with three looks a week, in which more comes than can be offered.
private struct Waiting {
  struct Starved: Error, CustomStringConvertible {
    var description: String
  }

  private let capacity: Int
  private let percent: Int
  private let weeks: Int
  private let team: Team
  private var open: [Contender] = []
  private var past = PastOffers()
  private var made = 0
  /// For each how many others there were with it that began to wait in its week or earlier.
  private var others: [AddressKey: Int] = [:]
  /// Weeks are counted from a Monday.
  private let monday = CivilDay("2026-11-02")!

  init(_ random: inout Seeded) {
    capacity = .random(in: 1...6, using: &random)
    percent = random.one(of: [10, 20, 34, 50, 100])
    weeks = .random(in: 30...60, using: &random)
    team = Team(
      members: [ann],
      areas: [
        Team.AreaTeam(
          area: "a", leaders: ["ann"], members: ["ann"], weeklyCapacity: capacity,
          drawnPercent: percent)
      ])
  }

  mutating func run(_ random: inout Seeded) -> Result<(all: Int, byLot: Int), Starved> {
    var (all, byLot) = (0, 0)
    for week in 0..<weeks {
      past.offeredThisWeek = [:]
      past.drawnThisWeek = [:]
      for day in [0, 2, 5] {
        let today = monday.plus(week * 7 + day)
        let now = today.instant(minutes: 720, in: .gmt)
        come(week, now, &random)
        let pace = pace(open, team: team, past: past, today: today, now: now)
        for one in open where pace.offered.contains(one.address) {
          past.offeredThisWeek["a", default: 0] += 1
          if pace.drawn.contains(one.address) {
            past.drawnThisWeek["a", default: 0] += 1
            byLot += 1
          }
          all += 1
        }
        if past.offeredThisWeek["a", default: 0] > capacity {
          return .failure(Starved(description: "More than the capacity"))
        }
        open.removeAll { pace.offered.contains($0.address) }
        for one in open where weeksInLot(one, now) > bound(one) {
          return .failure(
            Starved(
              description: """
                With \(capacity) places a week and \(percent) per cent drawn somebody waits in the lot \
                for more than \(bound(one)) weeks
                """))
        }
      }
    }
    return .success((all, byLot))
  }

  /// Some poor ones in the first weeks, and ever more good ones that go before them.
  private mutating func come(_ week: Int, _ now: Date, _ random: inout Seeded) {
    let good = Int.random(in: 0...(capacity * 2), using: &random)
    let poor = week < 4 ? Int.random(in: 0...3, using: &random) : 0
    for at in 0..<(good + poor) {
      made += 1
      let isGood = at < good
      let one = Contender(
        address: AddressKey(text: "uprn:\(made)"), area: "a",
        trigger: JobRef(feed: "list", reference: "\(made)"),
        waitingSince: now.addingTimeInterval(-.random(in: 0...86_400, using: &random)),
        isAboveLine: isGood || random.chance(30), hasHistory: random.chance(isGood ? 90 : 50),
        closesAfterDays: random.one(of: [14, 21, 28, 400]))
      others[one.address] = open.count { weekOf($0.waitingSince) <= weekOf(one.waitingSince) }
      for other in open where weekOf(one.waitingSince) <= weekOf(other.waitingSince) {
        others[other.address]! += 1
      }
      // Best first: good ones at the front.
      if isGood {
        open.insert(one, at: Int.random(in: 0...min(open.count, 3), using: &random))
      } else {
        open.append(one)
      }
    }
  }

  private func weekOf(_ date: Date) -> Int {
    Int((Double(CivilDay(date, in: .gmt).number - 4) / 7).rounded(.down))
  }

  private func isLate(_ one: Contender) -> Bool { one.isAboveLine && one.hasHistory }

  private func weeksInLot(_ one: Contender, _ now: Date) -> Double {
    let days = isLate(one) ? min(28, Double(one.closesAfterDays) / 2) : 0
    let entered = one.waitingSince.addingTimeInterval(days * 86_400)
    return now.timeIntervalSince(entered) / (7 * 86_400)
  }

  /// Whole weeks, and the rest of the one in which it entered the lot.
  private func bound(_ one: Contender) -> Double {
    let ahead = others[one.address, default: 0]
    return (Double(100 * (ahead + 1)) / Double(capacity * percent)).rounded(.up) + 1
  }
}
