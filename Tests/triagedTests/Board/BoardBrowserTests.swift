import Foundation
import Testing

@testable import triaged

/// The short form; the long one is a make target, test-browser.
@Suite("The board in a browser") struct BoardBrowserTests {
  @Test(
    "A leader signs in by mail on a phone, works on the board, and signs out; the admin sees the status; mails and Welsh pages are sound"
  )
  func phone() async throws {
    let instance = try Instance()
    let file = instance.config + "/triaged.yaml"
    try write(try text(of: file) + "\nweb: {languages: [en, cy]}\n", to: file)
    try instance.put("list.csv", (1...9).map { quote("B\($0)", $0) })
    try await instance.whileRunning { instance in
      _ = try await eventually("the first mail") { instance.mails.isEmpty ? nil : true }
      let pictures =
        ProcessInfo.processInfo.environment["TRIAGED_SCREENSHOTS"].map { $0 + "/board" }
        ?? instance.folder.path + "/pictures"
      let (code, output, errors) = try await runProgram(
        try python,
        [
          root + "/Tests/browser/board_flow.py", "http://127.0.0.1:\(instance.port)",
          instance.state + "/mail/new", "ann@example.org", "it-desk@example.org", pictures,
          "--phone", "--no-press", "--welsh",
        ])
      #expect(code == 0, "\(output)\(errors)")
      #expect(output.contains("\"ok\": true"))
    }
  }
}
