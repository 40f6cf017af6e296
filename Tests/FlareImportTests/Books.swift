import Foundation
import TestServers
import Testing
import Triage

@testable import FlareImport

/// What a reader made of a file: the texts of its rows, and every event.
struct Rows: Equatable {
  var rows: [[String]] = []
  var events: [String] = []
  var account = ReaderAccount(format: .csv, encoding: "", delimiter: "")

  static func == (one: Rows, other: Rows) -> Bool {
    one.rows == other.rows && one.events == other.events
  }

  /// Whether the reader says that it had the whole list.
  var isWhole: Bool { !events.contains("cutOff") }

  /// - Parameter most: a reader that goes on for longer has gone wrong.
  init(_ reader: inout some RowReader & ~Copyable, most: Int = 2_000_000) throws {
    var count = 0
    while true {
      let event = try reader.next()
      events.append(name(of: event))
      if case .end = event { break }
      if case .row = event {
        let row = reader.fields
        rows.append((0..<row.count).map { String(decoding: row[$0], as: UTF8.self) })
      }
      count += 1
      try #require(count < most)
    }
    account = reader.account
  }
}

private func name(of event: RowEvent) -> String {
  switch event {
  case .row: "row"
  case .malformedQuotes: "malformedQuotes"
  case .malformed: "malformed"
  case .cutOff: "cutOff"
  case .tooLong: "tooLong"
  case .end: "end"
  }
}

/// A file held open, of the size that it has.
struct OpenForReading: ~Copyable {
  let descriptor: Int32
  let size: Int

  init(_ path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    size = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { close(descriptor) }
}

func readBook(
  _ path: String, shape: ListShape = ListShape(), wanted: ColumnMap? = nil
) throws -> (rows: Rows, sheet: String) {
  let file = try OpenForReading(path)
  var reader = try XLSXReader(
    descriptor: file.descriptor, size: file.size, shape: shape, wanted: wanted)
  return (try Rows(&reader), reader.sheetName)
}

/// Makes one of the workbooks of `make_workbooks.py` and hands over its path.
/// - Returns: what the script printed.
@discardableResult
func makeBook(_ name: String, at path: String, count: Int? = nil) throws -> Data {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  let python =
    ProcessInfo.processInfo.environment["TRIAGED_PYTHON"]
    ?? root.deletingLastPathComponent().deletingLastPathComponent().path + "/.venv/bin/python"
  try #require(
    FileManager.default.isExecutableFile(atPath: python),
    "There is no Python for the tests: run make deps-test, or set TRIAGED_PYTHON.")
  let process = Process()
  process.executableURL = URL(fileURLWithPath: python)
  process.arguments =
    [root.appendingPathComponent("Fixtures/make_workbooks.py").path, name, path]
    + (count.map { ["\($0)"] } ?? [])
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let printed = try output.fileHandleForReading.readToEnd() ?? Data()
  try #require(waitForEnd(of: process) == 0, "Python failed; its message is above.")
  return printed
}

/// One of the workbooks, read.
func book(
  _ name: String, shape: ListShape = ListShape(), wanted: ColumnMap? = nil
) throws -> (rows: Rows, sheet: String) {
  let folder = try TemporaryFolder()
  let path = folder.path + "/book.xlsx"
  try makeBook(name, at: path)
  return try readBook(path, shape: shape, wanted: wanted)
}

/// Why one of the workbooks is refused.
func refusal(_ name: String, shape: ListShape = ListShape()) throws -> String {
  do {
    _ = try book(name, shape: shape)
  } catch ReadTrouble.refused(let error) {
    return error.why.replacing("The export cannot be read. ", with: "")
  }
  Issue.record("The workbook '\(name)' was read.")
  return ""
}
