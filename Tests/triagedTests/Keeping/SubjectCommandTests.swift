import Crypto
import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Subject requests on the command line", .serialized)
struct SubjectCommandTests {
  private static let canaries = ["Larkspurcanary", "100098765432", "SScanary", "notecanary"]
  private static let subject = ["--address", "17 Larkspurcanary Avenue", "--postcode", "NG17 9CM"]

  /// A list with one person's row and two neighbours'.
  private func put(_ program: RunningProgram, _ name: String) throws {
    let rows = [
      row("SScanary", "17 Larkspurcanary Avenue", uprn: "100098765432", notes: "notecanary"),
      row("SS2", "19 Larkspur Avenue"), row("SS3", "4 Quince Avenue"),
      // A list with the same bytes again is not read.
      row("OF-\(name)", "6 Quince Avenue"),
    ]
    let list = ([FictionalTown.header.joined(separator: ",")] + rows).joined(separator: "\r\n")
    try write(list + "\r\n", to: program.state + "/drop/.\(name)")
    try FileManager.default.moveItem(
      atPath: program.state + "/drop/.\(name)", toPath: program.state + "/drop/" + name)
  }

  private func row(
    _ reference: String, _ address: String, uprn: String = "", notes: String = ""
  ) -> String {
    let yesterday = Date.now.addingTimeInterval(-86_400).formatted(
      .verbatim(
        "\(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) 10:00", timeZone: .gmt,
        calendar: .init(identifier: .gregorian)))
    return "\(reference),\(yesterday),,,Bulky,Bulky waste quote,Open,Public,\(uprn),"
      + "\"\(address)\",NG17 9CM,450186,358989,\(notes)"
  }

  private func started() async throws -> RunningProgram {
    let program = try RunningProgram()
    let feed = program.config + "/feeds/street-scene.yaml"
    try edit(feed, "carry: []", "carry: [notes]")
    try edit(feed, "  northing: Northing\n", "  northing: Northing\n  notes: Notes\n")
    try put(program, "monday.csv")
    try await program.start()
    try await read(program, "monday.csv")
    return program
  }

  private func read(_ program: RunningProgram, _ name: String) async throws {
    _ = try await eventually("the list \(name)") {
      try await program.account().feed.status.listName == name ? true : nil
    }
    // It is put away after it is recorded.
    _ = try await eventually("the archive") {
      try FileManager.default.contentsOfDirectory(atPath: program.state + "/archive")
        .contains { $0.hasSuffix(name) } ? true : nil
    }
  }

  /// By canary, the files of the state folder in which it stands; mails are the recipients'.
  private func traces(_ program: RunningProgram) throws -> [String: [String]] {
    var traces: [String: [String]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: program.state) {
      guard !name.hasPrefix("mail/"), !name.hasPrefix("desk/"),
        let bytes = FileManager.default.contents(atPath: program.state + "/" + name)
      else { continue }
      for canary in Self.canaries where bytes.range(of: Data(canary.utf8)) != nil {
        traces[canary, default: []].append(name)
      }
    }
    return traces
  }

  private func find(_ program: RunningProgram) async throws -> Int32 {
    try await program.triaged(["subject", "find"] + Self.subject).code
  }

  @Test("Found, exported, erased: no byte of it is left in database, log, archive or backups")
  func wholeWay() async throws {
    let program = try await started()
    #expect(try await program.triaged(["backup"]).code == 0)
    let found = try await program.triaged(["subject", "find"] + Self.subject)
    #expect(found.code == 0, "\(found.errors)")
    #expect(found.output.contains("Jobs: street-scene:SScanary\n"), "\(found.output)")
    for canary in ["Larkspurcanary", "100098765432", "notecanary"] {
      #expect(!found.output.contains(canary), "a count shows nothing of them")
    }
    #expect(found.output.contains("Backups, which may hold them too: "))
    let byText = try await program.triaged(["subject", "find", "--text", "NOTECANARY"])
    #expect(byText.code == 0 && byText.output.contains("street-scene:SScanary"))

    let to = program.folder.path + "/request"
    let exported = try await program.triaged(["subject", "export", "--to", to] + Self.subject)
    #expect(exported.code == 0, "\(exported.errors)")
    let report = try #require(FileManager.default.contents(atPath: to + ".json"))
    let sha256 = hexadecimal(SHA256.hash(data: report))
    #expect(exported.output.contains("SHA-256 \(sha256)\n"))
    let read = try adminDecoder().decode(SubjectReport.self, from: report)
    #expect(read.finding.classes.first?.rows.first?["notes"] == "notecanary")
    let page = try text(of: to + ".html")
    #expect(page.contains("notecanary") && page.contains("17 Larkspurcanary Avenue"))
    let mode = try FileManager.default.attributesOfItem(atPath: to + ".json")[.posixPermissions]
    #expect(mode as? Int == 0o600)

    let dry = try await program.triaged(["subject", "erase"] + Self.subject)
    #expect(dry.code == 0 && dry.output.contains("Nothing was erased."))
    #expect(try traces(program).count == Self.canaries.count, "and all of it is still there")
    let erased = try await program.triaged(["subject", "erase", "--yes"] + Self.subject)
    #expect(erased.code == 0, "\(erased.errors)\(erased.output)")
    #expect(
      erased.output.contains("Erased: ") && erased.output.contains("Deleted from the archive: "))
    #expect(try traces(program) == [:])
    #expect(try await find(program) == 1)
    let others = try await program.triaged(["subject", "find", "--ref", "street-scene:SS2"])
    #expect(others.code == 0, "the neighbour's is untouched")
    try await program.stop()
    #expect(try traces(program) == [:])

    // The audit knows of it, of the file, and of nobody.
    let store = try Store(path: program.state + "/triaged.sqlite")
    let actions = try await store.audit().map(\.action)
    #expect(actions.contains("subject erase by address"))
    #expect(actions.contains("subject export sha256:\(sha256)"))
    try store.close()
  }

  @Test(
    "A backup of before that somebody puts back, by the command or by hand, brings nobody back",
    arguments: [true, false])
  func backAgain(isByHand: Bool) async throws {
    let program = try await started()
    // Out of the daemon's sight.
    let kept = program.folder.path + "/kept"
    #expect(try await program.triaged(["backup", "--to", kept]).code == 0)
    #expect(try await program.triaged(["subject", "erase", "--yes"] + Self.subject).code == 0)
    try await program.stop()
    let backup = try #require(BackupFile.list(in: kept).first).path
    if isByHand {
      let database = program.state + "/triaged.sqlite"
      try? FileManager.default.removeItem(atPath: database + "-wal")
      try FileManager.default.removeItem(atPath: database)
      try FileManager.default.copyItem(atPath: backup, toPath: database)
    } else {
      let restored = try await program.triaged(["restore", backup])
      #expect(restored.code == 0, "\(restored.errors)")
      #expect(restored.output.contains("1 erasure of since was done again."))
    }
    try await program.start()
    #expect(try await find(program) == 1)
    #expect(try traces(program) == [:])
    try await program.stop()
  }

  @Test(
    "With --and-refuse the next list brings nothing back; without it, it does",
    arguments: [true, false])
  func nextList(refuses: Bool) async throws {
    let program = try await started()
    let more = refuses ? ["--and-refuse"] : []
    #expect(
      try await program.triaged(["subject", "erase", "--yes"] + more + Self.subject).code == 0)
    try put(program, "tuesday.csv")
    try await read(program, "tuesday.csv")
    let counts = try #require(try await program.account().imports.first?.report.counts)
    #expect(counts.inArea == (refuses ? 3 : 4))
    #expect(counts.outside == (refuses ? 1 : 0))
    #expect(counts.addsUp && counts.addsUpInArea)
    let found = try await program.triaged(["subject", "find", "--uprn", "100098765432"])
    #expect(found.output.hasPrefix(refuses ? "The database holds nothing" : "The database holds "))
    #expect(found.output.contains("jobs: 1") == !refuses)
    try await program.stop()
  }

  @Test("A legal hold refuses until it is ended; who is meant must be said once and well")
  func refusals() async throws {
    let program = try await started()
    let held = try await program.triaged(
      ["subject", "hold", "--why", "Claim 22/117"] + Self.subject)
    #expect(held.code == 0, "\(held.errors)")
    let refused = try await program.triaged(["subject", "erase", "--yes"] + Self.subject)
    #expect(refused.code == 1 && refused.errors.contains("Claim 22/117"))
    let dry = try await program.triaged(["purge", "--dry-run"])
    #expect(dry.output.contains("\nLegal holds: 1, the oldest since "))
    #expect(try await program.triaged(["subject", "release"] + Self.subject).code == 0)
    #expect(try await program.triaged(["subject", "release"] + Self.subject).code == 1)
    for wrong in [
      [], ["--uprn", "12", "--ref", "a:b"], ["--uprn", "none"], ["--ref", "SS1"],
      ["--address", "Larkspur Avenue"], ["--address", "17 Larkspur Avenue"],
    ] {
      #expect(
        try await program.triaged(["subject", "erase", "--yes"] + wrong).code == 2, "\(wrong)")
    }
    #expect(try await find(program) == 0)
    try await program.stop()
  }
}
