import Foundation
import TestServers
import Testing
import Triage

@testable import Geography

/// A file beside the tests.
func fixture(_ name: String) throws -> [UInt8] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
  return try fileBytes(folder.appending(path: name).path)
}

/// A file or folder of the repository.
func repository(_ path: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: path).path(percentEncoded: false)
}

func read(
  _ name: String, grid: Grid = .britishNational, settings: AreaFileSettings = .init()
) throws -> AreaFile {
  readAreas(file: name, bytes: try fixture(name), grid: grid, settings: settings)
}

/// Runs Python with the packages that `make deps-test` installs; `input` goes to its standard input.
/// - Returns: what it printed.
func python(_ program: String, input: some Sequence<UInt8>) throws -> String {
  let named = ProcessInfo.processInfo.environment["TRIAGED_PYTHON"]
  let interpreter = named ?? repository(".venv/bin/python")
  try #require(
    FileManager.default.isExecutableFile(atPath: interpreter),
    "No Python at \(interpreter): run `make deps-test`, or set TRIAGED_PYTHON.")
  let file = FileManager.default.temporaryDirectory.appending(path: "geo-\(UUID().uuidString)")
  try Data(input).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  let process = Process()
  process.executableURL = URL(filePath: interpreter)
  process.arguments = ["-c", program]
  process.standardInput = try FileHandle(forReadingFrom: file)
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let printed = try output.fileHandleForReading.readToEnd() ?? Data()
  try #require(waitForEnd(of: process) == 0, "Python failed; its message is above.")
  return String(decoding: printed, as: UTF8.self)
}

/// A folder that is gone after the test.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "geo-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
