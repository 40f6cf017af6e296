import Foundation
import Testing
import Triage

/// A Thursday in November 2026, UTC.
let now = Date(timeIntervalSince1970: 1_795_100_000)

func daysAgo(_ days: Double) -> Date { now.addingTimeInterval(-days * 86_400) }

/// A job in New Cross at an invented address.
func job(
  _ reference: String, type: String = "Bulky waste quote", daysAgo age: Double? = 3,
  uprn: String = "", address: String = "12 Larkspur Road", postcode: String = "NG17 9CM",
  caller: String = "", closed: Date? = nil, area: String = "new-cross"
) -> Job {
  Job(
    id: JobRef(feed: "street-scene", reference: reference), received: age.map(daysAgo),
    closed: closed, status: "Open", jobClass: "Waste", type: type, callerType: caller,
    place: Place(
      address: address, postcode: postcode, uprn: uprn, point: GridPoint(x: 450_000, y: 359_000),
      location: .coordinates), area: area)
}

let quote = JobType(
  id: "quote", name: "Bulky waste quote", match: JobPattern(type: ["*bulky*quote*"]),
  offer: .visit, points: 40, reason: "A quote is still open.")
let bin = JobType(
  id: "bin", name: "Replacement bin", match: JobPattern(type: ["*bin*"]), offer: .call,
  points: 15, window: Window(opensAfterHours: 48, closesAfterDays: 20),
  reason: "A new bin was asked for.")
let noise = JobType(id: "noise", name: "Noise", match: JobPattern(type: ["noise*"]), offer: nil)

let rules = Rules(
  version: "test-1", types: [quote, bin, noise],
  signals: Signals(repeatWithinYear: 10, secondKind: 7, moreOftenLately: 5, firstInYear: 3),
  bands: [Band(name: "high", from: 50), Band(name: "medium", from: 30)],
  stopWords: ["hoarding licence"], callersWithoutResident: ["officer*"])

let ann = Member(
  id: "ann", name: "Ann", agency: "Council", email: "ann@example.org", channel: "post")

/// Nothing is drawn by lot unless a test asks for it.
func team(capacity: Int = 5, drawn: Int = 0) -> Team {
  Team(
    members: [ann],
    areas: [
      Team.AreaTeam(
        area: "new-cross", leaders: ["ann"], members: ["ann"], weeklyCapacity: capacity,
        drawnPercent: drawn)
    ])
}

func judge(
  _ jobs: [Job], rules: Rules = rules, register: Register = Register(), capacity: Int = 5,
  open: [AddressKey: OpportunityState] = [:], answered: Set<JobRef> = [],
  offeredThisWeek: [String: Int] = [:]
) -> Verdict {
  triage(
    TriageInput(
      jobs: jobs, rules: rules, register: register, team: team(capacity: capacity), now: now,
      today: CivilDay(now, in: .gmt),
      past: PastOffers(
        open: open,
        answered: Dictionary(
          uniqueKeysWithValues: answered.map {
            ($0, Answer(kind: .accepted, at: daysAgo(1), times: 1))
          }), offeredThisWeek: offeredThisWeek)))
}

@Suite("Triage")
struct TriageTests {
  @Test("The score is the sum of its reasons, the trigger's reason first")
  func scoreIsSumOfReasons() throws {
    let verdict = judge([job("1"), job("2", type: "Noise", daysAgo: 100)])
    let only = try #require(verdict.opportunities.first)
    #expect(verdict.opportunities.count == 1)
    #expect(only.score.reasons.map(\.code) == ["type:quote", "repeat", "second-kind"])
    #expect(only.score.points == 40 + 10 + 7)
    #expect(only.band == "high")
    #expect(only.rulesVersion == "test-1")
    #expect(only.score.reasons.allSatisfy { $0.sentence.hasSuffix(".") })
  }

  @Test("Jobs with the same UPRN are one address even when it is written in two ways")
  func sameUPRN() {
    let verdict = judge([
      job("1", uprn: "100031234", address: "12 Larkspur Rd"),
      job("2", uprn: "100031234", address: "Number twelve, Larkspur"),
    ])
    #expect(verdict.opportunities.map(\.address.text) == ["uprn:100031234"])
  }

  @Test("Without a UPRN the normalised number, street and postcode make the address")
  func sameWrittenAddress() {
    let verdict = judge([
      job("1", address: "12 Larkspur Rd, Sutton in Ashfield", postcode: "NG17 9CM"),
      job("2", address: "12, LARKSPUR ROAD, Nottinghamshire", postcode: "ng179cm"),
      job("3", address: "14 Larkspur Road", postcode: "NG17 9CM"),
    ])
    #expect(verdict.opportunities.count == 2)
    #expect(verdict.opportunities.first?.jobs.count == 2)
  }

  @Test("The first job in twelve months is worth its own signal")
  func firstInYear() {
    let reasons = judge([job("1"), job("0", daysAgo: 400)]).opportunities[0].score.reasons
    #expect(reasons.map(\.code) == ["type:quote", "first"])
  }

  @Test("More often lately compares the last 90 days with the 90 before")
  func moreOftenLately() {
    let lately = judge([
      job("1"), job("2", type: "Noise", daysAgo: 50), job("3", type: "Noise", daysAgo: 120),
    ])
    #expect(lately.opportunities[0].score.reasons.contains { $0.code == "lately" })
    let steady = judge([job("1"), job("3", type: "Noise", daysAgo: 120)])
    #expect(!steady.opportunities[0].score.reasons.contains { $0.code == "lately" })
  }

  @Test(
    "A job that is no reason by itself says why",
    arguments: [
      (job("1", type: "Noise - music"), NoOpportunity.historyOnly),
      (job("1", type: "Bulky quote, hoarding licence"), .stopWord),
      (job("1", caller: "Officer 7"), .noResidentAsked),
      (job("1", closed: daysAgo(1)), .closed),
      (job("1", type: "New bin", daysAgo: 1), .tooEarly),
      (job("1", daysAgo: 29), .tooLate),
      (job("1", daysAgo: nil), .noDate),
      (job("1", daysAgo: -2), .inFuture),
      (job("1", address: "", postcode: ""), .noAddress),
      (job("1", uprn: "10001234", address: "STREET RECORD, Larkspur Road"), .notADwelling),
      (job("1", address: "Open space, Larkspur Road"), .notADwelling),
      (job("1", uprn: "10001234", address: "Larkspur Road Street Record, Sutton"), .notADwelling),
    ])
  func whyNot(job: Job, why: NoOpportunity) {
    let verdict = judge([job])
    #expect(verdict.opportunities.isEmpty)
    #expect(verdict.standings == [.noOpportunity(why: why)])
  }

  @Test(
    "A dwelling whose address has such words in it stays one",
    arguments: ["12 Record Street", "2 Space Cottages, Open Lane", "12 Larkspur Road"])
  func dwelling(address: String) {
    #expect(judge([job("1", address: address)]).opportunities.count == 1)
  }

  @Test("A job that its snapshot no longer has is no reason any more")
  func goneJob() {
    var gone = job("1")
    gone.gone = daysAgo(1)
    #expect(judge([gone]).standings == [.noOpportunity(why: .closed)])
  }

  @Test("A type that the table does not know is listed, never dropped")
  func unknownType() {
    #expect(judge([job("1", type: "Compost sack")]).standings == [.typeNotInTable])
  }

  @Test("A score under the lowest band is below the line")
  func belowTheLine() {
    let verdict = judge([job("1", type: "New bin")])
    #expect(verdict.opportunities.isEmpty)
    #expect(verdict.belowTheLine.map(\.score.points) == [18])
    #expect(verdict.standings == [.belowTheLine])
  }

  @Test("An area may have bands of its own")
  func bandsPerArea() {
    var lower = rules
    lower.overrides = [
      AreaOverride(
        area: "new-cross", by: "Ann", why: "A first area needs more to begin with.",
        rules: AreaRules(
          types: lower.types, signals: lower.signals, bands: [Band(name: "low", from: 10)]))
    ]
    #expect(judge([job("1", type: "New bin")], rules: lower).opportunities.first?.band == "low")
  }

  @Test("An address that the register names is in no opportunity, whichever flat is meant")
  func doNotContact() {
    var register = Register()
    register.add(
      .doNotContact, uprn: "", address: "Flat 2, 12 Larkspur Road", postcode: "NG17 9CM")
    let verdict = judge(
      [
        job("1", address: "Flat 3, 12 Larkspur Road"),
        job("2", uprn: "4", address: "12 Larkspur Road"),
        job("3", address: "13 Larkspur Road"),
      ], register: register)
    #expect(verdict.standings[0] == .noOpportunity(why: .doNotContact))
    #expect(verdict.standings[1] == .noOpportunity(why: .doNotContact))
    #expect(verdict.opportunities.map(\.trigger.reference) == ["3"])
  }

  @Test("The week's capacity goes to the best; what is offered already stays offered")
  func capacity() {
    let jobs = (1...6).map { job("\($0)", daysAgo: Double($0), address: "\($0) Pipit Lane") }
    let first = judge(jobs, capacity: 2)
    #expect(first.opportunities.count == 6)
    let offered = first.opportunities.filter { first.offered.contains($0.address) }
    #expect(offered.map(\.trigger.reference) == ["6", "5"])

    let key = first.opportunities[5].address
    let later = judge(
      jobs, capacity: 2, open: [key: .offered], offeredThisWeek: ["new-cross": 2])
    #expect(later.offered == [key])
  }

  @Test("A job that has had its outcome cannot be a reason again, a new job can")
  func answered() {
    let old = JobRef(feed: "street-scene", reference: "1")
    #expect(judge([job("1")], answered: [old]).opportunities.isEmpty)
    let again = judge([job("1"), job("2", daysAgo: 1)], answered: [old])
    #expect(again.opportunities.map(\.trigger.reference) == ["2"])
  }

  @Test("Every job ends in one named place and the order of the input does not matter")
  func orderDoesNotMatter() {
    var random = SystemRandomNumberGenerator()
    let types = ["Bulky quote", "New bin", "Noise", "Compost", "Bulky quote hoarding licence"]
    for _ in 0..<300 {
      let jobs = (0..<30).map { at in
        job(
          "\(at)", type: types.randomElement(using: &random)!,
          daysAgo: Double(Int.random(in: -1...400, using: &random)),
          uprn: Bool.random(using: &random) ? "\(Int.random(in: 1...5, using: &random))" : "",
          address: "\(Int.random(in: 1...5, using: &random)) Pipit Lane")
      }
      let order = Array(jobs.indices).shuffled(using: &random)
      let one = judge(jobs)
      let other = judge(order.map { jobs[$0] })
      #expect(one.opportunities == other.opportunities)
      #expect(one.offered == other.offered)
      #expect(one.belowTheLine == other.belowTheLine)
      #expect(order.map { one.standings[$0] } == other.standings)
      #expect(one.standings.count == jobs.count)
    }
  }

  @Test(
    "A job near an area's edge by its postcode alone waits for a person and is history to others")
  func nearEdge() throws {
    var near = job("1")
    near.place.location = .postcodeNearEdge
    let alone = judge([near])
    #expect(alone.opportunities.isEmpty)
    #expect(alone.belowTheLine.isEmpty)
    #expect(alone.standings == [.noOpportunity(why: .placeUncertain)])
    #expect(
      NoOpportunity.placeUncertain.sentence
        == "It is known by its postcode alone, close to the edge of the area: a person decides.")

    let both = judge([near, job("2")])
    #expect(both.opportunities.first?.trigger.reference == "2")
    #expect(both.opportunities.first?.jobs.count == 2)
    #expect(both.standings == [.noOpportunity(why: .placeUncertain), .inOpportunity])
  }

  @Test("What is no reason anyway is not listed for a person to decide")
  func nearEdgeAndClosed() {
    var near = job("1", closed: daysAgo(1))
    near.place.location = .postcodeNearEdge
    #expect(judge([near]).standings == [.noOpportunity(why: .closed)])
  }

  @Test("A place known by its postcode only is offered, marked, for the same points")
  func approximatePlace() throws {
    var well = job("1")
    well.place.location = .postcode
    let marked = try #require(judge([well]).opportunities.first)
    let plain = try #require(judge([job("1")]).opportunities.first)
    #expect(marked.score.points == plain.score.points)
    #expect(
      marked.score.reasons.last
        == Reason(
          code: "approximate", points: 0,
          sentence: "Approximate place: known by its postcode only."))
    #expect(Array(marked.score.reasons.dropLast()) == plain.score.reasons)
    #expect(marked.place.location == .postcode)
  }
}
