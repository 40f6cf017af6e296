import FlareImport
import Foundation
import Storage
import Testing
import Triage

@testable import triaged

private let monday = WatchedFeed.monday
private let hour = 3600.0

// Lists begin with their highest number, so that one without it is not the beginning of the one before.

/// A row with an unquoted comma in its address, as its export writes it every time.
private func tooLong(_ feed: WatchedFeed, _ number: Int) -> String {
  feed.row(number).replacingOccurrences(of: "\"", with: "") + ",,x"
}

@Suite("Troubles that last, and troubles of a moment")
struct LastingTroubleTests {
  @Test("A row that no list can be read without keeps open the job that it could be, and no other")
  func standingRow() async throws {
    let feed = try WatchedFeed()
    func list(_ numbers: ClosedRange<Int>, _ hours: Double, _ lost: [Int]) async throws {
      let at = monday + hours * hour
      try feed.put(
        "\(Int(hours * 60)).csv",
        lost.map { tooLong(feed, $0) } + numbers.reversed().map { feed.row($0) },
        at: at)
      try await feed.round(at + 60)
    }
    try await list(1...20, 0, [])
    // SS1 is there, and spoiled.
    try await list(2...20, 1, [1])
    #expect(try await feed.troubles() == [.incomplete])
    #expect(try await feed.there() == Array(1...20))
    try await list(2...18, 2, [1])
    #expect(try await feed.troubles().isEmpty, "nothing new is the matter with it")
    #expect(try await feed.status().held == nil)
    #expect(try await feed.reports().first?.counts.unreadable == 1)
    #expect(try await feed.there() == Array(1...18), "19 and 20 were read beside it")
    try feed.restart()
    try await list(2...17, 3, [1])
    #expect(try await feed.there() == Array(1...17))
    // Another one beside it is new trouble.
    try await list(2...15, 4, [1, 16])
    #expect(try await feed.troubles() == [.incomplete])
    #expect(try await feed.there() == Array(1...17))
    try await list(2...15, 5, [1, 16])
    #expect(try await feed.troubles().isEmpty)
    #expect(try await feed.there() == Array(1...17), "16 and 17 could each be the second row")
    // Both are mended, and 17 is not there.
    try await list(1...16, 6, [])
    #expect(try await feed.there() == Array(1...16))
    try await list(1...15, 7, [])
    #expect(try await feed.there() == Array(1...15))
    try await feed.end()
  }

  @Test("A quote without its partner is known again; a list that ends inside one is not believed")
  func openQuote() async throws {
    let feed = try WatchedFeed()
    func list(_ numbers: ClosedRange<Int>, _ hours: Double, _ end: String = "") async throws {
      let at = monday + hours * hour
      let header = FictionalTown.header.joined(separator: ",") + "\r\nSS90,\"12/11\r\n"
      try feed.put(
        "\(Int(hours * 60)).csv",
        text: header
          + numbers.reversed().map { feed.row($0).replacing("\"", with: "") + "\r\n" }.joined()
          .replacing(", Sutton", with: " Sutton") + end, at: at)
      try await feed.round(at + 60)
    }
    try await list(1...20, 0)
    #expect(try await feed.troubles() == [.incomplete])
    try await list(1...20, 1)
    #expect(try await feed.troubles().isEmpty)
    try await list(1...19, 2)
    #expect(try await feed.troubles().isEmpty)
    #expect(try await feed.there() == Array(1...19))
    for hours in [3.0, 4, 5] {
      try await list(1...18, hours, "SS19,\"12/1")
      #expect(try await feed.troubles() == [.incomplete])
      #expect(try await feed.there() == Array(1...19))
    }
    try await feed.end()
  }

  @Test(
    "What every list lacks: its missing headings are told with those that are there, never a cell")
  func missingColumns() async throws {
    let feed = try WatchedFeed()
    try feed.put(
      "a.csv",
      text:
        "Job number,Date raised,Postcode area,Status\u{1B}[2J\u{202E}\r\nSS1,12/11/2026,NG17,x\r\n",
      at: monday)
    try await feed.round(monday + 60)
    #expect(try await feed.troubles() == [.missingColumns])
    let why = try #require(try await feed.status().episodes.first?.why)
    #expect(why.contains("Mapped columns are missing: '"), "\(why)")
    #expect(why.contains("Found instead: 'Job number'"), "\(why)")
    #expect(why.unicodeScalars.allSatisfy(isPlain), "a list does not speak to a terminal")
    try feed.put(
      "b.csv", text: "SS1,12/11/2026,Ann Smith,\"12 Pipit Lane\",NG17 9CM\r\n", at: monday + hour)
    try await feed.round(monday + hour + 60)
    let other = try #require(try await feed.status().episodes.first?.why)
    for word in ["Ann", "Pipit", "NG17", "SS1", "Found"] { #expect(!other.contains(word)) }
    try await feed.end()
  }

  @Test("A list that is read again is told of apart, and the last that came stays the last")
  func readAgain() async throws {
    let feed = try WatchedFeed()
    try await feed.list(1...3, at: monday)
    try await feed.list(1...5, at: monday + hour)
    let other = feed.folder.path + "/other.csv"
    try FileManager.default.copyItem(
      atPath: feed.archive + "/"
        + (try #require(archived(feed, "list-\(Int(monday.timeIntervalSince1970))"))),
      toPath: other)
    _ = try await feed.poller.replay(other, feed: WatchedFeed.feed, now: monday + 2 * hour)
    let status = try await feed.status()
    #expect(status.listName == "list-\(Int((monday + hour).timeIntervalSince1970)).csv")
    #expect(status.listAt == monday + hour + 60)
    #expect(status.counts.rows == 5)
    #expect(
      status.again == LastReadAgain(why: .replayed, at: monday + 2 * hour, name: "other.csv"))
    let lines = FeedStanding(
      status: status, timeZone: "Europe/London", areaNames: [:], isConfigured: true
    ).lines(at: monday + 3 * hour)
    #expect(lines.contains("  Read again on request 12:00 today: other.csv."), "\(lines)")
    try await feed.list(1...6, at: monday + 4 * hour)
    #expect(try await feed.status().again == nil)
    try await feed.end()
  }

  private func archived(_ feed: WatchedFeed, _ name: String) -> String? {
    FileManager.default.enumerator(atPath: feed.archive)?.compactMap { $0 as? String }.first {
      $0.contains(name)
    }
  }

  @Test("A server that is away is in the journal at once, and mailed when that lasts")
  func farAway() async throws {
    let feed = try WatchedFeed()
    let file = feed.config + "/feeds/street-scene.yaml"
    try write(
      try text(of: file).replacing(/folder: .*/, with: "url: https://127.0.0.1:1/list.csv")
        .replacing(/pattern: .*\n/, with: ""), to: file)
    try feed.restart()
    try await feed.round(monday)
    #expect(try await feed.troubles() == [.unreachable])
    #expect(feed.journal.lines.contains { $0.contains("trouble=unreachable") })
    #expect(try await feed.mails(by: monday + 899).isEmpty)
    #expect(try await feed.mails(by: monday + 900) == ["unreachable begins"])
    try await feed.end()
  }

  @Test("It is mailed after a quarter of an hour and another poll, whichever is later")
  func patience() {
    #expect(FeedWatch.patience(untilNextPoll: 60) == 900)
    #expect(FeedWatch.patience(untilNextPoll: 6 * hour) > 6 * hour)
  }

  @Test("What fails in the same way is said less and less often, and its end once")
  func tally() {
    var tally = FailureTally()
    #expect(tally.worked() == nil)
    let said = (1...20).map { _ in tally.failed("No space.") }
    #expect(said.compactMap { $0 } == [1, 2, 4, 8, 16])
    #expect(tally.failed("No memory.") == 1)
    #expect(tally.failed("No space.") == nil)
    #expect(tally.worked() == 22)
    #expect(tally.worked() == nil)
    #expect(tally.failed("No space.") == 1)
    let many = (1...1000).compactMap { tally.failed("\($0)") }
    #expect(many.count < 40, "sentences that all differ do not fill the journal either")
  }
}
