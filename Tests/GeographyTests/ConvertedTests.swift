import Foundation
import Testing
import Triage

@testable import Geography

private let ogr2ogr = "/usr/bin/ogr2ogr"
private let hasGDAL = FileManager.default.isExecutableFile(atPath: ogr2ogr)

/// Runs GDAL, which makes the files of other kinds out of our fixtures.
private func gdal(_ arguments: String...) throws {
  let process = Process()
  process.executableURL = URL(filePath: ogr2ogr)
  process.arguments = arguments
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
}

private func fixturePath(_ name: String) -> String {
  repository("Tests/GeographyTests/Fixtures/\(name)")
}

@Suite("A file that GDAL reads for us") struct ConvertedTests {
  @Test("without GDAL is refused with what to do about it, and the other files are read")
  func notInstalled() throws {
    try withTemporaryFolder { folder in
      try Data(try fixture("good/single-feature.geojson")).write(
        to: folder.appending(path: "1.geojson"))
      try Data("x".utf8).write(to: folder.appending(path: "2.gpkg"))
      let set = readAreas(
        folder: folder.path(percentEncoded: false), grid: .britishNational,
        settings: .init(ogr2ogr: "/nowhere/ogr2ogr"))
      #expect(set.areas.map(\.id) == ["a"] && set.hasErrors)
      #expect(
        set.problems.map(\.sentence) == [
          "This kind of file is read by GDAL, which is not installed (there is no /nowhere/ogr2ogr): "
            + "install gdal-bin, or export as GeoJSON."
        ])
    }
  }

  @Test(
    "gives the areas that the GeoJSON gives from which it was made, in the system that it names",
    .enabled(if: hasGDAL, "GDAL is not installed (apt-get install gdal-bin)"),
    arguments: [
      ("areas.gpkg", "GPKG", "EPSG:4326"), ("areas.gpkg", "GPKG", "EPSG:27700"),
      ("areas.shp", "ESRI Shapefile", "EPSG:27700"), ("Areas.SHP", "ESRI Shapefile", "EPSG:3857"),
      ("areas.gml", "GML", "EPSG:27700"), ("areas.tab", "MapInfo File", "EPSG:27700"),
    ])
  func sameAreas(_ name: String, _ driver: String, _ crs: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.path(percentEncoded: false)
      try gdal(
        "-f", driver, "-t_srs", crs, path + "/" + name.lowercased(),
        fixturePath("good/properties.geojson"))
      if name != name.lowercased() {
        try FileManager.default.moveItem(atPath: path + "/areas.shp", toPath: path + "/" + name)
      }
      let before = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      // GDAL finds no code for the system of a MapInfo file; then it is the settings' word that counts.
      if driver == "MapInfo File" {
        let mute = readAreas(folder: path, grid: .britishNational, settings: .init())
        #expect(mute.problems.first?.sentence.hasPrefix("GDAL found no code") == true)
      }
      let settings = AreaFileSettings(
        crs: driver == "MapInfo File" ? "EPSG:27700" : longitudeLatitude)
      let set = readAreas(folder: path, grid: .britishNational, settings: settings)
      #expect(set.problems.isEmpty, "\(set.problems)")
      let area = try #require(set.areas.first)
      #expect(area.id == "a" && area.name == "Area A" && area.reason == "Many bulky items.")
      #expect(area.from == CivilDay("2026-04-01") && area.margin == 10)
      let expected = try #require(try read("good/properties.geojson").areas.first)
      let shared = sharedGround(area, expected).squareMetres
      // GDAL's own way from one system to another is a few centimetres to a metre off ours.
      #expect(
        shared > 0.99 * expected.squareMetres && area.squareMetres < 1.01 * expected.squareMetres)
      // GDAL writes beside what it reads; not here.
      #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == before)
    }
  }

  @Test(
    "that GDAL cannot read, or that is another kind under its name, is refused with a sentence",
    .enabled(if: hasGDAL, "GDAL is not installed (apt-get install gdal-bin)"))
  func unreadable() throws {
    try withTemporaryFolder { folder in
      let path = folder.path(percentEncoded: false)
      try Data("no database".utf8).write(to: folder.appending(path: "1.gpkg"))
      // A virtual format that would open any file or address.
      let virtual = """
        <OGRVRTDataSource><OGRVRTLayer name="good"><SrcDataSource>\(fixturePath("good/single-feature.geojson"))</SrcDataSource>
        </OGRVRTLayer></OGRVRTDataSource>
        """
      for ending in ["shp", "gml", "tab", "gpkg"] {
        try Data(virtual.utf8).write(to: folder.appending(path: "2.\(ending)"))
      }
      try Data([0, 0, 0x27, 0x0A, 1, 2, 3]).write(to: folder.appending(path: "2a.shp"))
      try gdal(
        "-f", "GPKG", path + "/3.gpkg", fixturePath("good/properties.geojson"), "-nln", "one")
      try gdal(
        "-f", "GPKG", "-update", path + "/3.gpkg", fixturePath("good/properties.geojson"), "-nln",
        "two")
      let set = readAreas(folder: path, grid: .britishNational, settings: .init())
      #expect(set.areas.isEmpty)
      #expect(set.problems.count == 7, "\(set.problems)")
      #expect(
        set.problems[0..<5].allSatisfy {
          $0.sentence.hasPrefix("The file is not what its name says")
        })
      #expect(set.problems[5].sentence.hasPrefix("GDAL cannot read the file"))
      #expect(
        set.problems.last?.sentence.contains("Keep one layer in it") == true, "\(set.problems)")
    }
  }

  @Test(
    "with a flaw is refused like any other, with its feature and place, and without a line",
    .enabled(if: hasGDAL, "GDAL is not installed (apt-get install gdal-bin)"))
  func flaw() throws {
    try withTemporaryFolder { folder in
      let path = folder.path(percentEncoded: false)
      try gdal("-f", "GPKG", path + "/a.gpkg", fixturePath("bad/crosses-itself.geojson"))
      let set = readAreas(folder: path, grid: .britishNational, settings: .init())
      let problem = try #require(set.problems.first)
      #expect(problem.line == nil && problem.feature == "a" && problem.place != nil)
      #expect(problem.sentence.hasPrefix("A ring crosses itself"))
    }
  }
}

@Suite("A child process") struct ChildProcessTests {
  private func run(
    _ script: String, seconds: Double = 30, mostBytes: Int = 1 << 20
  ) -> ChildProcess.Outcome {
    ChildProcess(
      program: "/bin/sh", arguments: ["-c", script], folder: "/", environment: ["ONLY": "this"]
    ).run(seconds: seconds, mostBytes: mostBytes)
  }

  @Test("gives its output, its complaint and how it ended, and has no environment but ours")
  func output() throws {
    guard case .finished(let output, let complaint, let code) = run("env; pwd; echo no >&2; exit 3")
    else {
      Issue.record("It did not finish.")
      return
    }
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(lines.contains("ONLY=this") && lines.last == "/")
    #expect(!lines.contains { $0.hasPrefix("HOME") || $0.hasPrefix("TRIAGED") })
    #expect(complaint == "no\n" && code == 3)
  }

  @Test("reads what it is given, to the end, and finds no file of ours open")
  func input() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for input in [[], bytes] {
      let child = ChildProcess(
        program: "/bin/cat", arguments: [], folder: "/", environment: [:], input: input)
      guard case .finished(let output, _, 0) = child.run(seconds: 30, mostBytes: 4_000_000) else {
        Issue.record("It did not finish.")
        return
      }
      #expect(output == input)
    }
    let file = open("/dev/null", O_RDONLY)
    defer { close(file) }
    try #require(file > 2)
    guard case .finished(let output, _, 0) = run("ls /proc/self/fd") else {
      Issue.record("It did not finish.")
      return
    }
    // The fourth is the folder that ls reads.
    #expect(String(decoding: output, as: UTF8.self) == "0\n1\n2\n3\n")
    guard case .finished(let signals, _, 0) = run("grep -E 'SigIgn|SigBlk' /proc/self/status")
    else {
      Issue.record("It did not finish.")
      return
    }
    let words = String(decoding: signals, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    #expect(words.count == 4 && words[1].allSatisfy { $0 == "0" })
  }

  @Test("and others at the same time do not wait for each other")
  func together() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "triaged-together-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let sign = folder.appending(path: "go").path(percentEncoded: false)
    // They run until all others have ended, so those must not wait for them.
    async let waiting: Void = withTaskGroup(of: Void.self) { group in
      for _ in 0..<3 {
        group.addTask {
          await onThread {
            let script = "while [ ! -e '\(sign)' ]; do sleep 0.05; done; echo gone"
            if case .finished(let output, _, 0) = run(script, seconds: 120) {
              #expect(output == Array("gone\n".utf8))
            } else {
              Issue.record("It did not finish.")
            }
          }
        }
      }
    }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<3 {
        group.addTask {
          await onThread {
            for number in 0..<40 {
              if case .finished(let output, _, 0) = run("echo \(number)", seconds: 60) {
                #expect(output == Array("\(number)\n".utf8))
              } else {
                Issue.record("It did not finish.")
              }
            }
          }
        }
      }
    }
    try Data().write(to: URL(filePath: sign))
    await waiting
  }

  private func onThread(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        body()
        continuation.resume()
      }
    }
  }

  private func isZombie(_ process: pid_t) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return status?.split(separator: ")").last?.hasPrefix(" Z") ?? true
  }

  @Test("is ended when it takes too long or says too much, and may complain without end")
  func bounds() {
    let clock = ContinuousClock()
    let taken = clock.measure {
      if case .tooSlow = run("exec sleep 100", seconds: 0.3) {
      } else {
        Issue.record("not too slow")
      }
      if case .tooSlow = run("exec >&- 2>&-; exec sleep 100", seconds: 0.3) {
      } else {
        Issue.record("not too slow")
      }
      if case .tooMuch = run("exec cat /dev/zero") {} else { Issue.record("not too much") }
      if case .finished(_, let complaint, 0) = run("head -c 3000000 /dev/zero >&2") {
        #expect(complaint.utf8.count <= 64 << 10)
      } else {
        Issue.record("not finished")
      }
    }
    #expect(taken < .seconds(60))
    // What it started in its group ends with it, at the deadline and without one.
    if case .tooSlow = run("sleep 1000 & sleep 1000", seconds: 0.3) {
    } else {
      Issue.record("not too slow")
    }
    if case .finished(let output, _, 0) = run("sleep 1000 >&- 2>&- & echo $!"),
      let process = pid_t(String(decoding: output, as: UTF8.self).filter(\.isNumber))
    {
      let deadline = ContinuousClock.now + .seconds(30)
      while kill(process, 0) == 0, !isZombie(process), .now < deadline { usleep(1000) }
      #expect(kill(process, 0) != 0 || isZombie(process))
    } else {
      Issue.record("not finished")
    }
    if case .notStarted = ChildProcess(
      program: "/bin/sh", arguments: [], folder: "/nowhere", environment: [:]
    ).run(seconds: 1, mostBytes: 1) {
    } else {
      Issue.record("started in no folder")
    }
  }
}
