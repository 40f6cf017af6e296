import Foundation
import Storage
import Testing
import Triage

@testable import triaged

private let monday = WatchedFeed.monday
private let hour = 3600.0
private let day = 86_400.0

@Suite("A held list waits for a person's word")
struct AcceptedListTests {
  static let next = [
    Next(testDescription: "as long", rows: Array(1...19), isBelieved: true),
    Next(testDescription: "a header only", rows: []),
    Next(testDescription: "much shorter", rows: Array(1...17)),
    Next(testDescription: "much longer", rows: Array(1...23)),
    Next(testDescription: "cut off", rows: Array(1...19), end: "SS20,\"12/11"),
    Next(testDescription: "too late", rows: Array(1...20), hours: 27),
    Next(testDescription: "older", rows: Array(1...20), hours: 0.5),
  ]

  struct Next: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var rows: [Int]
    var hours = 3.0
    var end = ""
    var isBelieved = false
  }

  @Test("A held list that is accepted closes what it lacks, and is the new measure")
  func accepted() async throws {
    try await withFeed { feed in
      try await feed.list(1...60, at: monday)
      try await feed.list(1...20, at: monday + hour)
      #expect(try await feed.there().count == 60)
      let held = try #require(try await feed.status().held)
      #expect(held.trouble == .shrunk && !held.isWhole)
      #expect(FileManager.default.fileExists(atPath: feed.archive + "/" + held.archived))
      let said = try await feed.accept(monday + 2 * hour)
      #expect(said.contains("40 gone"))
      #expect(try await feed.there() == Array(1...20))
      #expect(try await feed.troubles().isEmpty)
      #expect(try await feed.status().held == nil)
      #expect(try await feed.jobs().filter { $0.gone != nil }.allSatisfy { $0.gone == monday })
      try await feed.list(2...20, at: monday + 3 * hour)
      #expect(try await feed.there() == Array(2...20))
      await #expect(throws: FeedRefusal.self) {
        try await feed.accept(monday + 4 * hour)
      }
      await #expect(throws: FeedRefusal.self) {
        try await feed.poller.accept("nowhere", list: nil, now: monday)
      }
    }
  }

  @Test("A held list that is kept nowhere makes the next one believed")
  func acceptedWithoutArchive() async throws {
    try await withFeed { feed in
      try await feed.list(1...60, at: monday)
      try await feed.list(1...20, at: monday + hour)
      let held = try #require(try await feed.status().held)
      try FileManager.default.removeItem(atPath: feed.archive + "/" + held.archived)
      _ = try await feed.accept(monday + 2 * hour)
      #expect(try await feed.there().count == 60)
      try await feed.list(1...20, at: monday + 3 * hour)
      #expect(try await feed.there() == Array(1...20))
      try await feed.list(1...5, at: monday + 4 * hour)
      #expect(try await feed.there() == Array(1...20))
    }
  }

  @Test("Accepting a list that is kept nowhere believes only one that is like it", arguments: next)
  func belief(_ next: Next) async throws {
    try await withFeed { feed in
      try await feed.list(1...60, at: monday)
      try await feed.list(1...20, at: monday + hour)
      let held = try #require(try await feed.status().held)
      try FileManager.default.removeItem(atPath: feed.archive + "/" + held.archived)
      let said = try await feed.accept(monday + 2 * hour)
      #expect(said.contains("about 20 rows") && said.contains("24 hours"))
      let header = FictionalTown.header.joined(separator: ",") + "\r\n"
      let at = monday + next.hours * hour
      try feed.put(
        "next.csv",
        text: header + next.rows.map { feed.row($0) + "\r\n" }.joined() + next.end, at: at)
      try await feed.round(max(at, monday + 2 * hour) + 60)
      let there = try await feed.there()
      #expect(there == (next.isBelieved ? next.rows : Array(1...60)))
    }
  }

  @Test("What an empty or cut list lacks is not believed of one that nobody has seen")
  func nothingUnseen() async throws {
    for (rows, end) in [([], ""), (Array(1...59), "SS60,\"12/11")] {
      try await withFeed { feed in
        try await feed.list(1...60, at: monday)
        let header = FictionalTown.header.joined(separator: ",") + "\r\n"
        try feed.put(
          "strange.csv", text: header + rows.map { feed.row($0) + "\r\n" }.joined() + end,
          at: monday + hour)
        try await feed.round(monday + hour + 60)
        let held = try #require(try await feed.status().held)
        try FileManager.default.removeItem(atPath: feed.archive + "/" + held.archived)
        await #expect(throws: FeedRefusal.self) {
          try await feed.accept(monday + 2 * hour)
        }
        try await feed.list([], at: monday + 3 * hour)
        #expect(try await feed.there() == Array(1...60))
      }
    }
  }

  @Test(
    "A program that ended after a list was held tells of it at its start, and finds the copy",
    arguments: [true, false])
  func endedInBetween(isPutAway: Bool) async throws {
    try await withFeed { feed in
      try await feed.list(1...60, at: monday)
      try await feed.list(1...20, at: monday + hour)
      // As the recording alone leaves it.
      var held = try #require(try await feed.status().held)
      let archived = held.archived
      held.archived = ""
      try await feed.store.hold(held, feed: WatchedFeed.feed)
      _ = try await feed.store.end(
        feed: WatchedFeed.feed, troubles: [.shrunk], now: monday + hour, notice: { _ in nil })
      let told = try await feed.mails(by: monday + day).count
      if !isPutAway {
        try FileManager.default.moveItem(
          atPath: feed.archive + "/" + archived, toPath: feed.drop + "/" + held.name)
      }
      try feed.restart()
      try await feed.round(monday + 2 * hour)
      #expect(try await feed.troubles() == [.shrunk])
      #expect(try await feed.mails(by: monday + day).count == told + 1)
      #expect(try await feed.mails(by: monday + day).last == "shrunk begins")
      #expect(try await feed.status().held?.archived == archived)
      try feed.restart()
      try await feed.round(monday + 3 * hour)
      #expect(try await feed.mails(by: monday + day).count == told + 1)
      _ = try await feed.accept(monday + 4 * hour)
      #expect(try await feed.there() == Array(1...20))
    }
  }

  @Test("Accepting a list ends its own troubles, not those of what came after it")
  func acceptedOlder() async throws {
    try await withFeed { feed in
      try await feed.list(1...60, at: monday)
      try await feed.list(1...20, at: monday + hour)
      try feed.put("page.csv", text: "<!DOCTYPE html><p>Sign in", at: monday + 2 * hour)
      try await feed.round(monday + 2 * hour + 60)
      #expect(try await Set(feed.troubles()) == [.shrunk, .unreadable])
      _ = try await feed.accept(monday + 3 * hour)
      #expect(try await feed.there() == Array(1...20))
      #expect(try await feed.troubles() == [.unreadable])
      try await feed.list(1...20, at: monday + 4 * hour)
      #expect(try await feed.troubles().isEmpty)
    }
  }

  @Test("Of a held list a copy is kept for as long as it waits, even where none are kept")
  func heldCopy() async throws {
    let feed = try WatchedFeed(archiveDays: 0)
    func files() -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: feed.archive)) ?? []
    }
    try await feed.list(1...60, at: monday)
    #expect(files().isEmpty)
    try await feed.list(1...20, at: monday + hour)
    let held = try #require(try await feed.status().held)
    #expect(files() == [held.archived])
    try await feed.purge(monday + 40 * day)
    #expect(files() == [held.archived])
    let said = try await feed.accept(monday + 40 * day)
    #expect(said.contains("40 gone"))
    try await feed.purge(monday + 40 * day)
    #expect(files().isEmpty)
    try await feed.end()
  }
}
