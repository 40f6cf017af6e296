import Foundation
import Testing
import Triage

@testable import triaged

/// The program as systemd runs it, on a folder of its own, and its command line beside it.
final class RunningProgram {
  let folder: TemporaryFolder
  let config: String
  let port: Int
  private var process: Process?
  private var journals = 0

  var state: String { folder.path + "/state" }
  var socket: String { state + "/admin.sock" }
  var places: [String] { ["--config", config, "--state", state] }

  init() throws {
    folder = try TemporaryFolder()
    config = try folder.exampleConfiguration()
    port = try freePort()
    try edit(config + "/triaged.yaml", "8480", "\(port)")
    try edit(config + "/triaged.yaml", "every: 10s", "every: 0.1s")
    // Mails to the admin lie apart.
    try edit(
      config + "/triaged.yaml", "channels:\n",
      "channels:\n  desk: {kind: maildir, path: \"${state}/desk\"}\n")
    try edit(config + "/triaged.yaml", "org\n  channel: post", "org\n  channel: desk")
    try edit(config + "/feeds/street-scene.yaml", "settle: 2s", "settle: 0s")
    try edit(config + "/feeds/street-scene.yaml", "every: 2s", "every: 0.1s")
    try edit(config + "/feeds/street-scene.yaml", "quiet: 1h", "quiet: 0s")
    try FileManager.default.createDirectory(
      atPath: state + "/drop", withIntermediateDirectories: true)
  }

  deinit { process?.terminate() }

  func start() async throws {
    journals += 1
    let journal = folder.path + "/journal-\(journals)"
    try write("", to: journal)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try triagedProgram)
    process.arguments = ["run"] + places
    process.standardError = FileHandle(forWritingAtPath: journal)
    try process.run()
    self.process = process
    let answers = try await eventually("the daemon") {
      try await triaged(["status"]).output.hasPrefix("ashfield: running") ? true : nil
    }
    if answers == nil { Issue.record("\(try text(of: journal))") }
  }

  /// As `systemctl stop` does, or as the kernel does when memory ends.
  func stop(_ signal: Int32 = SIGTERM) async throws {
    let process = try #require(process)
    kill(process.processIdentifier, signal)
    _ = try await eventually("the end") { process.isRunning ? nil : true }
    self.process = nil
  }

  func triaged(_ arguments: [String]) async throws -> (code: Int32, output: String, errors: String)
  {
    try await runProgram(try triagedProgram, arguments + places)
  }

  /// The subjects of the mails to the admin, in the order in which they were written.
  func notices() throws -> [String] {
    let folder = state + "/desk/new"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let mails = try names.map { name in
      let path = folder + "/" + name
      let changed = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
      let lines = try text(of: path).components(separatedBy: "\r\n")
      return (changed as? Date ?? .now, lines.first { $0.hasPrefix("Subject: ") } ?? "")
    }
    return mails.sorted { $0.0 < $1.0 }.map { String($0.1.dropFirst("Subject: ".count)) }
  }

  /// The text of all mails to the admin, lines unfolded.
  func mails() throws -> String {
    let folder = state + "/desk/new"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try names.map { try text(of: folder + "/" + $0) }.joined()
      .replacingOccurrences(of: "=\r\n", with: "")
  }

  /// A snapshot of that many jobs in New Cross, newest first.
  func put(_ name: String, jobs: ClosedRange<Int>) throws {
    let yesterday = Date.now.addingTimeInterval(-86_400).formatted(
      .verbatim(
        "\(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) 10:00", timeZone: .gmt,
        calendar: .init(identifier: .gregorian)))
    let rows = jobs.map {
      "SS\($0),\(yesterday),,,Bulky,Bulky waste quote,Open,Public,,\"\($0) Quince Avenue, Sutton in "
        + "Ashfield\",NG17 9CM,450186,358989,"
    }
    let header = FictionalTown.header.joined(separator: ",")
    try write(
      ([header] + rows).joined(separator: "\r\n") + "\r\n", to: state + "/drop/.\(name)")
    try FileManager.default.moveItem(
      atPath: state + "/drop/.\(name)", toPath: state + "/drop/" + name)
  }

  func metrics() async throws -> ReadMetrics {
    let asked = try await runProgram(
      "/usr/bin/env", ["curl", "-sS", "--unix-socket", socket, "http://localhost/metrics"])
    #expect(asked.code == 0, "\(asked.errors)")
    return try ReadMetrics(asked.output)
  }

  func account() async throws -> FeedAccount {
    let shown = try await triaged(["feeds", "show", "street-scene", "--json"])
    return try adminDecoder().decode(FeedAccount.self, from: Data(shown.output.utf8))
  }
}
