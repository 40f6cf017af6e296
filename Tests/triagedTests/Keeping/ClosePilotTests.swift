import Foundation
import Testing
import Triage

@testable import triaged

@Suite("Closing a pilot on the command line", .serialized)
struct ClosePilotTests {
  @Test("It says what it would do, does it, tells the admin, and lists bring nothing back")
  func wholeWay() async throws {
    let program = try RunningProgram()
    try program.put("monday.csv", jobs: 1...6)
    try await program.start()
    _ = try await eventually("the list") {
      try await program.account().feed.status.listName == "monday.csv" ? true : nil
    }
    #expect(try await program.triaged(["close-pilot", "--area", "nowhere"]).code == 2)
    #expect(try await program.triaged(["close-pilot"]).code == 2)
    let subject = ["--ref", "street-scene:SS1"]
    #expect(
      try await program.triaged(["subject", "hold", "--why", "Claim 22"] + subject).code == 0)
    let under = try await program.triaged(["close-pilot", "--area", "new-cross"])
    #expect(under.output.contains("  Kept by a legal hold, until it is ended: fewer than 5\n"))
    #expect(try await program.triaged(["subject", "release"] + subject).code == 0)
    let dry = try await program.triaged(["close-pilot", "--area", "new-cross"])
    #expect(dry.code == 0 && dry.output.contains("  jobs: 6\n"), "\(dry.output)\(dry.errors)")
    #expect(dry.output.contains("Nothing was closed."))
    let done = try await program.triaged(["close-pilot", "--area", "new-cross", "--yes"])
    #expect(done.code == 0 && done.output.contains("  Erased: "), "\(done.output)\(done.errors)")
    _ = try await eventually("the mail to the admin") {
      try program.notices().contains { $0.contains("the pilot in New Cross has ended") }
        ? true : nil
    }
    #expect(try await program.triaged(["close-pilot", "--area", "new-cross", "--yes"]).code == 1)
    try program.put("tuesday.csv", jobs: 1...7)
    _ = try await eventually("the next list") {
      try await program.account().feed.status.listName == "tuesday.csv" ? true : nil
    }
    let counts = try #require(try await program.account().imports.first?.report.counts)
    #expect(counts.inArea == 0 && counts.outside == 7)
    let found = try await program.triaged(["subject", "find", "--ref", "street-scene:SS1"])
    #expect(found.output.hasPrefix("The database holds nothing of them."), "\(found.output)")
    // The archive is every area's: with the last one it goes.
    func archived() -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: program.state + "/archive")) ?? []
    }
    _ = try await eventually("its copy") {
      archived().contains { $0.hasSuffix("tuesday.csv") } ? true : nil
    }
    let all = try await program.triaged(["close-pilot", "--all", "--yes"])
    #expect(all.code == 0, "\(all.errors)")
    #expect(archived().isEmpty)
    try await program.stop()
  }

  @Test(
    "Small numbers are hidden",
    arguments: [
      (0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (1200, "1,200"),
    ])
  func hiding(number: Int, told: String) {
    #expect(hidden(number) == told)
  }
}
