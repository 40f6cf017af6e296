import Foundation
import Notify
import Storage
import TestServers
import Testing
import Transfer
import Triage

@testable import triaged

@Suite("The outbox under a real poll and deliver loop, at given instants")
struct OutboxDaemonTests {
  private let start = WatchedFeed.monday
  private let minute = 60.0
  private let hour = 3600.0

  /// A list every half hour and a hundred restarts take minutes: `make test-outbox`.
  private let isFull = ProcessInfo.processInfo.environment["TRIAGED_OUTBOX"] == "full"

  @Test(
    "A relay that is down for more than five days, and list after list: what is owed is told once, what has gone is not"
  )
  func relayDown() async throws {
    try await withCounter { counter in
      try await counter.leadTogether()
      let working = try #require(counter.configuration.channels["post"])
      var there = Array(1...5)
      try await counter.feed.list(there.reversed(), at: start)
      try await counter.deliver(at: start + 61)
      #expect(try counter.mails.count == 2)

      counter.configuration.channels["post"] = try Counter.downRelay()
      let apart = (isFull ? 30 : 120) * minute
      let newsEvery = isFull ? 1 : 3
      var (next, slots) = (6, 0)
      var removed: Set<Int> = []
      let back = start + 126 * hour
      for list in 1...Int(125 * hour / apart) {
        let at = start + Double(list) * apart
        if list % newsEvery == 1 % newsEvery {
          there.append(next)
          (next, slots) = (next + 1, slots + 1)
        }
        if list % (newsEvery * 4) == 0, let gone = there.first(where: { $0 > 7 }) {
          there.removeAll { $0 == gone }
          removed.insert(gone)
        }
        try await counter.feed.list(there.reversed(), at: at)
        for part in 0..<3 {
          try await counter.deliver(at: at + 61 + Double(part) * apart / 3)
        }
      }
      #expect(try counter.mails.count == 2 && removed.count > 2)
      let states = try await counter.feed.store.outboxCounts()
      #expect(states[.failed, default: 0] > 0, "the first were given up: \(states)")
      #expect(states[.deferred, default: 0] > 0)

      counter.configuration.channels["post"] = working
      // The longest pause between two attempts is 4.8 hours.
      for round in 0..<32 { try await counter.deliver(at: back + Double(round) * 10 * minute) }
      let open = try await counter.open()
      #expect(open.count == there.count)
      let told = try await counter.told()
      #expect(Set(told.keys) == ["ann", "bob"])
      for (member, counts) in told {
        #expect(Set(counts.keys) == open, "\(member) is told of what is open, and of nothing else")
        #expect(counts.values.allSatisfy { $0 == 1 }, "\(member)")
      }
      #expect(try counter.mails.count <= 2 + 2 * slots)
      #expect(try await counter.feed.store.outbox().isEmpty)
      #expect(try await counter.feed.store.deadLetters(now: back + 6 * hour).isEmpty)
    }
  }

  @Test(
    "Restarts while things change: nothing is announced twice, and what changed meanwhile once")
  func restarts() async throws {
    try await withCounter { counter in
      try await counter.leadTogether()
      var there = Array(1...5)
      var next = 6
      let restarts = isFull ? 100 : 20
      for restart in 0..<restarts {
        let at = start + Double(restart) * 20 * minute
        there.append(next)
        next += 1
        if restart % 3 == 0 { there.removeFirst() }
        let list = Array(there.reversed())
        try counter.feed.put("\(restart).csv", list.map { counter.feed.row($0) }, at: at)
        // Now and then the end comes in the middle of an attempt, after which nothing was heard.
        if restart % 7 == 3 {
          try await counter.feed.round(at + minute)
          try await bundleAndBegin(counter, at: at + minute + 1)
        }
        try counter.feed.restart()
        try await counter.feed.round(at + 2 * minute)
        try await counter.deliver(at: at + 2 * minute + 1)
        // Also where nothing has changed since the last one.
        if restart % 5 == 0 {
          try counter.feed.restart()
          try await counter.feed.round(at + 3 * minute)
        }
        try await counter.deliver(at: at + 10 * minute)
      }
      let end = start + Double(restarts) * 20 * minute
      try await counter.deliver(at: end)
      let told = try await counter.told()
      #expect(Set(told.keys) == ["ann", "bob"])
      for (member, counts) in told {
        #expect(counts.values.allSatisfy { $0 == 1 }, "\(member): \(counts)")
        #expect(Set(counts.keys).isSuperset(of: try await counter.open()), "\(member)")
        #expect(counts.count >= restarts, "what came with each list was told")
      }
    }
  }

  /// The beginning of a round that is cut off: attempts are noted, nothing is sent.
  private func bundleAndBegin(_ counter: Counter, at now: Date) async throws {
    let links = counter.links
    _ = try await counter.feed.store.bundle(
      now: now, newID: { UUID().uuidString.lowercased() },
      link: { Links.hash(links.token(announcement: $0, digest: $1)) },
      linkExpires: now + 14 * 24 * hour)
    for due in try await counter.feed.store.dueDigests(now: now) {
      _ = try await counter.feed.store.attempting(digest: due.id, next: now + 300, now: now)
    }
  }

  @Test("A dead letter is told to the admin through another channel, once, and without an address")
  func deadLetter() async throws {
    try await onRelay(["rcpt:550 5.1.1 <ann@example.org> has no mailbox here"]) { server, counter in
      let store = counter.feed.store
      try await counter.offer()
      try await counter.deliver(at: start)
      let watch = await counter.matterWatch()
      try await watch.round(now: start + minute)
      try await counter.deliver(at: start + 2 * minute)
      try await watch.round(now: start + 3 * minute)
      try await counter.deliver(at: start + 4 * minute)
      let mails = try counter.mails(in: "second")
      #expect(mails.count == 1)
      let mail = try #require(mails.first)
      #expect(
        mail.contains("Subject: ashfield: mails through the channel post have failed for good"))
      #expect(mail.contains("to ann") && mail.contains("triaged outbox"))
      #expect(!mail.contains("ann@example.org") && !mail.contains("Archer"))
      #expect(try server.lines(of: "log.jsonl").count == 1, "nothing more goes the way that failed")
      let status = try await counter.office().status(now: start + 5 * minute)
      #expect(status.mail.states == ["failed": 1, "accepted": 1])
      #expect(status.plainText.contains("\nOutbox: 1 failed (triaged outbox list).\n"))
      #expect(
        status.problems.contains { $0.hasPrefix("1 message through the channel post was not") })
      // Another one a day later is told again.
      try await counter.offer("B2", "14 Mill Lane", at: start + 25 * hour)
      try await counter.deliver(at: start + 25 * hour)
      try await watch.round(now: start + 25 * hour)
      try await counter.deliver(at: start + 25 * hour + minute)
      #expect(try counter.mails(in: "second").count == 2)
      #expect(try await store.deadLetters(now: start + 26 * hour).count == 2)
    }
  }

  @Test("A channel that takes nothing for hours is told through another one, and so is its end")
  func lasting() async throws {
    try await withCounter { counter in
      counter.configuration.channels["second"] = counter.folderChannel("second")
      let working = counter.configuration.channels["post"]
      counter.configuration.channels["post"] = try Counter.downRelay()
      try await counter.offer()
      let watch = await counter.matterWatch()
      for round in 0..<30 {
        try await counter.deliver(at: start + Double(round) * 10 * minute)
        try await watch.round(now: start + Double(round) * 10 * minute)
        let isTold = try counter.mails(in: "second").count == 1
        #expect(isTold == (round > 24), "after four hours, with the next round: \(round)")
      }
      #expect(
        try counter.mails(in: "second")[0].contains(
          "Subject: ashfield: the channel post does not take mails"))
      counter.configuration.channels["post"] = working
      for round in 30..<60 { try await counter.deliver(at: start + Double(round) * 10 * minute) }
      try await watch.round(now: start + 10 * hour)
      try await counter.deliver(at: start + 10 * hour)
      let mails = try counter.mails(in: "second")
      #expect(mails.count == 2)
      #expect(mails.contains { $0.contains("no mail waits for the channel post any more") })
      #expect(try counter.mails.count == 1)
    }
  }

  @Test(
    "What failed is sent again by hand under its Message-ID, or dropped; who did it is written down"
  )
  func byHand() async throws {
    try await onRelay(["rcpt:550 5.1.1 No", "accept"]) { server, counter in
      try await counter.offer()
      try await counter.deliver(at: start)
      let office = await counter.office()
      let report = try await office.outbox(now: start)
      let line = try #require(report.messages.first)
      #expect(report.messages.count == 1 && line.state == .failed && line.to == "ann")
      #expect(line.last?.code == 550 && line.items == 1 && line.areas == ["new-cross"])
      #expect(report.plainText.contains("A mail about 1 opportunity to ann through post"))
      #expect(!report.plainText.contains("@"))
      await #expect(throws: AdminRefusal.self) {
        try await office.change("none", .retry, by: "root", now: start)
      }
      _ = try await office.change(line.id, .retry, by: "root", now: start + hour)
      try await counter.deliver(at: start + hour)
      let mails = try server.mails()
      #expect(mails.count == 1 && mails[0].messageID?.hasPrefix("<\(line.id)@") == true)
      #expect(try await office.outbox(now: start + hour).messages.isEmpty)
      let attempts = try await office.outboxAttempts(line.id, now: start + hour)
      #expect(attempts.attempts.map(\.result) == ["failed", "accepted"])
      await #expect(
        throws: AdminRefusal(.conflict, "\(line.id) was accepted: there is nothing to do.")
      ) {
        try await office.change(line.id, .drop, by: "root", now: start + hour)
      }
      let audit = try await counter.feed.store.audit().filter { $0.action.hasPrefix("outbox") }
      #expect(audit.map(\.action) == ["outbox retry \(line.id)"])
      #expect(audit.first?.actor == SignedIn.admin && audit.first?.mark.via == "command by root")
    }
  }

  @Test("A notice to the admin is listed by role, and can be dropped")
  func dropped() async throws {
    try await withCounter { counter in
      counter.configuration.channels["post"] = try Counter.downRelay()
      counter.configuration.rules.reviewOn = "2020-01-01"
      try await counter.matterWatch().round(now: start)
      try await counter.deliver(at: start)
      let office = await counter.office()
      let line = try #require(try await office.outbox(now: start).messages.first)
      #expect(line.to == "the admin" && line.kind == .notice && line.state == .deferred)
      _ = try await office.change(line.id, .drop, by: "root", now: start)
      #expect(try await office.outbox(now: start).messages.isEmpty)
      try await counter.deliver(at: start + hour)
      #expect(try await counter.feed.store.attempts(at: line.id)?.count == 1)
    }
  }

  /// `post` is a relay that behaves as it is told, `second` a folder.
  private func onRelay(
    _ steps: [String], _ body: (PythonServer, Counter) async throws -> Void
  ) async throws {
    try await withPythonServer("smtp_server.py", steps) { server in
      try await withCounter { counter in
        counter.configuration.channels["post"] = .smtp(
          SMTPSettings(
            relay: MailRelay(
              host: "127.0.0.1", port: server.port, caFile: server.caFile, ehloName: "localhost")))
        counter.configuration.channels["second"] = counter.folderChannel("second")
        try await body(server, counter)
      }
    }
  }
}

extension Counter {
  /// Owes Ann an opportunity beside those that were.
  func offer(
    _ reference: String = "B1", _ address: String = "12 Mill Lane", at now: Date = Counter.now
  ) async throws {
    let job = job(reference, address)
    let known = try await feed.store.openOpportunities().map(\.opportunity)
    try await record([job], known + [single([job])], at: now)
  }
}
