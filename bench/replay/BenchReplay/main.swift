import Foundation
import Triage

// How long a replay takes: 90 days of 1,000 rows a day, all of them in area, by two sets of rules with every
// signal on. `BenchReplay [DAYS [ROWS-A-DAY [DAYS-OF-HISTORY-BEFORE]]]`

let arguments = CommandLine.arguments.dropFirst().compactMap(Int.init)
func argument(_ at: Int, _ usual: Int) -> Int {
  at < arguments.count ? arguments[arguments.startIndex + at] : usual
}
let (stretch, rows, before) = (argument(0, 90), argument(1, 1000), argument(2, 0))

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same list on every run.
struct Numbers: RandomNumberGenerator {
  var state: UInt64 = 5
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
  mutating func number(_ below: Int) -> Int { Int.random(in: 0..<below, using: &self) }
}

func type(
  _ id: String, _ pattern: String, _ offer: OfferKind?, _ points: Int = 0, closes: Int = 28,
  fades: Int? = nil, isComplaint: Bool = false
) -> JobType {
  JobType(
    id: id, name: id, match: JobPattern(type: [pattern]), offer: offer, isComplaint: isComplaint,
    points: points, window: Window(fadesAfterDays: fades, closesAfterDays: closes),
    reason: "It is \(id).")
}

func rules(_ version: String, more: Int) -> Rules {
  Rules(
    version: version,
    types: [
      type("quote", "*bulky*quote*", .visit, 40 + more, fades: 14),
      type("bulky", "*bulky*", .visit, 25, closes: 21),
      type("assisted", "*assist*", .visit, 35, closes: 42, fades: 28),
      type("pests", "*pest*", .visit, 30), type("sharps", "*sharps*", .call, 20, closes: 14),
      type("bin", "*replacement bin*", .call, 15 + more, closes: 21),
      type("missed", "*missed*", nil), type("noise", "*noise*", nil, isComplaint: true),
      type("waste", "*accumulation*", nil, isComplaint: true), type("fly-tip", "*fly*tip*", nil),
    ],
    signals: Signals(
      repeatWithinYear: 10, secondKind: 10, moreOftenLately: 10, firstInYear: 5, several: 5,
      reciprocal: Reciprocal(points: 45, name: "both ways", reason: "Both complained."),
      neighbours: Neighbours(points: 10)),
    bands: [Band(name: "high", from: 50 + more / 2), Band(name: "medium", from: 30)],
    stopWords: ["scaffold", "hoarding licence"],
    callersWithoutResident: ["officer*", "police*", "crew*"],
    safeguarding: Safeguarding(words: ["self-neglect", "unconscious"], ring: "the hub"))
}

let types = [
  "Bulky waste quote", "Bulky waste collection", "Assisted collection request", "Pest treatment",
  "Sharps box collection", "Replacement bin", "Missed bin", "Missed bin", "Missed bin",
  "Missed recycling", "Noise complaint", "Accumulation of waste", "Fly-tipping", "Fly-tipping",
]
let areas = ["new-cross", "stanton-hill", "kirkby", "hucknall"]
var numbers = Numbers()
let today = CivilDay("2026-11-19")!
func midnight(_ day: CivilDay) -> Date { Date(timeIntervalSince1970: Double(day.number) * 86_400) }
let addresses = 60_000
var jobs: [Job] = []
for back in (0..<(stretch + before)).reversed() {
  for _ in 0..<rows {
    let home = min(numbers.number(addresses), numbers.number(addresses))
    let type = types[numbers.number(types.count)]
    let received = midnight(today.plus(-back)).addingTimeInterval(Double(numbers.number(86_400)))
    var job = Job(
      id: JobRef(feed: "street-scene", reference: "SS\(jobs.count)"), received: received,
      status: "Open", jobClass: "Waste", type: type,
      callerType: numbers.number(8) == 0 ? "Officer" : "Public",
      place: Place(
        address:
          "\(home % 120 + 1) \(["Larkspur", "Pipit", "Quince", "Mill"][home / 120 % 4]) Lane",
        postcode: "NG\(home / 15_000 + 1) \(home / 480 % 9 + 1)AB",
        // One in five bears its written address alone.
        uprn: home % 5 == 0 ? "" : "\(100_000 + home)",
        point: GridPoint(
          x: 450_000 + Double(home % 250) * 12, y: 350_000 + Double(home / 250) * 25),
        location: .coordinates), area: areas[home % areas.count])
    if numbers.number(3) > 0 {
      job.closed = received.addingTimeInterval(Double(numbers.number(20)) * 86_400 + 3600)
    }
    if type.hasPrefix("Noise"), numbers.number(10) == 0, home % 5 != 0 {
      job.otherParty = AddressKey(text: "uprn:\(100_000 + (home ^ 1))").print
    }
    jobs.append(job)
  }
}
let team = Team(
  members: [],
  areas: areas.map {
    Team.AreaTeam(area: $0, leaders: [], members: [], weeklyCapacity: 8, drawnPercent: 10)
  })
let input = ReplayInput(
  jobs: jobs, inForce: rules("in force", more: 0), new: rules("new", more: 10),
  register: Register(), team: team,
  days: (0..<stretch).map { back in
    let day = today.plus(back - stretch + 1)
    return ReplayInput.Day(day: day, moment: midnight(day).addingTimeInterval(86_399))
  })
let clock = ContinuousClock()
var times: [Duration] = []
var told = Replay()
for _ in 0..<3 { times.append(clock.measure { told = replay(input) }) }
let groups = Dictionary(grouping: told.changes, by: \.what).mapValues(\.count)
print(
  "replay of \(stretch) days with \(rows) rows a day and \(before) days of history before: \(jobs.count) jobs"
)
print(
  "changes: \(groups.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")); the same: \(told.same.values.reduce(0, +)); offered by the new rules: \(told.weeks.reduce(0) { $0 + $1.new.offered })"
)
print("best of 3: \(times.min()!), all: \(times)")
