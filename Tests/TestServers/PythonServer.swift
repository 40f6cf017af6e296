import Foundation

/// A server of `Tests/*.py` on a free port of loopback, with a folder of its own. It and the folder
/// are gone when ``withPythonServer`` returns, and the server also when the test process dies.
package struct PythonServer: Sendable {
  /// What the script writes, and room for the test's own files.
  package let folder: URL
  package let port: Int
  /// The CA of its certificate, where it has one.
  package let caFile: String?

  /// The lines of a file of JSON lines in the folder; none while there is no file.
  package func lines(of name: String) throws -> [[String: Any]] {
    guard let bytes = try? fileBytes(folder.appending(path: name).path) else { return [] }
    return try bytes.split(separator: UInt8(ascii: "\n")).map {
      try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] ?? [:]
    }
  }

  /// The mails that `smtp_server.py` took, in order.
  package func mails() throws -> [ReceivedMail] {
    let folder = folder.appending(path: "mails")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try names.filter { $0.hasSuffix(".eml") }.sorted().map { name in
      let bytes = try Data(contentsOf: folder.appending(path: name))
      let facts = try Data(
        contentsOf: folder.appending(path: name.replacing(".eml", with: ".json")))
      return try JSONDecoder().decode(ReceivedMail.self, from: facts).with(bytes)
    }
  }
}

/// A mail that `smtp_server.py` took responsibility for.
package struct ReceivedMail: Sendable, Decodable {
  package var from: String
  package var to: [String]
  /// With its angle brackets.
  package var messageID: String?
  package var tls: Bool
  package var user: String?
  package var step: String
  package var bytes = Data()

  private enum CodingKeys: String, CodingKey {
    case from, to
    case messageID = "message_id"
    case tls, user, step
  }

  fileprivate func with(_ bytes: Data) -> ReceivedMail {
    var mail = self
    mail.bytes = bytes
    return mail
  }
}

/// Why a test cannot run at all.
package struct CannotTest: Error, CustomStringConvertible {
  package var description: String
}

/// Starts a script of `Tests`, waits until it listens, and ends it whatever the body does.
package func withPythonServer<Value>(
  _ script: String, _ arguments: [String] = [],
  isolation: isolated (any Actor)? = #isolation,
  _ body: (PythonServer) async throws -> Value
) async throws -> Value {
  try await withTemporaryFolder { folder in
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: try python())
    process.arguments =
      [testsFolder.appending(path: script).path, folder.path] + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    defer {
      kill(process.processIdentifier, SIGKILL)
      waitForEnd(of: process)
    }
    let ready = try await firstLine(of: output.fileHandleForReading, of: script)
    guard let facts = try JSONSerialization.jsonObject(with: ready) as? [String: Any],
      let port = facts["port"] as? Int
    else { throw CannotTest(description: "\(script) did not say its port.") }
    return try await body(
      PythonServer(folder: folder, port: port, caFile: facts["ca"] as? String))
  }
}

/// A folder that is removed with what is in it whatever the body does.
package func withTemporaryFolder<Value>(
  isolation: isolated (any Actor)? = #isolation,
  _ body: (URL) async throws -> Value
) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "triaged-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}

/// The interpreter with the packages that `make deps-test` installs.
package func python() throws -> String {
  let named = ProcessInfo.processInfo.environment["TRIAGED_PYTHON"]
  let path =
    named ?? testsFolder.deletingLastPathComponent().appending(path: ".venv/bin/python").path
  guard FileManager.default.isExecutableFile(atPath: path) else {
    throw CannotTest(
      description: "No Python at \(path): run `make deps-test`, or name one in TRIAGED_PYTHON.")
  }
  return path
}

/// `Tests` of this repository.
package let testsFolder = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent()

/// Waits on a thread of its own: many tests start their servers at once, and a wait on Swift's few
/// threads would hold up all the others, whose time is measured.
private func firstLine(of handle: FileHandle, of script: String) async throws -> Data {
  let descriptor = handle.fileDescriptor
  defer { withExtendedLifetime(handle) {} }
  return try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(with: Result { try readFirstLine(descriptor, script) })
    }
  }
}

private func readFirstLine(_ descriptor: Int32, _ script: String) throws -> Data {
  var line = Data()
  var buffer = [UInt8](repeating: 0, count: 4096)
  let deadline = ContinuousClock.now + .seconds(60)
  while ContinuousClock.now < deadline {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 1000) > 0 else { continue }
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else {
      throw CannotTest(description: "\(script) ended before it listened; see its words above.")
    }
    line += buffer[..<count]
    if line.contains(UInt8(ascii: "\n")) { return line }
  }
  throw CannotTest(description: "\(script) did not start within a minute.")
}
