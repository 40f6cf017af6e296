import Foundation
import Geography
import Logging
import Storage
import Testing
import Triage

@testable import triaged

private let refused = "ashfield: an edit of the areas is not in force"
private let over = "ashfield: over: an edit of the areas was not in force"

@Suite("Areas in force: a good edit takes effect, a bad one never")
struct AreaKeeperTests {
  @Test("The first set is kept and told to nobody; the same files again are no edit")
  func first() async throws {
    let ground = try await AreaGround()
    let kept = try #require(try await ground.store.areaSet())
    #expect(
      readKeptAreas([UInt8](kept.areas), grid: .britishNational) == ground.inForce)
    #expect(kept.id == 1 && kept.since == ground.now)
    #expect(try await ground.store.untoldAreas() == nil)
    try ground.edit(AreaGround.good())
    #expect(try await !ground.look())
    try await ground.restart()
    #expect(try await ground.store.areaSet()?.id == 1)
    #expect(try await ground.mails().isEmpty && ground.trouble == nil)
  }

  @Test("A good edit takes effect when two looks have seen it alike, and is owed to be told")
  func goodEdit() async throws {
    let ground = try await AreaGround()
    let before = ground.keeper.inForce(now: ground.now)
    try ground.edit(AreaGround.good(600))
    #expect(
      try await !ground.keeper.look(now: ground.now + 5), "an editor may be between two files")
    #expect(ground.inForce == before.areas)
    try ground.edit(AreaGround.good(700))
    #expect(try await !ground.keeper.look(now: ground.now + 10))
    #expect(try await ground.keeper.look(now: ground.now + 15))
    #expect(ground.inForce[0] == AreaGround.good(700))
    #expect(ground.keeper.inForce(now: ground.now).fingerprint != before.fingerprint)
    let untold = try #require(try await ground.store.untoldAreas())
    #expect(untold.before.id == 1 && untold.after.id == 2)
    #expect(try await ground.mails().isEmpty, "who tells of an edit shows its effect")

    // A new file and a removed one are edits too.
    let far = area("far", [Polygon(outer: square(GridPoint(x: 440_000, y: 350_000), 200))])
    try write(areas: [far], to: ground.config + "/areas/far.geojson")
    #expect(try await ground.look())
    #expect(Set(ground.inForce.map(\.id)) == ["far", "new-cross", "stanton-hill"])
    try FileManager.default.removeItem(atPath: ground.config + "/areas/far.geojson")
    #expect(try await ground.look())
    #expect(ground.inForce.count == 2)
  }

  @Test("What could not be read because of this machine is read again, though nobody touches it")
  func readAgain() async throws {
    let ground = try await AreaGround()
    let (flag, program) = (ground.folder.path + "/broken", ground.folder.path + "/ogr2ogr")
    try write(
      """
      #!/bin/sh
      [ -e '\(flag)' ] && case "$*" in *--formats*) ;; *) exit 1 ;; esac
      exec /usr/bin/ogr2ogr "$@"
      """, to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    try edit(ground.config + "/triaged.yaml", "  id: id", "  id: id\n  ogr2ogr: \(program)")
    try await ground.restart()
    try write("", to: flag)
    let far = area("far", [Polygon(outer: square(GridPoint(x: 440_000, y: 350_000), 200))])
    let source = ground.folder.path + "/far.geojson"
    try write(areas: [far], to: source)
    let made = try await runProgram(
      "/usr/bin/ogr2ogr", ["-f", "GPKG", ground.config + "/areas/far.gpkg", source])
    #expect(made.code == 0, "\(made.errors)")
    try await ground.look()
    let trouble = try #require(ground.trouble)
    #expect(trouble.sentences.contains { $0.contains("far.gpkg") }, "\(trouble.sentences)")
    try FileManager.default.removeItem(atPath: flag)
    try await ground.look()
    #expect(ground.trouble != nil, "it is not read at every look")
    try await ground.look(after: 300)
    #expect(ground.trouble == nil && ground.inForce.contains { $0.id == "far" })
  }

  @Test("Of every bad boundary file the sentence names file, feature and place; the old areas stay")
  func badFiles() async throws {
    let ground = try await AreaGround()
    let fixtures = root + "/Tests/GeographyTests/Fixtures/bad"
    let names = try FileManager.default.contentsOfDirectory(atPath: fixtures).sorted()
    try #require(names.count >= 30)
    let good = ground.inForce
    let original = try Data(contentsOf: URL(fileURLWithPath: ground.file))
    for name in names {
      try FileManager.default.removeItem(atPath: ground.file)
      let path = ground.config + "/areas/" + name
      try FileManager.default.copyItem(atPath: fixtures + "/" + name, toPath: path)
      #expect(try await !ground.look(), "\(name)")
      #expect(ground.inForce == good, "\(name)")
      let trouble = try #require(ground.trouble, "\(name)")
      #expect(trouble.mark == nil)
      for sentence in trouble.sentences {
        #expect(sentence.hasPrefix(path + ":"), "\(sentence)")
        // What cannot be unpacked has no lines.
        if !name.hasSuffix(".kmz") {
          #expect(sentence.contains(#/:\d+:\d+: /#), "\(sentence)")
        }
      }
      // Whatever is wrong inside a feature names it, by its id or its number.
      let areInFeatures = trouble.sentences.allSatisfy { $0.contains("feature '") }
      #expect(areInFeatures == !flawsOfWholeFiles.contains(name), "\(name): \(trouble.sentences)")
      let letters = try await ground.letters()
      #expect(letters.map(\.subject) == [refused], "\(name)")
      for sentence in trouble.sentences.prefix(AreaTrouble.mostSentences) {
        #expect(letters.first?.paragraphs.contains(sentence) == true)
      }
      #expect(
        letters.first?.pictures.isEmpty == !name.contains(/^crosses|^hole-|^runs-back/),
        "\(name): \(letters.first?.pictures.count ?? 0)")

      try await ground.restart()
      #expect(ground.inForce == good, "\(name)")
      #expect(ground.trouble?.sentences == trouble.sentences, "\(name)")
      #expect(try await ground.mails().isEmpty, "told once: \(name)")

      try FileManager.default.removeItem(atPath: path)
      try original.write(to: URL(fileURLWithPath: ground.file))
      #expect(try await !ground.look())
      #expect(ground.trouble == nil)
      #expect(try await ground.mails() == [over], "\(name)")
    }
    #expect(try await ground.store.areaSet()?.id == 1)
  }

  @Test("Sets that lack an area which the team names, hold none, or cannot be read are refused")
  func badSets() async throws {
    let ground = try await AreaGround()
    let good = ground.inForce
    let folder = ground.config + "/areas"
    try FileManager.default.removeItem(atPath: ground.file)
    #expect(try await !ground.look())
    #expect(
      ground.trouble?.sentences == [
        "\(ground.config)/team.yaml: The team file names the area 'new-cross', which no boundary file has. "
          + "Team and rules are as they were read at the start; restart the service after editing them."
      ])
    try FileManager.default.moveItem(atPath: folder, toPath: folder + ".away")
    #expect(try await !ground.look())
    #expect(ground.trouble?.sentences.count == 1)
    #expect(ground.trouble?.sentences.first?.contains("cannot be read") == true)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(try await !ground.look())
    #expect(ground.trouble?.sentences.first?.contains("holds no boundary file") == true)
    #expect(ground.inForce == good)
    try await ground.restart()
    #expect(ground.inForce == good)

    // The rules may name an area too.
    try FileManager.default.removeItem(atPath: folder)
    try FileManager.default.moveItem(atPath: folder + ".away", toPath: folder)
    try ground.edit(
      AreaGround.good(), area("extra", [Polygon(outer: square(.init(x: 440_000, y: 350_000), 200))])
    )
    #expect(try await ground.look())
    try triagedTests.edit(
      ground.config + "/rules.yaml",
      "# areas:\n#   new-cross:\n",
      "areas:\n  extra: {by: Ann Archer, why: A test., bands: {high: 45, medium: 25}}\n")
    try await ground.restart()
    try ground.edit(AreaGround.good())
    #expect(try await !ground.look())
    #expect(ground.trouble?.sentences.first?.contains("The rules name the area 'extra'") == true)
  }

  @Test("Told once, and once more for an edit that is bad in another way; over is told once")
  func toldOnce() async throws {
    let ground = try await AreaGround()
    try write("{", to: ground.file)
    try await ground.look()
    let first = try await ground.letters()
    #expect(first.map(\.subject) == [refused])
    #expect(first.first?.paragraphs.contains { $0.contains("2 areas are in force since") } == true)
    let since = ground.trouble?.since
    // Saved again as bad as it was.
    try write("{", to: ground.file)
    try await ground.look()
    try await ground.restart()
    #expect(try await ground.mails().isEmpty)
    try write("[]", to: ground.file)
    try await ground.look()
    #expect(try await ground.mails() == [refused], "how the second try went")
    try write("{", to: ground.file)
    try await ground.look()
    #expect(try await ground.mails().isEmpty, "that was told")
    #expect(ground.trouble?.since == since)
    try ground.edit(AreaGround.good(600))
    #expect(try await ground.look())
    let last = try await ground.letters()
    #expect(last.map(\.subject) == [over])
    #expect(last.first?.paragraphs.contains { $0.contains("Area new-cross") } == true)
    try await ground.restart()
    #expect(try await ground.mails().isEmpty && ground.trouble == nil)
    try write("{", to: ground.file)
    try await ground.look()
    #expect(try await ground.mails() == [refused], "a trouble of its own")
  }

  @Test(
    "An area that loses nine tenths of its ground waits for a person, who accepts that very edit")
  func slip() async throws {
    let ground = try await AreaGround()
    let good = ground.inForce
    try ground.edit(AreaGround.good(50))
    #expect(try await !ground.look())
    let trouble = try #require(ground.trouble)
    #expect(trouble.sentences.count == 1)
    #expect(
      trouble.sentences[0].contains(
        "new-cross.geojson:2:1: feature 'new-cross': It keeps 1 % of the ground that it has now "
          + "(0.010 km² of 1.000 km²)."), "\(trouble.sentences)")
    let mark = try #require(trouble.mark)
    let letters = try await ground.letters()
    #expect(
      letters.first?.paragraphs.contains("To accept it: triaged areas accept \(mark)") == true)
    try await ground.restart()
    #expect(ground.inForce == good && ground.trouble == trouble)
    #expect(try await ground.mails().isEmpty)

    // Another edit, of which the person who types has not been told.
    try ground.edit(AreaGround.good(60))
    await #expect(throws: AreasRefusal.self) {
      _ = try await ground.keeper.accept(mark, now: ground.now)
    }
    #expect(ground.inForce == good)
    try ground.edit(AreaGround.good(50))
    await #expect(throws: AreasRefusal.self) {
      _ = try await ground.keeper.accept(String(mark.prefix(7)), now: ground.now)
    }
    let done = try await ground.keeper.accept(mark.uppercased(), now: ground.now)
    #expect(done.hasPrefix("The edit \(mark) is accepted. 2 areas are in force since"))
    #expect(ground.inForce[0] == AreaGround.good(50) && ground.trouble == nil)
    #expect(try await ground.mails() == [over])
    #expect(try await ground.store.untoldAreas()?.after.id == 2)
    try await ground.restart()
    #expect(ground.inForce[0] == AreaGround.good(50) && ground.trouble == nil)
    await #expect(throws: AreasRefusal.self) {
      _ = try await ground.keeper.accept(mark, now: ground.now)
    }

    // Elsewhere is nothing left, too; what keeps a tenth is an edit like any other.
    try ground.edit(area("new-cross", [Polygon(outer: square(AreaGround.south + 2000, 500))]))
    #expect(try await !ground.look())
    #expect(ground.trouble?.sentences.first?.contains("It keeps nothing of the ground") == true)
    try ground.edit(AreaGround.good(500))
    #expect(try await ground.look())
    try ground.edit(AreaGround.good(160))
    #expect(try await ground.look(), "a tenth and a little is left")
  }

  @Test("Files with errors are accepted by no word")
  func nothingElse() async throws {
    let ground = try await AreaGround()
    try write("{", to: ground.file)
    try await ground.look()
    for _ in 0..<2 {
      let refusal = await #expect(throws: AreasRefusal.self) {
        _ = try await ground.keeper.accept("00000000", now: ground.now)
      }
      #expect(
        refusal?.description.hasPrefix("Boundary files with errors cannot be accepted") == true)
      try await ground.restart()
    }
  }

  @Test(
    "Edited while nobody looked: good files are an edit, bad ones and slips are told at the start")
  func whileDown() async throws {
    let ground = try await AreaGround()
    try ground.edit(AreaGround.good(600))
    try await ground.restart(look: false)
    #expect(ground.inForce[0] == AreaGround.good(), "until it is written down")
    #expect(try await ground.keeper.look(now: ground.now))
    #expect(ground.inForce[0] == AreaGround.good(600))
    #expect(try await ground.store.untoldAreas()?.after.id == 2)
    try ground.edit(AreaGround.good(10_000))
    try await ground.restart()
    #expect(ground.inForce[0] == AreaGround.good(600))
    #expect(ground.trouble?.sentences.first?.contains("km²") == true)
    #expect(try await ground.mails() == [refused])
    try ground.edit(AreaGround.good(60))
    try await ground.restart()
    #expect(ground.inForce[0] == AreaGround.good(600) && ground.trouble?.mark != nil)
  }

  @Test(
    "Without a kept set broken files stop the start; so do kept areas that lack what the team names"
  )
  func refusesToStart() async throws {
    let ground = try await AreaGround()
    let empty = try TemporaryFolder()
    let store = try Store(path: empty.path + "/triaged.sqlite")
    try write("{", to: ground.file)
    let loaded = loadConfiguration(folder: ground.config, state: empty.path, now: .now)
    let refusal = #expect(throws: ConfigurationError.self) {
      try AreaKeeper(
        loaded, try loaded.usableWithKeptAreas(), store: store, kept: nil, now: .now,
        logger: .init(label: "test"))
    }
    #expect(refusal?.description.contains("new-cross.geojson:1") == true)
    // A set on another grid is none.
    var kept = try #require(try await ground.store.areaSet())
    kept.areas = Data(writeAreas([AreaGround.good()], grid: Grid(crs: "EPSG:25832")))
    #expect(throws: ConfigurationError.self) {
      try AreaKeeper(
        loaded, try loaded.usableWithKeptAreas(), store: store, kept: kept, now: .now,
        logger: .init(label: "test"))
    }
    try store.close()

    try triagedTests.edit(ground.config + "/team.yaml", "area: new-cross", "area: nowhere")
    let missing = await #expect(throws: ConfigurationError.self) { try await ground.restart() }
    #expect(missing?.description.contains("names the area 'nowhere'") == true)
    try triagedTests.edit(ground.config + "/team.yaml", "area: nowhere", "area: new-cross")
    try await ground.restart()
    #expect(ground.inForce.count == 2)
  }

  @Test("Dates: an area outside its dates is in the set and counts for nothing, day by day")
  func dates() async throws {
    let ground = try await AreaGround()
    let today = CivilDay(ground.now, in: try #require(TimeZone(identifier: "Europe/London")))
    let half = Polygon(outer: square(AreaGround.north, 500))
    try ground.edit(
      area("new-cross", [half], from: today.plus(1), until: today.plus(2)))
    // It counts now: that it would not any more may be a slip of the year.
    #expect(try await !ground.look())
    let trouble = try #require(ground.trouble)
    #expect(
      trouble.sentences.map { String($0.drop { $0 != "'" }) } == [
        "'new-cross': By its dates (from \(today.plus(1)) until \(today.plus(2))) it would not count "
          + "today, and it does now."
      ])
    let letter = try #require(try await ground.letters().first)
    #expect(letter.paragraphs[0].contains("were edited, and they wait for your word"))
    #expect(!letter.paragraphs.contains { $0.contains("triaged check") })
    _ = try await ground.keeper.accept(try #require(trouble.mark), now: ground.now)
    let days = (0..<4).map { ground.keeper.inForce(now: ground.now + Double($0) * 86_400) }
    #expect(days.map { $0.areas.count } == [2, 2, 2, 2])
    #expect(
      days.map { $0.index.areas.map(\.id) } == [
        ["stanton-hill"], ["new-cross", "stanton-hill"], ["new-cross", "stanton-hill"],
        ["stanton-hill"],
      ])
    #expect(days[0].fingerprint != days[1].fingerprint)
    #expect(
      days[1].fingerprint == days[2].fingerprint && days[0].fingerprint == days[3].fingerprint)
    #expect(try await !ground.look(), "a new day is no edit")
    let standing = ground.keeper.standing(now: ground.now)
    let lines = standing.lines(at: ground.now)
    #expect(lines[0].hasPrefix("Areas: 2 in force since "))
    #expect(
      lines[1]
        == "  Area new-cross does not count today: it counts from \(today.plus(1)) until \(today.plus(2))."
    )
    #expect(standing.trouble == nil)
    // What does not count is edited as anything else.
    try ground.edit(area("new-cross", [half], from: today.plus(5)))
    #expect(try await ground.look())
    try ground.edit(area("new-cross", [half], until: today))
    #expect(try await ground.look())
    try ground.edit(area("new-cross", [half], until: today.plus(-1)))
    #expect(try await !ground.look())
    #expect(ground.trouble?.mark != nil)
  }

  @Test("A name or reason of more lines is one line of what is printed")
  func oneLine() throws {
    let forged = "North\nTROUBLE\u{2028}none"
    let one = PilotArea(
      id: "new-cross", name: forged, polygons: AreaGround.good().polygons, reason: forged,
      until: CivilDay("2020-01-01"))
    let day = try #require(CivilDay("2026-11-23"))
    let inForce = AreasInForce([one], setFingerprint: "", since: nil, day: day)
    let trouble = AreaTrouble(since: AreaGround.monday, sentences: [forged], mark: nil)
    let standing = AreasStanding(inForce, trouble: trouble, timeZone: "Europe/London")
    let lines = standing.lines(at: AreaGround.monday)
    #expect(lines.allSatisfy { line in !line.contains { $0.isNewline } }, "\(lines)")
    #expect(!standing.inForceSentence(at: AreaGround.monday).contains { $0.isNewline })
    let configuration = try loadConfiguration(
      folder: root + "/config", state: "/nowhere", now: AreaGround.monday
    ).usable()
    let account = AreasAccount(inForce, trouble: nil, configuration, now: AreaGround.monday)
    #expect(!account.plainText.split(separator: "\n").contains { $0.hasPrefix("TROUBLE") })
  }

  @Test("While the database takes nothing the old areas stay, and the edit is tried again")
  func diskFull() async throws {
    let ground = try await AreaGround()
    let good = ground.inForce
    // Until ten minutes have passed.
    let recovers = Int((AreaGround.monday + 600).timeIntervalSince1970 * 1000)
    try ground.store.close()
    let script = """
      import sqlite3, sys; c = sqlite3.connect(sys.argv[1])
      for t, a in (("area_set", "in_force_at"), ("area_trouble", "began")):
        c.execute(f"CREATE TRIGGER full_{t} BEFORE INSERT ON {t} WHEN NEW.{a} < \(recovers) "
          "BEGIN SELECT RAISE(ABORT, 'full'); END")
      c.commit()
      """
    let done = try await runProgram(
      "/usr/bin/env", ["python3", "-c", script, ground.state + "/triaged.sqlite"])
    try #require(done.code == 0, "\(done.errors)")
    try await ground.restart()

    try ground.edit(AreaGround.good(600))
    await #expect(throws: StoreError.self) { try await ground.look() }
    #expect(ground.inForce == good)
    await #expect(throws: StoreError.self) { try await ground.keeper.look(now: ground.now) }
    #expect(try await ground.keeper.look(now: AreaGround.monday + 600))
    #expect(ground.inForce[0] == AreaGround.good(600))
    #expect(try await ground.store.areaSet()?.id == 2)

    try write("{", to: ground.file)
    await #expect(throws: StoreError.self) { try await ground.look() }
    #expect(ground.trouble == nil && ground.inForce[0] == AreaGround.good(600))
    try await ground.keeper.look(now: AreaGround.monday + 600)
    #expect(ground.trouble != nil && ground.inForce[0] == AreaGround.good(600))
  }
}

/// Flaws that no feature of the file has.
private let flawsOfWholeFiles: Set<String> = [
  "comma-too-many.geojson", "cut-off.geojson", "cut-off.kml", "document-type.kml",
  "empty-file.geojson", "nested-too-deep.geojson", "no-features.geojson", "no-kml.kmz",
  "not-a-zip.kmz", "not-json.geojson", "number-too-large.geojson", "only-a-network-link.kml",
  "system-by-link.geojson", "text-after-the-end.geojson", "topology.geojson",
  "twice-the-same-key.geojson", "unpacks-to-far-more.kmz", "utf-16.geojson", "web-page.kml",
]

private func + (point: GridPoint, east: Double) -> GridPoint {
  GridPoint(x: point.x + east, y: point.y)
}
