import Foundation
import Geography
import Triage

/// The folder of boundary files that entries of the contact register name.
struct RegisterPolygons: Sendable {
  var folder: String
  var grid: Grid
  var settings: AreaFileSettings

  init(folder: String, grid: Grid, settings: AreaFileSettings) {
    self.folder = folder
    self.grid = grid
    self.settings = settings
    // They are no areas of the team's: their outlines are all that is asked for.
    self.settings.isContext = true
  }

  /// Changes when one of them is added, edited or removed; empty where there is no such folder.
  var stamp: String {
    FileManager.default.fileExists(atPath: folder) ? areasStamp(folder, settings) : ""
  }

  /// When one of them was last saved; `nil` where there is none.
  var saved: Date? {
    names.compactMap { savedAt(folder + "/" + $0) }.max()
  }

  fileprivate var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { AreaFileKind($0).matters }.sorted()
  }

  func reading(_ problems: ProblemList) -> Reading { Reading(self, problems) }

  /// Reads each file once, when an entry names it.
  struct Reading {
    private let polygons: RegisterPolygons
    private let problems: ProblemList
    private let names: [String]
    private var read: [String: [PilotArea]?] = [:]

    init(_ polygons: RegisterPolygons, _ problems: ProblemList) {
      self.polygons = polygons
      self.problems = problems
      names = polygons.names
    }

    /// Files that no entry has named so far.
    var unnamed: [String] { names.filter { read[$0] == nil } }

    /// - Parameter name: of a file of the folder, with or without its ending.
    /// - Returns: `nil` where there is none of that name, or it cannot be used, which is reported.
    mutating func areas(_ name: String) -> [PilotArea]? {
      let fitting = names.filter { $0 == name || ($0 as NSString).deletingPathExtension == name }
      guard fitting.count == 1, let name = fitting.first else { return nil }
      if let known = read[name] { return known }
      let file = readAreas(
        path: polygons.folder + "/" + name, grid: polygons.grid, settings: polygons.settings)
      for problem in file.problems where problem.severity == .error {
        problems.add(
          problem.file, line: problem.line ?? 0, column: problem.column ?? 0, problem.sentence)
      }
      let areas = file.hasErrors || file.areas.isEmpty ? nil : file.areas
      read[name] = .some(areas)
      return areas
    }
  }
}
