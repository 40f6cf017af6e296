import CDispatch
import Foundation
import Geography
import Glibc
import Triage

/// The boundary files of one folder, read and checked together.
struct LoadedAreas: Sendable {
  var areas: [PilotArea] = []
  var problems: [ConfigurationProblem] = []
  /// SVG pictures of the places that errors speak of, with the error's sentence.
  var pictures: [(sentence: String, svg: String)] = []
  /// Where each area stands, by its id: `config/areas/north.geojson:14:7`.
  var places: [String: String] = [:]
  /// Changes when a boundary file is added, edited or removed.
  var stamp = ""

  var hasErrors: Bool { problems.contains { $0.severity == .error } }
}

/// Reads every boundary file of the folder once; where areas overlap, the earlier one owns a job.
///
/// Where a file changes while it is read, all of them are read again, a few times.
func loadAreas(folder: String, grid: Grid, settings: AreaFileSettings) -> LoadedAreas {
  var loaded = LoadedAreas()
  for _ in 0..<3 {
    loaded = read(folder: folder, grid: grid, settings: settings)
    if loaded.stamp == areasStamp(folder, settings) { break }
  }
  return loaded
}

private func read(folder: String, grid: Grid, settings: AreaFileSettings) -> LoadedAreas {
  var loaded = LoadedAreas(stamp: areasStamp(folder, settings))
  let set = readAreas(folder: folder, grid: grid, settings: settings)
  loaded.areas = set.areas
  for problem in set.problems {
    let told = ConfigurationProblem(
      severity: problem.severity == .error ? .error : .warning, file: problem.file,
      line: problem.line ?? 0, column: problem.column ?? 0,
      text: (problem.feature.map { "feature '\($0)': " } ?? "") + problem.sentence
        + (problem.sentence.contains(" at (") ? "" : problem.place.map { " At \($0)." } ?? ""))
    loaded.problems.append(told)
    if let svg = problem.picture { loaded.pictures.append((told.description, svg)) }
  }
  for file in set.files {
    for entry in file.entries {
      let position = entry.line.map { ":\($0)" + (entry.column.map { ":\($0)" } ?? "") } ?? ""
      loaded.places[entry.area.id] = file.name + position
    }
  }
  return loaded
}

/// What tells an edit: names of the boundary files, and of each, of the shifts by which they come onto the
/// grid and of the program that reads some of them, which file it is and when it was changed.
///
/// The time of the last change of a file's entry (`ctime`, stat(2)) is among it, which no program can set:
/// a file that is put back with its old date is an edit too, and so is one that may no longer be read.
func areasStamp(_ folder: String, _ settings: AreaFileSettings) -> String {
  guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
    return "no folder"
  }
  let files = names.filter { AreaFileKind($0).matters }.sorted()
  var lines = files.map { "\($0) \(entryStamp(folder + "/" + $0))" }
  if let shifts = settings.dataFolder { lines.append(entryStamp(shifts + "/" + shiftsFileName)) }
  let needsProgram = files.contains {
    if case .converted = AreaFileKind($0) { true } else { false }
  }
  if needsProgram { lines.append(entryStamp(settings.ogr2ogr)) }
  return lines.joined(separator: "\n")
}

private func entryStamp(_ path: String) -> String {
  var facts = stat()
  guard stat(path, &facts) == 0 else { return "none" }
  return [
    Int(facts.st_dev), Int(facts.st_ino), Int(facts.st_size), facts.st_mtim.tv_sec,
    facts.st_mtim.tv_nsec, facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec,
  ].map(String.init).joined(separator: " ")
}

/// Size and time of change of one file, of the one that a link leads to, or an empty text when there is none.
func fileStamp(_ path: String) -> String {
  var facts = stat()
  guard stat(path, &facts) == 0 else { return "" }
  return "\(facts.st_size) \(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec)"
}
