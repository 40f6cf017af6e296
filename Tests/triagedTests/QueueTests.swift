import Foundation
import Testing
import Triage

@testable import Storage
@testable import triaged

@Suite("The queue and its pauses", .serialized)
struct QueueTests {
  private func queue(_ program: RunningProgram, _ arguments: String...) async throws -> QueueReport
  {
    let run = try await program.triaged(["queue", "--json"] + arguments)
    #expect(run.code == 0, "\(run.errors)")
    return try adminDecoder().decode(QueueReport.self, from: Data(run.output.utf8))
  }

  @Test("Paused without a daemon, resumed with one: what waited is offered, and the queue says why")
  func pausing() async throws {
    let program = try RunningProgram()
    #expect(try await program.triaged(["run", "--once"]).code == 0)
    let paused = try await program.triaged([
      "pause", "--area", "new-cross", "--why", "Both are on a course", "--until", "2999-12-01",
    ])
    #expect(paused.code == 0, "\(paused.errors)")
    #expect(paused.output.hasPrefix("New Cross is paused until 1 December 2999."))
    try program.put("monday.csv", jobs: 1...8)
    try await program.start()
    let waiting = try await eventually("the list") {
      let area = try await queue(program, "--area", "new-cross").areas.first
      return area?.waiting.count == 8 ? area : nil
    }
    #expect(waiting?.paused == "Both are on a course" && waiting?.leftThisWeek == 5)
    #expect(waiting?.waiting.allSatisfy { $0.why == "The area is paused." } == true)
    let status = try await program.triaged(["status"])
    #expect(status.code == 0, "\(status.output)")
    #expect(status.output.contains("Paused: New Cross until 1 December 2999, by "))
    #expect(status.output.contains(": Both are on a course\n"))

    let resumed = try await program.triaged(["resume", "--area", "new-cross"])
    #expect(resumed.code == 0 && resumed.output == "Offers go on in New Cross.\n")
    let area = try #require(try await queue(program).areas.first { $0.id == "new-cross" })
    #expect(area.open.count == 5 && area.waiting.count == 3 && area.leftThisWeek == 0)
    #expect(area.waiting.allSatisfy { $0.why == "This week's places are used up." })
    #expect(area.open.allSatisfy { $0.opportunity != nil })
    let text = try await program.triaged(["queue"]).output
    #expect(text.contains("New Cross: 5 places a week, 5 used"))
    #expect(text.contains("Quince Avenue, NG17  Bulky waste quote, yesterday"))
    for house in 1...8 { #expect(!text.contains("\(house) Quince")) }
    #expect(!text.contains("9CM") && !text.contains("SS1"))
    let again = try await program.triaged(["resume"])
    #expect(again.code == 1 && again.errors == "All areas are not paused.\n", "\(again.errors)")
    try await program.stop()
  }

  @Test("What cannot be is refused with a sentence")
  func refusals() async throws {
    let program = try RunningProgram()
    #expect(try await program.triaged(["run", "--once"]).code == 0)
    func told(_ arguments: String...) async throws -> (Int32, String) {
      let run = try await program.triaged(arguments)
      return (run.code, run.errors)
    }
    let unknown = try await told("pause", "--area", "new-crss", "--why", "x")
    #expect(unknown.0 == 2 && unknown.1.contains("did you mean 'new-cross'?"), "\(unknown)")
    #expect(try await told("queue", "--area", "nowhere").0 == 2)
    #expect(try await told("pause", "--why", "  ").1 == "A pause wants a reason: --why \"…\".\n")
    #expect(try await told("pause", "--why", "x", "--until", "2020-01-01").0 == 2)
    #expect(try await told("pause", "--why", "x", "--until", "tomorrow").0 == 2)
    #expect(try await told("pause", "--why", "All hands at the flood").0 == 0)
    let one = try await told("resume", "--area", "new-cross")
    #expect(one.0 == 1 && one.1.contains("'triaged resume' without --area"), "\(one)")
    #expect(try await told("resume").0 == 0)
    // What the team file pauses does not keep the rest paused, nor the answer from saying so.
    try edit(
      program.config + "/team.yaml", "    # paused: \"staff are away\"",
      "    paused: \"staff are away\"")
    #expect(try await told("resume").1 == "New Cross is paused by the team file: staff are away\n")
    #expect(try await told("pause", "--why", "All hands at the flood").0 == 0)
    let resumed = try await program.triaged(["resume"])
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(
      resumed.output == "The pause has ended. New Cross is still paused: staff are away\n")
  }

  @Test("Each line stands where it belongs, with its reason, and nothing says where anybody lives")
  func lines() {
    let now = WatchedFeed.monday
    let area = PilotArea(id: "north", name: "North", polygons: [])
    var number = 0
    func offer(_ key: String, points: Int, band: String, onTrial: Bool = false) -> Opportunity {
      number += 1
      return Opportunity(
        address: AddressKey(text: key), area: "north", offer: .visit,
        trigger: JobRef(feed: "list", reference: "SECRET\(number)"), jobType: "Bulky waste quote",
        jobs: [], since: now - 86_400,
        place: Place(address: "\(number) Mill Lane, Testford", postcode: "ZZ1 1ZZ", uprn: "77"),
        score: Score(reasons: [Reason(code: "x", points: points, sentence: "A quote is open.")]),
        band: band, rulesVersion: "1", isShadow: onTrial)
    }
    let keys = ["held", "open", "drawn", "new", "next", "trial", "low", "lost"]
    var offers: [String: Opportunity] = [:]
    for key in keys {
      offers[key] = offer(
        key, points: key == "low" || key == "drawn" ? 12 : 50,
        band: key == "low" || key == "drawn" ? "" : "high", onTrial: key == "trial")
    }
    offers["open"]?.second = Household(
      address: AddressKey(text: "other"),
      place: Place(address: "9 Church Hill, Testford", postcode: "ZZ1 1ZZ"))
    func stored(_ id: Int64, _ key: String, _ state: OpportunityState) -> StoredOpportunity {
      StoredOpportunity.invented(
        id: id, state: state, offers[key]!, holder: state == .claimed ? "bob" : nil, at: now)
    }
    func address(_ key: String) -> AddressKey { AddressKey(text: key) }
    let verdict = Verdict(
      opportunities: ["open", "drawn", "next", "new", "trial"].map { offers[$0]! },
      offered: Set(["open", "drawn", "next"].map(address)), drawn: [address("drawn")],
      shadowed: [address("trial")], belowTheLine: [offers["low"]!], standings: [], addresses: [],
      aliases: [address("drawn before"): address("drawn")])
    var before = offers["drawn"]!
    before.address = address("drawn before")
    let bob = Member(id: "bob", name: "Bob", agency: "Support", email: "", channel: "post")
    let report = QueueReport(
      verdict: verdict,
      stored: [
        stored(1, "held", .claimed), stored(2, "open", .offered), stored(3, "new", .waiting),
        stored(4, "lost", .offered),
        StoredOpportunity.invented(id: 5, state: .offered, before, holder: nil, at: now),
      ],
      past: PastOffers(offeredThisWeek: ["north": 2], drawnThisWeek: ["north": 1]), areas: [area],
      team: Team(
        members: [bob],
        areas: [.init(area: "north", leaders: ["bob"], members: ["bob"], weeklyCapacity: 3)]),
      rules: Rules(version: "1", types: [], bands: [Band(name: "low", from: 20)]),
      registerTrouble: nil, timeZone: "Europe/London", now: now)
    let north = report.areas[0]
    func ids(_ lines: [QueueReport.Line]) -> [Int64?] { lines.map(\.opportunity) }
    #expect(ids(north.held) == [1] && north.held[0].holder == "Bob")
    #expect(ids(north.open) == [2, 5, 4])
    #expect(north.open[0].isJoint && north.open[0].whereabouts == "Mill Lane and Church Hill, ZZ1")
    #expect(north.open[1].isDrawn && north.open[1].band == "drawn by lot")
    #expect(north.open[2].why == "Its reason is gone: it is taken back by the next pass.")
    #expect(ids(north.waiting) == [nil, 3])
    #expect(
      north.waiting.map(\.why) == [
        "It is offered by the next pass.", "The places that are left are for others.",
      ])
    #expect(north.onTrial.map(\.why) == ["It would be on offer if it were not on trial."])
    #expect(north.belowTheLine.map(\.why) == ["It lacks 8 points to low."])
    let text = report.plainText()
    #expect(text.contains("two households, visit separately"))
    #expect(text.contains("held by Bob since Monday 23 November, 10:00"), "\(text)")
    for secret in ["1 Mill", "9 Church", "1ZZ", "SECRET", "77", "uprn"] {
      #expect(!text.contains(secret), "\(secret)")
    }
    #expect(report.plainText(most: 1).contains("and 2 more: triaged queue --area north --json"))
  }
}

extension StoredOpportunity {
  fileprivate static func invented(
    id: Int64, state: OpportunityState, _ opportunity: Opportunity, holder: String?, at: Date
  ) -> StoredOpportunity {
    StoredOpportunity(
      id: id, state: state, generation: holder == nil ? 0 : 1, opportunity: opportunity,
      holder: holder, claimedAt: holder.map { _ in at }, madeAt: at, updatedAt: at, offeredAt: at,
      isDrawn: false)
  }
}
