import Foundation
import Geography
import Storage
import TestServers
import Testing
import Triage

@testable import triaged

private let refused = "ashfield: an edit of the areas is not in force"
private let over = "ashfield: over: an edit of the areas was not in force"

extension RunningProgram {
  fileprivate var file: String { config + "/areas/new-cross.geojson" }

  /// The mail about a bad edit, which waits for two minutes, is made due now.
  fileprivate func hasten() async throws {
    _ = try await eventually("the trouble") { try await areas().standing.trouble }
    // The store is one process's.
    try await stop()
    let store = try Store(path: state + "/triaged.sqlite")
    let later = Date.now + Store.areaTroubleRest + 60
    for notice in try await store.dueNotices(now: later) where notice.subject == refused {
      _ = try await store.noticeDeferred(
        id: notice.id, until: .now, why: "Made due by the test.", now: .now)
    }
    try store.close()
    try await start()
  }

  fileprivate func areas() async throws -> AreasAccount {
    let listed = try await triaged(["areas", "list", "--json"])
    return try adminDecoder().decode(AreasAccount.self, from: Data(listed.output.utf8))
  }
}

@Suite("What an administrator meets who edits areas", .serialized)
struct AreaAdminTests {
  @Test("A broken file: one mail, the old areas across a restart, one mail when it is mended")
  func brokenFile() async throws {
    let program = try RunningProgram()
    let good = try text(of: program.file)
    try await program.start()
    let well = try await program.triaged(["status"])
    #expect(well.code == 0 && well.output.contains("\nAreas: 2 in force since "), "\(well.output)")
    let listed = try await program.triaged(["areas", "list"])
    #expect(listed.code == 0 && listed.output.hasPrefix("new-cross: New Cross, 0."))
    #expect(listed.output.contains("  counts today\n"))

    try write("{", to: program.file)
    try await program.hasten()
    _ = try await eventually("the mail") { try program.notices().first }
    #expect(try program.notices() == [refused])
    #expect(try program.mails().contains("new-cross.geojson:1:2"))
    let wrong = try await program.triaged(["status"])
    #expect(wrong.code == 1)
    #expect(wrong.output.contains("new-cross.geojson:1:2"))
    #expect(wrong.output.contains("Wrong: The boundary files cannot take effect since "))
    #expect(try await program.triaged(["areas", "list"]).code == 1)
    #expect(try await program.areas().areas.map(\.id) == ["new-cross", "stanton-hill"])
    let metrics = try await program.metrics()
    #expect(metrics.value("triaged_area_trouble", [:]) == 1)
    #expect(metrics.value("triaged_areas", ["counts": "yes"]) == 2)
    #expect(try await program.triaged(["areas", "accept", "00000000"]).code == 1)

    try await program.stop(SIGKILL)
    for verb in [["status"], ["areas", "list"]] {
      let asleep = try await program.triaged(verb)
      #expect(asleep.code == 1 && asleep.output.contains("new-cross.geojson:1:2"))
      #expect(asleep.output.contains("2 in force since"), "\(asleep.errors)")
    }
    #expect(try await program.triaged(["feeds", "list"]).code == 0)
    #expect(try await program.triaged(["check"]).code == 1)
    try await program.start()
    #expect(try await program.triaged(["status"]).output.contains("new-cross.geojson:1:2"))
    try program.put("monday.csv", jobs: 1...3)
    _ = try await eventually("jobs in the old areas") {
      try await program.account().feed.status.counts.inArea == 3 ? true : nil
    }
    try write(good, to: program.file)
    _ = try await eventually("the mail that it is over") {
      try program.notices().count > 1 ? true : nil
    }
    #expect(try program.notices() == [refused, over])
    #expect(try await program.triaged(["status"]).code == 0)
    #expect(try await program.metrics().value("triaged_area_trouble", [:]) == 0)
    try await program.stop()
    #expect(try program.notices() == [refused, over])
  }

  @Test("A slip is accepted by its digits, from a daemon and without one")
  func accept() async throws {
    let program = try RunningProgram()
    try await program.start()
    func shrink(_ half: Double) throws {
      try write(
        areas: [area("new-cross", [Polygon(outer: square(pointInNewCross, half))])],
        to: program.file)
    }
    try shrink(60)
    try await program.hasten()
    _ = try await eventually("the mail") { try program.notices().first }
    let trouble = try #require(try await program.areas().standing.trouble)
    let command = try #require(trouble.acceptCommand)
    #expect(try program.mails().contains(command))
    #expect(try await program.triaged(["status"]).output.contains("If that is meant: \(command)"))
    let other = try await program.triaged(["areas", "accept", "00000000"])
    #expect(other.code == 1 && other.errors.contains("The edit 00000000 does not wait"))
    #expect(try await program.triaged(["areas", "accept", "xyz"]).code == 2)
    let done = try await program.triaged(["areas", "accept", try #require(trouble.mark)])
    #expect(done.code == 0 && done.output.contains("is accepted. 2 areas are in force since"))
    #expect(try await program.triaged(["status"]).code == 0)
    try await program.stop()

    try write(
      areas: [area("new-cross", [Polygon(outer: square(GridPoint(x: 440_000, y: 350_000), 300))])],
      to: program.file)
    let asleep = try await program.areas()
    let mark = try #require(asleep.standing.trouble?.mark)
    #expect(try await program.triaged(["areas", "accept", mark]).code == 0)
    let after = try await program.areas()
    #expect(after.standing.trouble == nil)
    #expect(after.areas.first { $0.id == "new-cross" }?.squareKilometres == 0.36)
  }

  @Test(
    "A first start with a broken file is refused with every sentence, and leaves nothing behind")
  func firstStart() async throws {
    let program = try RunningProgram()
    try write("{", to: program.file)
    let started = try await program.triaged(["run"])
    #expect(started.code == 78)
    #expect(started.errors.contains("new-cross.geojson:1:2"))
    #expect(started.errors.contains("names the area 'new-cross', which no boundary file has"))
    #expect(!FileManager.default.fileExists(atPath: program.state + "/triaged.sqlite"))
  }
}
