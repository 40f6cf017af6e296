import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("Delivering what is owed")
struct DeliveryTests {
  private let both = [
    "north": [
      Pass.Recipient(member: "ann", channel: "smtp"),
      Pass.Recipient(member: "bob", channel: "maildir"),
    ]
  ]

  @Test("What is owed to one member through one channel goes out as one digest, best first")
  func bundling() async throws {
    try await withStore { store in
      let jobs = (1...3).map { job("A\($0)", uprn: "100\($0)") }
      let offers = zip(jobs, [10, 40, 30]).map { opportunity([$0], points: $1) }
      try await store.record(pass(jobs, verdict(offers), recipients: both))
      #expect(try await store.counts().owed == 6)
      #expect(try await nextDue(store) == noon)
      let digests = try await bundleAll(store, at: noon + 1)
      #expect(Set(digests.map(\.recipient)) == ["ann", "bob"])
      for digest in digests {
        #expect(digest.items.map(\.opportunity.opportunity.score.points) == [40, 30, 10])
        #expect(digest.items.allSatisfy { $0.linkExpires == noon + 1 + 14 * day })
        #expect(digest.created == noon + 1 && digest.attempts == 0)
      }
      #expect(
        try await bundleAll(store, at: noon + 2).map(\.id) == digests.map(\.id), "bundled once")
    }
  }

  @Test("A digest keeps its id, items and date over failed attempts and restarts")
  func sameID() async throws {
    try await withFolder { path in
      var store = try Store(path: path)
      try await offerOne(store)
      let first = try await store.dueDigests(now: noon)[0]
      for attempt in 1...3 {
        let later = noon + Double(attempt) * hour
        #expect(try await store.attempting(digest: first.id, next: later, now: later - hour))
        try await store.deferred(
          digest: first.id, until: later, why: "451 greylisted", now: later - hour)
        #expect(try await store.dueDigests(now: later - 1).isEmpty)
        #expect(try await nextDue(store) == later)
        try store.close()
        store = try Store(path: path)
        var expected = first
        expected.attempts = attempt
        #expect(try await store.dueDigests(now: later) == [expected])
      }
      #expect(try await store.counts().oldestOwed == noon)
      #expect(try await store.accepted(digest: first.id, now: noon + 4 * hour))
      #expect(try await store.accepted(digest: first.id, now: noon + 5 * hour) == false)
      #expect(try await store.counts().oldestOwed == nil)
      #expect(try await nextDue(store) == nil)
      let results = try await store.read {
        try String.fetchAll($0, sql: "SELECT result FROM delivery_attempt ORDER BY id")
      }
      #expect(results == ["deferred", "deferred", "deferred", "accepted"])
      try store.close()
    }
  }

  @Test("An attempt is counted and its next time set before it is made, and only once")
  func attempting() async throws {
    try await withFolder { path in
      var store = try Store(path: path)
      try await offerOne(store)
      let first = try await store.dueDigests(now: noon)[0]
      #expect(try await store.attempting(digest: first.id, next: noon + hour, now: noon))
      // The process dies on the way.
      try store.close()
      store = try Store(path: path)
      #expect(try await store.dueDigests(now: noon + hour - 1).isEmpty)
      #expect(try await nextDue(store) == noon + hour)
      var again = first
      again.attempts = 1
      #expect(try await store.dueDigests(now: noon + hour) == [again])
      #expect(
        try await store.attempting(digest: first.id, next: noon + 2 * hour, now: noon + hour))
      #expect(try await store.accepted(digest: first.id, now: noon + hour))
      #expect(
        try await store.attempting(digest: first.id, next: noon + 3 * hour, now: noon + hour)
          == false)
      #expect(try await store.attempting(digest: "none", next: noon, now: noon) == false)
      let kept = try await store.read {
        try Row.fetchOne($0, sql: "SELECT state, attempts, attempted_at FROM digest")!.description
      }
      #expect(
        kept
          == "[state:\"accepted\" attempts:2 attempted_at:\(milliseconds(noon + hour))]")
      try store.close()
    }
  }

  @Test("On a full disk an attempt throws before anything is sent, and the store is not writable")
  func fullDisk() async throws {
    try await withFolder { path in
      await #expect(processExitsWith: .exitCode(0)) { [path = path as String] in
        let store = try Store(path: path)
        try await offerOne(store)
        try await store.writable(now: noon)
        let digest = try await store.dueDigests(now: noon)[0]
        // No file of this process may grow from here on.
        let size = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as! UInt64
        var limit = rlimit(rlim_cur: rlim_t(size), rlim_max: rlim_t(size))
        signal(SIGXFSZ, SIG_IGN)
        guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(2) }
        do {
          _ = try await store.attempting(digest: digest.id, next: noon + hour, now: noon)
          exit(3)
        } catch is StoreError {}
        do {
          try await store.writable(now: noon)
          exit(4)
        } catch is StoreError {}
        exit(0)
      }
      let store = try Store(path: path)
      #expect(try await store.dueDigests(now: noon).map(\.attempts) == [0])
      try await store.writable(now: noon)
      try store.close()
    }
  }

  @Test("What failed counts while nobody was told of it, and can be made owed again")
  func renewed() async throws {
    try await withStore { store in
      let jobs = [job("A1", uprn: "1001"), job("A2", uprn: "1002")]
      let offers = jobs.map { opportunity([$0]) }
      try await store.record(pass(jobs, verdict(offers), recipients: both))
      let digests = try await bundleAll(store)
      #expect(try await store.failed(digest: digests[0].id, why: "550", now: noon))
      #expect(try await store.counts().failedOpen == 2)
      #expect(try await store.accepted(digest: digests[1].id, now: noon))
      var counts = try await store.counts()
      #expect(counts.failedOpen == 0 && counts.failedDigests == 1 && counts.owed == 0)
      // Taken back, it is owed to nobody; the other is, to the one who was not told.
      let gone = digests[0].items[0].opportunity.id
      try await store.withdraw(opportunities: [gone], now: noon)
      #expect(try await store.renewFailed(now: noon + hour) == 1)
      #expect(try await store.renewFailed(now: noon + hour) == 0)
      let again = try await bundleAll(store, at: noon + hour)
      #expect(again.map(\.recipient) == [digests[0].recipient])
      #expect(again[0].id != digests[0].id && again[0].attempts == 0)
      #expect(again[0].items.map(\.opportunity.id) == [digests[0].items[1].opportunity.id])
      counts = try await store.counts()
      #expect(counts.owed == 1 && counts.oldestOwed == noon + hour)
    }
  }

  @Test("A permanent failure is not tried again and is counted")
  func failure() async throws {
    try await withStore { store in
      try await offerOne(store)
      let digest = try await store.dueDigests(now: noon)[0]
      #expect(try await store.failed(digest: digest.id, why: "550 unknown", now: noon))
      #expect(try await store.dueDigests(now: noon + 999 * day).isEmpty)
      let counts = try await store.counts()
      #expect(counts.owed == 0 && counts.failedDigests == 1)
    }
  }

  @Test("What is taken back before it was bundled is not told")
  func withdrawnBeforeBundling() async throws {
    try await withStore { store in
      let jobs = [job("A1", uprn: "1001"), job("A2", uprn: "1002")]
      let offers = jobs.map { opportunity([$0]) }
      try await store.record(pass(jobs, verdict(offers)))
      #expect(try await store.withdraw(opportunities: [1], now: noon) == 1)
      #expect(try await store.withdraw(opportunities: [1], now: noon) == 0)
      #expect(try await bundleAll(store).map { $0.items.map(\.opportunity.id) } == [[2]])
    }
  }

  @Test("What is taken back or claimed between attempts leaves the digest; an empty one goes")
  func withdrawnAfterBundling() async throws {
    try await withStore { store in
      let jobs = [job("A1", uprn: "1001"), job("A2", uprn: "1002")]
      let offers = jobs.map { opportunity([$0]) }
      try await store.record(pass(jobs, verdict(offers)))
      let digest = try await bundleAll(store)[0]
      #expect(digest.items.count == 2)
      try await store.record(pass([], verdict([offers[1]]), at: noon + hour))
      let left = try await store.dueDigests(now: noon + hour)
      #expect(left.map(\.id) == [digest.id])
      #expect(left[0].items.map(\.opportunity.opportunity) == [offers[1]])
      let last = left[0].items[0].opportunity.id
      _ = try await store.claim(
        opportunity: last, member: "bob", issuedTo: "bob", generation: 0, now: noon)
      #expect(try await store.dueDigests(now: noon + hour).isEmpty)
      #expect(try await nextDue(store) == nil)
      #expect(try await store.counts().owed == 0)
    }
  }

  @Test("Who was not told because it was claimed is owed it again when it is given back")
  func owedAgain() async throws {
    try await withStore { store in
      let one = job("A1")
      try await store.record(pass([one], verdict([opportunity([one])]), recipients: both))
      let digests = try await bundleAll(store)
      let ann = digests.first { $0.recipient == "ann" }!
      try await store.accepted(digest: ann.id, now: noon)
      _ = try await store.claim(
        opportunity: 1, member: "ann", issuedTo: "ann", generation: 0, now: noon)
      #expect(try await store.dueDigests(now: noon).isEmpty)
      #expect(
        try await store.release(opportunity: 1, generation: 1, member: "ann", now: noon + hour))
      let again = try await bundleAll(store, at: noon + hour)
      #expect(again.map(\.recipient) == ["bob"])
    }
  }

  @Test("A link is known by its hash alone, with whom it was sent to")
  func links() async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      let announcement = try await store.dueDigests(now: noon)[0].items[0].announcement
      let link = try await store.link(hash: tokenHash(announcement))
      #expect(
        link
          == StoredLink(
            announcement: announcement, opportunity: id, recipient: "ann",
            expires: noon + 14 * day, revoked: false))
      #expect(try await store.link(hash: tokenHash(announcement + 1)) == nil)
      let columns = try await store.read {
        try String.fetchAll($0, sql: "SELECT name FROM pragma_table_info('link')")
      }
      #expect(columns == ["hash", "announcement", "expires", "revoked"])
      await #expect(throws: StoreError.self) {
        try await store.write {
          try $0.execute(
            sql: "INSERT INTO link (hash, announcement, expires) VALUES (?, ?, 0)",
            arguments: [Data("a token in the clear".utf8), announcement])
        }
      }
    }
  }
}
