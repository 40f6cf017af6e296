import Foundation
import Storage
import Testing
import Triage
import Web

@testable import triaged

@Suite("Why triaged run does not start")
struct ExitReasonTests {
  private func refused(_ code: Int32) -> StoreError {
    .refused(file: "/state/triaged.sqlite", code: code, why: "no reason given")
  }

  @Test("Each kind of trouble has a code of its own, and one line")
  func codes() {
    let kinds: [(any Error, ExitReason.Code)] = [
      (StoreError.damaged(file: "/state/triaged.sqlite", why: "It is empty."), .database),
      (StoreError.newer(file: "/state/triaged.sqlite"), .database),
      (StoreError.unsuitable(file: "/state/triaged.sqlite", why: "no"), .database),
      (StoreError.inUse(file: "/state/triaged.sqlite", by: 7), .inUse),
      (StoreError.unreachable(file: "/state", why: "no"), .disk),
      // SQLITE_IOERR_FSYNC, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_CONSTRAINT.
      (refused(1034), .disk), (refused(13), .disk), (refused(14), .disk), (refused(19), .other),
      (ListenError(.pages, host: "127.0.0.1", port: 8480, why: "in use"), .address),
      (ListenError(.monitor, host: "127.0.0.1", port: 9480, why: "in use"), .address),
      (AdminSocketError.inUse("/run/admin.sock"), .address),
      (StartError("The folder /state cannot be made.", .disk), .disk),
      (CocoaError(.fileNoSuchFile), .other),
    ]
    for (error, code) in kinds {
      let reason = ExitReason(error, state: "/nowhere")
      #expect(reason.code == code, "\(error)")
      #expect(reason.lines.count == 1 && !reason.lines[0].contains("\n"))
    }
    #expect(Set(ExitReason.Code.allCases.map(\.rawValue)) == [65, 66, 69, 70, 74, 75, 78])
  }

  @Test("A damaged database names the newest backup that there is, or says that there is none")
  func backups() throws {
    let folder = try TemporaryFolder()
    let backups = folder.path + "/backups"
    let error = StoreError.damaged(file: folder.path + "/triaged.sqlite", why: "It is empty.")
    let without = ExitReason(error, state: folder.path).lines
    #expect(without.count == 1 && without[0].contains("There is no backup in \(backups)"))
    try FileManager.default.createDirectory(
      atPath: backups, withIntermediateDirectories: true)
    for name in ["triaged-20261120T081500Z.sqlite", "triaged-20261122T081500Z.sqlite", "note.txt"] {
      try write("x", to: backups + "/" + name)
    }
    let lines = ExitReason(error, state: folder.path).lines
    #expect(lines.count == 1)
    #expect(lines[0].contains("triaged restore \(backups)/triaged-20261122T081500Z.sqlite"))
  }

  @Test("Problems are told one a line; where only files are missing it is a code of its own")
  func configuration() {
    let missing = ConfigurationProblem(
      severity: .error, cause: .file, file: "c/triaged.yaml", line: 3, column: 5,
      text: "The file of 'ca_file' cannot be read.")
    let wrong = ConfigurationProblem(
      severity: .error, file: "c/team.yaml", line: 1, column: 1, text: "unknown key 'e'")
    let both = ExitReason(ConfigurationError(problems: [missing, wrong]), state: "/nowhere")
    #expect(both.code == .configuration)
    #expect(both.lines.count == 3 && both.lines[1] == "c/team.yaml:1:1: unknown key 'e'")
    let one = ExitReason(ConfigurationError(problems: [missing]), state: "/nowhere")
    #expect(one.code == .file)
    #expect(
      one.lines == [
        "triaged does not start. c/triaged.yaml:3:5: The file of 'ca_file' cannot be read."
      ])
  }
}

@Suite("Credentials of systemd")
struct CredentialTests {
  private func loaded(_ credentials: String?) throws -> (LoadedConfiguration, TemporaryFolder) {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try edit(
      config + "/triaged.yaml", "    kind: maildir\n    path: ${state}/mail\n",
      "    {kind: smtp, host: localhost, user: triaged, password_file: '${credentials}/relay'}\n")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/given", withIntermediateDirectories: true)
    try write("secret\n", to: folder.path + "/given/relay")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o400], ofItemAtPath: folder.path + "/given/relay")
    return (
      loadConfiguration(
        folder: config, state: folder.path + "/state",
        credentials: credentials.map { folder.path + "/" + $0 }, now: .now),
      folder
    )
  }

  @Test("A path begins at the folder that systemd gives")
  func given() throws {
    let (loaded, _) = try loaded("given")
    _ = try loaded.usable()
    try loaded.withinReach()
    #expect(!loaded.problems.contains { $0.cause != .text })
  }

  @Test("One that is missing is told with its key and its path, and never with what others hold")
  func missing() throws {
    let (loaded, folder) = try loaded("empty")
    let error = #expect(throws: ConfigurationError.self) { try loaded.usable() }
    let reason = ExitReason(try #require(error), state: "/nowhere")
    #expect(reason.code == .file)
    #expect(reason.lines.count == 1)
    #expect(reason.lines[0].contains("It is 'password_file', \(folder.path)/empty/relay."))
  }

  @Test("Outside of the service check only notes it, and run names what is lacking")
  func outside() throws {
    let (loaded, _) = try loaded(nil)
    _ = try loaded.usable()
    let told = loaded.problems.filter { $0.cause == .noCredentials }
    #expect(told.map(\.severity) == [.warning])
    #expect(told.first?.text.contains("'password_file' is ${credentials}/relay") == true)
    let error = #expect(throws: StartError.self) { try loaded.withinReach() }
    #expect(error?.code == .file)
  }
}
