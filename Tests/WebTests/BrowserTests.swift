import Foundation
import TestServers
import Testing
import Triage
import Web

@Suite("In a browser")
struct BrowserTests {
  struct NoInterpreter: Error, CustomStringConvertible {
    let path: String
    var description: String {
      "There is no Python at \(path): run `make deps-test`, or name one with playwright and "
        + "axe-playwright-python in TRIAGED_PYTHON."
    }
  }

  /// Phone and desktop, light and dark, with and without JavaScript; Tests/browser/claim_flow.py
  /// tells what it does and looks at. Its pictures are kept where TRIAGED_SCREENSHOTS says.
  @Test(
    "The whole way works in Chromium, reads well at every width and has no axe violation",
    arguments: [false, true])
  func claimFlow(isJoint: Bool) async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let environment = ProcessInfo.processInfo.environment
    let python = environment["TRIAGED_PYTHON"] ?? root.appending(path: ".venv/bin/python").path
    guard FileManager.default.isExecutableFile(atPath: python) else {
      throw NoInterpreter(path: python)
    }
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "triaged-browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let pictures =
      (environment["TRIAGED_SCREENSHOTS"] ?? scratch.path) + (isJoint ? "/joint" : "")

    // The flags of the register make the page as long as it gets.
    let flags: Set<Register.Flag> = [.noLetter, .notAlone]
    let view: ClaimedView = isJoint ? .joint(flags: flags) : .invented(flags: flags)
    let desk = TestDesk(offer: view.offer, view: view)
    // The walk is quicker than any person, and its clock stands still.
    let limits = RequestLimits(perLink: 0, perAddress: 0, unknown: 0, all: 0)
    try await TestSite.with(desk, limits: limits) { site in
      let (status, output) = try await run(
        python,
        [
          root.appending(path: "Tests/browser/claim_flow.py").path,
          "http://127.0.0.1:\(site.port)/c/\(TestDesk.token)", "Ann", "Bob", pictures,
        ] + (isJoint ? ["--last"] : ["--phone"]))
      #expect(status == 0, "\(output)")
      #expect(output.contains(#""ok": true"#), "\(output)")
      #expect(await site.desk.outcome?.kind == .accepted)
      #expect(await site.desk.outcome?.consent == true)
    }
  }

  /// Runs a program to its end; what it writes to both outputs comes back as one text.
  private func run(_ program: String, _ arguments: [String]) async throws -> (Int32, String) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    // A thread of its own: reading to the end waits, and the server needs the others.
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        do {
          try process.run()
          let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
          continuation.resume(returning: (waitForEnd(of: process), text))
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }
}
