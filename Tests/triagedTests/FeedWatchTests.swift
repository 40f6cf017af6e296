import FlareImport
import Foundation
import Storage
import Testing
import Triage

@testable import triaged

private let monday = WatchedFeed.monday
private let hour = 3600.0
private let day = 86_400.0

private func withFeed(
  hold: String? = nil, _ body: (WatchedFeed) async throws -> Void
) async throws {
  let feed = try WatchedFeed(hold: hold)
  try await body(feed)
  for report in try await feed.reports() {
    #expect(report.counts.addsUp && report.counts.addsUpInArea)
  }
  try await feed.end()
}

@Suite("A feed is watched")
struct FeedWatchTests {
  @Test("An older list that comes late tells history and closes nothing")
  func outOfOrder() async throws {
    try await withFeed { feed in
      try await feed.list(2...4, at: monday + hour)
      try feed.put("old.csv", (1...3).map { feed.row($0) }, at: monday)
      try await feed.round(monday + 2 * hour)
      #expect(try await feed.there() == [2, 3, 4])
      let old = try #require(try await feed.jobs().first)
      #expect(old.id.reference == "SS1" && old.gone == monday)
      #expect(try await feed.troubles().isEmpty)
      #expect(try await feed.reports().first?.counts.unchanged == 2)
    }
  }

  @Test("Two files in one poll come to the same as one after the other, in whatever order")
  func overlapping() async throws {
    var states: [[Job]] = []
    for names in [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]] {
      try await withFeed { feed in
        let lists = [
          "a": ([1, 2, 3], monday), "b": ([2, 3, 4], monday + hour),
          "c": ([1, 4], monday + 2 * hour),
        ]
        for (poll, name) in names.enumerated() {
          let (rows, instant) = lists[name]!
          try feed.put("\(name).csv", rows.map { feed.row($0) }, at: instant)
          try await feed.round(monday + 3 * hour + Double(poll) * 60)
        }
        states.append(try await feed.jobs())
        #expect(try await feed.there() == [1, 4])
      }
    }
    #expect(states.allSatisfy { $0 == states[0] })
  }

  @Test(
    "Random lists through the store: the mirror does not depend on their order, nor on twice",
    arguments: 1...4)
  func anyOrder(seed: Int) async throws {
    var random = SplitMix64(state: UInt64(seed))
    let lists = (0..<4).map { _ in
      let at = monday + Double(Int.random(in: 0..<3, using: &random)) * 60
      let rows = (1...8).filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
      return (
        at: at,
        rows: rows.map { number in
          (number, status: ["Open", "Assigned"].randomElement(using: &random)!)
        } + [(Int.random(in: 1...8, using: &random), status: "Closed")]
      )
    }
    var states: [[Job]] = []
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1, 2, 0, 3, 1]] {
      try await withFeed(hold: "shrunk_percent: 100, missing_percent: 100") { feed in
        for (poll, at) in order.enumerated() {
          let rows = lists[at].rows.shuffled().map { feed.row($0.0, status: $0.status) }
          try feed.put("\(poll).csv", rows, at: lists[at].at)
          try await feed.round(monday + hour + Double(poll) * 60)
          if poll == 1 { try feed.restart() }
        }
        states.append(try await feed.jobs())
      }
    }
    #expect(states[0] == states[1] && states[0] == states[2])
    #expect(states[0].contains { $0.gone == nil })
  }

  struct Strange: CustomTestStringConvertible, Sendable {
    var trouble: FeedTrouble
    var numbers: [Int]
    var spoil: @Sendable (String) -> String = { $0 }
    var testDescription: String { trouble.rawValue }
  }

  static let strange = [
    Strange(trouble: .empty, numbers: []),
    Strange(trouble: .shrunk, numbers: Array(1...9)),
    Strange(trouble: .vanished, numbers: Array(12...20) + Array(21...25)),
    Strange(trouble: .grown, numbers: Array(1...1000)),
    Strange(trouble: .incomplete, numbers: Array(1...19), spoil: { $0 + "SS20,\"12/11" }),
    Strange(trouble: .unreadable, numbers: [], spoil: { _ in "<!DOCTYPE html><p>Sign in" }),
  ]

  @Test(
    "A strange list closes nothing; its beginning and its end are told once each",
    arguments: strange)
  func strangeList(_ strange: Strange) async throws {
    try await withFeed { feed in
      for at in 0..<3 { try await feed.list(1...20, at: monday + Double(at)) }
      var now = monday
      for _ in 0..<3 {
        now += hour
        let rows = strange.numbers.map { feed.row($0) + "\r\n" }.joined()
        let header = FictionalTown.header.joined(separator: ",") + "\r\n"
        try feed.put(
          "\(now.timeIntervalSince1970).csv", text: strange.spoil(header + rows), at: now)
        try await feed.round(now + 60)
        #expect(try await feed.troubles() == [strange.trouble])
        let there = try await feed.there()
        #expect(Set(1...20).isSubset(of: there))
        // What is new in it is taken, except where it may be a wrong filter's work.
        let taken = strange.trouble == .grown ? [] : strange.numbers
        #expect(Set(there) == Set(1...20).union(taken))
        #expect(try await feed.mails(by: now + 60) == ["\(strange.trouble.rawValue) begins"])
        if strange.trouble != .unreadable {
          #expect(try await feed.status().held?.trouble == strange.trouble)
          #expect(try await feed.reports().first?.heldBecause.isEmpty == false)
        }
        // A restart in between tells nothing again.
        try feed.restart()
        try await feed.round(now + 120)
        #expect(try await feed.mails(by: now + 120) == ["\(strange.trouble.rawValue) begins"])
      }
      now += hour
      try await feed.list(1...20, at: now)
      #expect(try await feed.troubles().isEmpty)
      #expect(try await feed.status().held == nil)
      #expect(try await feed.mails(by: now + 30 * 60).count == 1)
      try await feed.list(1...20, at: now + hour)
      #expect(
        try await feed.mails(by: now + 2 * hour)
          == ["\(strange.trouble.rawValue) begins", "\(strange.trouble.rawValue) over"])
    }
  }

  @Test("A list that lacks the end of the one before closes nothing, until it has come twice")
  func cutBetweenRows() async throws {
    try await withFeed { feed in
      try await feed.list(1...20, at: monday)
      // Fewer are missing than the limits allow.
      try await feed.list(1...18, at: monday + hour)
      #expect(try await feed.there() == Array(1...20))
      #expect(try await feed.troubles() == [.incomplete])
      #expect(try await feed.status().held?.isWhole == false)
      try feed.restart()
      try await feed.list(1...18, at: monday + 2 * hour)
      #expect(try await feed.there() == Array(1...18))
      #expect(try await feed.status().held == nil)
      // What was changed elsewhere too was not cut off.
      try await feed.list(2...17, at: monday + 3 * hour)
      #expect(try await feed.there() == Array(2...17))
      #expect(try await feed.troubles().isEmpty)
    }
  }

  @Test("A feed that comes and goes within the quiet time is one episode, with one mail")
  func flapping() async throws {
    try await withFeed { feed in
      try await feed.list(1...20, at: monday)
      for at in 1...6 {
        let numbers = at.isMultiple(of: 2) ? 1...20 : 1...5
        try await feed.list(numbers, at: monday + Double(at) * 600)
      }
      #expect(try await feed.mails(by: monday + 90 * 60) == ["shrunk begins"])
      #expect(
        try await feed.mails(by: monday + 3 * hour) == ["shrunk begins", "shrunk over"])
    }
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

  struct Next: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var rows: [Int]
    var hours = 3.0
    var end = ""
    var isBelieved = false
  }

  static let next = [
    Next(testDescription: "as long", rows: Array(1...19), isBelieved: true),
    Next(testDescription: "a header only", rows: []),
    Next(testDescription: "much shorter", rows: Array(1...17)),
    Next(testDescription: "much longer", rows: Array(1...23)),
    Next(testDescription: "cut off", rows: Array(1...19), end: "SS20,\"12/11"),
    Next(testDescription: "too late", rows: Array(1...20), hours: 27),
    Next(testDescription: "older", rows: Array(1...20), hours: 0.5),
  ]

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

  @Test("A folder that is away is told when it is away, and over when it is back")
  func unreachable() async throws {
    try await withFeed(hold: "quiet: 0s") { feed in
      try await feed.list(1...3, at: monday)
      try FileManager.default.moveItem(atPath: feed.drop, toPath: feed.drop + "-away")
      for at in 1...5 { try await feed.round(monday + Double(at) * hour) }
      #expect(try await feed.troubles() == [.unreachable])
      #expect(try await feed.mails(by: monday + 6 * hour) == ["unreachable begins"])
      try FileManager.default.moveItem(atPath: feed.drop + "-away", toPath: feed.drop)
      try await feed.round(monday + 6 * hour)
      #expect(try await feed.troubles().isEmpty)
      #expect(
        try await feed.mails(by: monday + 6 * hour) == ["unreachable begins", "unreachable over"])
    }
  }

  @Test("A list that cannot be put away is read once, and that is told")
  func notPutAway() async throws {
    try await withFeed { feed in
      try write("in the way", to: feed.archive)
      try await feed.list(1...3, at: monday)
      try await feed.round(monday + hour)
      #expect(try await feed.troubles() == [.notPutAway])
      #expect(try await feed.reports().count == 1)
      #expect(try await feed.there() == [1, 2, 3])
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

@Suite("When a feed is polled next")
struct TurnTests {
  @Test("After failures it is tried again less and less soon, up to the cadence")
  func backOff() {
    var turn = Turn()
    var waits: [Double] = []
    for _ in 0..<7 {
      turn.fail(at: monday, cadence: 1800, retryAfter: nil, random: 0.5)
      waits.append(turn.next.timeIntervalSince(monday))
    }
    #expect(waits == [60, 120, 240, 480, 960, 1800, 1800])
    turn.failures = 0
    turn.fail(at: monday, cadence: 2, retryAfter: nil, random: 0)
    #expect(turn.next == monday + 2)
  }

  @Test(
    "A server's wish postpones the next poll, for six hours at most",
    arguments: [(30.0, 60.0), (900.0, 900.0), (86_400.0, 21_600.0), (-5.0, 60.0)])
  func wish(_ retryAfter: Double, _ wait: Double) {
    var turn = Turn()
    turn.fail(at: monday, cadence: 600, retryAfter: retryAfter, random: 0.5)
    #expect(turn.next == monday + wait)
    #expect(!turn.isDue(monday + wait - 1) && turn.isDue(monday + wait))
    #expect(turn.isDue(monday - 1), "the clock went back")
  }
}
