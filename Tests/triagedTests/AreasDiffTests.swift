import Foundation
import Geography
import Storage
import Testing
import Triage

@testable import triaged

@Suite("areas diff and the mail after an edit, in the program", .serialized)
struct AreasDiffTests {
  private let west = Field.west
  private let east = Field.east

  private func program() async throws -> RunningProgram {
    let program = try RunningProgram()
    try putFields([west, east], in: program.config)
    return program
  }

  /// As an instance that has areas in force of which everybody was told.
  private func put(_ fields: [Field], _ program: RunningProgram, isTold: Bool) async throws {
    let store = try Store(path: program.state + "/triaged.sqlite")
    _ = try await store.takeAreas(
      Data(writeAreas(fields.map(\.area), grid: .britishNational)), fingerprint: "\(fields)",
      isTold: isTold, now: .now, over: nil)
    try store.close()
  }

  private func list(_ program: RunningProgram) throws {
    let yesterday = Date.now.addingTimeInterval(-86_400).formatted(
      .verbatim(
        "\(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) 10:00", timeZone: .gmt,
        calendar: .init(identifier: .gregorian)))
    let rows = [(8731, 450_050.0), (8732, 450_350), (8733, 450_450), (8734, 450_850)].map {
      "SS\($0.0),\(yesterday),,,Bulky,Bulky waste quote,Open,Public,,\"\($0.0) Quince Avenue, Sutton in "
        + "Ashfield\",NG17 9CM,\($0.1),359100.0,"
    }
    let text =
      ([FictionalTown.header.joined(separator: ",")] + rows).joined(separator: "\r\n") + "\r\n"
    try write(text, to: program.state + "/drop/.list.csv")
    try FileManager.default.moveItem(
      atPath: program.state + "/drop/.list.csv", toPath: program.state + "/drop/list.csv")
  }

  @Test("With a daemon, without one, and before there ever was one: the same changes")
  func everywhere() async throws {
    let program = try await program()
    var wide = east
    (wide.x, wide.width) = (450_300, 600)
    let file = program.folder.path + "/stanton-hill.geojson"
    try write(Field.file([wide]), to: file)
    let before = try await program.triaged(["areas", "diff", file])
    #expect(before.code == 0, "\(before.output)\(before.errors)")
    #expect(before.output.hasPrefix("There is no database yet"))
    #expect(!FileManager.default.fileExists(atPath: program.state + "/triaged.sqlite"))
    let size =
      "STANTON-HILL (stanton-hill): changed, 0.160 km² before, 0.240 km² after (0.080\n    km² gained"
    #expect(before.output.contains(size), "\(before.output)")
    // Overlaps are told, and hinder nothing.
    #expect(before.output.contains("It shares about 40000 m² with the area new-cross"))

    try list(program)
    try await program.start()
    _ = try await eventually("the list") {
      try await program.account().feed.status.listName == "list.csv" ? true : nil
    }
    let sentence =
      "No opportunity goes out, 1 comes in; nothing that is claimed is touched.\n"
    let asked = try await program.triaged(["areas", "diff", file])
    #expect(asked.code == 0 && asked.output.hasPrefix(sentence), "\(asked.output)\(asked.errors)")
    #expect(asked.output.contains("Comes in: Quince Avenue, NG17: Bulky waste quote, "))
    #expect(asked.output.contains("1 list."))
    #expect(!asked.output.contains("873"))
    // Some lines name files, whose length is not ours.
    #expect(
      asked.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("geojson:") })
    for kind in ["svg", "html"] {
      let picture = program.folder.path + "/map." + kind
      #expect(try await program.triaged(["areas", "diff", file, "-o", picture]).code == 0)
      // Its own it overwrites.
      #expect(try await program.triaged(["areas", "diff", file, "-o", picture]).code == 0)
      let text = try text(of: picture)
      #expect(text.contains("<svg") && text.contains("STANTON-HILL") && !text.contains("873"))
    }
    let own = program.folder.path + "/mine.svg"
    try write("mine", to: own)
    #expect(try await program.triaged(["areas", "diff", file, "-o", own]).code == 1)
    #expect(try text(of: own) == "mine")
    // In the daemon nothing has changed by asking.
    #expect(try await program.account().feed.status.listName == "list.csv")
    try await program.stop()
    let alone = try await program.triaged(["areas", "diff", file])
    #expect(alone.output == asked.output, "\(alone.errors)")
    let json = try await program.triaged(["areas", "diff", file, "--json"])
    let diff = try adminDecoder().decode(AreaDiff.self, from: Data(json.output.utf8))
    #expect(diff.effects?.count(.in) == 1 && diff.effects?.picture == nil && diff.errors.isEmpty)
    #expect(!json.output.contains("873"))
  }

  @Test("An edit that would not take effect ends with 1, a question that cannot be asked with 2")
  func refused() async throws {
    let program = try await program()
    func diff(_ name: String, _ fields: [Field], _ more: String...) async throws -> (
      code: Int32, output: String, errors: String
    ) {
      let file = program.folder.path + "/" + name
      try write(Field.file(fields), to: file)
      return try await program.triaged(["areas", "diff", file] + more)
    }
    let twice = try await diff("new.geojson", [west, west])
    #expect(twice.code == 1, "\(twice.output)\(twice.errors)")
    #expect(twice.output.contains("The id is already taken"))
    #expect(twice.output.hasPrefix("This edit would not take effect: 1 error."))
    var other = east
    other.id = "stanton"
    let lost = try await diff("stanton-hill.geojson", [other])
    #expect(lost.code == 1)
    #expect(
      lost.output.contains(
        "The team file names the area 'stanton-hill', which no boundary file has."))
    var tiny = west
    (tiny.width, tiny.height) = (10, 10)
    let small = try await diff("new-cross.geojson", [tiny])
    #expect(small.code == 1 && small.output.contains("km² large"), "\(small.output)")
    var sliver = west
    sliver.width = 30
    let waits = try await diff("new-cross.geojson", [sliver])
    #expect(waits.code == 1)
    #expect(waits.output.hasPrefix("Less than a tenth of the ground of NEW-CROSS would be left"))
    let missing = try await diff("x.geojson", [west], "--replaces", "new-crass.geojson")
    #expect(missing.code == 2)
    #expect(missing.errors.contains("did you mean 'new-cross.geojson'?"), "\(missing.errors)")
    #expect(try await program.triaged(["areas", "diff", "/nowhere.geojson"]).code == 2)
    #expect(try await diff("new-cross.geojson", [west], "-o", "map.pdf").code == 2)
    #expect(try await diff("new-cross.geojson", [west]).code == 0)
    // A folder is the whole set.
    let folder = program.folder.path + "/areas"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write(Field.file([west, east]), to: folder + "/all.geojson")
    let whole = try await program.triaged(["areas", "diff", folder])
    #expect(whole.code == 0 && whole.output.contains("The areas are the same before and after."))
  }

  @Test("Killed again and again before it was told, the edit is told once")
  func killed() async throws {
    let program = try await program()
    var narrow = west
    narrow.width = 300
    try putFields([narrow, east], in: program.config)
    try await put([west, east], program, isTold: true)
    try await put([narrow, east], program, isTold: false)
    try list(program)
    // In the foreground `timeout` waits for the end of what it has killed; without that it dies too, and the next daemon
    // meets the lock of one that is still ending.
    for wait in ["0.05", "0.1", "0.2", "0.3", "0.5", "1"] {
      let ran = try await runProgram(
        "/usr/bin/timeout",
        ["--foreground", "-s", "KILL", wait, try triagedProgram, "run"] + program.places)
      #expect(ran.code == 128 + SIGKILL, "\(ran.errors)")
    }
    try await program.start()
    let subject = "ashfield: the areas were edited: NEW-CROSS"
    _ = try await eventually("the mail") {
      try program.notices().contains(subject) ? true : nil
    }
    // What is told once more would be by the time that another round is over.
    let store = program.state + "/triaged.sqlite"
    try await program.stop()
    let after = try Store(path: store)
    #expect(try await after.untoldAreas() == nil)
    try after.close()
    try await program.start()
    try await program.stop()
    #expect(try program.notices().filter { $0 == subject }.count == 1)
    let mail = try program.mails()
    #expect(mail.contains("NEW-CROSS (new-cross): changed"))
    // The jobs' own numbers; ids in the mail's head and paths may have three of the digits.
    #expect(!mail.contains(/\b(SS)?873[1-4]\b/))
  }
}
