import Foundation
import Geography
import Storage
import Testing
import Triage

@testable import triaged

private let refused = "ashfield: an edit of the areas is not in force"
private let over = "ashfield: over: an edit of the areas was not in force"

@Suite("Boundary files that cannot take effect")
struct RefusedAreasTests {
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
