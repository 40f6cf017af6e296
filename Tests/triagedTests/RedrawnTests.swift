import Foundation
import Geography
import Storage
import TestDesk
import TestServers
import Testing
import Triage

@testable import triaged

/// Lists of jobs in a row from west to east, and an area that reaches over some of them.
@Suite("Redrawn areas and the lists that were read before")
struct RedrawnTests {
  private let monday = WatchedFeed.monday
  private let origin = GridPoint(x: 450_000, y: 360_000)

  /// Jobs 1 to 8, each 100 m further east.
  private func row(_ number: Int) -> String {
    "SS\(number),12/11/2026 10:00,,,Bulky,Bulky waste quote,Open,Public,,\"\(number) Pipit Lane\",NG17 9CM,"
      + "\(Int(origin.x) + number * 100),\(Int(origin.y)),"
  }

  /// New Cross up to so many metres east.
  private func draw(_ feed: WatchedFeed, east: Double, from: CivilDay? = nil) throws {
    let ring = [(0.0, -200.0), (east, -200.0), (east, 200.0), (0.0, 200.0)].map {
      GridPoint(x: origin.x + $0.0, y: origin.y + $0.1)
    }
    try write(
      areas: [area("new-cross", [Polygon(outer: ring)], from: from)],
      to: feed.config + "/areas/new-cross.geojson")
  }

  private func watched(archiveDays: Int? = nil) async throws -> WatchedFeed {
    let feed = try WatchedFeed(archiveDays: archiveDays)
    try draw(feed, east: 450)
    try feed.restart()
    _ = try await feed.areas.look(now: monday)
    try feed.put("list.csv", (1...8).map(row), at: monday)
    try await feed.round(monday + 60)
    #expect(try await feed.there() == [1, 2, 3, 4])
    return feed
  }

  @Test("A list that is fetched while the areas are redrawn is read by the areas of afterwards")
  func whileFetched() async throws {
    try await withPythonServer("http_server.py") { server in
      let feed = try WatchedFeed()
      try draw(feed, east: 850)
      try feed.comes(
        from: "url: http://127.0.0.1:\(server.port)/file/list.csv\nallow_http: true")
      _ = try await feed.areas.look(now: monday)
      func file(_ name: String) -> String { server.folder.appending(path: name).path }
      let rows = [FictionalTown.header.joined(separator: ",")] + (1...8).map(row)
      try write(rows.map { $0 + "\r\n" }.joined(), to: file("list.csv"))
      try write("{}", to: file("headers.json"))
      try write("", to: file("hold"))
      let (poller, now) = (feed.poller, monday + 60)
      async let polled = poller.round(now: now)
      _ = try await eventually("the list to be asked for") {
        FileManager.default.fileExists(atPath: file("holding")) ? true : nil
      }
      try draw(feed, east: 450)
      try await feed.look(at: monday + 70)
      try FileManager.default.removeItem(atPath: file("hold"))
      _ = try await polled
      #expect(try await feed.there() == [1, 2, 3, 4])
      let known = try await feed.store.known(since: .distantPast, weekStart: .distantPast)
      #expect(known.past.open.count == 4)
      try await feed.end()
    }
  }

  @Test("What is newly inside is found in the list that lies in the archive, without any ado")
  func foundInArchive() async throws {
    let feed = try await watched()
    let before = try await feed.memory()
    try draw(feed, east: 650)
    try await feed.look(at: monday + 120)
    #expect(try await feed.there() == [1, 2, 3, 4, 5, 6])
    #expect(try await feed.jobs().allSatisfy { $0.gone == nil })
    #expect(try await feed.troubles() == [])
    #expect(try await feed.mails(by: monday + 86_400) == [])
    let after = try await feed.memory()
    #expect(after.sameSince == before.sameSince && after.usual == before.usual)
    #expect(
      after.sha256 == before.sha256 && after.isNewest && after.newestList == before.newestList)
    let status = try await feed.status()
    #expect(status.listName == "list.csv" && status.listAt == monday + 60)
    #expect(status.counts.inArea == 6 && status.counts.rows == 8)
    #expect(status.again?.why == .redrawn)

    // Once: neither the next rounds nor a new start read it again.
    let accounts = try await feed.reports().count
    try await feed.round(monday + 180)
    try feed.restart()
    _ = try await feed.areas.look(now: monday + 240)
    try await feed.round(monday + 240)
    #expect(try await feed.reports().count == accounts)

    // The next lists are held against it as ever: the same bytes, and one that lacks a job.
    try feed.put("again.csv", (1...8).map(row), at: monday + 300)
    try await feed.round(monday + 360)
    #expect(try await feed.there() == [1, 2, 3, 4, 5, 6])
    #expect(try await feed.status().counts.inArea == 6)
    try feed.put("less.csv", [1, 2, 3, 4, 5, 7, 8].map(row), at: monday + 600)
    try await feed.round(monday + 660)
    #expect(try await feed.there() == [1, 2, 3, 4, 5])
    #expect(try await feed.troubles() == [])
    try await feed.end()
  }

  @Test("Killed before the list was read again, it is read at the next start")
  func afterARestart() async throws {
    let feed = try await watched()
    try draw(feed, east: 650)
    _ = try await feed.areas.look(now: monday + 120)
    _ = try await feed.areas.look(now: monday + 125)
    try feed.restart()
    #expect(try await feed.there() == [1, 2, 3, 4])
    try await feed.round(monday + 180)
    #expect(try await feed.there() == [1, 2, 3, 4, 5, 6])
    try await feed.end()
  }

  @Test("An area whose first day has come finds the jobs of the list before")
  func dateBegins() async throws {
    let feed = try await watched()
    let zone = await feed.poller.configuration.timeZone
    let tomorrow = CivilDay(monday, in: zone).plus(1)
    try draw(feed, east: 450, from: tomorrow)
    try await feed.look(at: monday + 120)
    // It counts today and would not by this edit, so a person has to say that it is meant.
    let mark = try #require(feed.areas.trouble?.mark)
    _ = try await feed.areas.accept(mark, now: monday + 130)
    try await feed.poller.areasChanged(now: monday + 130)
    let offered = try await feed.store.counts().open
    #expect(offered.values.reduce(0, +) == 0, "it does not count today")
    try feed.put("other.csv", (1...8).map(row), at: monday + 300)
    try await feed.round(monday + 360)
    let morning = tomorrow.instant(minutes: 0, in: zone)
    try await feed.round(morning - 60)
    #expect(try await feed.store.counts().open.values.reduce(0, +) == 0)
    try await feed.round(morning + 60)
    #expect(try await feed.store.counts().open.values.reduce(0, +) == 4)
    #expect(try await feed.troubles() == [])
    try await feed.end()
  }

  @Test("A list that waits for a person goes on waiting, and its trouble lasts")
  func heldList() async throws {
    let feed = try await watched()
    for day in 1...3 {
      try feed.put("day-\(day).csv", (1...8).map(row), at: monday + Double(day) * 3600)
      try await feed.round(monday + Double(day) * 3600 + 60)
    }
    let header = FictionalTown.header.joined(separator: ",") + "\r\n"
    try feed.put("empty.csv", text: header, at: monday + 20_000)
    try await feed.round(monday + 20_060)
    let held = try #require(try await feed.store.held(feed: WatchedFeed.feed))
    let troubles = try await feed.troubles()
    #expect(!troubles.isEmpty)
    let memory = try await feed.memory()
    try draw(feed, east: 650)
    try await feed.look(at: monday + 20_120)
    #expect(try await feed.there() == [1, 2, 3, 4, 5, 6])
    #expect(try await feed.store.held(feed: WatchedFeed.feed) == held)
    #expect(try await feed.troubles() == troubles)
    #expect(try await feed.memory().sha256 == memory.sha256)
    try await feed.end()
  }

  @Test("Without an archive nothing fails, and the next list brings what is newly inside")
  func noArchive() async throws {
    let feed = try await watched(archiveDays: 0)
    try draw(feed, east: 650)
    try await feed.look(at: monday + 120)
    try await feed.round(monday + 180)
    #expect(try await feed.there() == [1, 2, 3, 4])
    #expect(try await feed.troubles() == [])
    #expect(try await feed.mails(by: monday + 86_400) == [])
    try feed.put("next.csv", (1...8).map(row), at: monday + 300)
    try await feed.round(monday + 360)
    #expect(try await feed.there() == [1, 2, 3, 4, 5, 6])
    try await feed.end()
  }

  @Test("What somebody holds is not touched by an edit; what nobody holds moves out")
  func claimed() async throws {
    let feed = try await watched()
    let known = try await feed.store.counts()
    #expect(known.open[.offered] == 4)
    _ = try await feed.store.claim(
      opportunity: 1, member: "bob", issuedTo: "ann", generation: 0, now: monday + 90)
    let before = try #require(try await feed.store.opportunity(1))
    #expect(before.state == .claimed)
    // All but a fifteenth goes; the claimed one lies outside.
    try draw(feed, east: 30)
    try await feed.look(at: monday + 120)
    let mark = try #require(feed.areas.trouble?.mark)
    #expect(try await feed.store.counts().open[.offered] == 3)
    _ = try await feed.areas.accept(mark, now: monday + 140)
    try await feed.poller.areasChanged(now: monday + 140)
    let counts = try await feed.store.counts()
    #expect(counts.open[.claimed] == 1 && counts.open[.offered, default: 0] == 0)
    #expect(try await feed.store.opportunity(1) == before)
    try await feed.round(monday + 1200)
    #expect(try await feed.store.opportunity(1) == before)
    try await feed.end()
  }
}
