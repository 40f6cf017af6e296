import Foundation
import Testing
import Triage

@Suite("Windows, tries and signals")
struct SignalTests {
  private func with(
    _ type: JobType = quote, _ change: (inout Rules) -> Void = { _ in }
  ) -> Rules {
    var changed = rules
    changed.types = [type, bin, noise, complaint]
    change(&changed)
    return changed
  }

  private let complaint = JobType(
    id: "filth", name: "Accumulation", match: JobPattern(type: ["accumulation*"]), offer: nil,
    isComplaint: true)

  @Test(
    "Points fade evenly by whole days, from the stated day to the last",
    arguments: [(13.9, 40), (14.5, 40), (15.1, 38), (21.0, 30), (27.9, 21), (40.9, 2)])
  func fading(age: Double, points: Int) {
    var fading = quote
    fading.window = Window(fadesAfterDays: 14, closesAfterDays: 42)
    let verdict = judge([job("1", daysAgo: age)], rules: with(fading))
    let reason = (verdict.opportunities + verdict.belowTheLine).first?.score.reasons.first
    // 40 points over 28 days: 40·(42 - days)/28, rounded down.
    #expect(reason?.points == points)
    #expect(
      reason?.sentence
        == (points == 40
          ? "A quote is still open."
          : "A quote is still open. After \(Int(age)) days \(points) of its 40 points are left."))
  }

  @Test("Cooling off is counted in hours, from the instant at which the job was received")
  func coolingOff() {
    var cooling = quote
    cooling.window = Window(opensAfterHours: 36, closesAfterDays: 28)
    let hour = 1.0 / 24
    let early = judge([job("1", daysAgo: 35.9 * hour)], rules: with(cooling))
    #expect(early.standings == [.noOpportunity(why: .tooEarly)])
    #expect(judge([job("1", daysAgo: 36 * hour)], rules: with(cooling)).opportunities.count == 1)
  }

  @Test(
    "After an outcome that answered nothing there is another try, some days later and so many times",
    arguments: [
      (OutcomeKind.noAnswer, 2.0, 1, NoOpportunity?.some(.revisitLater)),
      (.noAnswer, 3, 1, nil), (.notNow, 4, 2, nil), (.couldNotVisit, 4, 1, nil),
      (.noAnswer, 4, 3, .alreadyAnswered), (.noThankYou, 4, 1, .alreadyAnswered),
      (.accepted, 4, 1, .alreadyAnswered), (.doNotContact, 4, 1, .alreadyAnswered),
    ])
  func revisit(kind: OutcomeKind, days: Double, times: Int, why: NoOpportunity?) {
    var again = quote
    again.revisit = Revisit(afterDays: 3, times: 3)
    let one = job("1", daysAgo: 10)
    let verdict = triage(
      TriageInput(
        jobs: [one], rules: with(again), register: Register(), team: team(), now: now,
        today: CivilDay(now, in: .gmt),
        past: PastOffers(
          answered: [one.id: Answer(kind: kind, at: daysAgo(days), times: times)])))
    #expect(verdict.standings == [why.map { .noOpportunity(why: $0) } ?? .inOpportunity])
  }

  @Test("Rules of an area's own weigh its jobs, and no other area's")
  func overrides() {
    let own = with {
      var quote = quote
      quote.points = 80
      $0.overrides = [
        AreaOverride(
          area: "hucknall", by: "Bob", why: "Asked for by the residents.",
          rules: AreaRules(
            types: [quote, bin, noise, $0.types[3]], signals: Signals(firstInYear: 1),
            bands: [Band(name: "top", from: 81)]))
      ]
    }
    let verdict = judge(
      [job("1"), job("2", address: "3 Pipit Lane", area: "hucknall")], rules: own)
    #expect(verdict.opportunities.map(\.score.points) == [81, 43])
    #expect(verdict.opportunities.map(\.band) == ["top", "medium"])
  }

  @Test("Two lists are a second kind even where the jobs are of one type")
  func secondFeed() {
    let here = job("1")
    let there = Job(
      id: JobRef(feed: "calls", reference: "9"), received: daysAgo(50), status: "Open",
      jobClass: "Waste", type: "Bulky waste quote", place: here.place, area: here.area)
    let reasons = judge([here, there]).opportunities[0].score.reasons
    #expect(reasons.map(\.code) == ["type:quote", "repeat", "second-kind", "lately"])
    #expect(reasons[2].sentence == "Jobs from 2 different lists.")
  }

  @Test(
    "Several signals together lift, one alone does not, and one that is switched off does not count"
  )
  func several() {
    func codes(_ change: (inout Signals) -> Void) -> [String] {
      let rules = with { change(&$0.signals) }
      return judge([job("1"), job("2", type: "Noise", daysAgo: 100)], rules: rules)
        .opportunities[0].score.reasons.map(\.code)
    }
    let together = codes { $0.several = 9 }
    #expect(together.last == "several")
    let alone = codes { ($0.several, $0.secondKind) = (9, 0) }
    #expect(!alone.contains("several"))
  }

  @Test(
    "Complaints near by count from the stated number, at two or more addresses, near enough and lately"
  )
  func neighbours() {
    func around(_ places: [(house: Int, metres: Double, days: Double)]) -> [String] {
      let near = places.enumerated().map { number, place in
        var one = job(
          "n\(number)", type: "Accumulation", daysAgo: place.days,
          address: "\(place.house) Pipit Lane")
        one.place.point = GridPoint(x: 450_000 + place.metres, y: 359_000)
        return one
      }
      let rules = with {
        $0.signals.neighbours = Neighbours(points: 6, complaints: 3, metres: 50, withinDays: 180)
      }
      return judge([job("1")] + near, rules: rules).opportunities[0].score.reasons.map(\.code)
    }
    #expect(around([(1, 10, 5), (2, 50, 90), (3, 30, 179)]).contains("neighbours"))
    #expect(!around([(1, 10, 5), (2, 50, 90)]).contains("neighbours"))
    #expect(!around([(1, 10, 5), (1, 10, 90), (1, 10, 179)]).contains("neighbours"))
    #expect(!around([(1, 10, 5), (2, 51, 90), (3, 30, 9)]).contains("neighbours"))
    #expect(!around([(1, 10, 5), (2, 20, 181), (3, 30, 9)]).contains("neighbours"))
  }

  @Test("A flag, a type or a word anywhere shows the other door, for as many days as the rules say")
  func safeguarding() {
    let agreed = with {
      $0.safeguarding = Safeguarding(
        words: ["Child Alone"], flags: ["SG*"], ring: "the hub", days: 30)
      $0.stopWords = ["scaffold"]
    }
    var noted = job("1")
    noted.notes = "There may be a child alone."
    var flagged = job("1")
    flagged.status = "sg2"
    let worded = job("1", type: "Bulky quote scaffold child alone")
    for other in [noted, flagged, worded] {
      let verdict = judge([other, job("2")], rules: agreed)
      #expect(
        verdict.standings == [
          .noOpportunity(why: .safeguarding), .noOpportunity(why: .safeguardedAddress),
        ])
      #expect(verdict.safeguarding.map(\.reference) == ["1"])
    }
    noted.received = daysAgo(31)
    let later = judge([noted, job("2")], rules: agreed)
    #expect(later.standings == [.noOpportunity(why: .safeguarding), .inOpportunity])
    #expect(later.safeguarding.isEmpty)
    #expect(later.opportunities[0].jobs.map(\.reference) == ["2"])
  }

  @Test(
    "A feed whose agreement has ended counts for nothing, not even as history")
  func ended() {
    let verdict = triage(
      TriageInput(
        jobs: [job("1"), job("2", type: "Noise", daysAgo: 20)], rules: rules, register: Register(),
        team: team(), now: now, today: CivilDay(now, in: .gmt), endedFeeds: ["street-scene"]))
    #expect(
      verdict.standings == Array(repeating: .noOpportunity(why: .agreementEnded), count: 2))
  }
}
