import Foundation
import Notify
import Storage
import TestServers
import Testing
import Triage

@testable import triaged

@Suite("Channels that post, in the deliver loop")
struct PostingDeliveryTests {
  @Test("A webhook that is busy is tried again five seconds later, under the same id")
  func again() async throws {
    try await withHook("status/503") { server, counter in
      let job = counter.job("1", "12 Mill Lane")
      try await counter.record([job], [counter.single([job])])
      for later in [0.0, 3, 7, 100] { try await counter.deliver(at: Counter.now + later) }
      let requests = try server.lines(of: "requests.jsonl")
      // Not yet after three seconds, nor so soon after the second attempt, whose pause is five minutes.
      #expect(requests.count == 2)
      let ids = requests.compactMap { ($0["headers"] as? [String: String])?["webhook-id"] }
      #expect(Set(ids).count == 1 && ids.count == 2)
      let kept = try #require(try await counter.feed.store.attempts(at: ids[0]))
      #expect(kept.map(\.result) == ["deferred", "deferred"] && kept.map(\.code) == [503, 503])
      #expect(kept.allSatisfy { $0.words.contains("trouble of its own (HTTP 503)") })
    }
  }

  @Test(
    "After a 410 nothing more is posted before the next start; what is owed meanwhile waits for it")
  func gone() async throws {
    try await withHook("status/410") { server, counter in
      let jobs = [counter.job("1", "12 Mill Lane"), counter.job("2", "9 Church Hill")]
      try await counter.record([jobs[0]], [counter.single([jobs[0]])])
      try await counter.deliver()
      #expect(try server.lines(of: "requests.jsonl").count == 1)
      let next = Counter.now + 3600
      try await counter.record(jobs, jobs.map { counter.single([$0]) }, at: next)
      try await counter.deliver(at: next)
      #expect(try server.lines(of: "requests.jsonl").count == 1)
      // As a start does.
      counter.closed = ClosedChannels()
      #expect(try await counter.feed.store.renewFailed(now: next + 60) == 1)
      #expect(try await counter.feed.store.outboxCounts()[.deferred] == 1)
      try await counter.deliver(at: next + 60)
      #expect(try server.lines(of: "requests.jsonl").count > 1)
    }
  }

  @Test(
    "Of a notice too every attempt is kept with the other side's answer, and so is the acceptance")
  func answers() async throws {
    for (path, result, code) in [
      ("status/204", "accepted", 204), ("status/503", "deferred", 503),
      ("status/410", "failed", 410),
    ] {
      try await withHook(path) { _, counter in
        let job = counter.job("1", "12 Mill Lane")
        try await counter.record([job], [counter.single([job])])
        let store = counter.feed.store
        _ = try await store.noteMatters(
          [Matter(.leaderless, "x")], now: Counter.now,
          begins: { _ in
            Notice(
              id: "77777777-6666-4555-8444-333333333333", recipient: "it@example.org",
              channel: "post", subject: "s", paragraphs: ["p"], created: Counter.now)
          }, over: { _ in nil })
        try await counter.deliver()
        let kept = try #require(
          try await store.attempts(at: "77777777-6666-4555-8444-333333333333"))
        #expect(kept.map(\.result) == [result] && kept.map(\.code) == [code], "\(path)")
        let state = try #require(OutboxMessage.State(rawValue: result))
        // The digest goes the same way, but waits where the notice has closed the channel.
        #expect(
          try await store.outboxCounts()
            == (code == 410 ? [.failed: 1, .deferred: 1] : [state: 2]),
          "\(path)")
      }
    }
  }

  private func withHook(
    _ path: String, _ body: (PythonServer, Counter) async throws -> Void
  ) async throws {
    try await withPythonServer("webhook_server.py") { server in
      let secret = server.folder.path + "/secret"
      try writeSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: secret)
      try await withCounter { counter in
        counter.configuration.channels["post"] = .webhook(
          WebhookSettings(
            url: "https://127.0.0.1:\(server.port)/\(path)", secretFile: secret,
            posting: PostingSettings(
              allowHosts: ["127.0.0.1"], allowPrivate: true, caFile: server.caFile)))
        try await body(server, counter)
      }
    }
  }
}
