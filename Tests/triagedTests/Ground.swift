import Foundation
import TestServers
import Testing

@testable import triaged

/// The checkout's root, found from this file.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// A folder that is removed when the test is over.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "triaged-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// A copy of the example configuration that a test may spoil.
  func exampleConfiguration() throws -> String {
    let copy = path + "/config"
    try FileManager.default.copyItem(atPath: root + "/config", toPath: copy)
    // So that the review is not overdue on the day on which a test runs.
    try edit(copy + "/rules.yaml", "review_on: 2027-05-01", "review_on: 2099-05-01")
    try settle(copy + "/register.csv")
    return copy
  }
}

func write(_ text: String, to path: String) throws {
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

/// As if it had been saved a minute ago, so that nobody waits for it to be still.
func settle(_ path: String) throws {
  try FileManager.default.setAttributes([.modificationDate: Date.now - 60], ofItemAtPath: path)
}

/// Not by Foundation's `String(contentsOfFile:)`: the file may be empty.
func text(of path: String) throws -> String {
  guard let text = String(bytes: try fileBytes(path), encoding: .utf8) else {
    throw CocoaError(.fileReadInapplicableStringEncoding)
  }
  return text
}

/// Replaces one text of a file by another; the test fails if it is not there.
func edit(_ path: String, _ old: String, _ new: String) throws {
  let before = try text(of: path)
  try #require(before.contains(old), "\(path) no longer holds the text that the test edits")
  try write(before.replacingOccurrences(of: old, with: new), to: path)
}

/// Waits until the condition gives a value; records an issue and gives `nil` after the deadline.
func eventually<Value>(
  _ what: String, within seconds: Double = 30, _ condition: () async throws -> Value?
) async throws -> Value? {
  var deadline = ContinuousClock.now + .seconds(seconds * patience)
  // Tests share few threads: a minute may pass between two looks, so a number of them is due in any case.
  var looks = 0
  while ContinuousClock.now < deadline || looks < 50 {
    looks += 1
    if let value = try await condition() { return value }
    let pause = Duration.milliseconds(10)
    let slept = ContinuousClock.now
    await withCheckedContinuation { continuation in
      DispatchQueue.global().asyncAfter(deadline: .now() + 0.01) { continuation.resume() }
    }
    // What the threads gave to other tests meanwhile they did not give to what is waited for either.
    deadline += ContinuousClock.now - slept - pause
  }
  Issue.record("waited \(seconds * patience) s in vain for \(what)")
  return nil
}

/// Runs a program to its end, and blocks none of the few threads that all tests share while it waits.
/// - Returns: its exit code and what it wrote.
@discardableResult
func runProgram(
  _ program: String, _ arguments: [String], input: String? = nil
) async throws -> (code: Int32, output: String, errors: String) {
  let folder = try TemporaryFolder()
  let paths = ["in", "out", "err"].map { folder.path + "/" + $0 }
  try write(input ?? "", to: paths[0])
  for path in paths.dropFirst() { _ = FileManager.default.createFile(atPath: path, contents: nil) }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.standardInput = FileHandle(forReadingAtPath: paths[0])
  process.standardOutput = FileHandle(forWritingAtPath: paths[1])
  process.standardError = FileHandle(forWritingAtPath: paths[2])
  try process.run()
  return (await exitCode(of: process), try text(of: paths[1]), try text(of: paths[2]))
}

/// The program under test, which was built beside these tests.
var triagedProgram: String {
  get throws {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0])
    let beside = bundle.deletingLastPathComponent().path + "/triaged"
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    let path = root + "/.build/debug/triaged"
    try #require(
      FileManager.default.isExecutableFile(atPath: path), "Build first: swift build --build-tests")
    return path
  }
}

/// The interpreter with the packages of Tests/requirements.txt.
var python: String {
  get throws {
    let path = ProcessInfo.processInfo.environment["TRIAGED_PYTHON"] ?? root + "/.venv/bin/python"
    try #require(
      FileManager.default.isExecutableFile(atPath: path),
      "There is no Python for the tests: run make deps-test, or set TRIAGED_PYTHON.")
    return path
  }
}
