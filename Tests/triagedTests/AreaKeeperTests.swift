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
