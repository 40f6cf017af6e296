import Foundation
import Testing
import Triage

@Suite("The verdict of a pass without a contact register")
struct RefreshingTests {
  private func job(_ reference: String) -> Job {
    Job(id: JobRef(feed: "list", reference: reference), place: Place(address: "x"), area: "north")
  }

  private func opportunity(_ keys: [String], _ jobs: [String]) -> Opportunity {
    let homes = keys.map { Household(address: AddressKey(text: $0), place: Place(address: $0)) }
    return Opportunity(
      address: homes[0].address, area: "north", offer: .visit,
      trigger: JobRef(feed: "list", reference: jobs[0]), jobType: "Bulky waste quote",
      jobs: jobs.map { JobRef(feed: "list", reference: $0) },
      since: Date(timeIntervalSince1970: 0), place: homes[0].place,
      second: homes.count > 1 ? homes[1] : nil, score: Score(reasons: []), band: "high",
      rulesVersion: "1")
  }

  @Test(
    "Only what is open already, with the same households, is left of it; every job has its place")
  func onlyOpen() {
    func key(_ text: String) -> AddressKey { AddressKey(text: text) }
    let jobs = ["A", "B", "C", "D", "E", "F"].map(job)
    let open = opportunity(["uprn:1"], ["A"])
    let pair = opportunity(["p1", "p2"], ["B"])
    let verdict = Verdict(
      opportunities: [
        open, pair, opportunity(["q1", "q2"], ["C"]), opportunity(["new"], ["D"]),
      ],
      offered: [open.address, key("new")], drawn: [key("new")], shadowed: [key("q1")],
      belowTheLine: [opportunity(["low"], ["E"])],
      standings: [
        .inOpportunity, .inOpportunity, .inOpportunity, .inOpportunity, .belowTheLine,
        .typeNotInTable,
      ], addresses: [], aliases: [key("addr:1"): key("uprn:1")])
    // The first under its written address; of the second pair one alone was open.
    let past = PastOffers(
      open: [key("addr:1"): .offered, key("p1"): .waiting, key("q1"): .offered],
      joint: [key("p2"): key("p1")])
    let left = verdict.refreshing(past, jobs: jobs)
    #expect(left.isRefreshOnly && !verdict.isRefreshOnly)
    #expect(left.opportunities == [open, pair])
    #expect(left.offered == [open.address] && left.drawn.isEmpty && left.shadowed.isEmpty)
    #expect(left.belowTheLine.isEmpty)
    #expect(left.untouched == [key("q1"), key("q2"), key("new")])
    let barred = JobStanding.noOpportunity(why: .registerNotInForce)
    #expect(
      left.standings == [.inOpportunity, .inOpportunity, barred, barred, barred, .typeNotInTable])
  }
}
