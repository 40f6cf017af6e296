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

/// Reads every `.geojson` file of the folder in the order of their names, which is also the order
/// in which overlapping areas own a job.
func loadAreas(folder: String, grid: Grid, properties: AreaProperties) -> LoadedAreas {
  var loaded = LoadedAreas(fingerprint: areasFingerprint(folder))
  if let trouble = gridProblem(grid) {
    loaded.problems.append(
      ConfigurationProblem(
        severity: .error, file: (folder as NSString).deletingLastPathComponent + "/triaged.yaml",
        line: 0, column: 0, text: trouble))
    return loaded
  }
  var files: [AreaFile] = []
  for name in areaFileNames(folder) {
    let path = folder + "/" + name
    guard let data = FileManager.default.contents(atPath: path) else {
      loaded.problems.append(
        ConfigurationProblem(
          severity: .error, file: path, line: 0, column: 0, text: "The file cannot be read."))
      continue
    }
    files.append(readAreas(file: path, data: data, grid: grid, properties: properties))
  }
  let problems = files.flatMap(\.problems) + duplicateAreaProblems(files)
  loaded.problems += problems.map {
    ConfigurationProblem(
      severity: $0.severity == .error ? .error : .warning, file: $0.file, line: $0.line ?? 0,
      column: $0.column ?? 0, text: $0.text)
  }
  loaded.areas = files.flatMap(\.areas)
  return loaded
}

private func areaFileNames(_ folder: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { $0.hasSuffix(".geojson") && !$0.hasPrefix(".") }.sorted()
}

/// Names, sizes and times of change of the boundary files: equal while nothing was edited.
func areasFingerprint(_ folder: String) -> String {
  areaFileNames(folder).map { "\($0) \(fileStamp(folder + "/" + $0))" }.joined(separator: "\n")
}

/// Size and time of change of one file, or an empty text when there is none.
func fileStamp(_ path: String) -> String {
  guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
    let size = facts[.size] as? Int, let changed = facts[.modificationDate] as? Date
  else { return "" }
  return "\(size) \(changed.timeIntervalSince1970)"
}
