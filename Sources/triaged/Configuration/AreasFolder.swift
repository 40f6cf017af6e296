import Foundation
import Geography
import Triage

/// The boundary files of one folder, read and checked together.
struct LoadedAreas: Sendable {
  var areas: [PilotArea] = []
  var problems: [ConfigurationProblem] = []
  /// Changes when a boundary file is added, edited or removed.
  var fingerprint = ""

  var hasErrors: Bool { problems.contains { $0.severity == .error } }
}

/// Reads every boundary file of the folder; where areas overlap, the earlier one owns a job.
func loadAreas(folder: String, grid: Grid, settings: AreaFileSettings) -> LoadedAreas {
  var loaded = LoadedAreas(fingerprint: areasFingerprint(folder, settings))
  let set = readAreas(folder: folder, grid: grid, settings: settings)
  loaded.areas = set.areas
  loaded.problems = set.problems.map { problem in
    ConfigurationProblem(
      severity: problem.severity == .error ? .error : .warning, file: problem.file,
      line: problem.line ?? 0, column: problem.column ?? 0,
      text: (problem.feature.map { "feature '\($0)': " } ?? "") + problem.sentence
        + (problem.place.map { " At \($0)." } ?? ""))
  }
  return loaded
}

private func areaFileNames(_ folder: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { AreaFileKind($0).matters }.sorted()
}

/// Names, sizes and times of change of the boundary files, and of the shifts by which they come onto
/// the grid: equal while nothing was edited.
func areasFingerprint(_ folder: String, _ settings: AreaFileSettings) -> String {
  let files = areaFileNames(folder).map { "\($0) \(fileStamp(folder + "/" + $0))" }
  let shifts = settings.dataFolder.map { fileStamp($0 + "/" + shiftsFileName) } ?? ""
  return (files + (shifts.isEmpty ? [] : ["shifts \(shifts)"])).joined(separator: "\n")
}

/// Size and time of change of one file, or an empty text when there is none.
func fileStamp(_ path: String) -> String {
  guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
    let size = facts[.size] as? Int, let changed = facts[.modificationDate] as? Date
  else { return "" }
  return "\(size) \(changed.timeIntervalSince1970)"
}
