import FlareImport
import Foundation
import Geography
import Triage

/// The gazetteer of an instance as it was found: in force, missing, or of no use and why.
struct LoadedGazetteer: Sendable {
  /// `nil` where none is in force.
  var file: GazetteerFile?
  /// A sentence on a file that is there and cannot be used.
  var trouble: String?
  /// Size and time of change of the file that was looked at; empty where there is none.
  var stamp = ""

  /// As the readers of lists ask it.
  var gazetteer: Gazetteer { file?.gazetteer ?? .none }

  static let none = LoadedGazetteer()

  /// Reads and checks the file; a missing one is no trouble.
  init(path: String, grid: Grid) {
    stamp = fileStamp(path)
    guard !stamp.isEmpty else { return }
    do {
      let file = try GazetteerFile(path: path)
      guard file.facts.grid == grid.crs else {
        trouble = "It is on the grid \(file.facts.grid) and not on \(grid.crs)."
        return
      }
      self.file = file
    } catch {
      trouble = error.description
    }
  }

  private init() {}

  /// With the last good one in force where this one is missing or of no use: places have not moved.
  func keeping(_ last: LoadedGazetteer) -> LoadedGazetteer {
    guard file == nil else { return self }
    var kept = self
    kept.file = last.file
    return kept
  }

  /// "412 UPRNs and 12 postcodes, made on 2026-11-21", for `check` and `gazetteer info`.
  static func summary(_ facts: GazetteerFacts) -> String {
    let made = Date(timeIntervalSince1970: facts.made).formatted(.iso8601.year().month().day())
    return "\(facts.uprns) UPRNs and \(facts.postcodes) postcodes, made on \(made)"
  }
}

/// What `check` says of the gazetteer, and of feeds that cannot do without one.
///
/// - Parameters:
///   - isNamed: whether triaged.yaml names the file.
/// - Returns: problems that stop a start, and others.
func gazetteerProblems(
  _ loaded: LoadedGazetteer, path: String, isNamed: Bool, feeds: [Feed], areas: [PilotArea]
) -> (stopping: [ConfigurationProblem], others: [ConfigurationProblem]) {
  func problem(
    _ severity: ConfigurationProblem.Severity, _ file: String, _ text: String
  ) -> ConfigurationProblem {
    ConfigurationProblem(severity: severity, file: file, line: 0, column: 0, text: text)
  }
  var stopping: [ConfigurationProblem] = []
  var others: [ConfigurationProblem] = []
  if let trouble = loaded.trouble {
    others.append(
      problem(
        .error, path,
        "The gazetteer is not in force. \(trouble) Make it anew: triaged gazetteer import --help"))
  } else if loaded.file == nil {
    if isNamed {
      others.append(
        problem(.error, path, "There is no gazetteer; make it: triaged gazetteer import --help"))
    }
    for feed in feeds {
      let columns = feed.settings.columns
      guard columns.x == nil, columns.point == nil,
        columns.uprn != nil || columns.postcode != nil
      else { continue }
      stopping.append(
        feed.problem(
          at: "columns",
          "The feed '\(feed.name)' has no coordinates, so it needs a gazetteer, and there is none at "
            + "\(path); make it: triaged gazetteer import --help"))
    }
  }
  for area in loaded.file?.facts.areasNotCovered(areas) ?? [] {
    others.append(
      problem(
        .warning, path,
        "The area '\(area.id)' reaches beyond what the gazetteer was made for: jobs there may not be "
          + "located by UPRN or postcode. Make it anew: triaged gazetteer import --help"))
  }
  return (stopping, others)
}
