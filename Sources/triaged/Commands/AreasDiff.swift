import ArgumentParser
import Foundation
import Geography
import Transfer
import Triage

struct AreasDiff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Tells what an edit of the areas would change, before it is made.",
    discussion: """
      NEW is one boundary file, or a folder that holds all of them. A file takes the place of the one of the
      same name in the areas folder, else of those all of whose areas it has too, else it is added. Nothing
      takes effect by this: for that put the file into the areas folder.

      Named are streets, outward codes and types of jobs, as a mail names them; no house number.

      Example: triaged areas diff north.geojson -o north.svg
      Ends with 1 if the file would not take effect by itself, with 2 if it is not there.
      """)

  @Argument(help: "The new boundary file, or the new folder of boundary files.")
  var new: String

  @OptionGroup var places: Places

  @Option(name: .long, help: "The name of the file in the areas folder whose place it takes.")
  var replaces: String?

  @Option(
    name: [.short, .long],
    help:
      "Write a picture to this file, .svg, .html or .png; of what is there only an earlier map is overwritten."
  )
  var output: String?

  @Flag(name: .long, help: "Overwrite whatever is there.")
  var force = false

  @Flag(name: .long, help: "Print the answer as JSON.")
  var json = false

  func validate() throws {
    guard FileManager.default.fileExists(atPath: new) else {
      throw ValidationError("There is no file or folder \(new).")
    }
    if isFolder, replaces != nil {
      throw ValidationError("'--replaces' goes with a file: a folder takes the place of all files.")
    }
    guard let output else { return }
    guard MapFile(output) != nil else {
      throw ValidationError("'-o' takes a file that ends in .svg, .html or .png.")
    }
  }

  private var isFolder: Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: new, isDirectory: &isFolder) && isFolder.boolValue
  }

  func run() async throws {
    let loaded = places.load()
    let configuration: Configuration
    do {
      configuration = try loaded.usableWithKeptAreas()
    } catch {
      throw complain("\(error)")
    }
    let edit = try edit(configuration)
    let named = namedAreaProblems(
      folder: configuration.folder, rules: configuration.rules, team: configuration.team,
      ids: edit.set.areas.map(\.id))
    func sentences(_ severity: AreaFileProblem.Severity) -> [String] {
      edit.set.problems.filter { $0.severity == severity }.map(\.description)
    }
    var diff = AreaDiff(
      errors: sentences(.error)
        + (edit.set.hasErrors ? [] : named.filter { $0.severity == .error }.map(\.description)),
      warnings: sentences(.warning) + named.filter { $0.severity == .warning }.map(\.description),
      places: edit.says)
    if diff.errors.isEmpty {
      let answer = try await answer(edit.set.areas, configuration)
      diff.errors += answer.errors
      diff.warnings += answer.warnings
      diff.effects = answer.effects
      diff.waits = (answer.effects?.slips ?? []).map { area in
        "Less than a tenth of the ground of \(plainLine(area.name)) would be left: this edit would wait "
          + "until a person accepts it."
      }
      diff.waits += (answer.effects?.stopped ?? []).map { area in
        "By its dates \(plainLine(area.name)) would not count today, and it does now: this edit would wait "
          + "until a person accepts it."
      }
    }
    if let output, let effects = diff.effects { try write(effects, to: output) }
    say(json ? try prettyJSON(diff.withoutPicture) : diff.plainText)
    if !diff.errors.isEmpty || !diff.waits.isEmpty { throw ExitCode(1) }
  }

  private func edit(_ configuration: Configuration) throws -> AreaEdit {
    let (grid, settings) = (configuration.grid, configuration.areaSettings)
    if isFolder {
      return AreaEdit(folder: readAreas(folder: new, grid: grid, settings: settings))
    }
    let folder = configuration.areasFolder
    do {
      return try AreaEdit(
        readAreas(path: new, grid: grid, settings: settings),
        among: readAreas(folder: folder, grid: grid, settings: settings).files, in: folder,
        replacing: replaces, settings: settings)
    } catch let error as AreaEditRefusal {
      _ = complain(error.description)
      throw ExitCode(2)
    }
  }

  private func answer(
    _ areas: [PilotArea], _ configuration: Configuration
  ) async throws -> AreaDiff {
    let body = writeAreas(areas, grid: configuration.grid)
    guard body.count <= AreaDiff.mostBytes else {
      throw complain(
        "The new areas have more points than can be compared at once; simplify their outlines.")
    }
    return try await withOffice(places, (.post, "/areas/diff", body)) {
      try await $0.areasDiff(body, now: .now)
    } otherwise: { loaded, configuration in
      let before = loaded.areas.areas
      var effects = AreaEffects(
        from: before, to: areas, now: .now, timeZone: configuration.timeZone.identifier)
      let today = CivilDay(effects.now, in: configuration.timeZone)
      let picture = effectsPicture(from: before, to: areas, configuration, today: today)
      (effects.picture, effects.pictureSays) = (picture.svg(), picture.alternative)
      return AreaDiff(effects: effects)
    }
  }

  private func write(_ effects: AreaEffects, to output: String) throws {
    guard let kind = MapFile(output) else { return }
    let picture = effects.picture ?? ""
    let data: Data
    switch kind {
    case .svg: data = Data(picture.utf8)
    case .html: data = Data(effectsPage(effects).utf8)
    case .png:
      do throws(PictureError) {
        data = try MapFile.png(picture)
      } catch {
        throw complain("No PNG was written. \(error)")
      }
    }
    try writeOwn(data, to: output, force: force, isOurs: kind.isOurs)
  }
}

extension AreaDiff {
  /// The picture has a file of its own.
  var withoutPicture: AreaDiff {
    var diff = self
    diff.effects?.picture = nil
    return diff
  }

  var plainText: String {
    var paragraphs: [String] = []
    if let effects {
      paragraphs += waits.map { inLines($0) }
      paragraphs.append(AreaEffectsText(effects: effects, isDone: false).plainText)
    } else {
      paragraphs.append(
        inLines(
          "This edit would not take effect: \(CivilWords.counted(errors.count, "error")). The areas in "
            + "force would stay."))
    }
    let found = errors + warnings
    if !found.isEmpty { paragraphs.append(found.joined(separator: "\n")) }
    paragraphs += places.map { inLines($0) }
    return paragraphs.joined(separator: "\n\n")
  }
}
