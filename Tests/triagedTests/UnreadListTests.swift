import FlareImport
import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Lists that could not be read")
struct UnreadListTests {
  private let monday = WatchedFeed.monday
  private let hour = 3600.0
  private let day = 86_400.0

  private func files(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  @Test("A list that this machine cannot unpack is no refusal: it lies and is read when that works")
  func ourOwnFault() async throws {
    let feed = try WatchedFeed(hold: "quiet: 0s")
    try edit(feed.config + "/feeds/street-scene.yaml", "\"*.csv\"", "\"*.csv*\"")
    try feed.restart()
    try await feed.list(1...3, at: monday)
    let spool = feed.folder.path + "/state/spool"
    try? FileManager.default.removeItem(atPath: spool)
    try write("in the way", to: spool)
    let packed = feed.drop + "/next.csv.gz"
    try feed.put("next.csv", (1...4).map { feed.row($0) }, at: monday)
    let done = try await runProgram("/usr/bin/env", ["gzip", feed.drop + "/next.csv"])
    try #require(done.code == 0, "\(done.errors)")
    try FileManager.default.setAttributes(
      [.modificationDate: monday + hour], ofItemAtPath: packed)
    // What came later waits too.
    try feed.put("later.csv", (2...5).map { feed.row($0) }, at: monday + 1.5 * hour)
    for at in 2...4 {
      try await feed.round(monday + Double(at) * hour)
      #expect(try await feed.troubles() == [.notRead])
      #expect(FileManager.default.fileExists(atPath: packed))
      #expect(try await feed.reports().count == 1)
      if at == 3 { try feed.restart() }
    }
    let why = try #require(try await feed.status().episodes.first?.why)
    #expect(why.contains("Not a directory") && why.hasSuffix("It is tried again."), "\(why)")
    #expect(try await feed.mails(by: monday + 5 * hour) == ["notRead begins"])
    #expect(try await feed.memory().refused.isEmpty)
    #expect(try await feed.there() == [1, 2, 3])

    try FileManager.default.removeItem(atPath: spool)
    try await feed.round(monday + 6 * hour)
    #expect(try await feed.there() == [2, 3, 4, 5])
    #expect(try await feed.reports().count == 3)
    #expect(try await feed.troubles().isEmpty)
    #expect(try await feed.mails(by: monday + 7 * hour) == ["notRead begins", "notRead over"])
    #expect(files(feed.drop).isEmpty)
    try await feed.end()
  }

  @Test("Of a refused list a copy is kept until the trouble is over, even where none are kept")
  func refusedCopy() async throws {
    let feed = try WatchedFeed(archiveDays: 0)
    try await feed.list(1...3, at: monday)
    #expect(files(feed.archive).isEmpty)
    for at in 1...3 {
      // The second is the first once more.
      let page = "<!DOCTYPE html><p>\(at == 3 ? "No" : "Sign in")"
      try feed.put("page-\(at).csv", text: page, at: monday + Double(at) * hour)
      try await feed.round(monday + Double(at) * hour + 60)
    }
    #expect(files(feed.drop).isEmpty)
    let kept = files(feed.archive).sorted()
    #expect(kept.map { $0.suffix(10) } == ["page-1.csv", "page-3.csv"])
    #expect(try await feed.memory().refused.compactMap(\.archived).sorted() == kept)
    try feed.restart()
    try await feed.purge(monday + 29 * day)
    #expect(files(feed.archive).sorted() == kept)
    try await feed.list(1...4, at: monday + 29 * day)
    #expect(try await feed.troubles().isEmpty)
    try await feed.purge(monday + 29 * day + hour)
    #expect(files(feed.archive).isEmpty)
    try await feed.end()
  }

  @Test("Nobody looks for thirty days: then the copy goes")
  func forgotten() async throws {
    let feed = try WatchedFeed(archiveDays: 0)
    try feed.put("page.csv", text: "<!DOCTYPE html><p>Sign in", at: monday)
    try await feed.round(monday + 60)
    #expect(files(feed.archive).count == 1)
    try await feed.purge(monday + 31 * day)
    #expect(files(feed.archive).isEmpty)
    try await feed.end()
  }

  @Test("No list is known as refused of which nobody is told")
  func toldWithIt() async throws {
    let feed = try WatchedFeed()
    try await feed.list(1...3, at: monday)
    let before = try await feed.memory().source
    try await feed.change(
      "CREATE TRIGGER ends BEFORE INSERT ON feed_episode BEGIN SELECT RAISE(ABORT, 'end'); END")
    try feed.put("page.csv", text: "<!DOCTYPE html><p>Sign in", at: monday + hour)
    try await feed.round(monday + 2 * hour)
    #expect(try await feed.memory().source == before)
    #expect(files(feed.drop) == ["page.csv"])
    try await feed.change("DROP TRIGGER ends")
    try await feed.round(monday + 3 * hour)
    #expect(try await feed.troubles() == [.unreadable])
    #expect(try await feed.mails(by: monday + day) == ["unreadable begins"])
    #expect(files(feed.drop).isEmpty)
    try await feed.end()
  }
}

@Suite("What is remembered of a feed")
struct FeedMemoryTests {
  private let monday = WatchedFeed.monday

  /// Changes what is stored, as another version may have stored it.
  private func edit(
    _ feed: WatchedFeed, _ change: (inout [String: Any]) -> Void
  ) async throws {
    let stored = try #require(try await feed.store.feedState(WatchedFeed.feed))
    var parts = try #require(JSONSerialization.jsonObject(with: stored) as? [String: Any])
    change(&parts)
    try await feed.store.unchanged(
      feed: WatchedFeed.feed, state: JSONSerialization.data(withJSONObject: parts), now: monday)
    try feed.restart()
  }

  private func said(_ feed: WatchedFeed) -> [String] {
    feed.journal.lines.filter { $0.hasPrefix("Of what was remembered") }
  }

  @Test("What an earlier version did not store costs nothing of the rest")
  func earlierVersion() async throws {
    let feed = try WatchedFeed()
    for at in 0..<3 { try await feed.list(1...20, at: monday + Double(at)) }
    let before = try await feed.memory()
    try await edit(feed) { parts in
      for name in ["isNewest", "bytes", "refused", "sha256"] { parts[name] = nil }
      var source = parts["source"] as? [String: Any] ?? [:]
      source["sha256"] = nil
      parts["source"] = source
    }
    let memory = try await feed.memory()
    #expect(memory.usual == before.usual && memory.usual.count == 3)
    #expect(memory.print == before.print && memory.print != nil)
    #expect(memory.source.newest == before.source.newest)
    #expect(memory.lost.isEmpty)
    try await feed.list(1...9, at: monday + 3600)
    #expect(try await feed.troubles() == [.shrunk])
    #expect(said(feed).isEmpty, "nothing was lost")
    try await feed.end()
  }

  @Test("What cannot be read begins anew, alone, and the journal names it once")
  func damaged() async throws {
    let feed = try WatchedFeed()
    for at in 0..<3 { try await feed.list(1...20, at: monday + Double(at)) }
    try await edit(feed) { parts in
      parts["print"] = "a word"
      parts["source"] = ["taken": "a word", "newest": 0]
    }
    let memory = try await feed.memory()
    #expect(memory.lost == ["print", "source.taken"])
    #expect(memory.usual.count == 3 && memory.source.newest != nil)
    for at in 1...3 { try await feed.round(monday + Double(at) * 600) }
    try await feed.list(1...9, at: monday + 3600)
    #expect(try await feed.troubles() == [.shrunk])
    #expect(said(feed).count == 1 && said(feed)[0].contains("print, source.taken"))
    try await feed.end()
  }

  @Test("A memory that is none begins anew and is told")
  func none() {
    #expect(FeedMemory(Data("no JSON".utf8)).lost == ["everything"])
    #expect(FeedMemory(nil).lost.isEmpty)
  }
}
