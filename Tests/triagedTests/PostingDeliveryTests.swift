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
    }
  }

  @Test("After a 410 nothing more is posted before the next start; then what failed is owed again")
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
      #expect(try await counter.feed.store.renewFailed(now: next + 60) == 2)
      try await counter.deliver(at: next + 60)
      #expect(try server.lines(of: "requests.jsonl").count == 2)
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
