import Foundation
import TestServers
import Testing
import Triage

@testable import triaged

@Suite("A test through a real channel")
struct NotifyTestTests {
  @Test("It reaches a member, says that it is a test, and leads nowhere; others are refused")
  func running() async throws {
    let program = try RunningProgram()
    try await program.start()
    func notify(_ more: String...) async throws -> (code: Int32, output: String, errors: String) {
      try await program.triaged(["notify", "test", "--to"] + more)
    }
    let sent = try await notify("Ann@example.org")
    #expect(sent.code == 0, "\(sent.errors)")
    #expect(
      sent.output
        == "The test was accepted through 'post'; the other side said: It lies in the Maildir.\n")
    let folder = program.state + "/mail/new"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count == 1)
    let bytes = try Data(contentsOf: URL(filePath: folder + "/" + names[0]))
    let mail = try #require(try await readMails([[UInt8](bytes)]).first)
    #expect(mail.defects == [] && mail.htmlWords == mail.textWords)
    #expect(
      mail.header("Subject")?.hasPrefix("TEST: TEST of Street Scene: 2 new in Sample Area") == true)
    #expect(mail.header("To") == "Ann Archer <ann@example.org>")
    let links = mail.textLinks ?? []
    #expect(
      links.count == 3 && links.allSatisfy { $0.hasPrefix("https://test.invalid") }, "\(links)")
    #expect(mail.textWords.components(separatedBy: "This is a test").count == 3)

    let admin = try await notify("it-desk@example.org", "--channel", "desk")
    let stranger = try await notify("charlie@example.org")
    #expect(stranger.code == 2 && stranger.errors.contains("a test goes to nobody else"))
    #expect(!stranger.errors.contains("charlie"))
    let noChannel = try await notify("ann@example.org", "--channel", "pots")
    #expect(noChannel.code == 2 && noChannel.errors.contains("did you mean 'post'?"))
    #expect(admin.code == 0, "\(admin.errors)")
    try await program.stop()
    // Without a daemon it is done by the command itself.
    #expect(try await notify("ann@example.org").code == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
  }

  @Test("What is not accepted is said, with whether a real mail would be tried again")
  func refused() async throws {
    let instance = try Instance()
    try edit(instance.config + "/triaged.yaml", "path: ${state}/mail", "path: /proc/nowhere")
    let daemon = try await instance.daemon()
    let office = try await daemon.openedOffice()
    let error = await #expect(throws: AdminRefusal.self) {
      try await office.notifyTest(NotifyTestWish(to: "ann@example.org"), now: .now)
    }
    let said = error?.description ?? ""
    #expect(
      said.contains("The test was not accepted through 'post': The Maildir cannot be written"))
    #expect(said.hasSuffix("A real mail would be tried again."))
    await daemon.close()
  }
}
