import FlareImport
import Foundation
import Storage
import Testing
import Triage

@testable import triaged

private let monday = WatchedFeed.monday
private let hour = 3600.0
private let day = 86_400.0

@Suite("The same list again, and an old one")
struct SameListTests {
  @Test(
    "An archived list that is read again takes its own place: nothing is closed or reopened by it")
  func replayed() async throws {
    try await withFeed { feed in
      try await feed.list(1...3, at: monday)
      try await feed.list(2...4, at: monday + hour)
      let before = try await feed.jobs()
      for name in try FileManager.default.contentsOfDirectory(atPath: feed.archive) {
        let report = try await feed.poller.replay(
          name, feed: WatchedFeed.feed, now: monday + 2 * hour)
        #expect(report.counts.unchanged == 3)
      }
      #expect(try await feed.jobs() == before)
      await #expect(throws: FeedRefusal.self) {
        try await feed.poller.replay("nothing.csv", feed: WatchedFeed.feed, now: monday)
      }
    }
  }

  @Test("A held list that is read again by its path is still accepted")
  func replayedByPath() async throws {
    try await withFeed { feed in
      try await feed.list(1...60, at: monday)
      try await feed.list(1...20, at: monday + hour)
      let held = try #require(try await feed.status().held)
      let copy = feed.folder.path + "/copy.csv"
      try FileManager.default.copyItem(atPath: feed.archive + "/" + held.archived, toPath: copy)
      let roundabout = feed.archive + "/../archive/" + held.archived
      for path in [feed.archive + "/" + held.archived, roundabout, copy] {
        _ = try await feed.poller.replay(path, feed: WatchedFeed.feed, now: monday + 2 * hour)
        #expect(try await feed.status().held?.archived == held.archived)
      }
      let said = try await feed.accept(monday + 3 * hour)
      #expect(said.contains("40 gone"))
      #expect(try await feed.there() == Array(1...20))
    }
  }

  @Test("The same bytes again are recorded as no news, and told after three days")
  func sameAgain() async throws {
    try await withFeed { feed in
      try await feed.list(1...3, at: monday)
      for at in 1...3 {
        try await feed.list(1...3, at: monday + Double(at) * day)
        let counts = try #require(try await feed.reports().first).counts
        #expect(counts.unchanged == 3 && counts.new == 0 && counts.rows == 3)
        #expect(try await feed.troubles().isEmpty)
      }
      try await feed.list(1...3, at: monday + 4 * day)
      #expect(try await feed.troubles() == [.sameAgain])
      try await feed.list(2...4, at: monday + 5 * day)
      #expect(try await feed.troubles().isEmpty)
      // The list was the newest all the time: its job went after the last of them.
      #expect(try await feed.jobs().first?.gone == monday + 4 * day)
    }
  }

  @Test("The same bytes are a newer list only where their source says so")
  func sameWithoutDate() async throws {
    try await withFeed { feed in
      func newest() async throws -> Date? {
        FeedMemory(try await feed.store.feedState(WatchedFeed.feed)).newestList
      }
      try await feed.list(1...3, at: monday)
      #expect(try await newest() == monday)
      let poller = feed.poller
      let configured = try #require(await poller.configuration.feeds.first)
      let now = monday + day
      let live = await poller.live
      let inputs = await live.look(now: now)
      try feed.put("again.csv", (1...3).map { feed.row($0) }, at: now)
      let archive = await poller.archive
      var export = try #require(
        archive.export(feed.drop + "/again.csv", feed: WatchedFeed.feed, now: now))
      export.isDated = false
      #expect(try await poller.isSameAgain(export, configured, inputs, now: now))
      #expect(try await newest() == monday)
      // By the long way too.
      let reading = try await poller.read(export, configured, inputs, now: now)
      try await poller.record(reading, configured, inputs, now: now)
      #expect(try await newest() == monday)
      export.isDated = true
      #expect(try await poller.isSameAgain(export, configured, inputs, now: now))
      #expect(try await newest() == now)
    }
  }

  @Test("Of lists without news one account a day is kept")
  func accounts() async throws {
    try await withFeed { feed in
      for at in 0..<6 { try await feed.list(1...3, at: monday + Double(at) * 60) }
      for at in 0..<6 { try await feed.list(1...3, at: monday + day + Double(at) * 60) }
      #expect(try await feed.reports().map(\.counts.new) == [0, 0, 3])
    }
  }

  @Test("Edited settings make a file that lies still be read again, and win over what it said")
  func rereading() async throws {
    let feed = try WatchedFeed()
    let file = feed.config + "/feeds/street-scene.yaml"
    try edit(file, "  northing: Northing\n", "  northing: Northing\n  notes: Notes\n")
    let list = feed.folder.path + "/list.csv"
    let text = try text(of: file)
    try write(
      text.replacing(/folder: .*/, with: "file: \(list)").replacing(/pattern: .*\n/, with: ""),
      to: file)
    try feed.restart()
    let header = FictionalTown.header.joined(separator: ",")
    try write(header + "\r\n" + feed.row(1) + "a sofa\r\n", to: list)
    let now = Date.now + 60
    try await feed.round(now)
    #expect(try await feed.jobs().map(\.notes) == [""])
    try edit(file, "carry: []", "carry: [notes]")
    try feed.restart()
    try await feed.round(now + 60)
    let counts = try await feed.reports().map(\.counts)
    #expect(try await feed.jobs().map(\.notes) == ["a sofa"], "\(counts)")
    try edit(file, "carry: [notes]", "carry: []")
    try feed.restart()
    try await feed.round(now + 120)
    #expect(try await feed.jobs().map(\.notes) == [""])
    try await feed.end()
  }
}
