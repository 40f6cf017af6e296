import Foundation
import Glibc
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
      #expect(said.contains("EHLO desk.triaged.test"))
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
      // With TLS from the first byte nothing at all is said.
      #expect(tls == "implicit" ? said.isEmpty : said.contains("EHLO desk.triaged.test"))
      for word in [canary, "MAIL", "RCPT", "ann"] { #expect(!said.contains(word)) }
    }
  }

  @Test("With TLS from the first byte nothing is said to a certificate of another host")
  func wrongHost() async throws {
    try await onRelay(["--tls", "implicit", "--certificate", "wrong-host"]) {
      server, mail, transferrer in
      var mail = mail
      mail.relay.security = .implicitTLS
      let error = try await failure { try await transferrer.send(mail) }
      #expect(!error.permanent && error.why.contains("certificate"), "\(error.why)")
      #expect(try said(server).isEmpty)
    }
  }

  @Test(
    "With a CA file no certificate of the system's folder is looked at",
    .enabled(if: systemCertificate != nil, "needs ca-certificates"))
  func noOtherAuthority() async throws {
    let known = try #require(systemCertificate)
    try await withPythonServer("smtp_server.py") { other in
      // A CA that bears the name of one of the system's: whoever trusts those too looks there for it.
      try await onRelay(["--tls", "implicit", "--ca-like", known]) { server, mail, transferrer in
        var mail = mail
        mail.relay.security = .implicitTLS
        try await transferrer.send(mail)
        let opened = try Opened(known)
        mail.relay.caFile = other.caFile
        let error = try await failure { try await transferrer.send(mail) }
        #expect(!error.permanent && error.why.contains("certificate"), "\(error.why)")
        let isOpened = opened.isSo
        #expect(!isOpened)
        #expect(try server.mails().count == 1)
      }
    }
  }

  @Test("A password never goes over an unencrypted connection")
  func plainPassword() async throws {
    try await onRelay(["--tls", "none"]) { server, mail, transferrer in
      var mail = mail
      mail.relay.security = .plainForTestsOnly
      try await transferrer.send(mail)
      mail.relay.user = "desk"
      let error = try await failure { try await transferrer.send(mail) }
      #expect(!error.permanent && error.why.contains("A password"))
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
      // The sender is of the settings, which somebody will mend; the mail waits.
      #expect(recipient.permanent && !sender.permanent)
      #expect(!(recipient.why + sender.why).contains("team"))
    }
  }

  @Test(
    "What could add a line by the names of a relay is refused, and passing",
    arguments: ["relay.test\r\nQUIT", "relay test", "", "relay..test", "[127.0.0.1", "a/b", "a?b"])
  func names(name: String) async throws {
    #expect(!MailRelay.isHost(name) && !MailRelay.isGreeting(name))
    try await withTransferrer { transferrer in
      for relay in [
        MailRelay(host: name, port: 1, ehloName: "desk.triaged.test"),
        MailRelay(host: "127.0.0.1", port: 1, ehloName: name),
      ] {
        let error = try await failure { try await transferrer.send(handover(relay)) }
        #expect(!error.permanent && error.why.contains("is not a host name"), "\(error.why)")
      }
    }
  }

  @Test("A relay may be named by an address, and be greeted with one as SMTP writes it")
  func addresses() async throws {
    for host in ["127.0.0.1", "::1", "[::1]", "relay.test", "localhost"] {
      #expect(MailRelay.isHost(host), "\(host)")
    }
    for host in ["[127.0.0.1]", "[IPv6:::1]", "[relay.test]", "-a.test", "relay.test."] {
      #expect(!MailRelay.isHost(host), "\(host)")
    }
    for name in ["[::1]", "[IPv6:192.0.2.1]", "[]", "[relay.test]", "::1"] {
      #expect(!MailRelay.isGreeting(name), "\(name)")
    }
    try await onRelay([]) { server, mail, transferrer in
      for name in ["[192.0.2.1]", "[IPv6:2001:db8::1]"] {
        #expect(MailRelay.isGreeting(name))
        var mail = mail
        mail.relay.ehloName = name
        try await transferrer.send(mail)
        #expect(try said(server).contains("EHLO \(name)\r\n"))
      }
    }
    try await withTransferrer { transferrer in
      // In brackets it is reached as without: nobody listens there.
      for host in ["::1", "[::1]"] {
        let relay = MailRelay(host: host, port: 1, ehloName: "desk.triaged.test")
        let error = try await failure { try await transferrer.send(handover(relay)) }
        #expect(error.why == "\(host) could not be reached.")
      }
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

/// All that clients said to the relay, as far as it could read it; it has heard of one at least.
private func said(_ server: PythonServer) throws -> String {
  String(
    decoding: try fileBytes(server.folder.appending(path: "wire.bin").path), as: UTF8.self)
}

/// A file of the folder in which OpenSSL finds a certificate by its name.
private let systemCertificate: String? = {
  let folder = "/etc/ssl/certs"
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { $0.hasSuffix(".0") }.min().map { folder + "/" + $0 }
}()

/// Hears whether somebody on this machine opens a file.
private struct Opened: ~Copyable {
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = inotify_init1(O_NONBLOCK)
    try #require(descriptor >= 0)
    try #require(inotify_add_watch(descriptor, path, UInt32(IN_OPEN)) >= 0)
  }

  deinit { close(descriptor) }

  var isSo: Bool {
    var events = [UInt8](repeating: 0, count: 4096)
    return read(descriptor, &events, events.count) > 0
  }
}
