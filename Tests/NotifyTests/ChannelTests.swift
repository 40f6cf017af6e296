import Foundation
import Notify
import TestServers
import Testing
import Transfer
import Triage

@Suite struct MaildirTests {
  @Test("A mail lies in the Maildir as it is, for the daemon's user alone")
  func stores() async throws {
    try await withTemporaryFolder { folder in
      let (message, path) = (try mail(), folder.path + "/mail")
      try await send(try delivery(), .maildir(MaildirSettings(path: path)))
      #expect(try names(path + "/new") == [name])
      #expect(try names(path + "/tmp") == [])
      #expect(try Data(contentsOf: URL(filePath: path + "/new/" + name)) == Data(message.bytes))
      for (path, mode) in [(path, 0o700), (path + "/cur", 0o700), (path + "/new/" + name, 0o600)] {
        let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(found as? Int == mode)
      }
    }
  }

  @Test("A second attempt finds the first, also after it was read; a half one is written over")
  func idempotent() async throws {
    try await withTemporaryFolder { folder in
      let (message, path) = (try mail(), folder.path)
      let channel = Channel.maildir(MaildirSettings(path: path))
      try FileManager.default.createDirectory(
        atPath: path + "/tmp", withIntermediateDirectories: false)
      try Data("half".utf8).write(to: URL(filePath: path + "/tmp/" + name))
      try await send(try delivery(), channel)
      try await send(try delivery(), channel)
      #expect(try names(path + "/new") == [name])
      #expect(try Data(contentsOf: URL(filePath: path + "/new/" + name)) == Data(message.bytes))
      try FileManager.default.moveItem(
        atPath: path + "/new/" + name, toPath: path + "/cur/" + name + ":2,S")
      try await send(try delivery(), channel)
      #expect(try names(path + "/new") + names(path + "/tmp") == [])
      #expect(try names(path + "/cur") == [name + ":2,S"])
    }
  }

  @Test("A second attempt looks into new before cur: a reader moves it from the one to the other")
  func order() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path
      let channel = Channel.maildir(MaildirSettings(path: path))
      try await send(try delivery(), channel)
      // A look into this would fail.
      try FileManager.default.removeItem(atPath: path + "/cur")
      try Data().write(to: URL(filePath: path + "/cur"))
      try await send(try delivery(), channel)
      #expect(try names(path + "/new") == [name])
    }
  }

  @Test("A Maildir that cannot be written is passing, and its path is not told")
  func unwritable() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "file")
      try Data().write(to: file)
      let error = await #expect(throws: DeliveryError.self) {
        try await send(try delivery(), .maildir(MaildirSettings(path: file.path)))
      }
      #expect(error?.permanent == false)
      #expect(error?.why.contains(folder.path) == false)
    }
  }

  private let name = "1795249800.3f2b8c1e-0000-4000-8000-000000000001.triaged.eml"

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path)
  }
}

@Suite struct SMTPTests {
  @Test("The relay gets the message byte for byte, from and to whom it says")
  func hands() async throws {
    try await onRelay([]) { server, settings in
      let message = try mail()
      try await send(try delivery(), .smtp(settings))
      var bounces = settings
      bounces.bouncesTo = "bounces@desk.example"
      try await send(try delivery(), .smtp(bounces))
      let taken = try server.mails()
      #expect(taken.map(\.from) == ["desk@desk.example", "bounces@desk.example"])
      #expect(taken.allSatisfy { $0.to == ["ann@team.example"] })
      #expect(taken.allSatisfy { $0.bytes == Data(message.bytes) })
    }
  }

  @Test("A 451 and a cut before the final reply are tried again under the same Message-ID")
  func again() async throws {
    try await onRelay(["end:451 4.7.1 Greylisted", "cut", "accept"]) { server, settings in
      var digest = try sampleDigest(3)
      var errors: [DeliveryError] = []
      while errors.count < 5 {
        do {
          try await send(try delivery(digest), .smtp(settings))
          break
        } catch let error as DeliveryError {
          errors.append(error)
          digest.attempts += 1
        }
      }
      #expect(errors.map(\.permanent) == [false, false])
      #expect(try #require(errors.first).why.contains("451 4.7.1 Greylisted"))
      let taken = try server.mails()
      #expect(taken.map(\.step) == ["cut", "accept"])
      let ids = taken.map(\.messageID)
      #expect(ids == Array(repeating: "<\(digest.id)@desk.example>", count: 2))
      #expect(taken[0].bytes == taken[1].bytes)
    }
  }

  @Test("A 550 is permanent, and does not tell the address")
  func refused() async throws {
    try await onRelay(["rcpt:550 5.1.1 <ann@team.example> unknown"]) { _, settings in
      let error = await #expect(throws: DeliveryError.self) {
        try await send(try delivery(), .smtp(settings))
      }
      #expect(error?.permanent == true)
      #expect(error?.why.contains("550 5.1.1 (address) unknown") == true)
    }
  }

  @Test("A cancelled delivery is passing")
  func cancelled() async throws {
    try await onRelay(["hang"]) { server, settings in
      let task = Task { try await send(try delivery(), .smtp(settings)) }
      let deadline = ContinuousClock.now + .seconds(30)
      while try server.lines(of: "log.jsonl").isEmpty, ContinuousClock.now < deadline {
        await Task.yield()
      }
      task.cancel()
      let error = await #expect(throws: DeliveryError.self) { try await task.value }
      #expect(error?.permanent == false)
    }
  }

  @Test(
    "The second relay is asked where the first one has a passing trouble, and not after the body")
  func relays() async throws {
    try await withPythonServer("smtp_server.py") { good in
      func settings(_ first: MailRelay) -> SMTPSettings {
        let second = MailRelay(
          host: "127.0.0.1", port: good.port, caFile: good.caFile, ehloName: "desk.desk.example")
        return SMTPSettings(relays: [first, second], totalSeconds: 60)
      }
      let nobody = MailRelay(host: "127.0.0.1", port: 1, ehloName: "desk.desk.example")
      try await send(try delivery(), .smtp(settings(nobody)))
      #expect(try good.mails().count == 1)
      for (step, taken, isPermanent) in [
        ("mail:451 4.7.1 Later", 2, nil), ("rcpt:550 5.1.1 No", 2, true), ("cut", 2, false),
        ("end:451 4.7.1 Later", 2, false),
      ] as [(String, Int, Bool?)] {
        try await onRelay([step]) { _, first in
          do {
            try await send(try delivery(), .smtp(settings(first.relays[0])))
            #expect(isPermanent == nil, "\(step)")
          } catch let error as DeliveryError {
            #expect(error.permanent == isPermanent, "\(step): \(error.why)")
          }
        }
        #expect(try good.mails().count == taken, "\(step)")
      }
    }
  }

  @Test("A refusal by a later relay is for good only where no relay before may take the mail yet")
  func laterRefusal() async throws {
    try await onRelay(["rcpt:554 5.7.1 Not from here"]) { _, second in
      let nobody = MailRelay(host: "127.0.0.1", port: 1, ehloName: "desk.desk.example")
      let error = await #expect(throws: DeliveryError.self) {
        try await send(
          try delivery(), .smtp(SMTPSettings(relays: [nobody] + second.relays, totalSeconds: 60)))
      }
      #expect(error?.permanent == false && error?.code == 554)
      #expect(error?.why.contains("could not be reached") == true)
      #expect(error?.why.contains("554 5.7.1 Not from here") == true)
      let alone = await #expect(throws: DeliveryError.self) {
        try await send(try delivery(), .smtp(second))
      }
      #expect(alone?.permanent == true)
    }
  }

  @Test("The time that a mail waits for a thread is not taken from its relays")
  func waiting() async throws {
    try await withPythonServer("smtp_stages.py", ["ehlo"]) { hanging in
      try await withPythonServer("smtp_server.py") { good in
        let ports = try JSONDecoder().decode(
          [String: Int].self, from: Data(contentsOf: hanging.folder.appending(path: "ports.json")))
        func relay(_ port: Int, _ caFile: String? = nil) -> MailRelay {
          MailRelay(host: "127.0.0.1", port: port, caFile: caFile, ehloName: "desk.desk.example")
        }
        let transferrer = Transferrer(threads: 1)
        let delivery = try delivery()
        // It has the one thread for longer than the other mail may take over all its relays.
        let hangs = SMTPSettings(relays: [relay(try #require(ports["hang"]))], totalSeconds: 6)
        let held = Task { try await Channel.smtp(hangs).send(delivery, via: transferrer) }
        let deadline = ContinuousClock.now + .seconds(30)
        while !FileManager.default.fileExists(atPath: hanging.folder.path + "/hang/clear"),
          ContinuousClock.now < deadline
        { await Task.yield() }
        let two = SMTPSettings(
          relays: [relay(1), relay(good.port, good.caFile)], totalSeconds: 5)
        let sent = Task { try await Channel.smtp(two).send(delivery, via: transferrer) }
        let results = (await held.result, await sent.result)
        await transferrer.shutdown()
        #expect(throws: DeliveryError.self) { try results.0.get() }
        #expect(try results.1.get().code == 250)
        #expect(try good.mails().count == 1)
      }
    }
  }

  @Test("A relay that hangs leaves the next one its share of the time")
  func shares() async throws {
    try await withPythonServer("smtp_stages.py", ["greeting"]) { hanging in
      try await withPythonServer("smtp_server.py") { good in
        let ports = try JSONDecoder().decode(
          [String: Int].self, from: Data(contentsOf: hanging.folder.appending(path: "ports.json")))
        let relays = [(ports["hang"] ?? 0, hanging.caFile), (good.port, good.caFile)].map {
          MailRelay(host: "127.0.0.1", port: $0, caFile: $1, ehloName: "desk.desk.example")
        }
        try await send(try delivery(), .smtp(SMTPSettings(relays: relays, totalSeconds: 20)))
        #expect(try good.mails().count == 1)
      }
    }
  }

  @Test("A receipt has the relay's answer; the envelope sender bears the message's id")
  func tagged() async throws {
    try await onRelay([]) { server, settings in
      var settings = settings
      settings.bouncesTo = "bounces@desk.example"
      settings.bounceTag = true
      let transferrer = Transferrer(threads: 1)
      let delivery = try delivery()
      let receipt = try await Channel.smtp(settings).send(delivery, via: transferrer)
      await transferrer.shutdown()
      #expect(receipt == Receipt(code: 250, words: "2.0.0 Taken"))
      #expect(try server.mails().map(\.from) == ["bounces+\(delivery.id)@desk.example"])
    }
  }

  private func onRelay(
    _ steps: [String], _ body: (PythonServer, SMTPSettings) async throws -> Void
  ) async throws {
    try await withPythonServer("smtp_server.py", steps) { server in
      let relay = MailRelay(
        host: "127.0.0.1", port: server.port, caFile: server.caFile,
        ehloName: "desk.desk.example", totalSeconds: 30)
      try await body(server, SMTPSettings(relay: relay))
    }
  }
}

private func delivery(_ digest: Digest? = nil) throws -> Delivery {
  let digest = try digest ?? sampleDigest(3)
  return Delivery(.digest(digest), identity: identity, wording: .builtIn, now: digest.created)
}

private func mail() throws -> Message { try delivery().mail() }
