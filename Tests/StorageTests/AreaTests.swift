import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

@Suite("Areas in force, and edits that cannot be used")
struct AreaTests {
  private func notice(_ id: String, pictures: [NoticePicture] = []) -> Notice {
    Notice(
      id: id, recipient: "ann@council.example", channel: "smtp", subject: "Areas \(id)",
      paragraphs: ["One."], pictures: pictures, created: noon)
  }

  private func due(_ store: Store) async throws -> [String] {
    try await store.dueNotices(now: noon + day).map(\.id).sorted()
  }

  private func take(
    _ store: Store, _ name: String, isTold: Bool = false, over: Notice? = nil
  ) async throws -> Int64 {
    try await store.takeAreas(
      Data(name.utf8), fingerprint: name, isTold: isTold, now: noon, over: over)
  }

  private let pictures = [
    NoticePicture(format: .svg, bytes: Array("<svg/>".utf8), alternative: "One “ring”."),
    NoticePicture(format: .png, bytes: [0x89, 0, 255], alternative: "Two."),
  ]

  @Test("A mail keeps its pictures, in their order, and they go with it")
  func noticePictures() async throws {
    try await withStore { store in
      let owed = notice("a", pictures: pictures)
      #expect(try await store.oweOnce(owed))
      #expect(try await store.oweOnce(owed) == false)
      #expect(try await store.dueNotices(now: noon) == [owed])
      let episode = FeedEpisode(feed: "list", trouble: .shrunk, why: "Short.", began: noon)
      _ = try await store.begin(episode, notice: notice("b", pictures: pictures.reversed()))
      #expect(try await store.dueNotices(now: noon)[1].pictures == pictures.reversed())
      func left() async throws -> [String] {
        try await store.read {
          try String.fetchAll($0, sql: "SELECT notice FROM notice_picture ORDER BY notice")
        }
      }
      #expect(try await store.noticeDeferred(id: "a", until: noon, why: "Busy.", now: noon))
      #expect(try await left() == ["a", "a", "b", "b"])
      // Sent or given up, its text is kept and its pictures are not.
      try await store.noticeAccepted(id: "a", now: noon)
      #expect(try await left() == ["b", "b"])
      try await store.noticeFailed(id: "b", why: "Refused.", now: noon)
      #expect(try await left().isEmpty)
      let result = try await store.purge(
        before: noon + 1, endedBefore: noon + 1, snapshotFeeds: [])
      #expect(result["notice"] == 2)
    }
  }

  @Test("The newest set is in force, also after the store was closed")
  func newest() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      #expect(try await store.areaSet() == nil)
      #expect(try await take(store, "one", isTold: true) == 1)
      #expect(try await take(store, "two") == 2)
      try store.close()
      let again = try Store(path: path)
      #expect(
        try await again.areaSet()
          == StoredAreaSet(id: 2, fingerprint: "two", areas: Data("two".utf8), since: noon))
      try again.close()
    }
  }

  @Test("The first is told to nobody; what came since the last mail is told at once, and once")
  func told() async throws {
    try await withStore { store in
      _ = try await take(store, "one", isTold: true)
      #expect(try await store.untoldAreas() == nil)
      _ = try await take(store, "two")
      let third = try await take(store, "three")
      let untold = try #require(try await store.untoldAreas())
      #expect(untold.before.fingerprint == "one" && untold.after.fingerprint == "three")
      #expect(untold.since == noon)
      try await store.areasTold(id: third, notice: notice("a", pictures: pictures), now: noon)
      try await store.areasTold(id: third, notice: notice("b"), now: noon)
      #expect(try await due(store) == ["a"])
      #expect(try await store.untoldAreas() == nil)
      let next = try await take(store, "four")
      #expect(try await store.untoldAreas()?.before.fingerprint == "three")
      try await store.areasTold(id: next, notice: nil, now: noon)
      #expect(try await store.untoldAreas() == nil)
      #expect(try await due(store) == ["a"])
    }
  }

  @Test("What came while a mail was being made is not told by it")
  func overtaken() async throws {
    try await withStore { store in
      _ = try await take(store, "one", isTold: true)
      let second = try await take(store, "two")
      _ = try await take(store, "three")
      try await store.areasTold(id: second, notice: notice("a"), now: noon)
      let untold = try #require(try await store.untoldAreas())
      #expect(untold.before.fingerprint == "two" && untold.after.fingerprint == "three")
    }
  }

  @Test("Problems are told once while they last, others once more, and the end once")
  func troubleOnce() async throws {
    try await withFolder { path in
      var store = try Store(path: path)
      #expect(try await store.openAreaTrouble() == nil)
      #expect(try await store.beginAreaTrouble(["Open."], notice: notice("a"), now: noon))
      #expect(
        try await store.beginAreaTrouble(["Open."], notice: notice("x"), now: noon + 1) == false)
      #expect(try await store.noticeAttempting(id: "a", next: noon, now: noon))
      try store.close()
      store = try Store(path: path)
      #expect(
        try await store.beginAreaTrouble(["Open."], notice: notice("x"), now: noon + 2) == false)
      #expect(try await store.beginAreaTrouble(["Crossed."], notice: notice("b"), now: noon + 3))
      #expect(
        try await store.openAreaTrouble()
          == StoredAreaTrouble(problems: ["Crossed."], began: noon, isTold: true))
      #expect(try await store.noticeAttempting(id: "b", next: noon, now: noon))
      #expect(
        try await store.beginAreaTrouble(["Open."], notice: notice("x"), now: noon + 4) == false)
      #expect(try await store.openAreaTrouble()?.problems == ["Open."])
      #expect(try await due(store) == ["a", "b"])

      #expect(try await store.endAreaTrouble(now: noon + 5, over: notice("over")))
      #expect(try await store.endAreaTrouble(now: noon + 6, over: notice("x")) == false)
      #expect(try await due(store) == ["a", "b", "over"])
      #expect(try await store.openAreaTrouble() == nil)
      #expect(try await store.beginAreaTrouble(["Open."], notice: notice("c"), now: noon + 7))
      try store.close()
    }
  }

  @Test("What was mended before anybody was told is told to nobody")
  func mendedInTime() async throws {
    try await withStore { store in
      _ = try await store.beginAreaTrouble(["Open."], notice: notice("a"), now: noon)
      _ = try await store.beginAreaTrouble(["Crossed."], notice: notice("b"), now: noon + 1)
      #expect(
        try await store.dueNotices(now: noon + 119).isEmpty, "the person may still be saving")
      #expect(try await store.dueNotices(now: noon + 120).map(\.id) == ["b"])
      #expect(try await due(store) == ["b"], "the newest edit is what the person asks about")
      // The first is back, and nobody has heard of it.
      #expect(try await store.beginAreaTrouble(["Open."], notice: notice("c"), now: noon + 2))
      #expect(try await due(store) == ["c"])
      _ = try await take(store, "good", over: notice("over"))
      #expect(try await due(store).isEmpty)
      #expect(try await store.openAreaTrouble() == nil)
    }
  }

  @Test("Without anybody to tell, trouble is kept all the same, and told once there is somebody")
  func nobodyToTell() async throws {
    try await withStore { store in
      let isTold = try await store.beginAreaTrouble(["Open."], notice: nil, now: noon)
      #expect(!isTold)
      #expect(
        try await store.openAreaTrouble()
          == StoredAreaTrouble(problems: ["Open."], began: noon, isTold: false))
      #expect(try await store.beginAreaTrouble(["Open."], notice: notice("a"), now: noon + 1))
      #expect(try await due(store) == ["a"])
    }
  }

  @Test("A set that takes effect and the end of the trouble are written together or not at all")
  func together() async throws {
    try await withStore { store in
      _ = try await store.beginAreaTrouble(["Open."], notice: notice("a"), now: noon)
      _ = try await store.noticeAttempting(id: "a", next: noon, now: noon)
      // The mail's id is taken: the whole transaction is refused.
      await #expect(throws: StoreError.self) {
        _ = try await take(store, "good", over: notice("a"))
      }
      #expect(try await store.areaSet() == nil)
      #expect(try await store.openAreaTrouble()?.problems == ["Open."])
      _ = try await take(store, "good", over: notice("over"))
      #expect(try await due(store) == ["a", "over"])
      #expect(try await store.areaSet()?.fingerprint == "good")
    }
  }

  @Test(
    "Old sets go, but never the two newest, one that is not told, nor what that is compared with")
  func purge() async throws {
    try await withStore { store in
      func left() async throws -> [String] {
        _ = try await store.purge(before: noon + 1, endedBefore: noon, snapshotFeeds: [])
        return try await store.read {
          try String.fetchAll($0, sql: "SELECT fingerprint FROM area_set ORDER BY id")
        }
      }
      for name in ["one", "two", "three"] { _ = try await take(store, name, isTold: true) }
      #expect(try await left() == ["two", "three"])
      for name in ["four", "five"] { _ = try await take(store, name) }
      #expect(try await left() == ["three", "four", "five"])
      try await store.areasTold(id: 5, notice: notice("a"), now: noon)
      #expect(try await left() == ["four", "five"])

      _ = try await store.beginAreaTrouble(["Open."], notice: nil, now: noon - 9)
      _ = try await store.endAreaTrouble(now: noon - 8, over: nil)
      _ = try await store.beginAreaTrouble(["Open."], notice: nil, now: noon - 7)
      let result = try await store.purge(before: noon, endedBefore: noon, snapshotFeeds: [])
      #expect(result["area_trouble"] == 1 && result["area_set"] == 0)
      #expect(try await store.openAreaTrouble() != nil)
    }
  }
}
