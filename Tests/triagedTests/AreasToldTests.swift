import Foundation
import Geography
import Logging
import Storage
import Testing
import Triage

@testable import triaged

@Suite("The mail after an edit of the areas")
struct AreasToldTests {
  private static let monday = WatchedFeed.monday
  private let west = Field.west
  private let east = Field.east

  private func take(
    _ fields: [Field], _ feed: WatchedFeed, isTold: Bool, at instant: Date
  ) async throws {
    let bytes = writeAreas(fields.map(\.area), grid: .britishNational)
    _ = try await feed.store.takeAreas(
      Data(bytes), fingerprint: "\(fields)", isTold: isTold, now: instant, over: nil)
  }

  private func told(_ feed: WatchedFeed, stop: ShutdownFlag = ShutdownFlag()) async -> AreasTold {
    AreasTold(
      configuration: await feed.poller.configuration, store: feed.store,
      effector: await feed.effector(stop: stop),
      logger: Logger(label: "test") { [journal = feed.journal] _ in journal.handler })
  }

  @Test("Edits that came before one is told are one mail, from what was told last to the newest")
  func oneMail() async throws {
    let monday = Self.monday
    let feed = try WatchedFeed.on([west, east])
    try await take([west, east], feed, isTold: true, at: monday - 3600)
    try feed.put(
      "list.csv",
      [(1, 450_050.0), (2, 450_350), (3, 450_450), (4, 450_850)].map {
        feed.row($0.0, at: $0.1, 359_100, received: "20/11/2026 10:00")
      }, at: monday)
    try await feed.round(monday + 60)
    var (narrow, wide) = (west, east)
    narrow.width = 300
    (wide.x, wide.width) = (450_300, 600)
    try await take([narrow, east], feed, isTold: false, at: monday + 120)
    try await take([narrow, wide], feed, isTold: false, at: monday + 180)
    // It is in force, and judged: what went out is withdrawn by now.
    try putFields([narrow, wide], in: feed.config)
    try feed.restart()
    try await feed.round(monday + 200)
    #expect(try await told(feed).round(now: monday + 240))
    #expect(try await !told(feed).round(now: monday + 250))
    let notices = try await feed.store.dueNotices(now: monday + 300)
    let notice = try #require(notices.first)
    #expect(notices.count == 1)
    #expect(notice.subject == "ashfield: the areas were edited: NEW-CROSS, STANTON-HILL")
    let paragraphs = notice.paragraphs
    #expect(
      paragraphs.first
        == "No opportunity went out, 1 came in, 1 changed area; nothing that is claimed was touched.",
      "\(paragraphs.joined(separator: "\n"))")
    #expect(
      paragraphs.contains(
        "Changed area to STANTON-HILL: Pipit Lane, NG17: Bulky waste quote, offered."))
    #expect(paragraphs.contains("Jobs of the last 90 days: 2 before, 1 after."))
    #expect(
      paragraphs.contains {
        $0.contains("(the changed areas are in new-cross.geojson, stanton-hill.geojson now)")
      })
    // East is wider than it was: what the two share is told.
    #expect(
      !paragraphs.contains("What may not be meant:"), "they touch, and somebody looks after either")
    #expect(
      paragraphs.contains { $0.hasPrefix("The areas are in force since ") && $0.contains(":02") },
      "since the first of the edits, at two past")
    #expect(paragraphs.contains("To look closer: triaged areas draw -o map.html"))
    #expect(notice.pictures.count == 1)
    // Edited and put back before anybody was told: there is nothing to tell.
    try await take([west, east], feed, isTold: false, at: monday + 400)
    try await take([narrow, wide], feed, isTold: false, at: monday + 410)
    #expect(try await told(feed).round(now: monday + 420))
    #expect(try await feed.store.untoldAreas() == nil)
    #expect(try await feed.store.dueNotices(now: monday + 500).count == 1)
    try await feed.end()
  }

  @Test("What a good edit may not mean is told: areas nobody looks after, ground that two share")
  func warnings() async throws {
    let monday = Self.monday
    let feed = try WatchedFeed.on([west, east])
    try await take([west, east], feed, isTold: true, at: monday - 3600)
    let lost = Field(id: "zzz-lost", x: 450_600, y: 359_000, width: 400, height: 400)
    try putFields([west, east, lost], in: feed.config)
    try await take([west, east, lost], feed, isTold: false, at: monday + 60)
    #expect(try await told(feed).round(now: monday + 120))
    let notice = try #require(try await feed.store.dueNotices(now: monday + 120).first)
    let at = try #require(notice.paragraphs.firstIndex(of: "What may not be meant:"))
    let warnings = notice.paragraphs[(at + 1)...].prefix(2)
    #expect(warnings.contains { $0.contains("Nobody looks after the area 'zzz-lost'") })
    #expect(warnings.contains { $0.contains("shares about 80000 m²") }, "\(warnings)")
    try await feed.end()
  }

  @Test("What goes out is told as it was, though it is withdrawn by the time of the mail")
  func wentOut() async throws {
    let monday = Self.monday
    let feed = try WatchedFeed.on([west, east])
    try await take([west, east], feed, isTold: true, at: monday - 3600)
    try feed.put(
      "list.csv",
      [(1, 450_050.0), (2, 450_350)].map {
        feed.row($0.0, at: $0.1, 359_100, received: "20/11/2026 10:00")
      }, at: monday)
    try await feed.round(monday + 60)
    var narrow = west
    narrow.width = 300
    try putFields([narrow, east], in: feed.config)
    try feed.restart()
    try await take([narrow, east], feed, isTold: false, at: monday + 120)
    try await feed.round(monday + 200)
    #expect(try await feed.store.openPlaces(since: monday + 300).count == 1)
    #expect(try await told(feed).round(now: monday + 240))
    let notice = try #require(try await feed.store.dueNotices(now: monday + 300).first)
    #expect(
      notice.paragraphs.first
        == "1 opportunity went out, none came in; nothing that is claimed was touched.")
    #expect(
      notice.paragraphs.contains(
        "Went out: Pipit Lane, NG17: Bulky waste quote, offered. No area holds its place any more."),
      "\(notice.paragraphs)")
    try await feed.end()
  }

  @Test("What was begun when the program had to end is told after the next start, and once")
  func ended() async throws {
    let monday = Self.monday
    let feed = try WatchedFeed.on([west, east])
    try await take([west, east], feed, isTold: true, at: monday)
    var narrow = west
    narrow.width = 300
    try await take([narrow, east], feed, isTold: false, at: monday + 60)
    let stop = ShutdownFlag()
    stop.set()
    #expect(try await !told(feed, stop: stop).round(now: monday + 120))
    #expect(try await feed.store.dueNotices(now: monday + 200).isEmpty)
    try feed.restart()
    #expect(try await told(feed).round(now: monday + 180))
    try feed.restart()
    #expect(try await !told(feed).round(now: monday + 190))
    #expect(try await feed.store.dueNotices(now: monday + 200).count == 1)
    try await feed.end()
  }

  @Test("Where nobody is configured to be told, the edit is marked as told")
  func nobody() async throws {
    let feed = try WatchedFeed.on([west, east])
    let file = feed.config + "/triaged.yaml"
    let lines = try text(of: file).components(separatedBy: "\n")
    let at = try #require(lines.firstIndex { $0 == "admin:" })
    let end = lines[(at + 1)...].firstIndex { !$0.hasPrefix("  ") } ?? lines.endIndex
    try write((lines[..<at] + lines[end...]).joined(separator: "\n"), to: file)
    try feed.restart()
    try await take([west, east], feed, isTold: true, at: Self.monday)
    try await take([east, west], feed, isTold: false, at: Self.monday + 60)
    #expect(try await told(feed).round(now: Self.monday + 120))
    #expect(try await feed.store.untoldAreas() == nil)
    #expect(try await feed.store.dueNotices(now: Self.monday + 200).isEmpty)
    try await feed.end()
  }
}
