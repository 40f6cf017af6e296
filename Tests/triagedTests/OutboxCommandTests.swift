import Foundation
import Notify
import Storage
import Testing
import Triage

@testable import triaged

@Suite("The outbox on the command line, and by which channel its trouble is told", .serialized)
struct OutboxCommandTests {
  @Test(
    "A mail server is told to try again while no daemon runs, and that all is well once one does")
  func bounce() async throws {
    let program = try RunningProgram()
    func bounce(_ mail: String, _ more: [String] = []) async throws -> (Int32, String, String) {
      let run = try await runProgram(
        try triagedProgram, ["bounce"] + more + program.places, input: mail)
      return (run.code, run.output, run.errors)
    }
    let alone = try await bounce("x")
    #expect(alone.0 == 75 && alone.1.isEmpty && alone.2.hasPrefix("No daemon took the mail"))
    try await program.start()
    let silent = try await bounce("Subject: x\n\ny\n")
    #expect(silent.0 == 0 && silent.1.isEmpty && silent.2.isEmpty)
    let told = try await bounce("Subject: x\n\ny\n", ["--verbose"])
    #expect(told.0 == 0 && told.1.hasPrefix("Nothing was done. That is no bounce"), "\(told)")
    // More than a bounce may have is let go, and nobody meets a closed pipe.
    #expect(try await bounce(String(repeating: "x", count: mostBounceBytes + 100_000)).0 == 0)
    #expect(try await program.metrics().value("triaged_bounces_not_understood_total") == 3)
    let nothing = try await program.triaged(["outbox"])
    #expect(nothing.code == 0 && nothing.output == "Nothing is owed, and nothing has failed.\n")
    for verb in ["show", "retry", "drop"] {
      let unknown = try await program.triaged(["outbox", verb, "none"])
      #expect(unknown.code == 2 && unknown.errors.hasPrefix("There is no message 'none'."))
    }
    let listed = try await program.triaged(["outbox", "list", "--json"])
    let report = try adminDecoder().decode(OutboxReport.self, from: Data(listed.output.utf8))
    #expect(report.messages.isEmpty && report.timeZone == "Europe/London")
    try await program.stop()
  }

  private func configuration(
    admin: String, _ channels: String = ""
  ) throws -> (problems: [String], configuration: Configuration?) {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let file = config + "/triaged.yaml"
    try edit(
      file, "channels:\n",
      "channels:\n  relay: {kind: smtp, host: a.example}\n\(channels)")
    try edit(file, "org\n  channel: post", "org\n  channel: \(admin)")
    try write("https://hooks.example.org/x\n", to: config + "/address")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: config + "/address")
    let loaded = loadConfiguration(folder: config, state: folder.path, now: .now)
    return (loaded.problems.map(\.text), loaded.configuration)
  }

  private let deferred = Matter(.mailDeferred, of: "relay", "x")
  private let chat = "  chat: {kind: slack, url_file: address, allow_hosts: hooks.example.org}\n"

  @Test("Without a named one it is the first that only the admin reads, and never a team's own")
  func chosen() throws {
    let folder = try #require(try configuration(admin: "relay").configuration)
    #expect(folder.contact(for: deferred)?.channel == "post")
    let second = try configuration(
      admin: "relay", chat + "  zweite: {kind: smtp, host: b.example}\n")
    #expect(second.problems == [])
    #expect(second.configuration?.contact(for: deferred)?.channel == "zweite")
    #expect(
      second.configuration?.contact(for: Matter(.mailDeferred, of: "post", "x"))?.channel
        == "relay", "theirs works")
    #expect(second.configuration?.contact(for: Matter(.rulesReview, "x"))?.channel == "relay")
  }

  @Test("A named one is taken, whoever reads it")
  func named() throws {
    let read = try configuration(admin: "relay\n  alarm_channel: chat", chat)
    #expect(read.problems == [])
    #expect(read.configuration?.contact(for: deferred)?.channel == "chat")
    let wrong = try configuration(admin: "relay\n  alarm_channel: chart", chat)
    #expect(wrong.problems.contains("There is no channel 'chart', did you mean 'chat'?"))
  }

  @Test("Where there is none, check warns; a mailbox that refuses is then told through the same")
  func none() throws {
    let same = try configuration(admin: "relay\n  alarm_channel: relay")
    #expect(same.problems.count == 1)
    #expect(same.problems[0].hasPrefix("Where the channel 'relay' fails, nobody can be told"))
    #expect(same.configuration?.contact(for: deferred) == nil)
    let dead = Matter(.deadLetter, of: "relay", "x")
    #expect(same.configuration?.contact(for: dead)?.channel == "relay")
    #expect(try configuration(admin: "post").problems == [], "a folder fails with the machine")
  }
}
