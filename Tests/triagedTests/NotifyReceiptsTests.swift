import Foundation
import Logging
import Notify
import Storage
import TestServers
import Testing
import Transfer
import Triage

@testable import triaged

@Suite("What became of mails that GOV.UK Notify has taken")
struct NotifyReceiptsTests {
  private let now = Counter.now
  private let minute = 60.0
  private let hour = 3600.0

  /// A counter whose one opportunity was told to Ann through Notify, at `now`.
  private func withTaken(
    by email: String = "ann@example.org",
    _ body: (PythonServer, Counter, NotifyReceipts) async throws -> Void
  ) async throws {
    try await withPythonServer("notify_server.py") { server in
      let key = server.folder.path + "/key"
      try writeSecret(keyText + "\n", to: key)
      try await withCounter { counter in
        try counter.member("ann") { $0.email = email }
        counter.configuration.channels["post"] = .govukNotify(
          GOVUKNotifySettings(
            apiKeyFile: key, templateID: "77777777-6666-4555-8444-333333333333",
            url: "https://127.0.0.1:\(server.port)",
            posting: PostingSettings(
              allowHosts: ["127.0.0.1"], allowPrivate: true, caFile: server.caFile)))
        let job = counter.job("B1", "12 Mill Lane")
        try await counter.record([job], [counter.single([job])])
        try await counter.deliver()
        #expect(try server.lines(of: "posts.jsonl").count == 1)
        let transferrer = Transferrer(threads: 1)
        try await body(server, counter, receipts(counter, transferrer))
        await transferrer.shutdown()
      }
    }
  }

  /// As after a start: what it knows it has from the store.
  private func receipts(_ counter: Counter, _ transferrer: Transferrer) -> NotifyReceipts {
    NotifyReceipts(
      counter.configuration, store: counter.feed.store, transferrer: transferrer,
      logger: Logger(label: "test") { [journal = counter.feed.journal] _ in journal.handler })
  }

  private func asked(_ server: PythonServer) throws -> Int {
    try server.lines(of: "gets.jsonl").count
  }

  @Test("It is asked ever less often until it is known")
  func delivered() async throws {
    try await withTaken { server, counter, receipts in
      // The stand-in says created, then sending, then delivered.
      for (after, questions) in [
        (5 * minute - 1, 0), (5 * minute, 1), (6 * minute, 1), (hour, 2), (5 * hour, 2),
        (6 * hour, 3), (30 * hour, 3),
      ] {
        try await receipts.round(now: now + after)
        #expect(try asked(server) == questions, "\(after)")
      }
      #expect(try await counter.feed.store.outbox().isEmpty)
    }
  }

  @Test("A start anew asks no sooner, and of two questions that were missed it asks one")
  func restarted() async throws {
    try await withTaken { server, counter, receipts in
      let transferrer = Transferrer(threads: 1)
      try await receipts.round(now: now + 5 * minute)
      try await self.receipts(counter, transferrer).round(now: now + 10 * minute)
      #expect(try asked(server) == 1)
      let late = self.receipts(counter, transferrer)
      for _ in 0..<2 { try await late.round(now: now + 7 * hour) }
      #expect(try asked(server) == 3, "the last question is due at once, and is asked once")
      await transferrer.shutdown()
    }
  }

  @Test("An address that does not exist makes a dead letter, and its address stands nowhere")
  func permanent() async throws {
    try await withTaken(by: "perm-fail@simulator.notify") { server, counter, receipts in
      try await receipts.round(now: now + 5 * minute)
      let dead = try await counter.feed.store.deadLetters(now: now + hour)
      #expect(dead.count == 1 && dead[0].last?.result == "bounced")
      #expect(dead[0].last?.words.contains("does not exist") == true)
      #expect(!counter.feed.journal.lines.joined().contains("simulator"))
      try await counter.deliver(at: now + hour)
      try await receipts.round(now: now + hour)
      #expect(try server.lines(of: "posts.jsonl").count == 1)
      #expect(try asked(server) == 1)
    }
  }

  @Test(
    "What did not arrive is sent again under the same reference, and is asked after again",
    arguments: ["temp-fail@simulator.notify", "technical@example.org"])
  func sentAgain(email: String) async throws {
    try await withTaken(by: email) { server, counter, receipts in
      try await receipts.round(now: now + 5 * minute)
      let owed = try await counter.feed.store.outbox()
      #expect(owed.map(\.state) == [.deferred])
      let next = try #require(owed.first?.nextAttempt)
      #expect(next > now + 5 * minute && next < now + hour)
      try await counter.deliver(at: next)
      let posts = try server.lines(of: "posts.jsonl")
      let references = posts.compactMap { ($0["body"] as? [String: Any])?["reference"] as? String }
      #expect(references.count == 2 && Set(references).count == 1)
      // The second attempt has asked as well, before it sent.
      #expect(try asked(server) == 2)
      try await receipts.round(now: next + 4 * minute)
      #expect(try asked(server) == 2)
      try await receipts.round(now: next + 5 * minute)
      #expect(try asked(server) == 3)
    }
  }

  @Test("What never arrives is given up with the lifetime of a mail, after five attempts")
  func givenUp() async throws {
    try await withTaken(by: "technical@example.org") { server, counter, _ in
      counter.configuration.retry.lifetimeSeconds = 200
      let transferrer = Transferrer(threads: 1)
      let receipts = receipts(counter, transferrer)
      var at = now
      for _ in 1...5 {
        at += 5 * minute
        try await receipts.round(now: at)
        guard let next = try await counter.feed.store.outbox().first?.nextAttempt else { break }
        at = next
        try await counter.deliver(at: at)
      }
      #expect(try server.lines(of: "posts.jsonl").count == 5)
      #expect(try await counter.feed.store.deadLetters(now: at).count == 1)
      await transferrer.shutdown()
    }
  }

  @Test("Claimed meanwhile, it is not sent again")
  func claimed() async throws {
    try await withTaken(by: "technical@example.org") { server, counter, receipts in
      let text = try #require(
        ((try server.lines(of: "posts.jsonl").first?["body"] as? [String: Any])?["personalisation"]
          as? [String: String])?["body"])
      let token = String(
        try #require(text.firstMatch(of: /\/c\/([A-Za-z0-9_-]{20,})/)).output.1)
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"), at: now + minute)
      try await receipts.round(now: now + 5 * minute)
      try await counter.deliver(at: now + 2 * hour)
      #expect(try server.lines(of: "posts.jsonl").count == 1)
      #expect(try await counter.feed.store.outbox().isEmpty)
    }
  }

  @Test("A notice is asked after as well")
  func notice() async throws {
    try await withTaken { server, counter, receipts in
      let notice = Notice(
        id: "3f2b8c1e-0000-4000-8000-000000000031", recipient: "perm-fail@simulator.notify",
        channel: "post", subject: "ashfield: s", paragraphs: ["p"], created: now)
      #expect(
        try await counter.feed.store.tellWeek(
          of: CivilDay(now, in: .gmt), areas: ["new-cross"], [notice], now: now))
      try await counter.deliver(at: now + minute)
      try await receipts.round(now: now + 6 * minute)
      let dead = try await counter.feed.store.deadLetters(now: now + hour)
      #expect(dead.map(\.id) == [notice.id])
    }
  }

  @Test("Where Notify does not answer, nothing is asked for a quarter of an hour, and nothing lost")
  func silent() async throws {
    try await withTaken { server, counter, receipts in
      let key = server.folder.path + "/key"
      try writeSecret("sesame\n", to: key)
      for after in [5, 6, 19.0] { try await receipts.round(now: now + after * minute) }
      func said() -> [String] {
        counter.feed.journal.lines.filter { $0.contains("What became of mails is not known") }
      }
      #expect(said().count == 1 && !said()[0].contains("sesame"))
      try await receipts.round(now: now + 20 * minute)
      #expect(said().count == 2)
      try writeSecret(keyText + "\n", to: key)
      try await receipts.round(now: now + 35 * minute)
      #expect(try asked(server) == 1)
    }
  }
}

/// The stand-in's own.
private let keyText =
  "desk-99999999-8888-4777-8666-555555555555-00000000-1111-4222-8333-444444444444"
