import Foundation
import Logging
import Storage
import Testing
import Triage

@testable import triaged

@Suite("A late feed")
struct LateWatchTests {
  private func moment(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

  /// A list came: what the poll loop remembers of it.
  private func record(_ store: Store, listed: Date, at now: Date) async throws {
    var memory = FeedMemory(nil)
    memory.newestList = listed
    try await store.unchanged(feed: "street-scene", state: memory.data, now: now)
  }

  @Test("One mail when it begins, none while it lasts or after a restart, one when it is over")
  func episode() async throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let file = config + "/feeds/street-scene.yaml"
    try write(
      try text(of: file) + "\nexpected: {by: [\"08:00\"], holidays: england-and-wales}\n", to: file)
    let configuration = try loadConfiguration(folder: config, state: folder.path, now: .now)
      .usable()
    let store = try Store(path: folder.path + "/triaged.sqlite")
    let logger = Logger(label: "test") { _ in JournalLogHandler() }
    let friday = try moment("2026-11-20T07:50:00Z")
    func start() async throws -> LateWatch {
      let watch = feedWatch(configuration, store: store, health: FeedHealth(), logger: logger)
      try await watch.restore()
      return LateWatch(configuration, store: store, watch: watch, started: friday)
    }
    // What the server gave on Monday was still Friday's list.
    try await record(store, listed: friday, at: moment("2026-11-23T07:50:00Z"))

    let late = try await start()
    try await late.round(now: moment("2026-11-23T09:00:00Z"))
    #expect(try await store.openEpisodes().isEmpty)
    let nine = try moment("2026-11-23T09:00:16Z")
    try await late.round(now: nine)
    let due = try await store.dueNotices(now: nine)
    #expect(due.map(\.subject) == ["ashfield: the feed street-scene is late"])
    #expect(
      due.first?.paragraphs[1]
        == "What happened: No list came by 08:00 on Monday 23 November 2026; the last is of 07:50 on "
        + "Friday 20 November 2026.")
    for minutes in 1...30 {
      let watch = minutes % 10 == 0 ? try await start() : late
      try await watch.round(now: nine + Double(minutes) * 60)
    }
    #expect(try await store.dueNotices(now: nine + 7200).count == 1)

    let came = try moment("2026-11-23T11:00:00Z")
    try await record(store, listed: came - 5, at: came)
    try await late.round(now: came + 20)
    #expect(try await store.openEpisodes().isEmpty)
    // It has to stay away for an hour before that is told.
    #expect(try await store.dueNotices(now: came + 60).count == 1)
    let over = try await store.dueNotices(now: came + 20_000)
    #expect(over.map(\.subject).last == "ashfield: over: the feed street-scene was late")
    #expect(over.count == 2)
    // Tuesday is in time.
    try await record(store, listed: came + 75_000, at: came + 75_000)
    try await late.round(now: moment("2026-11-24T10:00:00Z"))
    #expect(try await store.dueNotices(now: came + 200_000).count == 2)
    try store.close()
  }

  @Test("A feed of which nothing is expected is never late, and one that was is told to be over")
  func notExpected() async throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let configuration = try loadConfiguration(folder: config, state: folder.path, now: .now)
      .usable()
    let store = try Store(path: folder.path + "/triaged.sqlite")
    let began = try moment("2026-11-23T09:00:16Z")
    _ = try await store.begin(
      FeedEpisode(feed: "street-scene", trouble: .late, why: "No list came.", began: began),
      notice: nil)
    let watch = feedWatch(
      configuration, store: store, health: FeedHealth(),
      logger: Logger(label: "test") { _ in JournalLogHandler() })
    try await watch.restore()
    try await LateWatch(configuration, store: store, watch: watch, started: began)
      .round(now: began + 86_400 * 30)
    #expect(try await store.openEpisodes().isEmpty)
    try store.close()
  }
}
