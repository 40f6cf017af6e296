import Foundation
import Geography
import Triage

/// The neighbouring wards that the configuration names, for maps.
///
/// - Returns: those that could be read, and where some could not, a sentence.
func readNeighbours(_ configuration: Configuration) -> (wards: [PilotArea], trouble: String?) {
  guard let path = configuration.contextFile else { return ([], nil) }
  var settings = configuration.areaSettings
  settings.isContext = true
  let file = readAreas(path: path, grid: configuration.grid, settings: settings)
  guard let problem = file.problems.first(where: { $0.severity == .error }) else {
    return (file.areas, nil)
  }
  let lack = file.areas.isEmpty ? "without neighbouring wards" : "with the wards that can be read"
  return (file.areas, "The map is drawn \(lack). \(problem)")
}
