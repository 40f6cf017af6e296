import Foundation
import Geography
import Triage

/// What is to become of boundary files as they were read.
enum EditVerdict: Sendable {
  /// They say what is in force.
  case same
  /// They take effect.
  case good(WrittenAreas)
  /// They are well formed, and leave next to nothing of an area: they wait for a person's word.
  case slip(WrittenAreas, sentences: [String])
  /// They cannot take effect.
  case bad(sentences: [String], pictures: [NoticePicture])
}

/// Judges boundary files against the areas that are in force.
/// - Parameter inForce: `nil` where none were kept.
func judgeEdit(
  _ loaded: LoadedAreas, inForce: [PilotArea]?, _ configuration: Configuration
) -> EditVerdict {
  let named = namedAreaProblems(
    folder: configuration.folder, rules: configuration.rules, team: configuration.team,
    ids: loaded.areas.map(\.id))
  var errors = loaded.problems.filter { $0.severity == .error }
  // What a file with errors lacks may be what its errors are about.
  if errors.isEmpty { errors = named.filter { $0.severity == .error } }
  if errors.isEmpty, loaded.areas.isEmpty {
    errors = [
      ConfigurationProblem(
        severity: .error, file: configuration.areasFolder, line: 0, column: 0,
        text: "The boundary files hold no area.")
    ]
  }
  guard errors.isEmpty else {
    return .bad(
      sentences: errors.map(\.description),
      pictures: loaded.pictures.prefix(mostPictures).map {
        noticePicture($0.svg, alternative: $0.sentence)
      })
  }
  let written = WrittenAreas(loaded.areas, grid: configuration.grid)
  guard let inForce else { return .good(written) }
  if inForce == loaded.areas { return .same }
  let slips = AreaChanges(from: inForce, to: loaded.areas).changed.filter(isSlip)
  if slips.isEmpty { return .good(written) }
  return .slip(
    written, sentences: slips.map { slipSentence($0, loaded, configuration.areasFolder) })
}

/// So much of its former ground an area must keep in one edit, or a person has to say that it is meant.
private let leastKept = 0.1

private func isSlip(_ change: AreaChanges.Change) -> Bool {
  guard let before = change.before, change.after != nil else { return false }
  return isSlip(of: before, lost: change.lost)
}

/// Square metres, of ground that an area had and of what of it would go.
func isSlip(of before: Double, lost: Double) -> Bool { before - lost < leastKept * before }

private func slipSentence(
  _ change: AreaChanges.Change, _ loaded: LoadedAreas, _ folder: String
) -> String {
  let before = change.before ?? 0
  let kept = max(0, before - change.lost)
  let share = before > 0 ? kept / before * 100 : 0
  let words = kept < 1 ? "nothing" : share < 1 ? "less than 1 %" : "\(Int(share)) %"
  return
    "\(loaded.places[change.id] ?? folder): feature '\(change.id)': It keeps \(words) of the ground "
    + "that it has now (\(squareKilometres(kept)) of \(squareKilometres(before)))."
}

/// "0.412 km²"
func squareKilometres(_ squareMetres: Double) -> String {
  String(format: "%.3f km²", squareMetres / 1_000_000)
}

/// A mail shows so many; `triaged check` tells all.
private let mostPictures = 3
