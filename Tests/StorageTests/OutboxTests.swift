import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

@Suite("The outbox")
struct OutboxTests {
  @Test(
    "A digest and a notice go through the same states, and every attempt is kept with its answer")
  func states() async throws {
    try await withStore { store in
      try await offerOne(store)
      try await oweNotice(store, "n1")
      let digest = try #require(try await store.dueDigests(now: noon).first).id
      func states() async throws -> [String] {
        try await store.outbox().map(\.state.rawValue).sorted()
      }
      #expect(try await states() == ["pending", "pending"])
      #expect(try await store.attempting(digest: digest, next: noon + 300, now: noon))
      #expect(try await store.noticeAttempting(id: "n1", next: noon + 300, now: noon))
      #expect(try await states() == ["sending", "sending"])
      try await store.deferred(
        digest: digest, until: noon + 300, why: "Later.", code: 451, now: noon)
      try await store.noticeDeferred(
        id: "n1", until: noon + 300, why: "Later.", code: 451, now: noon)
      #expect(try await states() == ["deferred", "deferred"])
      #expect(try await store.dueDigests(now: noon + 299).isEmpty)
      for id in [digest, "n1"] { #expect(try await results(store, id) == ["deferred 451 Later."]) }
      try await store.accepted(digest: digest, code: 250, words: "2.0.0 Taken", now: noon + 300)
      try await store.noticeAccepted(id: "n1", code: 250, words: "2.0.0 Taken", now: noon + 300)
      for id in [digest, "n1"] {
        #expect(
          try await results(store, id) == ["deferred 451 Later.", "accepted 250 2.0.0 Taken"])
      }
      #expect(try await store.outbox().isEmpty)
    }
  }

  @Test(
    "What a kill left in the middle of being sent is deferred, under its id, and tried at its time")
  func takenUp() async throws {
    try await withFolder { path in
      var store = try Store(path: path)
      try await offerOne(store)
      try await oweNotice(store, "n1")
      let digest = try #require(try await store.dueDigests(now: noon).first).id
      #expect(try await store.attempting(digest: digest, next: noon + 300, now: noon))
      #expect(try await store.noticeAttempting(id: "n1", next: noon + 300, now: noon))
      try store.close()
      store = try Store(path: path)
      #expect(try await store.outbox().map(\.state) == [.sending, .sending])
      #expect(try await store.dueDigests(now: noon + 1).isEmpty)
      #expect(try await store.dueNotices(now: noon + 1).isEmpty)
      #expect(try await store.outbox().map(\.state) == [.deferred, .deferred])
      #expect(try await store.dueDigests(now: noon + 300).map(\.id) == [digest])
      #expect(try await store.dueNotices(now: noon + 300).map(\.id) == ["n1"])
      for id in [digest, "n1"] {
        let kept = try await results(store, id)
        #expect(kept.count == 1 && kept[0].hasPrefix("unheard "), "\(kept)")
      }
      try store.close()
    }
  }

  @Test("A digest that failed is sent again by hand under its id, with what can still be claimed")
  func retried() async throws {
    try await withStore { store in
      let jobs = (1...2).map { job("A\($0)", uprn: "100\($0)") }
      try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
      let digest = try #require(try await bundleAll(store).first)
      #expect(digest.items.count == 2)
      #expect(try await store.attempting(digest: digest.id, next: noon + 300, now: noon))
      try await store.failed(digest: digest.id, why: "550 No.", code: 550, now: noon)
      let dead = try #require(try await store.deadLetters(now: noon).first)
      #expect(dead.id == digest.id && dead.areas == ["north"] && dead.items == 2)
      #expect(dead.last?.code == 550 && dead.last?.result == "failed")
      let gone = digest.items[0].opportunity.id
      try await store.withdraw(opportunities: [gone], now: noon + 1)
      #expect(try await store.retry(message: digest.id, now: noon + 2) == .done)
      #expect(try await store.deadLetters(now: noon).isEmpty)
      let again = try await store.dueDigests(now: noon + 2)
      #expect(again.map(\.id) == [digest.id])
      #expect(again[0].items.map(\.opportunity.id) == [digest.items[1].opportunity.id])
      #expect(again[0].created == digest.created && again[0].attempts == 1)
      // With nothing left to claim it is withdrawn instead.
      try await store.failed(digest: digest.id, why: "550 No.", now: noon + 3)
      try await store.withdraw(opportunities: again[0].items.map(\.opportunity.id), now: noon + 4)
      #expect(try await store.deadLetters(now: noon + 4).isEmpty, "nobody needs it")
      #expect(try await store.retry(message: digest.id, now: noon + 5) == .pointless)
      #expect(try await store.retry(message: digest.id, now: noon + 5) == .refused(.withdrawn))
      #expect(try await store.retry(message: "none", now: noon + 5) == .unknown)
    }
  }

  @Test("What is dropped is owed no more, also not after a start or the next pass")
  func dropped() async throws {
    try await withStore { store in
      try await offerOne(store)
      try await oweNotice(store, "n1")
      let digest = try #require(try await store.dueDigests(now: noon).first).id
      try await store.failed(digest: digest, why: "550 No.", now: noon)
      #expect(try await store.drop(message: digest, now: noon) == .done)
      #expect(try await store.drop(message: "n1", now: noon) == .done)
      #expect(try await store.drop(message: "n1", now: noon) == .refused(.withdrawn))
      #expect(try await store.outbox().isEmpty)
      #expect(try await store.renewFailed(now: noon) == 0)
      let one = job("A1")
      try await store.record(pass([one], verdict([opportunity([one])]), at: noon + hour))
      #expect(try await bundleAll(store, at: noon + hour).isEmpty)
      #expect(try await store.dueNotices(now: noon + hour).isEmpty)
      #expect(try await store.counts().failedOpen == 0)
    }
  }

  @Test(
    "A start makes what failed owed again as another message, and the failed one is no dead letter any more"
  )
  func renewed() async throws {
    try await withStore { store in
      try await offerOne(store)
      let digest = try #require(try await store.dueDigests(now: noon).first).id
      try await store.failed(digest: digest, why: "550 No.", now: noon)
      #expect(try await store.outbox(failedOnly: true).map(\.id) == [digest])
      #expect(try await store.renewFailed(now: noon) == 1)
      #expect(try await store.outbox(failedOnly: true).isEmpty)
      let next = try await bundleAll(store, at: noon + 1)
      #expect(next.count == 1 && next[0].id != digest)
    }
  }

  @Test("A bounce makes a dead letter of what was accepted; a delay is only noted")
  func bounced() async throws {
    try await withStore { store in
      try await offerOne(store)
      try await oweNotice(store, "n1")
      let digest = try #require(try await store.dueDigests(now: noon).first).id
      for id in [digest, "n1"] {
        for isPermanent in [true, false] {
          #expect(
            try await store.bounced(message: id, permanent: isPermanent, words: "5.1.1", now: noon)
              == .refused(.pending), "nobody has sent it")
        }
      }
      #expect(try await store.attempting(digest: digest, next: noon + 300, now: noon))
      #expect(try await store.noticeAttempting(id: "n1", next: noon + 300, now: noon))
      try await store.accepted(digest: digest, code: 250, now: noon)
      try await store.noticeAccepted(id: "n1", code: 250, now: noon)
      for id in [digest, "n1"] {
        #expect(
          try await store.bounced(message: id, permanent: false, words: "4.4.1", now: noon + 1)
            == .done)
        #expect(
          try await store.bounced(
            message: id, permanent: true, words: "5.1.1", channels: ["other"], now: noon + 1)
            == .unknown, "it went another way")
      }
      #expect(try await store.outbox().isEmpty)
      for id in [digest, "n1"] {
        #expect(
          try await store.bounced(
            message: id, permanent: true, words: "5.1.1 No such user", now: noon + 2) == .done)
        #expect(
          try await store.bounced(message: id, permanent: true, words: "5.1.1", now: noon + 3)
            == .refused(.failed), "twice is once")
        #expect(
          try await results(store, id) == [
            "accepted 250 ", "delayed 4.4.1", "bounced 5.1.1 No such user",
          ])
      }
      #expect(Set(try await store.deadLetters(now: noon + 4).map(\.id)) == [digest, "n1"])
      #expect(try await store.counts().failedOpen == 1)
      #expect(
        try await store.bounced(message: "x", permanent: true, words: "5", now: noon) == .unknown)
    }
  }

  @Test("However often somebody says that a message is late, no more is kept than helps")
  func delays() async throws {
    try await withStore { store in
      try await oweNotice(store, "n1")
      #expect(try await store.noticeAttempting(id: "n1", next: noon + 300, now: noon))
      try await store.noticeAccepted(id: "n1", now: noon)
      for _ in 0..<50 {
        #expect(
          try await store.bounced(message: "n1", permanent: false, words: "4.4.1", now: noon)
            == .done)
      }
      #expect(try await store.attempts(at: "n1")?.count == 21)
    }
  }

  @Test(
    "What was given up while nothing went through its channel is owed again once something does, in one message"
  )
  func givenUp() async throws {
    try await withStore { store in
      var jobs: [Job] = []
      for (reference, uprn) in [("A1", "10001"), ("A2", "10002"), ("A3", "10003")] {
        jobs.append(job(reference, uprn: uprn))
        try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
        let digest = try #require(try await bundleAll(store).last)
        #expect(try await store.attempting(digest: digest.id, next: noon + 300, now: noon + 1))
        try await store.failed(
          digest: digest.id, why: "Out of reach.", givenUp: reference != "A3", now: noon + 1)
      }
      #expect(try await store.deadLetters(now: noon + 2).count == 3)
      #expect(try await store.renewGivenUp(channel: "other", now: noon + 2) == 0)
      try await oweNotice(store, "n1", channel: "smtp")
      #expect(try await store.noticeAttempting(id: "n1", next: noon + 300, now: noon + 2))
      try await store.noticeAccepted(id: "n1", now: noon + 2)
      #expect(try await store.renewGivenUp(channel: "smtp", now: noon + 2) == 2)
      let anew = try await bundleAll(store, at: noon + 3)
      #expect(anew.map(\.items.count) == [2])
      #expect(try await store.deadLetters(now: noon + 3).count == 1, "what was refused stays")
    }
  }

  @Test("What was given up while others got theirs through the same channel stays a dead letter")
  func deadMailbox() async throws {
    try await withStore { store in
      try await offerOne(store)
      let digest = try #require(try await store.dueDigests(now: noon).first).id
      try await oweNotice(store, "n1", channel: "smtp")
      #expect(try await store.noticeAttempting(id: "n1", next: noon + 300, now: noon + 1))
      try await store.noticeAccepted(id: "n1", now: noon + 1)
      #expect(try await store.attempting(digest: digest, next: noon + 300, now: noon + 2))
      try await store.failed(
        digest: digest, why: "452 Full.", code: 452, givenUp: true, now: noon + 2)
      #expect(try await store.renewGivenUp(channel: "smtp", now: noon + 3) == 0)
      #expect(try await store.attempts(at: digest)?.map(\.code) == [452])
      #expect(try await store.attempts(at: "none") == nil)
      #expect(try await store.outboxCounts() == [.accepted: 1, .failed: 1])
    }
  }

  @Test("What has been tried in vain for hours is counted by its channel until it is taken")
  func lasting() async throws {
    try await withStore { store in
      for id in ["n1", "n2"] { try await oweNotice(store, id) }
      try await oweNotice(store, "n3", channel: "other")
      for id in ["n1", "n2"] {
        #expect(try await store.noticeAttempting(id: id, next: noon + 300, now: noon))
        try await store.noticeDeferred(id: id, until: noon + 300, why: "451", now: noon)
      }
      // Tried for a moment only, and waiting since.
      #expect(try await store.lastingDeferrals(for: 4 * hour, now: noon + 4 * hour).isEmpty)
      for id in ["n1", "n2"] {
        #expect(try await store.noticeAttempting(id: id, next: noon + hour, now: noon + hour))
        try await store.noticeDeferred(id: id, until: noon + hour, why: "451", now: noon + hour)
      }
      #expect(try await store.lastingDeferrals(for: 4 * hour, now: noon + 4 * hour - 1).isEmpty)
      let lasting = try await store.lastingDeferrals(for: 4 * hour, now: noon + 4 * hour)
      #expect(Array(lasting.keys) == ["post"])
      #expect(lasting["post"]?.messages == 2 && lasting["post"]?.since == noon)
      try await store.noticeAccepted(id: "n1", now: noon + hour)
      try await store.noticeAccepted(id: "n2", now: noon + hour)
      #expect(try await store.lastingDeferrals(for: 4 * hour, now: noon + 4 * hour).isEmpty)
    }
  }
}
