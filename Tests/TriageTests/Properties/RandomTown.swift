import Foundation
import Triage

/// A few invented households, their jobs, the rules of a partnership, and what was offered before: made so that
/// every rule is reached now and then.
struct RandomTown {
  var jobs: [Job] = []
  var rules: Rules
  var team: Team
  var register = Register()
  var past = PastOffers()
  var shadowFeeds: Set<String> = ["trial"]
  var hasAreas: Bool

  struct House {
    var spellings: [String]
    var postcode: String
    var uprn: String
    var point: GridPoint
    var area: String
    /// Its jobs may lie in two areas; then no complaint is from it or about it.
    var roams: Bool
  }
  var houses: [House]

  init(_ random: inout Seeded) {
    houses = (0..<Int.random(in: 2...6, using: &random)).map { house($0, &random) }
    rules = randomRules(&random)
    team = randomTeam(&random)
    hasAreas = random.chance(20)
    for number in 0..<Int.random(in: 1...14, using: &random) {
      jobs.append(job(number, &random))
    }
    for house in houses where random.chance(6) {
      register.add(
        .doNotContact, uprn: random.chance(50) ? house.uprn : "",
        address: house.spellings[0], postcode: house.postcode)
    }
    remember(&random)
  }

  func input(_ jobs: [Job]? = nil) -> TriageInput {
    TriageInput(
      jobs: jobs ?? self.jobs, rules: rules, register: register, team: team, now: now,
      today: CivilDay(now, in: .gmt), past: past, shadowFeeds: shadowFeeds,
      endedFeeds: ["ended"], areas: hasAreas ? townAreas : nil, usualMargin: 100)
  }

  // MARK: - Jobs

  func job(_ number: Int, _ random: inout Seeded) -> Job {
    let at = Int.random(in: houses.indices, using: &random)
    let house = houses[at]
    var place = Place(
      address: random.one(of: house.spellings), postcode: house.postcode,
      uprn: random.chance(60) ? house.uprn : "", point: house.point,
      location: random.one(of: [
        .coordinates, .coordinates, .coordinates, .coordinates, .coordinates, .uprn, .postcode,
        .postcodeNearEdge,
      ]))
    if random.chance(3) { place = Place(address: "", point: house.point, location: .coordinates) }
    if random.chance(3) { place.address = "Street Record, " + place.address }
    let isComplaint = !house.roams && random.chance(35)
    var type = random.one(of: isComplaint ? ["Noise", "Worry about a neighbour"] : plainTypes)
    if random.chance(2) { type += " child at risk" }
    if random.chance(3) { type += " scaffold" }
    let age =
      random.chance(75)
      ? Double.random(in: 0...40, using: &random) : Double.random(in: -2...420, using: &random)
    var job = Job(
      id: JobRef(
        feed: random.one(of: ["list", "list", "list", "list", "calls", "calls", "trial", "ended"]),
        reference: "\(number)"),
      received: random.chance(96) ? daysAgo(age) : nil,
      closed: random.chance(12) ? daysAgo(.random(in: -1...20, using: &random)) : nil,
      status: random.chance(2) ? "SG flag" : "Open", type: type,
      callerType: random.one(of: ["", "", "", "Resident", "Officer 7"]), place: place,
      notes: random.chance(2) ? "may be at risk" : "",
      area: house.roams && random.chance(30) ? "b" : house.area)
    if random.chance(5) { job.gone = daysAgo(1) }
    if isComplaint, random.chance(85) {
      let others = houses.indices.filter { $0 != at && !houses[$0].roams }
      if let other = others.randomElement(using: &random) {
        job.otherParty = print(houses[other], &random)
      }
    }
    return job
  }

  private func print(_ house: House, _ random: inout Seeded) -> Int64 {
    let uprn = random.chance(50) ? house.uprn : ""
    return AddressKey(
      Place(address: house.spellings[0], postcode: house.postcode, uprn: uprn))!.print
  }

  // MARK: - What was before

  private mutating func remember(_ random: inout Seeded) {
    for job in jobs where random.chance(8) {
      past.answered[job.id] = Answer(
        kind: random.one(of: OutcomeKind.allCases),
        at: daysAgo(.random(in: 0...10, using: &random)), times: .random(in: 1...3, using: &random))
    }
    // Some were known by their written address before their UPRN was.
    let keys = houses.map { house in
      AddressKey(
        Place(
          address: house.spellings[0], postcode: house.postcode,
          uprn: random.chance(30) ? "" : house.uprn))!
    }
    for key in keys where random.chance(15) {
      past.open[key] = random.one(of: [.waiting, .offered, .claimed])
      if past.open[key] == .waiting, random.chance(40) { past.shadowed.insert(key) }
      if random.chance(20) { past.drawn.insert(key) }
    }
    if random.chance(15) {
      let two = [keys[0], keys[1]].sorted { $0.text < $1.text }
      past.open[two[0]] = random.one(of: [.offered, .claimed, .claimed])
      past.open[two[1]] = nil
      past.joint[two[1]] = two[0]
    }
    for area in team.areas {
      past.offeredThisWeek[area.area] = .random(in: 0...area.weeklyCapacity, using: &random)
      past.drawnThisWeek[area.area] =
        random.chance(50) ? 0 : min(1, past.offeredThisWeek[area.area]!)
      past.shadowedThisWeek[area.area] = .random(in: 0...area.weeklyCapacity, using: &random)
    }
  }
}

extension Job {
  /// The other party of a complaint that is not for safeguarding.
  var safeOtherParty: Int64? {
    let words = [type, status, notes].joined(separator: " ")
    return words.contains("risk") || words.contains("SG") ? nil : otherParty
  }
}

private let plainTypes = [
  "Bulky quote", "Bulky quote", "New bin", "New bin", "Missed bin", "Compost sack",
  "Welfare referral",
]

private func house(_ number: Int, _ random: inout Seeded) -> RandomTown.House {
  let street = random.one(of: ["Mill Lane", "Pipit Road"])
  let house = number / 2 * 2 + 2
  // Two flats that a list may write alike.
  let written = ["\(house) \(street)", "\(house), \(street.uppercased())"]
  let near = Double(number) * 20
  return RandomTown.House(
    spellings: number % 2 == 0 || random.chance(50)
      ? written : ["Flat 1, \(house) \(street)", "\(house) \(street), Flat 1"],
    postcode: "NG17 1AA",
    uprn: random.chance(70) ? "\(1000 + number)" : "",
    point: GridPoint(x: 450_010 + near, y: 359_500),
    area: random.chance(80) ? "a" : random.one(of: ["b", "c"]), roams: random.chance(15))
}

private func randomTeam(_ random: inout Seeded) -> Team {
  Team(
    members: [ann],
    areas: ["a", "b"].map { area in
      Team.AreaTeam(
        area: area, leaders: ["ann"], members: ["ann"],
        weeklyCapacity: .random(in: 0...6, using: &random),
        drawnPercent: random.one(of: [0, 10, 50, 100]), isShadow: random.chance(10),
        paused: random.chance(10) ? "Training week." : nil)
    })
}

// MARK: - Rules

private func randomRules(_ random: inout Seeded) -> Rules {
  let types = randomTypes(&random)
  let signals = randomSignals(&random)
  let bands = random.one(of: [
    [Band(name: "high", from: 50), Band(name: "medium", from: 25)], [Band(name: "any", from: 0)],
  ])
  var rules = Rules(
    version: "random", isShadow: random.chance(5), types: types, signals: signals, bands: bands,
    stopWords: ["scaffold"], callersWithoutResident: ["officer*"],
    safeguarding: Safeguarding(
      words: ["at risk"], flags: ["sg *"], ring: "the hub", days: random.one(of: [30, 90])))
  if random.chance(30) {
    var own = types
    for at in own.indices where random.chance(50) {
      own[at].points = .random(in: 0...60, using: &random)
    }
    rules.overrides = [
      AreaOverride(
        area: "b", by: "Bob", why: "A test.",
        rules: AreaRules(types: own, signals: randomSignals(&random), bands: bands))
    ]
  }
  return rules
}

private func randomTypes(_ random: inout Seeded) -> [JobType] {
  func window(_ random: inout Seeded) -> Window {
    let closes = random.one(of: [20, 28, 60, 400])
    return Window(
      opensAfterHours: random.one(of: [0, 0, 36]),
      fadesAfterDays: random.chance(40) ? .random(in: 0...closes, using: &random) : nil,
      closesAfterDays: closes)
  }
  func type(
    _ id: String, _ pattern: String, _ offer: OfferKind?, isSafeguarding: Bool = false,
    isComplaint: Bool = false, _ random: inout Seeded
  ) -> JobType {
    JobType(
      id: id, name: id, match: JobPattern(type: [pattern]), offer: offer,
      isSafeguarding: isSafeguarding, isComplaint: isComplaint,
      points: .random(in: 0...60, using: &random), window: window(&random),
      afterClosing: random.chance(20),
      revisit: random.chance(60)
        ? Revisit(afterDays: .random(in: 0...5, using: &random), times: 2) : nil,
      reason: "It is \(id).")
  }
  return [
    type("quote", "*bulky*", .visit, &random), type("bin", "new bin*", .call, &random),
    type("missed", "missed*", nil, &random),
    type("referral", "welfare*", nil, isSafeguarding: true, &random),
    type("noise", "noise*", nil, isComplaint: true, &random),
    type("worry", "worry*", .visit, isComplaint: true, &random),
  ]
}

private func randomSignals(_ random: inout Seeded) -> Signals {
  let repeated = Int.random(in: 0...15, using: &random)
  return Signals(
    repeatWithinYear: repeated, secondKind: .random(in: 0...10, using: &random),
    moreOftenLately: .random(in: 0...10, using: &random),
    firstInYear: .random(in: 0...repeated, using: &random),
    several: .random(in: 0...10, using: &random),
    reciprocal: random.chance(70)
      ? Reciprocal(
        points: .random(in: 0...40, using: &random), name: "Two households",
        reason: "Complaints went both ways.", withinDays: random.one(of: [30, 180]),
        window: Window(
          opensAfterHours: random.one(of: [0, 36]), fadesAfterDays: random.chance(50) ? 10 : nil,
          closesAfterDays: random.one(of: [28, 90]))) : nil,
    neighbours: random.chance(60)
      ? Neighbours(
        points: .random(in: 0...10, using: &random), complaints: .random(in: 2...3, using: &random),
        metres: random.one(of: [25, 50]), withinDays: 180) : nil)
}

/// Of the areas a and b; c is a place without outlines, team or rules of its own.
private let townAreas = AreaIndex(
  ["a", "b"].enumerated().map { number, id in
    let x = 450_000 + Double(number) * 60
    return PilotArea(
      id: id, name: id,
      polygons: [
        Polygon(outer: [
          GridPoint(x: x, y: 359_000), GridPoint(x: x + 60, y: 359_000),
          GridPoint(x: x + 60, y: 360_000), GridPoint(x: x, y: 360_000),
        ])
      ])
  })
