import Foundation
import Notify
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Bounces in a Maildir, and what becomes of them")
struct BounceMaildirTests {
  private let now = Counter.now

  /// What has been sent and accepted through an smtp channel is called `sent`; its channel has the Maildir.
  private func withSent(
    _ body: (_ counter: Counter, _ folder: String, _ sent: String) async throws -> Void
  ) async throws {
    try await withCounter { counter in
      let folder = counter.feed.folder.path + "/bounces"
      for part in ["new", "cur", "tmp"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
      }
      try await counter.offer()
      try await counter.deliver(at: now)
      let name = try #require(
        try FileManager.default.contentsOfDirectory(
          atPath: counter.feed.folder.path + "/state/mail/new"
        ).first)
      let sent = try #require(name.split(separator: ".").dropFirst().first)
      guard case .smtp(var settings) = try Counter.downRelay() else { return }
      settings.bounceMaildir = folder
      counter.configuration.channels["post"] = .smtp(settings)
      try await body(counter, folder, String(sent))
    }
  }

  /// - Parameter id: of the message that came back.
  private func bounce(_ id: String, _ counter: Counter, action: String = "failed") -> String {
    """
    From: MAILER-DAEMON@relay.example
    To: bounces+\(id)@example.org
    Content-Type: multipart/report; report-type=delivery-status; boundary=b

    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; relay.example

    Final-Recipient: rfc822; ann@example.org
    Action: \(action)
    Status: \(action == "failed" ? "5.1.1" : "4.4.1")
    Diagnostic-Code: smtp; 550 5.1.1 <ann@example.org>: no mailbox here

    --b
    Content-Type: text/rfc822-headers

    Message-ID: <\(id)@\(counter.configuration.mail.messageIDDomain)>

    --b--

    """
  }

  private func names(_ folder: String, _ part: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)").sorted()
  }

  @Test("One that is understood makes a dead letter and goes to cur; it is read once")
  func understood() async throws {
    try await withSent { counter, folder, sent in
      let (tally, journal) = (BounceTally(), RecordedJournal())
      let watch = BounceWatch(
        folders: counter.configuration.bounceMaildirs, desk: counter.bounceDesk(tally, journal))
      try write(bounce(sent, counter, action: "delayed"), to: folder + "/new/1.late")
      try await watch.round(now: now + 60)
      #expect(try await counter.feed.store.deadLetters(now: now + 60).isEmpty)
      try write(bounce(sent, counter), to: folder + "/new/2.failed")
      try await watch.round(now: now + 120)
      try await watch.round(now: now + 180)
      #expect(try names(folder, "new") == [])
      #expect(try names(folder, "cur") == ["1.late:2,S", "2.failed:2,S"])
      #expect(try await counter.feed.store.deadLetters(now: now + 180).map(\.id) == [sent])
      let attempts = try #require(try await counter.feed.store.attempts(at: sent))
      #expect(attempts.map(\.result) == ["accepted", "delayed", "bounced"])
      #expect(attempts[2].words == "5.1.1 550 5.1.1 (address) no mailbox here")
      #expect(tally.counts.failed == 1 && tally.counts.delayed == 1)
      #expect(journal.lines.count == 2 && !journal.lines.joined().contains("ann@"))
      // The same again changes nothing, and is understood.
      try write(bounce(sent, counter), to: folder + "/new/3.again")
      try await watch.round(now: now + 240)
      #expect(try names(folder, "new") == [] && tally.counts.settled == 1)
    }
  }

  @Test("What is no bounce of ours stays where it is, is counted once, and changes nothing")
  func notUnderstood() async throws {
    try await withSent { counter, folder, sent in
      let store = counter.feed.store
      // Owed and not sent yet: nobody can know its id, and nobody is believed.
      try await counter.offer("B2", "14 Mill Lane", at: now + 60)
      _ = try await store.bundle(
        now: now + 60, newID: { "99999999-8888-4777-8666-555555555555" },
        link: { _, _ in [UInt8](repeating: 7, count: 32) }, linkExpires: now + 86_400)
      let journal = RecordedJournal()
      let tally = BounceTally()
      let watch = BounceWatch(folders: [folder], desk: counter.bounceDesk(tally, journal))
      let other = "00000000-1111-4222-8333-444444444444"
      try write("Subject: Out of office\n\nI am away.\n", to: folder + "/new/1")
      try write(bounce(other, counter), to: folder + "/new/2")
      try write(
        bounce("99999999-8888-4777-8666-555555555555", counter), to: folder + "/new/3")
      try write("", to: folder + "/new/4")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/new/5", withDestinationPath: "/etc/passwd")
      try FileManager.default.createDirectory(
        atPath: folder + "/new/6", withIntermediateDirectories: true)
      for round in 1...3 { try await watch.round(now: now + Double(round) * 60 + 60) }
      #expect(try names(folder, "new") == ["1", "2", "3", "4", "5", "6"])
      #expect(try names(folder, "cur") == [])
      #expect(tally.counts == BounceTally.Counts(notUnderstood: 6))
      #expect(journal.lines.count == 6)
      #expect(try await store.deadLetters(now: now + 600).isEmpty)
      #expect(try await store.outboxCounts() == [.accepted: 1, .pending: 1])
    }
  }

  @Test("Of one that is too long the beginning is read; of what went another way none is believed")
  func bounds() async throws {
    try await withSent { counter, folder, sent in
      let watch = BounceWatch(folders: [folder], desk: counter.bounceDesk())
      let junk = String(repeating: "x", count: 79) + "\n"
      let long = bounce(sent, counter) + String(repeating: junk, count: mostBounceBytes / 80 + 100)
      try write(long, to: folder + "/new/1")
      try await watch.round(now: now + 60)
      #expect(try names(folder, "cur") == ["1:2,S"])
    }
    try await withSent { counter, _, sent in
      counter.configuration.channels["post"] = counter.folderChannel("mail")
      counter.configuration.channels["other"] = try Counter.downRelay()
      let result = try await counter.bounceDesk().take(
        Array(bounce(sent, counter).utf8), now: now + 60)
      #expect(result == .notUnderstood(why: "The bounce is of no message that is known here."))
    }
  }

  @Test("A Maildir that cannot be used is said, and its bounces wait")
  func unusable() async throws {
    try await withSent { counter, folder, sent in
      let watch = BounceWatch(folders: [folder + "/nowhere", folder], desk: counter.bounceDesk())
      try write(bounce(sent, counter), to: folder + "/new/1")
      await #expect(throws: BounceFolderError.self) { try await watch.round(now: now + 60) }
      #expect(try names(folder, "cur") == ["1:2,S"], "the other one was read")
      let own = BounceWatch(folders: [folder], desk: counter.bounceDesk())
      try FileManager.default.removeItem(atPath: folder + "/cur")
      try write(bounce(sent, counter, action: "delayed"), to: folder + "/new/2")
      _ = try await counter.feed.store.retry(message: sent, now: now + 100)
      for round in 2...4 {
        await #expect(throws: BounceFolderError.self) {
          try await own.round(now: now + Double(round) * 60)
        }
      }
      let attempts = try #require(try await counter.feed.store.attempts(at: sent))
      #expect(attempts.map(\.result) == ["accepted", "bounced", "delayed"], "it is noted once")
      try FileManager.default.createDirectory(
        atPath: folder + "/cur", withIntermediateDirectories: true)
      try await own.round(now: now + 300)
      #expect(try names(folder, "cur") == ["2:2,S"])
    }
  }
}
