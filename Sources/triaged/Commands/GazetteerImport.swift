import ArgumentParser
import FlareImport
import Foundation
import Geography
import Triage

struct GazetteerImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract:
      "Makes the gazetteer of published files: OS Open UPRN, Code-Point Open, ONS directory.",
    discussion: """
      Takes the products as they are downloaded (ZIP), CSV files, also in .gz, and folders as the
      products unpack to; what each one is is told by its columns. Keeps what lies within a distance
      of the boxes round the areas. The gazetteer takes the old one's place when it is complete; a
      running daemon takes it into force by itself. The one in force stays where a file is cut off,
      where no place is kept, and, without --smaller, where less than half as many UPRNs or
      postcodes are kept as it has.

      Example: triaged gazetteer import osopenuprn.zip codepo_gb.zip --config config --within 5km
      """)

  @Argument(help: "Files and folders.")
  var files: [String]

  @OptionGroup var places: Places

  @Option(
    name: .long, help: "How far round the areas places are kept: 500m, 5km.",
    transform: { text in
      guard let metres = GazetteerImport.metres(text) else {
        throw ValidationError("'--within' takes a distance such as 500m or 5km.")
      }
      return metres
    })
  var within = 5000.0

  @Option(
    name: [.customShort("o"), .long], help: "Where to; the configuration's gazetteer if left out.")
  var output: String?

  @Flag(name: .long, help: "Read and tell what would be kept; write nothing.")
  var dryRun = false

  @Flag(
    name: .long,
    help: "Let it take the old one's place even with less than half of that one's places.")
  var smaller = false

  @Flag(name: .long, help: "Only count the rows of the files, to check a download.")
  var count = false

  func run() throws {
    let paths = files.flatMap(gazetteerFiles)
    for file in files where gazetteerFiles(at: file).isEmpty {
      throw complain("\(file) is a folder without a CSV file.")
    }
    do {
      if count {
        let spool = spoolFolder(output ?? places.load().gazetteerFile)
        for path in paths { say("\(path): \(try countRows(at: path, spool: spool)) rows") }
        return
      }
      let loaded = places.load()
      let areas = loaded.areas.areas
      guard !loaded.areas.hasErrors, !areas.isEmpty else {
        throw complain(loaded.problems.map(\.description).joined(separator: "\n"))
      }
      guard loaded.grid == .britishNational else {
        throw complain(
          "The published gazetteers are on the British National Grid (EPSG:27700) and this "
            + "configuration's grid is \(loaded.grid.crs), so none can be made.")
      }
      if !dryRun { try makeRoom(output, loaded) }
      try make(
        paths, areas: areas, at: output ?? loaded.gazetteerFile)
    } catch let error as GazetteerReadError {
      throw complain("\(error) The gazetteer in force stays as it is.")
    } catch let error as GazetteerError {
      throw complain("\(error) The gazetteer in force stays as it is.")
    }
  }

  /// Makes the state folder where the daemon has never run; any other folder is a person's to make.
  private func makeRoom(_ output: String?, _ loaded: LoadedConfiguration) throws {
    let path = output ?? loaded.gazetteerFile
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if FileManager.default.fileExists(atPath: folder) { return }
    guard output == nil, folder == URL(fileURLWithPath: places.absolute(places.state)).path else {
      throw complain("\(path) cannot be written: there is no folder \(folder).")
    }
    do {
      try makePrivateFolder(folder)
    } catch {
      throw complain("\(error)")
    }
  }

  /// What is packed is unpacked where the gazetteer will lie, as far as there is such a folder: the places
  /// of all Britain seldom have room where temporary files lie.
  private func spoolFolder(_ output: String) -> String {
    let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
    let isThere = FileManager.default.isWritableFile(atPath: folder)
    return isThere ? folder : NSTemporaryDirectory()
  }

  private func make(_ paths: [String], areas: [PilotArea], at output: String) throws {
    let kept = areas.map { $0.box.grown(by: within) }
    let builder = dryRun ? nil : try GazetteerBuilder(at: output)
    var sources: [GazetteerSource] = []
    for path in paths {
      let read = try readGazetteer(at: path, keeping: kept, spool: spoolFolder(output)) {
        kind, entries in
        try builder?.add(kind, entries)
      }
      sources += read
      for source in read {
        say(
          "\(source.product), \(source.file): \(source.rows) rows, \(source.kept) kept, "
            + "\(source.outside) outside, \(source.notPlaced) without a place, "
            + "\(source.unreadable) unreadable")
        if source.endsInRow == true {
          say("  Its last row has no line end: was the file fetched whole?")
        }
      }
    }
    guard !sources.isEmpty else { throw complain("None of the files has places in it.") }
    guard let builder else {
      say("Nothing was written.")
      if sources.allSatisfy({ $0.kept == 0 }) { throw complain(noPlace) }
      return
    }
    let before = try? GazetteerFile(path: output).facts
    let facts = try builder.finish(
      GazetteerFacts(
        grid: Grid.britishNational.crs, made: Date.now.timeIntervalSince1970, sources: sources,
        within: within, kept: kept)
    ) { facts throws(GazetteerError) in try judge(facts, before: before) }
    say("\(output): \(LoadedGazetteer.summary(facts)); \(facts.repeated) came more than once")
  }

  private var noPlace: String {
    "No place lies within \(Int(within)) m of the areas: are these the right files?"
  }

  /// Refuses what would make a good gazetteer worse: an empty one, and one of far fewer places.
  /// - Parameter before: of the gazetteer in force; `nil` where there is none that can be read.
  private func judge(
    _ facts: GazetteerFacts, before: GazetteerFacts?
  ) throws(GazetteerError) {
    if facts.uprns + facts.postcodes == 0 { throw GazetteerError(noPlace) }
    guard let before, !smaller else { return }
    for (kept, was, what) in [
      (facts.uprns, before.uprns, "UPRNs"), (facts.postcodes, before.postcodes, "postcodes"),
    ] where kept < was - kept {
      throw GazetteerError(
        "Only \(kept) \(what) would be kept where the gazetteer in force has \(was): name all files in "
          + "one import, or give --smaller if that is right.")
    }
  }

  /// Metres of "500m" or "5km".
  static func metres(_ text: String) -> Double? {
    let text = text.lowercased()
    for (unit, factor) in [("km", 1000.0), ("m", 1.0)] where text.hasSuffix(unit) {
      guard let number = Double(text.dropLast(unit.count)), number >= 0, number * factor <= 2e6
      else { return nil }
      return number * factor
    }
    return nil
  }
}
