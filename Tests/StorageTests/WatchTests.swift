import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

@Suite("Episodes of feeds, and the mails about them")
struct WatchTests {
  private func episode(
    _ trouble: FeedTrouble = .shrunk, why: String = "It is short.", at began: Date = noon
  ) -> FeedEpisode {
    FeedEpisode(feed: "list", trouble: trouble, why: why, began: began)
  }

  private func notice(_ id: String, at created: Date = noon) -> Notice {
    Notice(
      id: id, recipient: "ann@council.example", channel: "smtp", subject: "Feed \(id)",
      paragraphs: ["One.", "“Two”."], created: created)
  }

  private func due(_ store: Store, _ now: Date) async throws -> [String] {
    try await store.dueNotices(now: now).map(\.id)
  }

  @Test("An episode begins once; while it lasts only its sentence changes")
  func once() async throws {
    try await withStore { store in
      #expect(try await store.begin(episode(), notice: notice("a")))
      let later = episode(why: "It is shorter.", at: noon + hour)
      #expect(try await store.begin(later, notice: notice("b")) == false)
      #expect(try await store.begin(episode(.late), notice: nil))
      let open = try await store.openEpisodes()
      #expect(open["list"]?.map(\.trouble) == [.shrunk, .late])
      #expect(open["list"]?.first == episode(why: "It is shorter."))
      #expect(try await store.dueNotices(now: noon) == [notice("a")])
      #expect(try await store.feedStatuses().first?.episodes.count == 2)
    }
  }

  @Test("Its end is told once, when it has stayed away for the quiet time")
  func over() async throws {
    try await withStore { store in
      _ = try await store.begin(episode(), notice: notice("a"))
      let end = { (now: Date) in
        try await store.end(feed: "list", troubles: [.shrunk, .late], now: now) {
          notice("over \($0.trouble)", at: now)
        }
      }
      let ended = try await end(noon + hour)
      #expect(ended.map(\.ended) == [noon + hour])
      #expect(try await end(noon + hour).isEmpty)
      #expect(try await store.openEpisodes().isEmpty)
      #expect(try await due(store, noon + 2 * hour - 1) == ["a"])
      #expect(try await due(store, noon + 2 * hour) == ["a", "over shrunk"])
    }
  }

  @Test("What returns within the quiet time goes on, and nobody is told")
  func goesOn() async throws {
    try await withStore { store in
      _ = try await store.begin(episode(), notice: notice("a"))
      _ = try await store.end(feed: "list", troubles: [.shrunk], now: noon + hour) { _ in
        notice("over")
      }
      let again = episode(at: noon + 1.5 * hour)
      #expect(try await store.begin(again, notice: notice("b")) == false)
      #expect(try await due(store, noon + day) == ["a"])
      #expect(try await store.openEpisodes()["list"] == [episode()])
      // Told by now: the next one is another one.
      _ = try await store.end(feed: "list", troubles: [.shrunk], now: noon + 2 * hour) { _ in
        notice("over 2")
      }
      #expect(
        try await store.noticeAttempting(id: "over 2", next: noon + day, now: noon + 3 * hour))
      #expect(try await store.begin(episode(at: noon + 4 * hour), notice: notice("c")))
      #expect(try await due(store, noon + 2 * day) == ["a", "c", "over 2"])
    }
  }

  @Test("What ends before its mail is due is told to nobody; what lasts is told twice")
  func patience() async throws {
    try await withStore { store in
      func end(_ now: Date) async throws {
        _ = try await store.end(feed: "list", troubles: [.shrunk], now: now) { _ in
          notice("over", at: now)
        }
      }
      #expect(try await store.begin(episode(), notice: notice("a"), patience: 900))
      try await end(noon + 899)
      #expect(try await due(store, noon + day).isEmpty)
      #expect(try await store.episodes(feed: "list", limit: 9).count == 1)
      let again = episode(at: noon + hour)
      #expect(try await store.begin(again, notice: notice("b", at: noon + hour), patience: 900))
      try await end(noon + 2 * hour)
      #expect(try await due(store, noon + day) == ["b", "over"])
    }
  }

  @Test("A mail is tried until it is accepted or refused for good")
  func notices() async throws {
    try await withStore { store in
      for (trouble, id) in [(FeedTrouble.late, "a"), (.shrunk, "b")] {
        _ = try await store.begin(episode(trouble), notice: notice(id))
      }
      #expect(try await store.noticeAttempting(id: "a", next: noon + 60, now: noon))
      #expect(try await due(store, noon) == ["b"])
      #expect(try await store.noticeDeferred(id: "a", until: noon + hour, why: "Busy.", now: noon))
      #expect(try await due(store, noon + 60) == ["b"])
      #expect(try await store.dueNotices(now: noon + hour).first { $0.id == "a" }?.attempts == 1)
      #expect(try await store.noticeAccepted(id: "a", now: noon + hour))
      #expect(try await store.noticeFailed(id: "b", why: "No.", now: noon + hour))
      for id in ["a", "b", "never"] {
        #expect(try await store.noticeAttempting(id: id, next: noon, now: noon) == false)
        #expect(try await store.noticeAccepted(id: id, now: noon) == false)
      }
      #expect(try await due(store, noon + day).isEmpty)
      let result = try await store.purge(
        before: noon + 2 * hour, endedBefore: noon, snapshotFeeds: [])
      #expect(result["notice"] == 2 && result["feed_episode"] == 0, "open episodes stay")
    }
  }

  @Test("A held list is kept until another one is, or none is")
  func held() async throws {
    try await withStore { store in
      let list = HeldList(
        name: "list.csv", sha256: "ab", received: noon, trouble: .empty, why: "It is empty.",
        isWhole: true, archived: "x-list.csv", listed: noon - hour)
      try await store.hold(list, feed: "list")
      #expect(try await store.held(feed: "list") == list)
      #expect(try await store.feedStatuses().first?.held == list)
      #expect(try await store.held(feed: "other") == nil)
      var next = pass([], verdict([]))
      try await store.record(next)
      #expect(try await store.held(feed: "list") == list, "a pass that says nothing of it")
      next.held = .some(nil)
      try await store.record(next)
      #expect(try await store.held(feed: "list") == nil)
    }
  }

  @Test("What a ledger writes is what it is made of again")
  func ledger() async throws {
    try await withStore { store in
      var ledger = Ledger(order: .snapshot)
      for (hours, references) in [(2.0, ["A", "B"]), (1, ["B", "C"]), (3, ["A"])] {
        let at = noon + hours * hour
        let list = Listing(
          jobs: references.map { job($0, received: at) }, unplaced: ["D\(hours)", "C"], at: at,
          isComplete: true)
        let change = ledger.take(list)
        var pass = pass(change.written.map(\.job), verdict([]), at: at)
        pass.listed = change.written.map(\.listed)
        pass.relisted = change.relisted
        (pass.unplaced, pass.complete) = (change.unplaced, change.complete)
        try await store.record(pass)
        let known = try await store.known(
          since: noon, weekStart: noon, allOf: "list")
        let (complete, unplaced) = try await store.listing(of: "list")
        let entries = zip(known.jobs, known.listed).map { LedgerEntry(job: $0, listed: $1) }
        #expect(
          Ledger(order: .snapshot, entries: entries, unplaced: unplaced, complete: complete)
            == ledger)
      }
    }
  }
}
