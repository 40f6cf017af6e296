import Foundation
import Logging
import Storage
import Synchronization
import Testing
import Triage
import Web

@testable import triaged

private final class Flag: Sendable {
  private let value = Atomic<Bool>(true)
  var isUp: Bool { value.load(ordering: .relaxed) }
  func lower() { value.store(false, ordering: .relaxed) }
}

extension StatusReport {
  fileprivate var hasOwnFault: Bool {
    problems.contains { $0.contains("cannot be polled for a reason on this machine, since ") }
  }
}

@Suite("A feed that cannot be polled for a reason of our own")
struct StalledPollTests {
  private let monday = WatchedFeed.monday

  @Test("A database that takes nothing is said once in the journal, and status tells of it")
  func databaseRefuses() async throws {
    let feed = try WatchedFeed()
    try await feed.list(1...3, at: monday)
    let recovers = Int((monday + 870).timeIntervalSince1970 * 1000)
    try await feed.change(
      "CREATE TRIGGER full BEFORE UPDATE ON feed WHEN NEW.polled_at < \(recovers) "
        + "BEGIN SELECT RAISE(ABORT, 'full'); END")
    let office = AdminOffice(
      configuration: await feed.poller.configuration, store: feed.store,
      live: await feed.poller.live, poller: feed.poller,
      meters: Meters(feeds: await feed.poller.meters),
      effector: await feed.effector(),
      replayer: RuleReplayer(
        await feed.poller.configuration, store: feed.store, live: await feed.poller.live),
      matterSources: [], started: monday)
    func stalled(_ minute: Double) async throws -> [String] {
      let status = try await office.status(now: monday + minute * 60)
      #expect(
        status.plainText.contains("It has not been polled since")
          == status.problems.contains { $0.contains("has not been polled since") })
      return status.problems.filter { $0.contains("has not been polled") }
    }
    func said(_ sentence: String) -> Int { feed.journal.lines.count { $0.hasPrefix(sentence) } }

    try feed.put("next.csv", (1...4).map { feed.row($0) }, at: monday + 120)
    let inputs = await feed.poller.live
    func isReady() async -> Bool {
      let ready = await readiness(
        await feed.poller.configuration, store: feed.store, live: inputs,
        health: FeedHealth(), failures: await feed.poller.failures, now: monday)
      let check = ready.checks.first { $0.name == "feed:street-scene" }
      #expect(check?.sentence.contains("sqlite") == false, "no path for strangers")
      return check?.ok ?? false
    }
    func ownFault() async throws -> Bool {
      let status = try await office.status(now: monday + 300)
      #expect(status.plainText.contains("TROUBLE on this machine") == status.hasOwnFault)
      return status.hasOwnFault
    }
    #expect(try await !ownFault())
    #expect(await isReady())
    try await feed.round(monday + 170)
    #expect(try await ownFault(), "at once")
    #expect(await !isReady())
    for minute in 3...14 { try await feed.round(monday + Double(minute) * 60) }
    #expect(said("The feed could not be polled; it is tried again.") == 1)
    #expect(try await stalled(10) == [])
    #expect(
      try await stalled(14) == ["The feed street-scene has not been polled since 10:01 today."])
    try await feed.round(monday + 15 * 60)
    #expect(try await feed.there() == [1, 2, 3, 4])
    #expect(said("The feed is polled again.") == 1)
    #expect(try await stalled(16) == [])
    #expect(try await !ownFault())
    #expect(await isReady())
    try await feed.end()
  }

  @Test("A loop that fails is known at once, and until it works again")
  func failingLoop() async throws {
    let failures = OwnFailures()
    let journal = RecordedJournal()
    try await withThrowingTaskGroup(of: Void.self) { group in
      let full = Flag()
      group.addTask {
        try await RepeatingService(
          name: "deliver", logger: Logger(label: "test") { _ in journal.handler },
          failures: failures,
          round: {
            if full.isUp { throw FeedRefusal("The disk is full.") }
            return .milliseconds(5)
          }, afterFailure: .milliseconds(5)
        ).run()
      }
      let failure = try await eventually("the failure") { failures[.loop("deliver")] }
      #expect(failure?.why == "The disk is full.")
      #expect(failures.loops.keys.sorted() == ["deliver"])
      full.lower()
      _ = try await eventually("the end") { failures.loops.isEmpty ? true : nil }
      group.cancelAll()
    }
  }

  @Test("A trouble of a list that waits no more ends at the start, where the program ended before")
  func endedInBetween() async throws {
    let feed = try WatchedFeed()
    for trouble in [FeedTrouble.shrunk, .unreadable] {
      _ = try await feed.store.begin(
        FeedEpisode(feed: WatchedFeed.feed, trouble: trouble, why: "x", began: monday), notice: nil)
    }
    try await feed.round(monday + 60)
    let open = try await feed.store.openEpisodes()[WatchedFeed.feed] ?? []
    #expect(open.map(\.trouble) == [.unreadable])
    try await feed.end()
  }

  @Test("Troubles of a feed that was taken out of the configuration end at the start, untold")
  func takenOut() async throws {
    let feed = try WatchedFeed()
    for name in ["noise", WatchedFeed.feed] {
      _ = try await feed.store.begin(
        FeedEpisode(feed: name, trouble: .late, why: "No list came.", began: monday), notice: nil)
    }
    try await feed.round(monday + 60)
    #expect(try await feed.store.openEpisodes().keys.sorted() == [WatchedFeed.feed])
    #expect(try await feed.mails(by: monday + 86_400) == [])
    try await feed.end()
  }

  @Test("The journal's account of a list says whether it is believed, and else why not")
  func account() async throws {
    let feed = try WatchedFeed()
    try await feed.list(1...20, at: monday)
    try await feed.list(1...5, at: monday + 3600)
    let lines = feed.journal.lines.filter { $0.hasPrefix("List read.") }
    #expect(lines.map { $0.contains(" believed=true ") } == [true, false])
    #expect(lines.map { $0.contains(" held_because=") } == [false, true])
    #expect(lines.last?.contains(" believed=false ") == true)
    try await feed.end()
  }
}
