import Foundation
import TestServers
import Testing
import Transfer

/// Ten stages of the dialogue, eight ways in which each may go wrong: 80 cases.
@Suite("A relay that fails at every stage of the dialogue")
struct SMTPStagesTests {
  static let stages = [
    "connect", "greeting", "ehlo", "starttls", "ehlo-tls", "auth", "mail", "rcpt", "data", "end",
  ]
  static let faults = ["4xx", "5xx", "drop", "rst", "hang", "garbage", "long", "split"]

  @Test(
    "Nothing is lost, twice is under one Message-ID, and no case takes longer than it may",
    arguments: stages)
  func stage(_ stage: String) async throws {
    try await onStages([stage]) { server, relay in
      try await withTransferrer { transferrer in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for fault in SMTPStagesTests.faults {
            group.addTask { try await check(stage, fault, server, relay, transferrer) }
          }
          try await group.waitForAll()
        }
      }
    }
  }

  /// One case: an attempt that meets the fault, then attempts that do not.
  private func check(
    _ stage: String, _ fault: String, _ server: PythonServer, _ relay: MailRelay,
    _ transferrer: Transferrer
  ) async throws {
    let name = "\(stage) × \(fault)"
    let ports = try JSONDecoder().decode(
      [String: Int].self, from: Data(contentsOf: server.folder.appending(path: "ports.json")))
    var relay = relay
    relay.port = try #require(ports[fault])
    // Time enough for a busy machine, but for what hangs.
    relay.totalSeconds = fault == "hang" ? 3 : 30
    let began = ContinuousClock.now
    var failure: TransferError?
    do {
      try await transferrer.send(handover(relay))
    } catch let error as TransferError {
      failure = error
    }
    // The limit, and the second or so after which libcurl looks at it; the threads are shared by the cases.
    #expect(ContinuousClock.now - began < .seconds(55), "\(name)")
    // Only a refusal of the message itself is for good: then it is a dead letter, for a person to send again.
    let isRefusal = fault == "5xx" && ["mail", "rcpt", "data", "end"].contains(stage)
    #expect((failure?.permanent ?? false) == isRefusal, "\(name): \(failure?.why ?? "")")
    if fault == "split" { #expect(failure == nil, "\(name): \(failure?.why ?? "")") }
    if fault == "hang" || fault == "drop" || fault == "rst" || fault == "4xx" {
      #expect(failure != nil, "\(name)")
    }
    #expect(failure?.why.contains("@") != true && failure?.why.contains(canary) != true, "\(name)")
    relay.totalSeconds = 30
    if failure != nil { try await transferrer.send(handover(relay)) }
    let taken = try server.lines(of: "\(fault)/taken.jsonl")
    #expect((1...2).contains(taken.count), "\(name): \(taken.count) mails")
    #expect(Set(taken.map { $0["id"] as? String }) == ["<1@triaged.test>"], "\(name)")
    #expect(taken.allSatisfy { $0["tls"] as? Bool == true }, "\(name)")
    // Twice only where the relay had it, and said nothing that could be understood.
    if taken.count == 2 { #expect(stage == "end", "\(name)") }
    let clear = try? Data(contentsOf: server.folder.appending(path: "\(fault)/clear"))
    let inClear = String(decoding: clear ?? Data(), as: UTF8.self)
    for word in [canary, "MAIL FROM", "RCPT", "AUTH"] {
      #expect(!inClear.contains(word), "\(name): \(word) in clear")
    }
  }

  @Test(
    "To a certificate of another host, or of another time, not a byte of the mail is said",
    arguments: ["wrong-host", "expired"])
  func certificate(_ kind: String) async throws {
    try await onStages(["--certificate", kind, "none"]) { server, relay in
      try await withTransferrer { transferrer in
        let error = try await failure { try await transferrer.send(handover(relay)) }
        #expect(!error.permanent && error.why.contains("certificate"), "\(error.why)")
        #expect(try server.lines(of: "none/taken.jsonl").isEmpty)
        let clear = try String(
          contentsOf: server.folder.appending(path: "none/clear"), encoding: .utf8)
        #expect(clear.contains("STARTTLS"))
        for word in [canary, "MAIL", "RCPT", "AUTH", "ann"] { #expect(!clear.contains(word)) }
      }
    }
  }

  @Test("What is sent without being told otherwise ends within a minute")
  func usual() {
    let relay = MailRelay(host: "relay.test", ehloName: "desk.triaged.test")
    #expect(relay.totalSeconds <= 60 && relay.connectSeconds <= relay.totalSeconds)
  }
}

private let canary = "a-word-of-the-body"

private func handover(_ relay: MailRelay) -> MailHandover {
  MailHandover(
    relay: relay, from: "desk@triaged.test", to: "ann@team.test",
    message: Array("Message-ID: <1@triaged.test>\r\nSubject: x\r\n\r\n\(canary)\r\n".utf8))
}

private func onStages(
  _ arguments: [String], _ body: (PythonServer, MailRelay) async throws -> Void
) async throws {
  try await withPythonServer("smtp_stages.py", arguments) { server in
    let password = server.folder.appending(path: "password")
    try writeSecret("sesame\n", to: password.path)
    try await body(
      server,
      MailRelay(
        host: "127.0.0.1", port: server.port, caFile: server.caFile, user: "desk",
        passwordFile: password.path, ehloName: "desk.triaged.test", totalSeconds: 30))
  }
}
