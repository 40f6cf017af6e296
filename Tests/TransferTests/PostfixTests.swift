import Foundation
import TestServers
import Testing
import Transfer

/// Debian's Postfix stands where a council's relay does. `make test-postfix` installs it first.
@Suite("A real relay")
struct PostfixTests {
  private static let program = "/usr/sbin/postfix"
  private static var canRun: Bool {
    FileManager.default.isExecutableFile(atPath: program) && getuid() == 0
  }

  @Test(
    "Postfix takes a mail over STARTTLS and delivers it as it is, and refuses an unknown mailbox for good",
    .enabled(
      if: canRun, "Postfix is not installed (make deps-postfix), or this does not run as root"))
  func postfix() async throws {
    try await withPythonServer("postfix_server.py") { server in
      try await withTransferrer { transferrer in
        let relay = MailRelay(
          host: "localhost", port: server.port, caFile: server.caFile, ehloName: "desk.triaged.test"
        )
        func mail(to recipient: String) -> MailHandover {
          MailHandover(
            relay: relay, from: "bounces+1@triaged.test", to: recipient,
            message: Array(
              "Message-ID: <1@triaged.test>\r\nSubject: x\r\n\r\n.\r\n..dots\r\nthe end\r\n".utf8))
        }
        let answer = try await transferrer.send(mail(to: "ann@team.test"))
        #expect(answer.code == 250 && answer.words.hasPrefix("2.0.0 Ok: queued as"), "\(answer)")
        let box = server.folder.appending(path: "boxes/ann/new").path
        try await eventually {
          ((try? FileManager.default.contentsOfDirectory(atPath: box)) ?? []).count == 1
        }
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: box).first)
        let text = try String(contentsOfFile: box + "/" + name, encoding: .utf8)
        #expect(text.hasPrefix("Return-Path: <bounces+1@triaged.test>"))
        // The relay adds a Date and a From to a message without them; the body is as it was sent.
        #expect(text.contains("\nSubject: x\n") && text.hasSuffix("\n\n.\n..dots\nthe end\n"))
        #expect(text.contains("with ESMTPS id"))
        let error = try await failure { try await transferrer.send(mail(to: "charlie@team.test")) }
        #expect((error.code, error.permanent) == (550, true))
        #expect(error.why.contains("User unknown") && !error.why.contains("charlie"))
      }
    }
  }
}
