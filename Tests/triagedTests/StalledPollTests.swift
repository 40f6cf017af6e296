import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("A feed that cannot be polled for a reason of our own")
struct StalledPollTests {
  private let monday = WatchedFeed.monday

  /// Changes the database's schema between two runs of the program.
  private func change(_ feed: WatchedFeed, _ sql: String) async throws {
    try feed.store.close()
    let script =
      "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
    let database = feed.folder.path + "/state/triaged.sqlite"
    let done = try await runProgram("/usr/bin/env", ["python3", "-c", script, database, sql])
    try #require(done.code == 0, "\(done.errors)")
    try feed.restart()
  }

  @Test("A database that takes nothing is said once in the journal, and status tells of it")
  func databaseRefuses() async throws {
    let feed = try WatchedFeed()
    try await feed.list(1...3, at: monday)
    let recovers = Int((monday + 870).timeIntervalSince1970 * 1000)
    try await change(
      feed,
      "CREATE TRIGGER full BEFORE UPDATE ON feed WHEN NEW.polled_at < \(recovers) "
        + "BEGIN SELECT RAISE(ABORT, 'full'); END")
    let office = AdminOffice(
      configuration: await feed.poller.configuration, store: feed.store,
      live: await feed.poller.live, poller: feed.poller, meters: await feed.poller.meters,
      started: monday)
    func stalled(_ minute: Double) async throws -> [String] {
      let status = try await office.status(now: monday + minute * 60)
      #expect(
        status.plainText.contains("It has not been polled since")
          == status.problems.contains { $0.contains("has not been polled since") })
      return status.problems.filter { $0.contains("polled") }
    }
    func said(_ sentence: String) -> Int { feed.journal.lines.count { $0.hasPrefix(sentence) } }

    try feed.put("next.csv", (1...4).map { feed.row($0) }, at: monday + 120)
    for minute in 3...14 { try await feed.round(monday + Double(minute) * 60) }
    #expect(said("The feed could not be polled; it is tried again.") == 1)
    #expect(try await stalled(10) == [])
    #expect(
      try await stalled(14) == ["The feed street-scene has not been polled since 10:01 today."])
    try await feed.round(monday + 15 * 60)
    #expect(try await feed.there() == [1, 2, 3, 4])
    #expect(said("The feed is polled again.") == 1)
    #expect(try await stalled(16) == [])
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
