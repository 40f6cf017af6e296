import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Without a contact register in force")
struct WithoutRegisterTests {
  private let monday = WatchedFeed.monday

  private func open(_ feed: WatchedFeed) async throws -> Set<String> {
    Set(try await feed.store.openOpportunities().map(\.opportunity.trigger.reference))
  }

  @Test("Nothing is made, opened again or listed; what is open is followed and taken back")
  func nothingNew() async throws {
    let feed = try WatchedFeed()
    let configuration = await feed.poller.configuration
    let (file, away) = (configuration.registerFile, feed.folder.path + "/away.csv")
    let files = FileManager.default
    func register(_ isThere: Bool) async throws {
      try files.moveItem(atPath: isThere ? away : file, toPath: isThere ? file : away)
      guard isThere else { return }
      try files.setAttributes([.modificationDate: monday - 60], ofItemAtPath: file)
      // What two looks have seen alike is in force.
      let later = max(monday, .now) + 60
      for at in [later, later + 60] { _ = await feed.poller.live.inForce(now: at) }
    }
    try await register(false)
    try await feed.list(1...3, at: monday)
    #expect(try await feed.there() == [1, 2, 3])
    #expect(try await open(feed) == [])

    let now = monday + 300
    let inputs = await feed.poller.live.inForce(now: now)
    let judging = Judging(configuration)
    let known = try await judging.known(in: feed.store, now: now)
    let verdict = judging.judge(known.jobs, known, inputs, now: now)
    #expect(verdict.opportunities.isEmpty && verdict.belowTheLine.isEmpty)
    #expect(
      verdict.standings
        == Array(repeating: .noOpportunity(why: .registerNotInForce), count: 3))
    let replayer = RuleReplayer(configuration, store: feed.store, live: await feed.poller.live)
    await #expect(throws: AdminRefusal.self) {
      try await replayer.answer(
        ReplayRulesWish(
          rules: try text(of: feed.config + "/rules.yaml"), file: "rules.yaml", days: 7),
        now: now)
    }

    try await register(true)
    try await feed.round(monday + 600)
    #expect(try await open(feed) == ["SS1", "SS2", "SS3"])
    try await register(false)
    try await feed.list([2, 3], at: monday + 900)
    #expect(try await open(feed) == ["SS2", "SS3"])
    try await feed.list(1...4, at: monday + 1800)
    #expect(try await open(feed) == ["SS2", "SS3"], "neither opened again nor made")
    try await register(true)
    try await feed.round(monday + 3000)
    #expect(try await open(feed) == ["SS1", "SS2", "SS3", "SS4"])
    try await feed.end()
  }

  @Test(
    "What is known is judged again when the civil day changes, and the deliver loop waits for the first time"
  )
  func anotherDay() async throws {
    let feed = try WatchedFeed()
    #expect(!feed.poller.judgements.hasBegun)
    let midnight = monday + 14 * 3600
    try await feed.list(1...2, at: midnight - 120)
    #expect(feed.poller.judgements.hasBegun)
    for (seconds, must) in [(-1.0, false), (1.0, true)] {
      let inputs = await feed.poller.live.inForce(now: midnight + seconds)
      #expect(await feed.poller.mustJudge(inputs, now: midnight + seconds) == must)
    }
    try await feed.end()
  }
}
