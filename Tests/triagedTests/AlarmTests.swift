import Foundation
import Logging
import Notify
import Storage
import TestServers
import Testing
import Transfer
import Triage

@testable import triaged

@Suite("The mails about who is not back from a visit wait for no others")
struct AlarmTests {
  private let now = Counter.now
  private let hour = 3600.0

  /// Bob and Dee are out, back by an hour from now; Ann leads, by `post` and by `alarm`.
  private func withTwoOut(_ body: (PythonServer, Counter) async throws -> Void) async throws {
    try await withPythonServer("webhook_server.py") { server in
      try await withCounter { counter in
        counter.configuration.channels["alarm"] = counter.configuration.channels["post"]
        try counter.member("ann") { $0.alarmChannel = "alarm" }
        let token = try await counter.offerOne()
        _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
        _ = try await counter.view(token, "bob", 1, .setOut(minutes: 60))
        try await body(server, counter)
      }
    }
  }

  private func hook(_ server: PythonServer, _ path: String) throws -> Channel {
    let secret = server.folder.path + "/secret"
    try write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: secret)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
    return .webhook(
      WebhookSettings(
        url: "https://127.0.0.1:\(server.port)/\(path)", secretFile: secret,
        posting: PostingSettings(
          allowHosts: ["127.0.0.1"], allowPrivate: true, caFile: server.caFile)))
  }

  private func look(_ counter: Counter, at: Date) async throws {
    try await OutingWatch(
      counter.configuration, store: counter.feed.store, live: await counter.feed.poller.live,
      logger: Logger(label: "test")
    ).round(now: at, machine: .since(now, at))
  }

  private func withAlarms(
    _ counter: Counter, _ body: (Alarms) async throws -> Void
  ) async throws {
    let alarms = Alarms(
      counter.configuration, store: counter.feed.store, links: counter.links,
      logger: Logger(label: "test"), closed: counter.closed)
    do {
      try await body(alarms)
    } catch {
      await alarms.shutdown()
      throw error
    }
    await alarms.shutdown()
  }

  private func alarms(_ counter: Counter) throws -> Int {
    try counter.mails.filter { $0.contains("Ring them now") }.count
  }

  @Test("By the pace of the loops they are sent within a minute")
  func pace() async throws {
    try await withTwoOut { _, counter in
      try await withAlarms(counter) { loops in
        // The loops have looked just before their time was over.
        for seconds in stride(from: -1.0, to: 60, by: Alarms.every) {
          let at = now + hour + seconds
          if Int(seconds + 1).isMultiple(of: 20) { try await look(counter, at: at) }
          try await loops.round(now: at)
        }
        #expect(try alarms(counter) == 2)
      }
    }
  }

  @Test("Forty mails that hang at a dead relay hold none up, and are none of their business")
  func fortyMails() async throws {
    try await withTwoOut { server, counter in
      counter.configuration.channels["slow"] = try hook(server, "hang")
      let (store, late) = (counter.feed.store, now + hour)
      let notices = (1...40).map {
        Notice(
          id: "slow-\($0)", recipient: "eve@example.org", channel: "slow", subject: "Slow",
          paragraphs: ["Slow."], created: now)
      }
      #expect(
        try await store.tell(
          [DeskTold(opportunity: 1, kind: .closed, epoch: now, notices: notices)], now: now) == 1)
      try await look(counter, at: late)
      let dead = Transferrer(threads: 4)
      let deliverer = Deliverer(
        configuration: counter.configuration, store: store, live: await counter.feed.poller.live,
        transferrer: dead, links: counter.links, logger: Logger(label: "test"),
        facts: counter.facts)
      let round = Task { try await deliverer.round(now: late) }
      let isHanging = try await eventually("the relay to hang") {
        try await store.outbox().count { $0.state == .sending } == 40 ? true : nil
      }
      #expect(isHanging == true)
      try await withAlarms(counter) { try await $0.round(now: late + 10) }
      #expect(try alarms(counter) == 2)
      #expect(try await store.outbox().count { $0.state == .sending } == 40)
      await dead.shutdown()
      try await round.value
    }
  }

  @Test("The deliver loop leaves them alone, but for those by a channel that is none any more")
  func deliverLoop() async throws {
    try await withTwoOut { _, counter in
      try await look(counter, at: now + hour)
      try await counter.deliver(at: now + hour)
      #expect(try alarms(counter) == 0)
      counter.configuration.channels["alarm"] = nil
      try await counter.deliver(at: now + hour)
      let tried = try await counter.feed.store.outbox().filter { $0.channel == "alarm" }
      #expect(tried.map(\.state) == [.deferred])
    }
  }

  @Test("One that is not taken is tried again soon, whatever the other side asks for")
  func again() async throws {
    try await withTwoOut { server, counter in
      counter.configuration.channels["alarm"] = try hook(server, "status/503/Retry-After/3600")
      try await look(counter, at: now + hour)
      try await withAlarms(counter) { loops in
        for seconds in stride(from: 0.0, to: 300, by: Alarms.every) {
          try await loops.round(now: now + hour + seconds)
        }
      }
      let tries = try server.lines(of: "requests.jsonl")
      #expect((5...8).contains(tries.count), "\(tries.count)")
      #expect(try alarms(counter) == 1)
    }
  }

  @Test("After half an hour they are tried as rarely as every other mail")
  func patience() async throws {
    try await withTwoOut { server, counter in
      counter.configuration.channels["alarm"] = try hook(server, "status/503")
      try await look(counter, at: now + hour)
      try await withAlarms(counter) { loops in
        for minutes in stride(from: 0.0, to: 360, by: 2) {
          try await loops.round(now: now + hour + minutes * 60)
        }
      }
      let tries = try server.lines(of: "requests.jsonl").count
      #expect((31...38).contains(tries), "\(tries)")
    }
  }
}
