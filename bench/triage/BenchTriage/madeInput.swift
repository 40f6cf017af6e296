import Foundation
import Triage

let madeEntries = 2000

/// The same numbers from run to run (SplitMix64).
struct Numbers: RandomNumberGenerator {
  var state: UInt64 = 5

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

private let names = [
  "Ash", "Beech", "Cedar", "Dove", "Elm", "Fern", "Gorse", "Hazel", "Ivy", "Juniper", "Kestrel",
  "Larkspur", "Mill", "Nettle", "Orchard", "Pipit", "Quarry", "Rose", "Sorrel", "Teasel",
]
private let ends = ["Road", "Lane", "Street", "Avenue", "Close", "Crescent", "Gardens", "Way"]
private let shorts = ["Rd", "LANE", "St", "Ave", "CLOSE", "Cres", "Gdns", "Way"]
private let words = [
  "Bulky waste quote", "Bulky waste collection", "Assisted collection review",
  "Pest treatment rats",
  "Sharps box", "Replacement bin", "Missed bin refuse", "Missed bin recycling", "Garden waste",
  "Noise complaint music", "Noise complaint dog", "Accumulation of waste", "Neighbour dispute",
  "Dog fouling", "Fly tipping", "Graffiti", "Pothole", "Abandoned vehicle", "Litter bin",
  "Compost sack",
]

private func type(
  _ id: String, _ patterns: [String], _ points: Int, isComplaint: Bool = false
) -> JobType {
  JobType(
    id: id, name: id, match: JobPattern(type: patterns), offer: points > 0 ? .visit : nil,
    isComplaint: isComplaint, points: points,
    window: Window(opensAfterHours: 24, fadesAfterDays: 14, closesAfterDays: 42),
    reason: "A reason that a team leader can read.")
}

private let rules = Rules(
  version: "bench",
  types: [
    type("bulky-quote", ["*bulky*quote*", "*quote*bulky*"], 40), type("bulky", ["*bulky*"], 25),
    type("assisted", ["*assist*review*", "*assisted collection*"], 35),
    type("pest", ["*pest*treat*", "*rats*", "*mice*"], 30), type("sharps", ["*sharps*"], 20),
    type("bin", ["*replacement bin*", "*new container*"], 15),
    type("missed", ["*missed bin*", "*missed collection*"], 0), type("garden", ["*garden*"], 0),
    type("noise", ["*noise*"], 0, isComplaint: true),
    type("accumulation", ["*accumulation*", "*filthy*"], 0, isComplaint: true),
    type("neighbour", ["*neighbour*"], 0, isComplaint: true), type("dog", ["*dog foul*"], 0),
    type("fly-tip", ["*fly*tip*"], 0), type("graffiti", ["*graffiti*"], 0),
    type("road", ["*pothole*"], 0), type("vehicle", ["*abandoned vehicle*"], 0),
    type("litter", ["*litter*"], 0),
  ],
  signals: Signals(
    repeatWithinYear: 10, secondKind: 10, moreOftenLately: 10, firstInYear: 10, several: 5,
    reciprocal: Reciprocal(points: 30, name: "Two households", reason: "Both ways."),
    neighbours: Neighbours(points: 5)),
  bands: [Band(name: "high", from: 50), Band(name: "medium", from: 30)],
  stopWords: ["hoarding licence", "scaffold"], callersWithoutResident: ["officer*", "police*"],
  safeguarding: Safeguarding(words: ["at risk", "child alone"], flags: ["sg*"], ring: "the hub"))

/// Half the jobs are of the last six weeks. Of the addresses two in three have a UPRN, which is missing in one of four of their rows; each is written in
/// three ways. One complaint in three names another household.
func madeInput(jobs count: Int) -> TriageInput {
  var random = Numbers()
  let now = Date(timeIntervalSince1970: 1_795_100_000)
  let areas = ["a", "b", "c", "d"]
  func place(_ home: Int, _ way: Int, withUPRN: Bool) -> Place {
    let street = home / 40
    let (name, end) = (names[street % 20], street / 20 % 8)
    let house = home % 40 + 1
    let flat = home % 7 == 0 ? "Flat \(home % 3 + 1), " : ""
    let address =
      switch way {
      case 0: "\(flat)\(house) \(name) \(ends[end]), Sutton in Ashfield"
      case 1: "\(flat)\(house), \(name.uppercased()) \(shorts[end]), Nottinghamshire"
      default: "\(flat)\(house) \(name) \(ends[end])"
      }
    return Place(
      address: address, postcode: "NG\(street % 17 + 1) \(street % 9 + 1)AB",
      uprn: withUPRN && home % 3 != 0 ? "\(100_030_000_000 + home)" : "",
      point: GridPoint(
        x: 450_000 + Double(street % 40) * 100 + Double(home % 40),
        y: 359_000 + Double(street / 40) * 100),
      location: .coordinates)
  }
  let homes = count / 2
  let jobs = (0..<count).map { number in
    let home = Int.random(in: 0..<homes, using: &random)
    let word = words.randomElement(using: &random)!
    var job = Job(
      id: JobRef(
        feed: number % 4 == 0 ? "calls" : "street-scene", reference: "R\(1_000_000 + number)"),
      received: now.addingTimeInterval(
        -.random(in: 0...(number % 2 == 0 ? 365 : 42) * 86_400, using: &random)),
      closed: number % 3 == 0 ? now.addingTimeInterval(-86_400) : nil,
      status: ["Open", "In progress", "Closed"].randomElement(using: &random)!,
      jobClass: "Street Scene", type: word,
      callerType: ["", "Resident", "Officer 7"].randomElement(using: &random)!,
      place: place(
        home, .random(in: 0..<3, using: &random),
        withUPRN: Int.random(in: 0..<4, using: &random) > 0),
      area: areas[home % 4])
    if word.contains("omplaint"), number % 3 == 0 {
      job.otherParty = AddressKey(place((home ^ 1) % homes, 0, withUPRN: true))?.print
    }
    return job
  }
  var register = Register()
  for entry in 0..<madeEntries {
    let place = place(entry * 13 % homes, 1, withUPRN: entry % 2 == 0)
    register.add(
      .doNotContact, uprn: place.uprn, address: place.address, postcode: place.postcode)
  }
  var past = PastOffers()
  for job in jobs.prefix(400) {
    if let key = AddressKey(job.place) { past.open[key] = .offered }
  }
  for job in jobs.suffix(2000) { past.answered[job.id] = Answer(kind: .notNow, at: now, times: 1) }
  return TriageInput(
    jobs: jobs, rules: rules, register: register,
    team: Team(
      members: [],
      areas: areas.map {
        Team.AreaTeam(area: $0, leaders: [], members: [], weeklyCapacity: 10)
      }), now: now, today: CivilDay(now, in: .gmt), past: past,
    areas: AreaIndex(
      areas.enumerated().map { number, id in
        let x = 450_000 + Double(number) * 1000
        return PilotArea(
          id: id, name: id,
          polygons: [
            Polygon(outer: [
              GridPoint(x: x, y: 358_000), GridPoint(x: x + 1000, y: 358_000),
              GridPoint(x: x + 1000, y: 369_000), GridPoint(x: x, y: 369_000),
            ])
          ])
      }))
}
