import Foundation
import Testing
import Triage

@Suite("A registered address")
struct RegisterPropertyTests {
  /// A case is one job at a registered address; forty households are judged at a time, about half of them
  /// registered, by address in another spelling, by UPRN, by a flat or by the building.
  @Test(
    "It is in no opportunity, above the line or below it, drawn, on trial, or as a second household"
  )
  func never() async {
    let wanted = Cases("Registered", times: 10)
    var tried = 0
    var others = 0
    var batch: UInt64 = 0
    while tried < wanted.count {
      let seed = wanted.seed &+ batch
      batch += 1
      var random = Seeded(seed)
      await Task.yield()
      let street = RegisteredStreet(&random)
      let verdict = triage(street.input)
      let all = verdict.opportunities + verdict.belowTheLine
      let named = Set(all.flatMap { $0.jobs + [$0.trigger] }.map(\.reference))
      tried += street.registered.count
      others += all.count
      let places = all.flatMap { [$0.place] + ($0.second.map { [$0.place] } ?? []) }
      if !named.isDisjoint(with: street.registered)
        || places.contains(where: { street.registeredPlaces.contains($0) })
      {
        Issue.record(
          """
          A registered address is in an opportunity: \
          \(named.intersection(street.registered)) (TRIAGED_SEED=\(seed) TRIAGED_CASES=1)
          """)
        return
      }
    }
    #expect(others > tried / 50, "Hardly anybody else had an opportunity.")
  }
}

/// Houses in streets with different names and postcodes, each as the list and the register may write it.
private struct RegisteredStreet {
  var input: TriageInput
  /// References of the jobs at registered addresses.
  var registered: Set<String> = []
  var registeredPlaces: Set<Place> = []

  init(_ random: inout Seeded) {
    var jobs: [Job] = []
    var register = Register()
    for number in 0..<40 {
      // One house of each street and postcode: a neighbour may be flagged, which this does not look for.
      let house = "\(Int.random(in: 1...120, using: &random))"
      let postcode = "NG\(number + 1) \(Int.random(in: 1...9, using: &random))AA"
      let street = streets[number]
      let uprn = random.chance(40) ? "\(5000 + number)" : ""
      let isRegistered = random.chance(50)
      if isRegistered {
        let byUPRN = !uprn.isEmpty && random.chance(40)
        register.add(
          .doNotContact, uprn: byUPRN ? "00" + uprn : "",
          address: byUPRN ? "" : spelled(house, street, &random),
          postcode: byUPRN || random.chance(20) ? "" : respelled(postcode, &random))
        if byUPRN, random.chance(20) {
          register.add(.noLetter, uprn: uprn, address: "", postcode: "")
        }
        // The list may have the UPRN or not where the entry is by address; by UPRN alone it must have it.
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          jobs.append(
            complaining(
              jobs.count, spelled(house, street, &random), postcode,
              byUPRN || random.chance(50) ? uprn : "", other: jobs.last, &random))
          registered.insert(jobs.last!.id.reference)
          registeredPlaces.insert(jobs.last!.place)
        }
        if !uprn.isEmpty, !byUPRN, random.chance(60) {
          // One of its rows alone names it as the register does; the others have its UPRN and another text.
          for text in ["Rose Cottage", "", spelled(house, street, &random)].shuffled(using: &random)
          {
            let elsewhere = text.isEmpty || text == "Rose Cottage"
            jobs.append(
              complaining(
                jobs.count, text, elsewhere ? "S1 2AB" : postcode, uprn, other: jobs.last,
                &random))
            registered.insert(jobs.last!.id.reference)
            registeredPlaces.insert(jobs.last!.place)
          }
        }
      } else {
        jobs.append(
          complaining(
            jobs.count, "\(house) \(street)", postcode, uprn, other: jobs.last, &random))
      }
    }
    // And the household before about them.
    for at in jobs.indices.dropLast() where random.chance(50) {
      if jobs[at].otherParty == nil { jobs[at].otherParty = AddressKey(jobs[at + 1].place)?.print }
    }
    let team = Team(
      members: [ann],
      areas: [
        Team.AreaTeam(
          area: "new-cross", leaders: ["ann"], members: ["ann"], weeklyCapacity: 20,
          drawnPercent: 50, isShadow: random.chance(20))
      ])
    var signals = Signals(
      repeatWithinYear: 10, firstInYear: 5,
      reciprocal: Reciprocal(points: 20, name: "Two", reason: "Both ways."))
    if random.chance(30) { signals.neighbours = Neighbours(points: 5) }
    let noise = JobType(
      id: "noise", name: "Noise", match: JobPattern(type: ["noise*"]), offer: .visit,
      isComplaint: true, points: 20, reason: "Noise.")
    input = TriageInput(
      jobs: jobs,
      rules: Rules(
        version: "1", types: [quote, bin, noise], signals: signals,
        bands: [Band(name: "high", from: 40)]),
      register: register, team: team, now: now, today: CivilDay(now, in: .gmt),
      shadowFeeds: random.chance(20) ? ["street-scene"] : [])
    // What was drawn or offered before the address was registered does not keep its place.
    for job in jobs where random.chance(20) {
      guard let key = AddressKey(job.place) else { continue }
      input.past.open[key] = random.one(of: [.waiting, .offered, .claimed])
      if random.chance(50) { input.past.drawn.insert(key) }
    }
  }
}

/// Some complain about the household before them.
private func complaining(
  _ number: Int, _ address: String, _ postcode: String, _ uprn: String, other: Job?,
  _ random: inout Seeded
) -> Job {
  var one = job(
    "\(number)", type: random.one(of: ["Bulky waste quote", "New bin", "Noise"]),
    daysAgo: .random(in: 3...19, using: &random), uprn: uprn, address: address,
    postcode: postcode)
  if let other, random.chance(50) {
    one.otherParty = AddressKey(other.place)?.print
  }
  return one
}

private func spelled(_ house: String, _ street: String, _ random: inout Seeded) -> String {
  let (name, type) = (street.split(separator: " ")[0], street.split(separator: " ")[1])
  let short = type == "Lane" ? "Ln" : type == "Road" ? "Rd" : "St"
  return random.one(of: [
    "\(house) \(street)", "\(house), \(street.uppercased())", "\(house) \(name) \(short)",
    "No. \(house) \(street)", "\(house)A \(street)", "Flat 2, \(house) \(street)",
    "Flat 3, \(house) \(street)", "1st Floor, \(house) \(street)", "\(street) \(house)",
    "\(house) \(name)-\(type)", "\(house)-\(Int(house)! + 2) \(street)", "0\(house) \(street)",
    "Mrs Green, \(house) \(street)", "\(house) \(street) Flat 2", "2/\(house) \(street)",
    "Studio 3, \(house) \(street), Sutton in Ashfield", "\(house) \(street), New Cross, Notts",
  ])
}

private func respelled(_ postcode: String, _ random: inout Seeded) -> String {
  random.one(of: [postcode, postcode.lowercased(), postcode.filter { $0 != " " }])
}

private let streets = (0..<40).map { number in
  let letters = [
    "Ash", "Beech", "Cedar", "Dove", "Elm", "Fern", "Gorse", "Hazel", "Ivy", "Juniper",
  ]
  let ends = ["croft", "field", "wood", "mere"]
  return letters[number % 10] + ends[number / 10] + [" Lane", " Road", " Street"][number % 3]
}
