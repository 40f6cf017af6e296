import Foundation
import TestServers
import Testing
import Transfer

@Suite struct SendTests {
  @Test("A mail goes over STARTTLS with a CA of one's own, dots and all")
  func startTLS() async throws {
    try await onRelay([]) { server, mail, transferrer in
      var mail = mail
      mail.message = Array("Message-ID: <1@triaged.test>\r\n\r\n.\r\n..dots\r\n\(canary)\r\n".utf8)
      try await transferrer.send(mail)
      let taken = try #require(try server.mails().first)
      #expect(taken.tls)
      #expect(taken.from == "desk@triaged.test")
      #expect(taken.to == ["ann@team.test"])
      #expect(taken.messageID == "<1@triaged.test>")
      #expect(taken.bytes == Data(mail.message))
      #expect(try said(server).contains("EHLO desk.triaged.test"))
    }
  }

  @Test("A mail goes over implicit TLS")
  func implicitTLS() async throws {
    try await onRelay(["--tls", "implicit"]) { server, mail, transferrer in
      var mail = mail
      mail.relay.security = .implicitTLS
      try await transferrer.send(mail)
      #expect(try server.mails().count == 1)
    }
  }

  @Test("The password is read from its file at every handover")
  func auth() async throws {
    try await onRelay(["--user", "desk", "--password", "sesame"]) { server, mail, transferrer in
      var mail = mail
      let file = server.folder.appending(path: "password")
      mail.relay.user = "desk"
      mail.relay.passwordFile = file.path
      try writeSecret("wrong-word\n", to: file.path)
      let error = try await failure { try await transferrer.send(mail) }
      // The account is what is wrong, not the message: it waits for somebody to mend it.
      #expect((error.code, error.permanent) == (535, false))
      #expect(!error.why.contains("wrong-word"))
      #expect(!(try said(server).contains(canary)))
      try writeSecret("sesame\n", to: file.path)
      try await transferrer.send(mail)
      #expect(try server.mails().map(\.user) == ["desk"])
      try writeSecret("sesame\n", to: file.path, mode: 0o644)
      let open = try await failure { try await transferrer.send(mail) }
      #expect(!open.permanent && open.why.contains("may be read by everybody"))
      try FileManager.default.removeItem(at: file)
      #expect(try await failure { try await transferrer.send(mail) }.permanent == false)
    }
  }

  @Test("A relay that wants a sign-in and gets none is passing")
  func authRequired() async throws {
    try await onRelay(["--user", "desk", "--password", "sesame"]) { server, mail, transferrer in
      let error = try await failure { try await transferrer.send(mail) }
      #expect((error.code, error.permanent) == (530, false))
    }
  }

  @Test("Where STARTTLS is not offered nothing of the mail is said")
  func noStartTLS() async throws {
    try await onRelay(["--tls", "none"]) { server, mail, transferrer in
      let error = try await failure { try await transferrer.send(mail) }
      #expect(!error.permanent)
      #expect(error.why.contains("encryption"))
      let said = try said(server)
      for word in [canary, "MAIL", "RCPT", "ann"] { #expect(!said.contains(word)) }
    }
  }

  @Test(
    "To a certificate that is not trusted not a byte of the mail is said",
    arguments: ["starttls", "implicit"])
  func untrusted(tls: String) async throws {
    try await onRelay(["--tls", tls]) { server, mail, transferrer in
      var mail = mail
      mail.relay.security = tls == "implicit" ? .implicitTLS : .startTLS
      mail.relay.caFile = nil
      let error = try await failure { try await transferrer.send(mail) }
      #expect(!error.permanent)
      #expect(error.why.contains("certificate"))
      let said = try said(server)
      for word in [canary, "MAIL", "RCPT", "ann"] { #expect(!said.contains(word)) }
    }
  }

  @Test("A password never goes over an unencrypted connection")
  func plainPassword() async throws {
    try await onRelay(["--tls", "none"]) { server, mail, transferrer in
      var mail = mail
      mail.relay.security = .plainForTestsOnly
      try await transferrer.send(mail)
      mail.relay.user = "desk"
      #expect(try await failure { try await transferrer.send(mail) }.permanent)
      #expect(try server.mails().count == 1)
    }
  }

  @Test(
    "4xx is passing and 5xx is permanent at every stage; the relay's words stay, addresses do not",
    arguments: ["mail", "rcpt", "end"])
  func replies(stage: String) async throws {
    let words = "<ann@team.test> ann: see https://relay.test/why?who=ann@team.test twice"
    let steps = ["\(stage):451 4.7.1 \(words)", "\(stage):550 5.7.1 \(words)"]
    try await onRelay(steps) { server, mail, transferrer in
      let passing = try await failure { try await transferrer.send(mail) }
      #expect((passing.code, passing.permanent) == (451, false))
      let permanent = try await failure { try await transferrer.send(mail) }
      #expect((permanent.code, permanent.permanent) == (550, true))
      for error in [passing, permanent] {
        #expect(error.why.contains("7.1 (address) (address) see (address) twice"))
        #expect(!error.why.contains("ann") && !error.why.contains("@"))
      }
      #expect(try server.mails().isEmpty)
    }
  }

  @Test("A cut before the final reply is passing, though the relay has the mail")
  func cut() async throws {
    try await onRelay(["cut", "accept"]) { server, mail, transferrer in
      let error = try await failure { try await transferrer.send(mail) }
      #expect(!error.permanent)
      #expect(error.why.contains("same Message-ID"))
      try await transferrer.send(mail)
      #expect(try server.mails().map(\.step) == ["cut", "accept"])
      #expect(try Set(server.mails().map(\.messageID)).count == 1)
    }
  }

  @Test("A relay that never replies is given up in time")
  func hang() async throws {
    try await onRelay(["hang"]) { server, mail, transferrer in
      var mail = mail
      mail.relay.totalSeconds = 1.5
      let began = ContinuousClock.now
      let error = try await failure { try await transferrer.send(mail) }
      #expect(!error.permanent)
      #expect(ContinuousClock.now - began < .seconds(30), "no stage may hold the loop longer")
    }
  }

  @Test("A relay that has taken the mail and does not answer QUIT is not waited for")
  func silentQuit() async throws {
    try await onRelay(["stay"]) { server, mail, transferrer in
      let began = ContinuousClock.now
      try await transferrer.send(mail)
      #expect(ContinuousClock.now - began < .seconds(30), "no stage may hold the loop longer")
      #expect(try server.mails().count == 1)
    }
  }

  @Test("Nobody listening is passing")
  func refused() async throws {
    try await withTransferrer { transferrer in
      let relay = MailRelay(host: "127.0.0.1", port: 1, ehloName: "desk.triaged.test")
      let error = try await failure { try await transferrer.send(handover(relay)) }
      #expect((error.code, error.permanent) == (0, false))
      #expect(error.why == "127.0.0.1 could not be reached.")
    }
  }

  @Test(
    "What could add a line to the dialogue is refused before anything is said",
    arguments: [
      "ann@team.test>\r\nRCPT TO:<charlie@team.test", "ann@team.test\n", "ann team", "", "<ann@t>",
      "ann@team.test\0",
    ])
  func injection(address: String) async throws {
    try await withTransferrer { transferrer in
      let relay = MailRelay(host: "127.0.0.1", port: 1, ehloName: "desk.triaged.test")
      var mail = handover(relay)
      mail.to = address
      let recipient = try await failure { try await transferrer.send(mail) }
      mail = handover(relay)
      mail.from = address
      let sender = try await failure { try await transferrer.send(mail) }
      #expect(recipient.permanent && sender.permanent)
      #expect(!(recipient.why + sender.why).contains("team"))
    }
  }

  @Test(
    "A message with bare line ends or a NUL is refused: it could hold a second one",
    arguments: ["a\nb\r\n", "a\rb\r\n", "a\r\n.\n\r\n", "a\r\n.\r\r\n", "a\0\r\n", "no end", ""])
  func smuggling(text: String) async throws {
    try await withTransferrer { transferrer in
      let relay = MailRelay(host: "127.0.0.1", port: 1, ehloName: "desk.triaged.test")
      var mail = handover(relay)
      mail.message = Array(text.utf8)
      let error = try await failure { try await transferrer.send(mail) }
      #expect(error.permanent)
    }
  }
}

private let canary = "a-word-of-the-body"

private func handover(_ relay: MailRelay) -> MailHandover {
  MailHandover(
    relay: relay, from: "desk@triaged.test", to: "ann@team.test",
    message: Array("Message-ID: <1@triaged.test>\r\nSubject: x\r\n\r\n\(canary)\r\n".utf8))
}

/// Runs with the SMTP server of `Tests` and a mail for it.
private func onRelay(
  _ arguments: [String], _ body: (PythonServer, MailHandover, Transferrer) async throws -> Void
) async throws {
  try await withPythonServer("smtp_server.py", arguments) { server in
    let relay = MailRelay(
      host: "127.0.0.1", port: server.port, caFile: server.caFile, ehloName: "desk.triaged.test",
      totalSeconds: 30)
    try await withTransferrer { try await body(server, handover(relay), $0) }
  }
}

/// All that clients said to the relay, as far as it could read it.
private func said(_ server: PythonServer) throws -> String {
  String(
    decoding: (try? Data(contentsOf: server.folder.appending(path: "wire.bin"))) ?? Data(),
    as: UTF8.self)
}
