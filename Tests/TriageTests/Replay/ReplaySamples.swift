import Foundation

@testable import Triage

/// Small histories at random, crowded so that everything happens: few addresses, many jobs, two areas.
enum ReplaySamples {
  static func input(_ random: inout Seeded) -> ReplayInput {
    let last = CivilDay("2026-11-19")!
    let count = random.number(8...40)
    // Noon and midnight, so that windows end at the very moment that is judged.
    let days = (0..<count).map { back in
      let day = last.plus(back - count + 1)
      return ReplayInput.Day(
        day: day, moment: Date(timeIntervalSince1970: Double(day.number) * 86_400 + 43_200))
    }
    let jobs = (0..<random.number(1...90)).map { job($0, days, &random) }
    var answered: [JobRef: Answer] = [:]
    for job in jobs where random.number(0...9) == 0 {
      answered[job.id] = Answer(
        kind: OutcomeKind.allCases[random.number(0...(OutcomeKind.allCases.count - 1))],
        at: days[random.number(0...(count - 1))].moment.addingTimeInterval(-3600),
        times: random.number(1...3))
    }
    let inForce = rules(&random)
    var new = random.number(0...4) == 0 ? inForce : rules(&random)
    new.version = "new"
    var register = Register()
    if random.number(0...2) == 0 {
      register.add(.doNotContact, uprn: "102", address: "3 Mill Lane", postcode: "NG17 9CM")
    }
    return ReplayInput(
      jobs: jobs, inForce: inForce, new: new, register: register, team: team(&random),
      days: days, answered: answered,
      shadowFeeds: random.number(0...3) == 0 ? ["housing"] : [],
      endedFeeds: random.number(0...5) == 0 ? ["parks"] : [],
      asked: AddressKey(text: "uprn:\(100 + random.number(0...13))"))
  }

  private static func job(_ number: Int, _ days: [ReplayInput.Day], _ random: inout Seeded) -> Job {
    let type = ["quote", "bin", "noise", "worry", "harm", "other"][random.number(0...5)]
    let home = random.number(0...13)
    let end = days[days.count - 1].moment
    // Whole days before a moment that is judged, or any time.
    var age = Double(random.number(0...(random.number(0...3) == 0 ? 420 : 50))) * 86_400
    if random.number(0...1) == 0 { age += Double(random.number(0...86_399)) }
    let received = random.number(0...30) == 0 ? nil : end.addingTimeInterval(-age)
    var job = Job(
      id: JobRef(
        feed: ["street", "housing", "parks"][max(0, random.number(-6...2))], reference: "\(number)"),
      received: received, status: random.number(0...6) == 0 ? "flagged" : "open", jobClass: "c",
      type: type,
      callerType: random.number(0...8) == 0 ? "officer" : "resident",
      place: Place(
        address: "\(home + 1) Mill Lane", postcode: "NG17 9CM", uprn: "\(100 + home)",
        point: GridPoint(x: 450_000 + Double(home) * 15, y: 359_000),
        location: random.number(0...9) == 0 ? .postcodeNearEdge : .coordinates),
      area: home < 9 ? "west" : "east")
    if let received, random.number(0...2) == 0 {
      job.closed = received.addingTimeInterval(Double(random.number(0...40)) * 43_200)
    }
    if random.number(0...9) == 0 {
      job.gone = end.addingTimeInterval(-Double(random.number(0...20)) * 86_400)
    }
    if type == "noise" {
      // Some complain about those who complain about them.
      let other = home ^ 1
      if random.number(0...1) == 0 {
        job.otherParty = AddressKey(text: "uprn:\(100 + other)").print
      }
      if random.number(0...4) == 0 {
        job.otherParty = AddressKey(text: "uprn:\(100 + (home + 2) % 14)").print
      }
    }
    return job
  }

  private static func rules(_ random: inout Seeded) -> Rules {
    func window() -> Window {
      let closes = random.number(1...40)
      return Window(
        opensAfterHours: random.number(0...2) == 0 ? random.number(0...24) : 0,
        fadesAfterDays: random.number(0...1) == 0 ? random.number(0...closes) : nil,
        closesAfterDays: closes)
    }
    func type(_ id: String, _ offer: OfferKind?) -> JobType {
      JobType(
        id: id, name: id, match: JobPattern(type: [id]), offer: offer,
        isSafeguarding: id == "harm" && offer == nil, isComplaint: id == "noise",
        points: random.number(1...50), window: window(), afterClosing: random.number(0...3) == 0,
        revisit: random.number(0...1) == 0
          ? Revisit(afterDays: random.number(1...6), times: 3) : nil,
        reason: "It is \(id).")
    }
    let types = [
      type("quote", .visit), type("bin", .call),
      type("noise", random.number(0...2) == 0 ? .visit : nil),
      type("worry", .visit), type("harm", nil),
    ]
    let repeated = random.number(0...15)
    let signals = Signals(
      repeatWithinYear: repeated, secondKind: random.number(0...10),
      moreOftenLately: random.number(0...10),
      firstInYear: random.number(0...repeated), several: random.number(0...10),
      reciprocal: random.number(0...3) == 0
        ? nil
        : Reciprocal(
          points: random.number(10...60), name: "both ways", reason: "Complaints went both ways.",
          withinDays: random.number(10...180), window: window()),
      neighbours: random.number(0...1) == 0
        ? nil
        : Neighbours(
          points: random.number(1...20), complaints: random.number(2...4),
          metres: Double(random.number(10...40)), withinDays: random.number(5...60)))
    var rules = Rules(
      version: "in force", types: types, signals: signals,
      bands: [
        Band(name: "high", from: random.number(35...60)),
        Band(name: "medium", from: random.number(15...34)),
      ],
      callersWithoutResident: ["officer"],
      safeguarding: Safeguarding(flags: ["flagged"], ring: "the hub", days: random.number(3...60)))
    if random.number(0...2) == 0 {
      var here = AreaRules(types: types, signals: signals, bands: rules.bands)
      here.types[0].points = random.number(1...60)
      here.types[0].window = window()
      rules.overrides = [AreaOverride(area: "east", by: "Ann", why: "few jobs", rules: here)]
    }
    return rules
  }

  private static func team(_ random: inout Seeded) -> Team {
    Team(
      members: [],
      areas: ["west", "east"].map {
        Team.AreaTeam(
          area: $0, leaders: [], members: [], weeklyCapacity: random.number(0...5),
          drawnPercent: [0, 10, 30, 100][random.number(0...3)])
      })
  }
}

extension Seeded {
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}
