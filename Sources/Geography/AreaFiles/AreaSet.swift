import Foundation
import Triage

/// All boundary files of a deployment, judged together.
package struct AreaSet: Sendable {
  /// By stated order: areas with a `priority` first, the lowest number leading; then by file
  /// name; then as they stand in the file. Where areas overlap, the earlier one owns the point.
  package let areas: [PilotArea]
  package let files: [AreaFile]
  /// Those of every file, and those that only show when the files are seen together.
  package let problems: [AreaFileProblem]

  package var hasErrors: Bool { problems.contains { $0.severity == .error } }

  package init(_ files: [AreaFile]) {
    let files = files.sorted { $0.name < $1.name }
    self.files = files
    let entries = files.flatMap { file in file.entries.map { (file: file.name, entry: $0) } }
    areas =
      entries.enumerated().sorted { one, other in
        let priorities = (
          one.element.entry.priority ?? .infinity, other.element.entry.priority ?? .infinity
        )
        return priorities.0 == priorities.1
          ? one.offset < other.offset : priorities.0 < priorities.1
      }.map(\.element.entry.area)

    var problems = files.flatMap(\.problems)
    var first: [String: (file: String, line: Int)] = [:]
    for (file, entry) in entries {
      if let before = first[entry.area.id] {
        problems.append(
          AreaFileProblem(
            severity: .error, file: file, line: entry.line, column: entry.column,
            feature: entry.area.id,
            sentence: "The id is already taken by the feature at \(before.file):\(before.line); "
              + "every area needs an id of its own."))
      } else {
        first[entry.area.id] = (file, entry.line)
      }
    }
    self.problems = problems
  }

  fileprivate init(problem: AreaFileProblem) {
    (areas, files, problems) = ([], [], [problem])
  }
}

/// Reads every `.geojson` file of a folder (not of folders in it) into one set.
///
/// Never throws: a folder or file that cannot be read is a problem like any other, so that an
/// admin sees all of them at once.
package func readAreas(folder: String, grid: Grid, settings: AreaFileSettings) -> AreaSet {
  func problem(
    _ severity: AreaFileProblem.Severity, _ file: String, _ sentence: String
  ) -> AreaFileProblem {
    AreaFileProblem(severity: severity, file: file, sentence: sentence)
  }
  guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
    return AreaSet(
      problem: problem(.error, folder, "The folder of boundary files cannot be read."))
  }
  var files: [AreaFile] = []
  let conversions = Conversions(grid: grid, settings: settings)
  for name in names.sorted() where !name.hasPrefix(".") {
    let path = folder + "/" + name
    let suffix = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if ["json", "kml", "kmz", "gpkg", "shp", "gml"].contains(suffix) {
      let sentence = "The file is not read; boundary files are GeoJSON and end in .geojson."
      files.append(AreaFile(name: path, problems: [problem(.warning, path, sentence)]))
    }
    guard suffix == "geojson" else { continue }
    do {
      let bytes = try boundedBytes(of: path)
      var reader = AreaFileReader(file: path, bytes: bytes, conversions: conversions)
      files.append(reader.read())
    } catch {
      files.append(AreaFile(name: path, problems: [problem(.error, path, error.sentence)]))
    }
  }
  if !files.contains(where: { $0.name.lowercased().hasSuffix(".geojson") }) {
    let sentence = "The folder holds no .geojson file, so there is no area."
    files.append(AreaFile(name: folder, problems: [problem(.error, folder, sentence)]))
  }
  return AreaSet(files)
}

/// Reads one boundary file that is in memory; `name` is how problems call it.
package func readAreas(
  file name: String, bytes: [UInt8], grid: Grid, settings: AreaFileSettings
) -> AreaFile {
  var reader = AreaFileReader(
    file: name, bytes: bytes, conversions: Conversions(grid: grid, settings: settings))
  return reader.read()
}

extension AreaFile {
  fileprivate init(name: String, problems: [AreaFileProblem]) {
    self.init(name: name, entries: [], operations: [], problems: problems)
  }
}

private struct Unreadable: Error {
  let sentence: String
}

private func boundedBytes(of path: String) throws(Unreadable) -> [UInt8] {
  guard let file = FileHandle(forReadingAtPath: path) else {
    throw Unreadable(sentence: "The file cannot be opened.")
  }
  defer { try? file.close() }
  do {
    // One byte more than allowed, so that the reader sees that it is too much.
    return [UInt8](try file.read(upToCount: AreaFileSettings.largestFile + 1) ?? Data())
  } catch {
    throw Unreadable(sentence: "The file cannot be read.")
  }
}
