import Foundation
import TestServers

/// Packs bytes as other people's programs do.
enum Packing {
  /// `gzip`, of the system.
  static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    try run("/usr/bin/gzip", ["-c", "-n"], bytes)
  }

  /// `zipfile`, of Python. A name that ends in "/" is a folder.
  static func zip(_ files: [(name: String, bytes: [UInt8])]) throws -> [UInt8] {
    let script = """
      import base64, io, json, sys, zipfile
      out = io.BytesIO()
      with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
          for name, data in json.load(sys.stdin):
              z.writestr(name, base64.b64decode(data))
      sys.stdout.buffer.write(out.getvalue())
      """
    let listed = files.map { [$0.name, Data($0.bytes).base64EncodedString()] }
    let input = try JSONSerialization.data(withJSONObject: listed)
    return try run("/usr/bin/env", ["python3", "-c", script], Array(input))
  }

  /// Runs a script with the Python of the tests, which has openpyxl.
  static func python(_ script: String, _ input: [UInt8]) throws -> [UInt8] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let python =
      ProcessInfo.processInfo.environment["TRIAGED_PYTHON"] ?? root.path + "/.venv/bin/python"
    return try run(python, ["-c", script], input)
  }

  private static func run(_ program: String, _ arguments: [String], _ input: [UInt8]) throws
    -> [UInt8]
  {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = try FileHandle(
      forReadingFrom: URL(fileURLWithPath: try folder.file("input", input)))
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    waitForEnd(of: process)
    return Array(data)
  }
}
