import Foundation
import Storage
import TestDesk
import Testing
import Triage

@testable import triaged

@Suite("An address that the lists tell in two ways")
struct RollUpTests {
  private func row(_ reference: String, uprn: String) -> String {
    "\(reference),20/11/2026 10:00,,,Bulky,Bulky waste quote,Open,Public,\(uprn),"
      + "\"12 Pipit Lane, Sutton in Ashfield\",NG17 9CM,\(pointInNewCross.x),\(pointInNewCross.y),"
  }

  @Test("When a list brings the UPRN, offer and claim go on under it, and nobody is told twice")
  func rollUp() async throws {
    for isClaimed in [false, true] {
      let feed = try WatchedFeed()
      let monday = WatchedFeed.monday
      try feed.put("one.csv", [row("SS1", uprn: "")], at: monday)
      try await feed.round(monday + 60)
      let before = try #require(try await feed.store.openOpportunities().first)
      #expect(!before.opportunity.address.isUPRN && before.state == .offered)
      if isClaimed {
        _ = try await feed.store.claim(
          opportunity: before.id, member: "bob", issuedTo: "ann", generation: 0, now: monday + 90)
      }
      try feed.put(
        "two.csv", [row("SS1", uprn: ""), row("SS2", uprn: "10001234567")], at: monday + 3600)
      try await feed.round(monday + 3660)
      // Judged once more, for good measure.
      try await feed.poller.judgeAgain(now: monday + 7200)
      let after = try await feed.store.openOpportunities()
      #expect(after.map(\.id) == [before.id])
      #expect(after.first?.opportunity.address == AddressKey(text: "uprn:10001234567"))
      #expect(after.first?.state == (isClaimed ? .claimed : .offered))
      #expect(try await feed.store.counts().owed == 1)
      let known = try await feed.store.known(since: .distantPast, weekStart: .distantPast)
      #expect(Set(known.addressKeys).count == 1)
      #expect(known.past.offeredThisWeek == ["new-cross": 1])
      try await feed.end()
    }
  }
}
