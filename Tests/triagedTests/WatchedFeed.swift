import FlareImport
import Foundation
import Logging
import Storage
import Testing
import Transfer
import Triage

@testable import triaged

/// One feed with its watched folder, its store and its poll loop, driven round by round at given
/// instants: nothing in it waits for a clock.
final class WatchedFeed {
  let folder: TemporaryFolder
  let config: String
  private let transferrer = Transferrer(threads: 1)
  let journal = RecordedJournal()
  private(set) var store: Store
  private(set) var poller: Poller
  private(set) var areas: AreaKeeper
  /// Of the program that runs.
  private(set) var stop = ShutdownFlag()
  static let feed = "street-scene"
  /// A Monday at 10:00 UTC.
  static let monday = Date(timeIntervalSince1970: 1_795_428_000)

  var drop: String { folder.path + "/state/drop" }
  var archive: String { folder.path + "/state/archive" }

  /// - Parameters:
  ///   - hold: lines to stand under `hold:` in place of the usual ones.
  ///   - archiveDays: in place of the usual ones.
  init(hold: String? = nil, archiveDays: Int? = nil) throws {
    folder = try TemporaryFolder()
    config = try folder.exampleConfiguration()
    if let archiveDays {
      try edit(config + "/triaged.yaml", "archive_days: 30", "archive_days: \(archiveDays)")
    }
    let file = config + "/feeds/street-scene.yaml"
    try edit(file, "settle: 2s", "settle: 0s")
    if let hold {
      let text = try text(of: file)
      let at = try #require(text.range(of: "\nhold:\n"))
      try write(text[..<at.lowerBound] + "\nhold: {\(hold)}\n", to: file)
    }
    try FileManager.default.createDirectory(
      atPath: folder.path + "/state/drop", withIntermediateDirectories: true)
    (store, poller, areas) = try WatchedFeed.start(
      config, folder.path + "/state", transferrer, journal, stop)
  }

  private static func start(
    _ config: String, _ state: String, _ transferrer: Transferrer, _ journal: RecordedJournal,
    _ stop: ShutdownFlag
  ) throws -> (Store, Poller, AreaKeeper) {
    let loaded = loadConfiguration(folder: config, state: state, now: monday)
    let configuration = try loaded.usable()
    let logger = Logger(label: "test") { _ in journal.handler }
    let store = try Store(path: state + "/triaged.sqlite")
    let areas = try AreaKeeper(
      loaded, configuration, store: store, kept: nil, now: monday, logger: logger)
    let live = LiveInputs(
      configuration, areas: areas, register: loaded.register, logger: logger)
    let quiet = configuration.feeds[0].hold.quiet
    var watch = FeedWatch(
      store: store, health: FeedHealth(), quiet: { _ in quiet }, logger: logger)
    watch.begins = { episode, _ in notice(episode, "begins", episode.began) }
    watch.over = { notice($0, "over", $0.ended ?? $0.began) }
    return (
      store,
      Poller(
        configuration, store: store, live: live, transferrer: transferrer, watch: watch,
        stop: stop, logger: logger), areas
    )
  }

  /// Ends the program and starts it anew on the same state.
  func restart() throws {
    try store.close()
    stop = ShutdownFlag()
    (store, poller, areas) = try WatchedFeed.start(
      config, folder.path + "/state", transferrer, journal, stop)
  }

  /// Changes the database itself between two runs of the program.
  func change(_ sql: String) async throws {
    try store.close()
    let script =
      "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
    let database = folder.path + "/state/triaged.sqlite"
    let done = try await runProgram("/usr/bin/env", ["python3", "-c", script, database, sql])
    try #require(done.code == 0, "\(done.errors)")
    try restart()
  }

  /// Replaces where the feed's lists come from.
  func comes(from source: String) throws {
    let file = config + "/feeds/street-scene.yaml"
    try write(
      try text(of: file).replacing(/folder: .*/, with: source).replacing(/pattern: .*\n/, with: ""),
      to: file)
    try restart()
  }

  /// As after a start: what it knows it has from the store.
  var clock: ClockWatch {
    ClockWatch(store, logger: Logger(label: "test") { [journal] _ in journal.handler })
  }

  /// As the daemon makes it.
  func effector(
    limits: ArchiveRead.Limits = .init(), stop: ShutdownFlag = ShutdownFlag()
  ) async -> AreaEffector {
    AreaEffector(
      await poller.configuration, store: store, live: await poller.live, stop: stop, limits: limits)
  }

  func memory() async throws -> FeedMemory {
    FeedMemory(try await store.feedState(WatchedFeed.feed))
  }

  func end() async throws {
    await transferrer.shutdown()
    try store.close()
  }

  /// A list in the shape of the example feed, last changed then.
  func put(_ name: String, _ rows: [String], at instant: Date) throws {
    let header = FictionalTown.header.joined(separator: ",")
    try put(name, text: ([header] + rows).map { $0 + "\r\n" }.joined(), at: instant)
  }

  func put(_ name: String, text: String, at instant: Date) throws {
    try write(text, to: drop + "/" + name)
    try FileManager.default.setAttributes(
      [.modificationDate: instant], ofItemAtPath: drop + "/" + name)
  }

  func retention() async -> Retention {
    await Retention(
      configuration: poller.configuration, store: store, clock: clock,
      recording: poller.recording, logger: poller.logger)
  }

  /// What the retention loop does.
  func purge(_ now: Date) async throws {
    try await retention().round(now: now, machine: .since(WatchedFeed.monday, now))
  }

  @discardableResult
  func round(_ now: Date) async throws -> Double { try await poller.round(now: now) }

  /// Drops a list of these jobs and polls, a minute after it was written.
  func list(_ numbers: some Sequence<Int>, at instant: Date) async throws {
    try put("list-\(Int(instant.timeIntervalSince1970)).csv", numbers.map { row($0) }, at: instant)
    try await round(instant + 60)
  }

  /// As a person who has looked at the list that waits accepts it, by its digits.
  func accept(_ now: Date) async throws -> String {
    try await poller.accept(
      WatchedFeed.feed, list: try await store.held(feed: WatchedFeed.feed)?.mark, now: now)
  }

  func row(_ number: Int, status: String = "Open") -> String {
    "SS\(number),12/11/2026 10:00,,,Bulky,Bulky waste quote,\(status),Public,,"
      + "\"\(number) Pipit Lane, Sutton in Ashfield\",NG17 9CM,"
      + "\(pointInNewCross.x),\(pointInNewCross.y),"
  }

  // MARK: - What came of it

  func jobs() async throws -> [Job] {
    try await store.known(
      since: .distantPast, weekStart: .distantPast, allOf: WatchedFeed.feed
    ).jobs.sorted { $0.id < $1.id }
  }

  /// Numbers of the jobs that are not gone.
  func there() async throws -> [Int] {
    try await jobs().filter { $0.gone == nil }.compactMap { Int($0.id.reference.dropFirst(2)) }
      .sorted()
  }

  func status() async throws -> FeedStatus {
    try await #require(store.feedStatuses().first)
  }

  func troubles() async throws -> [FeedTrouble] { try await status().episodes.map(\.trouble) }

  func reports() async throws -> [ImportReport] {
    try await store.reports(feed: WatchedFeed.feed, limit: 1000).map(\.report)
  }

  /// Subjects of the mails that are to go out by then, whether or not they have.
  func mails(by then: Date) async throws -> [String] {
    try await store.dueNotices(now: then).sorted { $0.created < $1.created }.map(\.subject)
  }
}

private func notice(_ episode: FeedEpisode, _ what: String, _ when: Date) -> Notice {
  Notice(
    id: UUID().uuidString, recipient: "ann@council.example", channel: "mail",
    subject: "\(episode.trouble.rawValue) \(what)", paragraphs: [episode.why], created: when)
}

extension MachineTime {
  /// Of a machine that was started at an instant, and whose clock is right.
  static func since(_ start: Date, _ now: Date, boot: String = "one") -> MachineTime {
    MachineTime(seconds: now.timeIntervalSince(start) + 1_000_000, boot: boot)
  }
}
