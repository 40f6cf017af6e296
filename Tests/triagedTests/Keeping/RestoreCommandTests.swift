import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Backup and restore on the command line", .serialized)
struct RestoreCommandTests {
  private func made(_ program: RunningProgram, _ more: [String] = []) async throws -> MadeBackup {
    let run = try await program.triaged(["backup", "--json"] + more)
    #expect(run.code == 0, "\(run.errors)")
    return try adminDecoder().decode(MadeBackup.self, from: Data(run.output.utf8))
  }

  private func withList() async throws -> RunningProgram {
    let program = try RunningProgram()
    try program.put("monday.csv", jobs: 1...4)
    try await program.start()
    _ = try await eventually("the list") {
      try await program.account().feed.status.listName == "monday.csv" ? true : nil
    }
    return program
  }

  @Test(
    "A daemon's backup is put back after damage, of which the start has named it; all is paused then"
  )
  func wholeWay() async throws {
    let program = try await withList()
    let none = try await program.triaged(["backup", "list"])
    #expect(
      none.code == 0 && none.output.hasPrefix("There is no backup in \(program.state)/backups."))
    let backup = try await made(program)
    #expect(
      backup.file.hasPrefix(program.state + "/backups/triaged-20") && backup.encryption == nil)
    let elsewhere = program.folder.path + "/else"
    #expect(try await made(program, ["--to", elsewhere]).file.hasPrefix(elsewhere + "/triaged-"))
    let running = try await program.triaged(["restore", backup.file])
    #expect(running.code == 1 && running.errors.contains("stop the service first"))
    try await program.stop()

    let database = program.state + "/triaged.sqlite"
    let file = try #require(FileHandle(forWritingAtPath: database))
    try file.seek(toOffset: 20_000)
    try file.write(contentsOf: Data(repeating: 0x5A, count: 30_000))
    try file.close()
    let refused = try await program.triaged(["run"])
    #expect(refused.code == 65)
    #expect(
      refused.errors.contains("triaged restore \(backup.file) --state \(program.state)"),
      "\(refused.errors)")
    let missing = try await program.triaged(["restore", "/nowhere/x.sqlite"])
    #expect(missing.code == 2)
    let restored = try await program.triaged(["restore", backup.file])
    #expect(restored.code == 0, "\(restored.errors)")
    #expect(restored.output.contains("Everything is paused until: triaged resume"))

    try await program.start()
    let status = try await program.triaged(["status"])
    #expect(status.output.contains("Paused: every area"), "\(status.output)")
    #expect(try await program.account().feed.status.listName == "monday.csv")
    #expect(try await program.triaged(["resume"]).code == 0)
    try await program.stop()
  }

  @Test(
    "An encrypted backup leaves nothing plain behind, and opens with its key alone",
    arguments: ["age", "gpg"])
  func encrypted(kind: String) async throws {
    let program = try RunningProgram()
    let keys = program.folder.path + "/keys"
    try FileManager.default.createDirectory(
      atPath: keys, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let makeKeys =
      kind == "age"
      ? "age-keygen -o secret 2>/dev/null && age-keygen -y secret > public"
      : "export GNUPGHOME=$(mktemp -d /tmp/triaged-test-XXXXXX); trap 'rm -rf $GNUPGHOME' EXIT; gpg --batch --quiet --passphrase '' --quick-gen-key backup@example.org default default never"
        + " && gpg --batch --export --armor > public && gpg --batch --export-secret-keys --armor > secret"
        + " && gpgconf --kill gpg-agent"
    let keyed = try await runProgram("/bin/sh", ["-c", "cd '\(keys)' && \(makeKeys)"])
    try #require(keyed.code == 0, "\(keyed.errors)")
    try edit(
      program.config + "/triaged.yaml", "deliver:\n",
      "backup: {encrypt_to: \(keys)/public}\n\ndeliver:\n")
    try program.put("monday.csv", jobs: 1...4)
    try await program.start()
    _ = try await eventually("the list") {
      try await program.account().feed.status.listName == "monday.csv" ? true : nil
    }
    let backup = try await made(program)
    #expect(backup.encryption?.rawValue == kind && backup.file.hasSuffix(".sqlite.\(kind)"))
    let bytes = try #require(FileManager.default.contents(atPath: backup.file))
    #expect(bytes.range(of: Data("Quince".utf8)) == nil)
    let left = try FileManager.default.subpathsOfDirectory(atPath: program.state)
    #expect(!left.contains { $0.contains("partial") }, "\(left)")
    try await program.stop()

    if kind == "age" {
      let closed = try await program.triaged(["restore", backup.file])
      #expect(closed.code == 1 && closed.errors.contains("--identity"))
    }
    let restored = try await program.triaged(
      ["restore", backup.file, "--identity", keys + "/secret"])
    #expect(restored.code == 0, "\(restored.errors)")
    let after = try FileManager.default.subpathsOfDirectory(atPath: program.state)
    #expect(!after.contains { $0.contains("partial") }, "\(after)")
    try await program.start()
    #expect(try await program.account().feed.status.listName == "monday.csv")
    try await program.stop()
  }
}
