import Foundation
import Geography
import Glibc
import Logging
import Storage
import TestServers
import Testing
import Triage

@testable import triaged

@Suite("The gazetteer of an instance") struct GazetteerTests {
  @Test("is made of published files, told about, asked, and in force")
  func made() async throws {
    let town = try GazetteerTown()
    let made = try await town.run("import", town.uprns, town.postcodes)
    #expect(made.code == 0, "\(made.errors)")
    #expect(
      made.output.contains("OS Open UPRN, osopenuprn.csv: 3 rows, 2 kept, 1 outside"),
      "\(made.output)")
    #expect(made.output.contains("2 UPRNs and 1 postcodes"))

    let info = try await town.run("info", "--probe", "1000")
    #expect(info.output.contains("1000 of 1000 look-ups found"), "\(info.output)")
    #expect(info.output.contains("Code-Point Open, ng.csv"))

    let asked = try await town.run(
      "locate", "900000000001", "900000000002", "7", "ng17 9cm", "M1 1AE")
    let lines = asked.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    #expect(lines[0] == "\(town.inside.x),\(town.inside.y) new-cross")
    #expect(lines[1].hasSuffix(" -"))
    #expect(lines[2] == "-")
    #expect(lines[3].hasPrefix("\(town.inside.x),\(town.inside.y) new-cross"))
    #expect(lines[4] == "-")

    let check = try await runProgram(
      try triagedProgram, ["check", "--config", town.config, "--state", town.state])
    #expect(check.code == 0, "\(check.output)")
    #expect(check.output.contains("gazetteer: 2 UPRNs and 1 postcodes, made on "))
  }

  @Test("is made in a state folder that is not there yet, which nobody else may enter")
  func firstOfAll() async throws {
    let town = try GazetteerTown()
    try FileManager.default.removeItem(atPath: town.state)
    #expect(try await town.run("import", town.uprns, "--dry-run").code == 0)
    #expect(!FileManager.default.fileExists(atPath: town.state))
    let lost = try await town.run("import", town.uprns, "-o", town.folder.path + "/no/g.bin")
    #expect(lost.code == 1 && lost.errors.contains("there is no folder"), "\(lost.errors)")
    let made = try await town.run("import", town.uprns)
    #expect(made.code == 0, "\(made.errors)")
    let mode = try FileManager.default.attributesOfItem(atPath: town.state)[.posixPermissions]
    #expect(mode as? Int == 0o700)
    #expect(FileManager.default.fileExists(atPath: town.gazetteer))
  }

  @Test("is not touched by a dry run, a wrong file, another grid or a folder without files")
  func notTouched() async throws {
    let town = try GazetteerTown()
    _ = try await town.run("import", town.uprns)
    let before = try Data(contentsOf: URL(filePath: town.gazetteer))
    let other = town.folder.path + "/other.csv"
    try write("Ref,Easting\nA1,450000\n", to: other)

    #expect(try await town.run("import", town.uprns, "--dry-run").code == 0)
    #expect(try await town.run("import", town.uprns, "--count").output.contains(": 4 rows"))
    let wrong = try await town.run("import", town.uprns, other)
    #expect(wrong.code == 1)
    #expect(wrong.errors.contains("other.csv has the columns of none of"), "\(wrong.errors)")
    #expect(
      try await town.run("import", town.state + "/drop").errors.contains("without a CSV file"))
    #expect(try await town.run("import", town.uprns, "--within", "far").code == 2)
    try edit(town.config + "/triaged.yaml", "grid: EPSG:27700", "grid: EPSG:25830")
    #expect(try await town.run("import", town.uprns).errors.contains("(EPSG:27700)"))
    #expect(try Data(contentsOf: URL(filePath: town.gazetteer)) == before)
    let left = try town.stateFiles()
    #expect(left == ["drop", "gazetteer.bin"])
  }

  @Test("is whole and one of the two when an import is killed at any moment")
  func killed() async throws {
    let town = try GazetteerTown()
    #expect(try await town.run("import", town.uprns).code == 0)
    var before = try GazetteerFile(path: town.gazetteer).facts
    let large = town.folder.path + "/large.csv"
    let rows = (1...600_000).map { "\($0),\(town.inside.x),\(town.inside.y),0,0\n" }
    try write("UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n" + rows.joined(), to: large)
    var midway = 0
    for kill in 0..<60 where midway < 6 {
      let process = Process()
      process.executableURL = URL(filePath: try triagedProgram)
      process.arguments = [
        "gazetteer", "import", large, "--config", town.config, "--state", town.state,
      ]
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      // Into reading, sorting and writing by turns: the file beside it is there, or has grown.
      let wanted = [0, 0, 4097][kill % 3]
      _ = try await eventually("the import to begin") {
        let size =
          try? FileManager.default.attributesOfItem(
            atPath: town.gazetteer + ".new")[.size] as? Int
        return (size ?? -1) >= wanted || !process.isRunning ? true : nil
      }
      Glibc.kill(process.processIdentifier, SIGKILL)
      waitForEnd(of: process)
      let facts = try GazetteerFile(path: town.gazetteer).facts
      #expect(facts == before || facts.uprns == 600_000)
      if facts == before { midway += 1 }
      before = facts
    }
    #expect(midway > 0)
    #expect(try await town.run("import", large).code == 0)
    #expect(try GazetteerFile(path: town.gazetteer).facts.uprns == 600_000)
    let left = try town.stateFiles()
    #expect(left == ["drop", "gazetteer.bin"])
  }

  @Test("is needed by a feed without coordinates, and an error says how to make it")
  func needed() async throws {
    let town = try GazetteerTown()
    try town.forgetCoordinates()
    let without = town.load()
    #expect(throws: ConfigurationError.self) { try without.usable() }
    let told = without.problems.first { $0.text.contains("needs a gazetteer, and there is none") }
    #expect(told?.file == town.config + "/feeds/street-scene.yaml")
    #expect((told?.line ?? 0) > 1, "where its columns stand")
    // Making it works all the same.
    #expect(try await town.run("import", town.uprns).code == 0)
    let with = town.load()
    #expect(with.problems.map(\.description) == [])
    #expect(try with.usable().gazetteerFile == town.gazetteer)
  }

  @Test("that is damaged is an error, not in force, and stops no start")
  func damaged() async throws {
    let town = try GazetteerTown()
    try town.forgetCoordinates()
    #expect(try await town.run("import", town.uprns).code == 0)
    var bytes = try Data(contentsOf: URL(filePath: town.gazetteer))
    bytes[4100] ^= 1
    try bytes.write(to: URL(filePath: town.gazetteer))
    let loaded = town.load()
    #expect(loaded.gazetteer.gazetteer.isEmpty)
    #expect(
      loaded.problems.contains { $0.severity == .error && $0.text.contains("is not in force") })
    _ = try loaded.usable()
    #expect(try await town.run("info").code == 1)
  }

  @Test("named in triaged.yaml and missing is an error; an area beyond it is a warning")
  func named() async throws {
    let town = try GazetteerTown()
    try edit(
      town.config + "/triaged.yaml", "# gazetteer: ${state}/gazetteer.bin",
      "gazetteer: ${state}/places.bin")
    #expect(town.load().problems.contains { $0.text.hasPrefix("There is no gazetteer; make it") })
    #expect(try await town.run("import", town.uprns, "--within", "0m").code == 0)
    #expect(town.load().problems.map(\.description) == [])
    #expect(town.load().gazetteer.file?.point(uprn: 900_000_000_001) == town.inside)

    let hill = town.config + "/areas/stanton-hill.geojson"
    let moved = try text(of: hill).replacingOccurrences(of: "53.1", with: "53.2")
    try write(moved, to: hill)
    let warnings = town.load().problems.filter { $0.severity == .warning }
    #expect(warnings.contains { $0.text.hasPrefix("The area 'stanton-hill' reaches beyond") })
  }

  @Test("made anew takes effect at the next look, a damaged one does not")
  func madeAnew() async throws {
    let town = try GazetteerTown()
    let loaded = town.load()
    let logger = Logger(label: "test") { _ in JournalLogHandler() }
    let store = try Store(path: town.state + "/triaged.sqlite")
    let areas = try AreaKeeper(
      loaded, try loaded.usable(), store: store, kept: nil, now: .now, logger: logger)
    let live = LiveInputs(
      try loaded.usable(), areas: areas, register: loaded.register,
      gazetteer: loaded.gazetteer, logger: logger)
    let before = await live.look(now: .now)
    #expect(before.gazetteer.isEmpty)

    #expect(try await town.run("import", town.uprns).code == 0)
    let after = await live.look(now: .now)
    #expect(after.gazetteer.point(900_000_000_001) == town.inside)
    #expect(after.areasFingerprint != before.areasFingerprint, "the list is read once more")

    #expect(after.gazetteerTrouble == nil)

    try write("half a gazetteer", to: town.gazetteer)
    let bad = await live.look(now: .now)
    #expect(bad.gazetteer.point(900_000_000_001) == town.inside)
    #expect(bad.gazetteerTrouble?.hasSuffix("stays in force until the service ends.") == true)
    try FileManager.default.removeItem(atPath: town.gazetteer)
    #expect(await live.look(now: .now).gazetteer.point(900_000_000_001) == town.inside)
  }

  @Test("does not give way to an empty one, a cut one, or unasked to one of half its places")
  func notForWorse() async throws {
    let town = try GazetteerTown()
    let header = "UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n"
    func rows(_ numbers: Range<Int>) -> String {
      numbers.map { "\($0),\(town.inside.x),\(town.inside.y),53.1,-1.2\n" }.joined()
    }
    try write(header + rows(1..<1001), to: town.uprns)
    #expect(try await town.run("import", town.uprns, town.postcodes).code == 0)
    let before = try Data(contentsOf: URL(filePath: town.gazetteer))
    let other = town.folder.path + "/other.csv"
    func refused(_ text: String, _ why: String, _ arguments: String...) async throws {
      try write(text, to: other)
      let run = try await runProgram(
        try triagedProgram,
        ["gazetteer", "import", other] + arguments
          + ["--config", town.config, "--state", town.state])
      #expect(run.code == 1)
      #expect(run.errors.contains(why), "\(run.errors)")
      #expect(run.errors.contains("stays as it is"), "\(run.errors)")
      #expect(try Data(contentsOf: URL(filePath: town.gazetteer)) == before)
    }
    try await refused(
      header + "1,\(town.inside.y),\(town.inside.x),53.1,-1.2\n", "No place lies within")
    try await refused(
      header + "1,\(town.inside.y),\(town.inside.x),53.1,-1.2\n", "No place lies within",
      "--smaller")
    // Cut in a coordinate, which is a number still.
    let whole = header + rows(1..<1001)
    try await refused(String(whole.dropLast(20)), "ends in the middle of a row", "--smaller")
    try await refused(whole + "1001,\"4", "ends in the middle of a row", "--smaller")
    try await refused(header + rows(1..<500), "Only 499 UPRNs would be kept", town.postcodes)
    try await refused(whole, "Only 0 postcodes would be kept")
    let left = try town.stateFiles()
    #expect(left == ["drop", "gazetteer.bin"])

    // In three columns nothing tells a cut last row from a whole one, but its line end.
    let narrow = "UPRN,X_COORDINATE,Y_COORDINATE\n1,\(town.inside.x),\(town.inside.y)\n2,"
    try write(narrow + "\(town.inside.x),\(Int(town.inside.y) / 10)", to: other)
    let smaller = try await town.run("import", other, "--smaller")
    #expect(smaller.code == 0, "\(smaller.errors)")
    #expect(smaller.output.contains("1 unreadable\n  Its last row has no line end"))
    #expect(try GazetteerFile(path: town.gazetteer).facts.uprns == 1)
  }

  @Test(
    "that is cut short is a problem in status and one mail to the admin, not one at every start")
  func toldOfDamage() async throws {
    let town = try GazetteerTown()
    let main = town.config + "/triaged.yaml"
    try edit(
      main, "channels:\n", "channels:\n  desk: {kind: maildir, path: \"${state}/desk\"}\n")
    try edit(main, "org\n  channel: post", "org\n  channel: desk")
    func status() async throws -> String {
      try await runProgram(
        try triagedProgram, ["status", "--config", town.config, "--state", town.state]
      ).output
    }
    func runOnce() async throws {
      let run = try await runProgram(
        try triagedProgram, ["run", "--once", "--config", town.config, "--state", town.state])
      #expect(run.code == 0, "\(run.errors)")
    }
    func mails() throws -> [String] {
      let folder = town.state + "/desk/new"
      return try ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).map {
        try text(of: folder + "/" + $0)
      }
    }
    #expect(try await town.run("import", town.uprns).code == 0)
    try await runOnce()
    #expect(try await !status().contains("gazetteer"))
    let whole = try Data(contentsOf: URL(filePath: town.gazetteer))
    try whole.prefix(4110).write(to: URL(filePath: town.gazetteer))
    for _ in 0..<2 { try await runOnce() }
    #expect(
      try await status().contains(
        "The gazetteer cannot be used. It is cut short: 4110 of \(whole.count) bytes are there."))
    #expect(
      try mails().count { $0.contains("Subject: ashfield: the gazetteer cannot be used") } == 1)
    #expect(try mails().count == 1)
    try whole.write(to: URL(filePath: town.gazetteer))
    #expect(try await !status().contains("gazetteer"))
  }

  @Test("places the jobs of a list without coordinates, and says how well")
  func places() async throws {
    let town = try GazetteerTown()
    try town.forgetCoordinates()
    let feed = town.config + "/feeds/street-scene.yaml"
    try edit(feed, "approximate_metres: 250", "approximate_metres: 1")
    #expect(try await town.run("import", town.uprns, town.postcodes).code == 0)
    let list = town.folder.path + "/list.csv"
    let header = FictionalTown.header.joined(separator: ",")
    let recorded = Date.now.addingTimeInterval(-3 * 86_400).formatted(.iso8601.year().month().day())
    let rows = [
      "1,900000000001,NG17 9CM", "2,,NG17 9CM", "3,900000000002,NG17 9CM", "4,7,", "5,1.00E+11,",
    ].map { row in
      let cells = row.split(separator: ",", omittingEmptySubsequences: false)
      return
        "\(cells[0]),\(recorded),,,Bulky,Bulky waste quote,Open,Public,\(cells[1]),\"\(cells[0]) Quince Avenue\",\(cells[2]),,,"
    }
    try write(([header] + rows).joined(separator: "\r\n") + "\r\n", to: list)
    func preview() async throws -> String {
      let result = try await runProgram(
        try triagedProgram,
        ["preview", list, "--feed", "street-scene", "--config", town.config, "--state", town.state])
      #expect(result.code == 0, "\(result.errors)")
      return result.output
    }
    let exact = try await preview()
    #expect(exact.contains("5 rows: 1 outside, 2 in area, 2 not located, 0 unreadable"), "\(exact)")
    #expect(exact.contains("+0 Approximate place: known by its postcode only."))
    #expect(exact.contains("spoiledUPRN: 1"))

    try edit(feed, "approximate_metres: 1", "approximate_metres: 10000")
    let wide = try await preview()
    #expect(wide.contains("1 × \(NoOpportunity.placeUncertain.sentence)"), "\(wide)")
    #expect(!wide.contains("Approximate place"))
  }
}
