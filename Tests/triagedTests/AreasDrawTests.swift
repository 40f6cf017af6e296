import Foundation
import Testing
import Triage

@testable import triaged

/// `areas draw` as a person runs it: with a daemon, beside a database, and with neither.
@Suite("areas draw") struct AreasDrawTests {
  /// An instance in a folder of its own, whose list has homes in New Cross.
  private final class Town {
    let folder: TemporaryFolder
    let config: String
    private var process: Process?

    var state: String { folder.path + "/state" }
    var places: [String] { ["--config", config, "--state", state] }

    init() throws {
      folder = try TemporaryFolder()
      config = try folder.exampleConfiguration()
      try edit(config + "/triaged.yaml", "8480", "\(try freePort())")
      try edit(config + "/feeds/street-scene.yaml", "settle: 2s", "settle: 0s")
      try edit(config + "/feeds/street-scene.yaml", "every: 2s", "every: 0.1s")
      // The register of a checkout may be of any age.
      let header = try text(of: config + "/register.csv")
      try write(header, to: config + "/register.csv")
      try settle(config + "/register.csv")
    }

    deinit { process?.terminate() }

    /// Three open quotes, of which one is at an address with a closed job too.
    func putList() throws {
      try FileManager.default.createDirectory(
        atPath: state + "/drop", withIntermediateDirectories: true)
      let yesterday = Date.now.addingTimeInterval(-86_400).formatted(
        .verbatim(
          "\(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) 10:00", timeZone: .gmt,
          calendar: .init(identifier: .gregorian)))
      let rows = (1...3).map {
        "SS\($0),\(yesterday),,,Bulky,Bulky waste quote,Open,Public,,\"\($0) Quince Avenue, Sutton in "
          + "Ashfield\",NG17 9CM,\(450_180 + $0),358989,"
      }
      let header = FictionalTown.header.joined(separator: ",")
      try write(
        ([header] + rows).joined(separator: "\r\n") + "\r\n", to: state + "/drop/monday.csv")
    }

    func start() async throws {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try triagedProgram)
      process.arguments = ["run"] + places
      process.standardError = FileHandle.nullDevice
      try process.run()
      self.process = process
      _ = try await eventually("the list") {
        let answer = try await triaged(["status", "--json"])
        return answer.output.contains("monday.csv") ? true : nil
      }
    }

    func triaged(_ arguments: [String]) async throws -> (
      code: Int32, output: String, errors: String
    ) { try await runProgram(try triagedProgram, arguments + places) }

    func draw(_ name: String, _ more: String...) async throws -> (
      code: Int32, output: String, errors: String
    ) { try await triaged(["areas", "draw", "-o", folder.path + "/" + name] + more) }
  }

  private static let secrets = ["Quince", "NG17 9CM", "450181", "358989", "SS1", "450182"]

  @Test("asks the daemon, whose answer and picture bear no address, and draws what is in the areas")
  func daemon() async throws {
    let town = try Town()
    try town.putList()
    try await town.start()
    let asked = try await runProgram(
      "/usr/bin/env",
      [
        "curl", "-sS", "--unix-socket", town.state + "/admin.sock", "http://localhost/areas/sheet",
      ])
    let sheet = try adminDecoder().decode(AreaSheet.self, from: Data(asked.output.utf8))
    #expect(sheet.holdings?.map(\.area) == ["new-cross", "stanton-hill"])
    let holding = try #require(sheet.holdings?.first)
    #expect(holding.waiting + holding.offered == 3 && holding.claimed == 0)
    #expect(holding.jobs == ["opportunity": 3])
    #expect(sheet.marks.map(\.jobs) == [3])
    #expect(sheet.marks.first?.at == GridPoint(x: 450_175, y: 358_975))
    let areas = String(decoding: sheet.areas, as: UTF8.self)
    #expect(areas.contains("New Cross") && areas.contains("EPSG:27700"))
    for secret in Self.secrets { #expect(!asked.output.contains(secret), "\(secret)") }

    let drawn = try await town.draw("map.svg")
    #expect(drawn.code == 0 && drawn.errors.isEmpty, "\(drawn.errors)")
    #expect(drawn.output.hasSuffix("map.svg: 2 areas drawn.\n"))
    let svg = try text(of: town.folder.path + "/map.svg")
    #expect(svg.contains("in an opportunity (3)") && svg.contains("New Cross"))
    // The neighbouring wards and whose data they are.
    #expect(svg.contains("Sutton in Ashfield") && svg.contains("Ordnance Survey"))
    for secret in Self.secrets.dropFirst() { #expect(!svg.contains(secret), "\(secret)") }
  }

  @Test("opens the database where no daemon runs, and draws the areas alone where there is none")
  func withoutDaemon() async throws {
    let town = try Town()
    let alone = try await town.draw("alone.html")
    #expect(alone.code == 0 && alone.errors.contains("There is no database in \(town.state)"))
    #expect(!FileManager.default.fileExists(atPath: town.state))
    let without = try text(of: town.folder.path + "/alone.html")
    #expect(without.contains("New Cross") && !without.contains("What is in them"))
    #expect(without.contains("There is no database"))

    try town.putList()
    #expect(try await town.triaged(["run", "--once"]).code == 0)
    let drawn = try await town.draw("map.html")
    #expect(drawn.code == 0 && drawn.errors.isEmpty, "\(drawn.errors)")
    let page = try text(of: town.folder.path + "/map.html")
    #expect(page.contains("What is in them") && page.contains("in an opportunity (3)"))
    #expect(page.contains("default-src 'none'; style-src 'unsafe-inline'"))
    for word in Self.secrets + ["<script", "src=", "href=", " style="] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test("puts into the tables what an area says of itself, and who comes first where two overlap")
  func tables() async throws {
    let town = try Town()
    let file = """
      {"type":"FeatureCollection","features":[
      {"type":"Feature","properties":{"id":"second","name":"Second <b>","reason":"Many & bulky",
      "margin":10.5,"from":"2026-04-01","until":"2026-09-30"},
      "geometry":{"type":"Polygon","coordinates":[[[-1.25,53.12],[-1.24,53.12],[-1.24,53.126],
      [-1.25,53.126],[-1.25,53.12]]]}}]}
      """
    try write(file, to: town.config + "/areas/zz.geojson")
    let drawn = try await town.draw("map.html")
    #expect(drawn.code == 0, "\(drawn.errors)")
    let page = try text(of: town.folder.path + "/map.html")
    for part in [
      "Second &lt;b&gt;", "Many &amp; bulky", ">10.5 m<", ">from 2026-04-01</span>",
      "> until 2026-09-30<",
      ">25 m<", ">always<", "A job in two areas belongs to the one that comes first.",
    ] { #expect(page.contains(part), "\(part)") }
    let overlap = try #require(page.range(of: "Comes first"))
    let first = try #require(page.range(of: "New Cross", range: overlap.upperBound..<page.endIndex))
    let second = try #require(page.range(of: "Second", range: overlap.upperBound..<page.endIndex))
    #expect(first.lowerBound < second.lowerBound)
  }

  @Test("overwrites an earlier map and nothing else, unless it is told to")
  func overwriting() async throws {
    let town = try Town()
    var names = ["map.svg", "map.html"]
    if FileManager.default.isExecutableFile(atPath: "/usr/bin/rsvg-convert") {
      names.append("map.png")
    }
    for name in names {
      let path = town.folder.path + "/" + name
      try write("somebody's own", to: path)
      let refused = try await town.draw(name)
      #expect(refused.code == 1 && refused.errors.contains("it was not overwritten"))
      #expect(try text(of: path) == "somebody's own")
      #expect(try await town.draw(name, "--force").code == 0)
      let forced = try #require(FileManager.default.contents(atPath: path))
      #expect(try await town.draw(name).code == 0)
      #expect(forced.count > 1000)
    }
    #expect(try await town.draw("map.txt").code == 2)
    try FileManager.default.createDirectory(
      atPath: town.folder.path + "/folder.svg", withIntermediateDirectories: false)
    #expect(try await town.draw("folder.svg", "--force").code == 1)
    #expect(try await town.draw("nowhere/map.svg").code == 1)
  }

  @Test("does without the neighbouring wards where their file is not there or is none")
  func context() async throws {
    let town = try Town()
    let wards = town.config + "/context/ashfield-wards.geojson"
    try write("{\"type\":\"FeatureCollection\",\"features\":[{}]}", to: wards)
    let broken = try await town.draw("map.svg")
    #expect(broken.code == 0 && broken.errors.contains("drawn without neighbouring wards"))
    try FileManager.default.removeItem(atPath: wards)
    let missing = try await town.draw("map.svg")
    #expect(missing.code == 0 && missing.errors.contains("drawn without neighbouring wards"))
    let checked = try await town.triaged(["check"])
    #expect(
      checked.code == 0 && checked.output.contains("The file of neighbouring wards cannot be read"))
    // Another kind of file, in eastings and without any name.
    let file = """
      {"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"features":[
      {"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[[[440000,350000],
      [460000,350000],[460000,370000],[440000,370000],[440000,350000]]]}}]}
      """
    try write(file, to: wards)
    let drawn = try await town.draw("map.svg")
    #expect(drawn.code == 0 && !drawn.errors.contains("wards"), "\(drawn.errors)")
    #expect(try text(of: town.folder.path + "/map.svg").contains("class=\"tm-context\""))
  }
}
