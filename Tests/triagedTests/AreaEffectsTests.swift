import FlareImport
import Foundation
import Geography
import Storage
import TestDesk
import TestSeeds
import Testing
import Triage

@testable import triaged

@Suite("What an edit of the areas would change")
struct AreaEffectsTests {
  private static let monday = WatchedFeed.monday
  private static let day = 86_400.0
  private static let (west, east) = (Field.west, Field.east)

  @Test("It is what a count by hand finds, list by list", arguments: 1...12)
  func byHand(seed: UInt64) async throws {
    var random = Seeded(seed)
    let monday = AreaEffectsTests.monday
    func field(_ id: String) -> Field {
      Field(
        id: id, x: 450_000 + .random(in: 0...900, using: &random),
        y: 359_000 + .random(in: 0...900, using: &random),
        width: .random(in: 120...700, using: &random),
        height: .random(in: 120...700, using: &random))
    }
    let from = ["new-cross", "stanton-hill"].map(field)
    let to = (["new-cross", "stanton-hill", "third"].shuffled(using: &random)).map(field)
    let feed = try WatchedFeed.on(from)
    let dates: [String] = (0..<150).map { _ in
      let age = Int.random(in: -4...120, using: &random)
      if age % 13 == 0 { return "" }
      return monday.addingTimeInterval(Double(-age) * AreaEffectsTests.day - 7200).formatted(
        .verbatim(
          "\(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) 09:00", timeZone: .gmt,
          calendar: .init(identifier: .gregorian)))
    }
    // By job: its newest row in any area of before or after.
    var rows: [Int: (x: Double, y: Double)] = [:]
    var newest: [Int: (x: Double, y: Double)] = [:]
    let fields = from + to
    for list in 0..<5 {
      newest = [:]
      let instant = monday + Double(list - 5) * 3600
      let lines = (0..<150).compactMap { number -> String? in
        guard .random(in: 0..<4, using: &random) > 0 else { return nil }
        // Now and then the council corrects where a job is.
        let place =
          rows[number].flatMap { .random(in: 0..<5, using: &random) > 0 ? $0 : nil }
          ?? (
            450_000.5 + Double(Int.random(in: 0...1700, using: &random)),
            359_000.5 + Double(Int.random(in: 0...1700, using: &random))
          )
        if fields.contains(where: { $0.holds(place.0, place.1) }) { rows[number] = place }
        newest[number] = place
        return feed.row(number, at: place.0, place.1, received: dates[number])
      }
      try feed.put("list-\(list).csv", lines, at: instant)
      try await feed.round(instant + 60)
    }
    let now = monday + 60
    let effects = try await feed.effects(from, to, now: now)
    try await feed.end()

    func area(_ place: (x: Double, y: Double)?, _ fields: [Field]) -> String? {
      place.flatMap { place in fields.first { $0.holds(place.x, place.y) }?.id }
    }
    func received(_ number: Int) -> Date? {
      let parts = dates[number].split(separator: " ").first?.split(separator: "/").compactMap {
        Int($0)
      }
      guard let parts, let day = CivilDay(year: parts[2], month: parts[1], day: parts[0]) else {
        return nil
      }
      return Date(timeIntervalSince1970: Double(day.number) * AreaEffectsTests.day + 9 * 3600)
    }
    for found in effects.areas {
      func count(_ fields: [Field], dated: Bool) -> Int {
        rows.count { number, place in
          guard area(place, fields) == found.id else { return false }
          guard let at = received(number), at <= now else { return !dated }
          return dated && at > now.addingTimeInterval(-90 * AreaEffectsTests.day)
        }
      }
      #expect(found.jobsBefore == count(from, dated: true), "\(found.id) before")
      #expect(found.jobsAfter == count(to, dated: true), "\(found.id) after")
      #expect(found.undatedBefore == count(from, dated: false))
      #expect(found.undatedAfter == count(to, dated: false))
    }
    // A quote is a reason for four weeks while it is on the newest list.
    var expected: [String: Int] = [:]
    for (number, place) in newest {
      guard let at = received(number), at <= now,
        now.timeIntervalSince(at) <= 28 * AreaEffectsTests.day
      else { continue }
      let (old, new) = (area(place, from), area(place, to))
      guard old != new else { continue }
      let what = old == nil ? "in" : new == nil ? "out" : "moved"
      expected["\(what) \(old ?? "-") \(new ?? "-")", default: 0] += 1
    }
    var found: [String: Int] = [:]
    for movement in try #require(effects.opportunities) {
      found[
        "\(movement.what.rawValue) \(movement.from ?? "-") \(movement.to ?? "-")", default: 0] += 1
      #expect(movement.street == "Pipit Lane" && movement.outwardCode == "NG17")
    }
    #expect(found == expected)
    #expect(effects.archive?.lists == 5 && effects.archive?.unreadable == 0)
  }

  @Test("What is claimed is not touched, and where its place is then is told")
  func claimed() async throws {
    let (west, east, now) = (Self.west, Self.east, Self.monday + 120)
    let feed = try WatchedFeed.on([west, east])
    try feed.put(
      "list.csv",
      [(1, 450_050.0), (2, 450_150), (3, 450_350), (4, 450_450)].map {
        feed.row($0.0, at: $0.1, 359_100, received: "20/11/2026 10:00")
      }, at: Self.monday)
    try await feed.round(Self.monday + 60)
    var claimed = 0
    for id in Int64(1)...4 {
      let stored = try #require(try await feed.store.opportunity(id))
      guard
        ["1 Pipit Lane", "3 Pipit Lane"].contains(where: stored.opportunity.place.address.hasPrefix)
      else { continue }
      _ = try await feed.store.claim(
        opportunity: id, member: "ann", issuedTo: "ann", generation: 0, now: Self.monday + 90)
      claimed += 1
    }
    #expect(claimed == 2)
    var (smaller, wider) = (west, east)
    (smaller.x, smaller.width) = (450_200, 100)
    (wider.x, wider.width) = (450_300, 500)
    let effects = try await feed.effects([west, east], [smaller, wider], now: now)
    let movements = try #require(effects.opportunities)
    #expect(
      movements.map { "\($0.what.rawValue) \($0.state.rawValue) \($0.from ?? "-") \($0.to ?? "-")" }
        == [
          "out offered new-cross -", "kept claimed new-cross -",
          "kept claimed new-cross stanton-hill",
        ])
    #expect(movements.first?.why == "No area holds its place any more.")
    let text = feed.lines(effects)
    #expect(
      text.hasPrefix(
        """
        1 opportunity goes out, none comes in; nothing that is claimed is touched. 2
        that are claimed lie elsewhere then and stay as they are with their holders.
        """), "\(text)")
    #expect(text.contains("Stays with its holder: Pipit Lane, NG17: Bulky waste quote, claimed."))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
    try await feed.end()
  }

  @Test("The archive is read newest first, the same bytes once, and what cannot be read is counted")
  func archive() async throws {
    let (west, east) = (Self.west, Self.east)
    let feed = try WatchedFeed.on([west])
    let day = Self.day
    // One place beside the area, whose newest word is that of the list of Sunday.
    func list(_ name: String, _ numbers: ClosedRange<Int>, daysAgo: Double) throws {
      try feed.put(
        name,
        numbers.map { feed.row($0, at: 450_500, 359_100, received: "20/11/2026 10:00") },
        at: Self.monday - daysAgo * day)
    }
    try list("a.csv", 1...5, daysAgo: 3)
    try await feed.round(Self.monday - 3 * day + 60)
    try list("b.csv", 4...8, daysAgo: 2)
    try await feed.round(Self.monday - 2 * day + 60)
    try list("c.csv", 4...8, daysAgo: 1)
    try await feed.round(Self.monday - day + 60)
    try feed.put("page.csv", text: "<html>Sign in</html>", at: Self.monday - 3600)
    try await feed.round(Self.monday - 3540)
    // Older than what is counted, of another feed, and what is no list at all.
    for name in [
      "20260101T080000Z-street-scene-old.csv", "20261122T080000Z-other-feed-x.csv", "notes.txt",
    ] {
      try write("x", to: feed.archive + "/" + name)
    }
    let effects = try await feed.effects([west], [west, east], now: Self.monday)
    let reach = try #require(effects.archive)
    #expect(reach.lists == 4 && reach.same == 1 && reach.unreadable == 1 && reach.ofOtherFeeds == 1)
    let added = try #require(effects.areas.first { $0.id == "stanton-hill" })
    #expect(added.jobsBefore == 0 && added.jobsAfter == 8)
    // Only what the newest list has would come in.
    #expect(effects.count(.in) == 5)
    let text = feed.words(effects)
    #expect(
      text.contains("The archive reaches back to 20 November 2026: 4 lists, 1 could not be read."))
    #expect(text.contains("Jobs of the last 90 days: 0 before, 8 after."))
    #expect(text.contains("1 other area is as before."))
    // Nothing of it was stored.
    #expect(try await feed.jobs().isEmpty)

    var limits = ArchiveRead.Limits()
    limits.lists = 1
    let short = try await feed.effects([west], [west, east], now: Self.monday, limits: limits)
    #expect(short.archive?.left == 3)
    #expect(
      feed.words(short).contains("3 older lists were not read: that would have taken too long."))
    limits = ArchiveRead.Limits(seconds: 0)
    #expect(
      try await feed.effects([west], [east], now: Self.monday, limits: limits).archive?.lists == 0)
    limits = ArchiveRead.Limits()
    limits.jobs = 3
    let few = try await feed.effects([west], [west, east], now: Self.monday, limits: limits)
    #expect(few.archive?.isCut == true && few.areas.last?.jobsAfter == 3)
    let stop = ShutdownFlag()
    stop.set()
    await #expect(throws: CancellationError.self) {
      _ = try await (await feed.effector(stop: stop)).effects(
        from: [west.area], to: [east.area], since: Self.monday, now: Self.monday)
    }
    try await feed.end()
  }

  @Test("Of a feed of updates, open jobs in older lists are counted, told, and drawn as open")
  func olderLists() async throws {
    let (west, east) = (Self.west, Self.east)
    let feed = try WatchedFeed.on([west])
    let file = feed.config + "/feeds/street-scene.yaml"
    try edit(file, "kind: snapshot", "kind: updates")
    try feed.restart()
    let received = "20/11/2026 10:00"
    try feed.put(
      "first.csv",
      [feed.row(1, at: 450_500, 359_100, received: received)], at: Self.monday - 7200)
    try await feed.round(Self.monday - 7100)
    try feed.put(
      "second.csv", [feed.row(2, at: 450_100, 359_100, received: received)], at: Self.monday)
    try await feed.round(Self.monday + 60)
    let effects = try await feed.effects([west], [west, east], now: Self.monday + 120)
    #expect(effects.count(.in) == 0 && effects.inOlderLists == ["street-scene": 1])
    #expect(
      feed.words(effects).contains(
        "1 open job stands in older lists of the feed street-scene only, and does not come in by the "
          + "edit; to take it in: triaged feeds replay FILE --feed street-scene"))
    let says = try #require(effects.pictureSays)
    #expect(says.contains("1 another open job") && !says.contains("closed"), "\(says)")
    try await feed.end()
  }

  @Test("Where an area stops by its dates, that is why its opportunities go out")
  func outOfDate() async throws {
    let west = Self.west
    let feed = try WatchedFeed.on([west])
    try feed.put(
      "list.csv", [feed.row(1, at: 450_100, 359_100, received: "20/11/2026 10:00")], at: Self.monday
    )
    try await feed.round(Self.monday + 60)
    var later = west
    later.from = CivilDay("2027-11-23")
    let effects = try await feed.effects([west], [later], now: Self.monday + 120)
    #expect(effects.stopped.map(\.id) == [west.id] && effects.slips.isEmpty)
    let words = feed.words(effects)
    #expect(words.contains("changed, with the same ground; it does not count any more"), "\(words)")
    #expect(words.contains("offered. NEW-CROSS does not count before 2027-11-23."), "\(words)")
    try await feed.end()
  }

  @Test("Without an archive that is said, and a list of which nothing was taken does not count")
  func withoutArchive() async throws {
    let (west, east) = (Self.west, Self.east)
    let feed = try WatchedFeed.on([west], archiveDays: 0)
    try feed.put(
      "list.csv",
      [
        feed.row(1, at: 450_100, 359_100, received: "20/11/2026 10:00"),
        feed.row(2, at: 450_500, 359_100, received: "20/11/2026 10:00"),
      ], at: Self.monday)
    try await feed.round(Self.monday + 60)
    let effects = try await feed.effects([west], [east], now: Self.monday + 120)
    #expect(effects.areas.map(\.jobsAfter) == [0, 0] && effects.areas.map(\.jobsBefore) == [0, 1])
    #expect(effects.count(.out) == 1 && effects.count(.in) == 0)
    #expect(
      feed.words(effects).contains("No exports are kept (archive_days is 0), so jobs outside the"))
    try await feed.end()

    let kept = try WatchedFeed.on([west], futurePercent: 2)
    try kept.put(
      "future.csv",
      (1...40).map {
        kept.row($0, at: $0 % 2 == 0 ? 450_100 : 450_500, 359_100, received: "20/11/2027 10:00")
      },
      at: Self.monday)
    try await kept.round(Self.monday + 60)
    #expect(try await kept.troubles() == [.futureDates])
    let held = try await kept.effects([west], [east], now: Self.monday + 120)
    #expect(held.archive?.held == 1 && held.areas.map(\.undatedAfter) == [0, 0])
    #expect(
      kept.words(held).contains("none of which can be used"), "\(kept.words(held))")
    try await kept.end()
  }

  @Test("An area that begins later is counted, and nothing comes in before its first day")
  func beginsLater() async throws {
    var east = Self.east
    east.from = CivilDay("2026-12-01")
    let feed = try WatchedFeed.on([Self.west])
    try feed.put(
      "list.csv", [feed.row(1, at: 450_500, 359_100, received: "20/11/2026 10:00")], at: Self.monday
    )
    try await feed.round(Self.monday + 60)
    let effects = try await feed.effects([Self.west], [Self.west, east], now: Self.monday + 120)
    #expect(effects.count(.in) == 0 && effects.areas.last?.jobsAfter == 1)
    #expect(feed.words(effects).contains("It counts from 1 December 2026 on."))
    try await feed.end()
  }

  @Test("Nothing that tells of a person is in any answer")
  func noPersonalData() async throws {
    let (west, east) = (Self.west, Self.east)
    let feed = try WatchedFeed.on([west])
    try edit(feed.config + "/feeds/street-scene.yaml", "carry: []", "carry: [notes]")
    try edit(
      feed.config + "/feeds/street-scene.yaml", "  northing: Northing\n",
      "  northing: Northing\n  notes: Notes\n")
    try feed.restart()
    let canaries = [
      "8731", "8732", "Zebedee", "Quillfeather", "sofa of my late aunt", "450123", "359137",
    ]
    try feed.put(
      "list.csv",
      [
        feed.row(
          8731, at: 450_123, 359_137, received: "20/11/2026 10:00", street: "Zebedee House",
          notes: "sofa of my late aunt"),
        feed.row(
          8732, at: 450_523, 359_137, received: "20/11/2026 10:00",
          notes: "Quillfeather"),
      ], at: Self.monday)
    try await feed.round(Self.monday + 60)
    for (from, to) in [([west], [east]), ([east], [west]), ([west], [west, east])] {
      let effects = try await feed.effects(from, to, now: Self.monday + 120)
      #expect(effects.count(.out) + effects.count(.in) > 0)
      let admin = AdminContact(email: "ann@council.example", channel: "post", name: "Ann")
      let notice = Notice.areasEdited(
        effects, to: admin, await feed.poller.configuration, files: ["a.geojson"], warnings: [],
        since: Self.monday, now: Self.monday + 120)
      let outputs =
        [
          feed.lines(effects), try prettyJSON(effects), effects.picture ?? "", effectsPage(effects),
          notice.subject, notice.paragraphs.joined(separator: "\n"),
        ] + notice.pictures.flatMap { [$0.alternative, String(decoding: $0.bytes, as: UTF8.self)] }
      for output in outputs {
        for canary in canaries { #expect(!output.contains(canary), "\(canary)") }
      }
      #expect(notice.paragraphs.allSatisfy { !$0.contains("\n") })
    }
    try await feed.end()
  }
}
