import Foundation
import Testing
import Triage

@testable import triaged

@Suite("The rows of a story")
struct StoryRowsTests {
  private let now = Date(timeIntervalSince1970: 1_795_100_000)
  private let noise = JobType(
    id: "noise", name: "Noise complaint", match: JobPattern(type: ["noise"]), offer: nil,
    isComplaint: true)
  private let bin = JobType(
    id: "bin", name: "Replacement bin", match: JobPattern(type: ["bin"]), offer: .call, points: 10,
    window: Window(closesAfterDays: 60), reason: "A bin was asked for.")

  private var rules: Rules {
    Rules(
      version: "1", types: [noise, bin],
      signals: Signals(
        reciprocal: Reciprocal(
          points: 50, name: "Complaints between two households",
          reason: "Complaints went both ways.",
          window: Window(closesAfterDays: 28))), bands: [Band(name: "high", from: 50)])
  }

  private func job(
    _ reference: String, _ type: String, at home: Int, about other: Int? = nil, daysAgo: Double
  ) -> Job {
    Job(
      id: JobRef(feed: "list", reference: reference),
      received: now.addingTimeInterval(-daysAgo * 86_400), type: type,
      place: Place(
        address: "\(home) Mill Lane", postcode: "NG17 9CM", uprn: "\(home)",
        point: GridPoint(x: 450_000, y: 359_000), location: .coordinates),
      area: "new-cross", otherParty: other.map { AddressKey(text: "uprn:\($0)").print })
  }

  @Test(
    "Of two households no complaint is listed, while they are judged together and after that",
    arguments: [0.0, 40.0])
  func joint(later: Double) {
    let jobs = [
      job("C1", "noise", at: 12, about: 14, daysAgo: 9 + later),
      job("C2", "noise", at: 14, about: 12, daysAgo: 5 + later),
      job("C3", "noise", at: 14, daysAgo: 4 + later), job("B1", "bin", at: 12, daysAgo: 3 + later),
    ]
    let input = TriageInput(
      jobs: jobs, rules: rules, register: Register(), team: Team(members: [], areas: []), now: now,
      today: CivilDay(now, in: .gmt))
    var judge = AddressJudge(JobsByAddress(jobs), input)
    let accounts = ["uprn:12", "uprn:14"].compactMap {
      judge.account(of: AddressKey(text: $0), at: now)
    }
    #expect((accounts.first?.second != nil) == (later == 0))
    let rows = storyRows(accounts, jobs, rules, isSecret: true)
    #expect(rows.map(\.reference) == ["B1"])
  }

  @Test(
    "What may be for safeguarding is not listed, and nothing says why the address is left alone")
  func otherDoor() {
    var rules = rules
    rules.safeguarding.words = ["welfare"]
    let jobs = [
      job("W1", "welfare check", at: 12, daysAgo: 9), job("B1", "bin", at: 12, daysAgo: 3),
    ]
    let input = TriageInput(
      jobs: jobs, rules: rules, register: Register(), team: Team(members: [], areas: []), now: now,
      today: CivilDay(now, in: .gmt))
    var judge = AddressJudge(JobsByAddress(jobs), input)
    let accounts = [judge.account(of: AddressKey(text: "uprn:12"), at: now)].compactMap(\.self)
    let rows = storyRows(accounts, jobs, rules, isSecret: false)
    #expect(rows.map(\.reference) == ["B1"])
    #expect(rows.map(\.sentence) == ["Nothing is made of it for the time being."])
  }
}
