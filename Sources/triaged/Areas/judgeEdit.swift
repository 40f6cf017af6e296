import Foundation
import Geography
import Triage

/// What is to become of boundary files as they were read.
enum EditVerdict: Sendable {
  /// They say what is in force.
  case same
  /// They take effect.
  case good(WrittenAreas)
  /// They are well formed, and leave next to nothing of an area's ground or of its days: they wait for a
  /// person's word.
  case slip(WrittenAreas, sentences: [String])
  /// They cannot take effect; `pictures` are SVG of places that sentences speak of.
  case bad(sentences: [String], pictures: [(sentence: String, svg: String)])
}

/// Judges boundary files against the areas that are in force.
/// - Parameters:
///   - inForce: `nil` where none were kept.
///   - today: in the zone of the deployment.
func judgeEdit(
  _ loaded: LoadedAreas, inForce: [PilotArea]?, _ configuration: Configuration, today: CivilDay
) -> EditVerdict {
  let named = namedAreaProblems(
    folder: configuration.folder, rules: configuration.rules, team: configuration.team,
    ids: loaded.areas.map(\.id))
  var errors = loaded.problems.filter { $0.severity == .error }
  // What a file with errors lacks may be what its errors are about.
  if errors.isEmpty {
    errors = named.filter { $0.severity == .error }.map { problem in
      var problem = problem
      problem.text +=
        " Team and rules are as they were read at the start; restart the service after editing them."
      return problem
    }
  }
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
      pictures: Array(loaded.pictures.prefix(mostPictures)))
  }
  let written = WrittenAreas(loaded.areas, grid: configuration.grid)
  guard let inForce else { return .good(written) }
  if inForce == loaded.areas { return .same }
  let slips =
    AreaChanges(from: inForce, to: loaded.areas).changed.filter(isSlip)
    .map { slipSentence($0, loaded, configuration.areasFolder) }
    + stopped(from: inForce, to: loaded.areas, today: today)
    .map { stoppedSentence($0, loaded, configuration.areasFolder) }
  return slips.isEmpty ? .good(written) : .slip(written, sentences: slips)
}

/// Areas of the later set that count today by the dates of the earlier one, and not by their own.
func stopped(from: [PilotArea], to: [PilotArea], today: CivilDay) -> [PilotArea] {
  let counting = Set(from.filter { $0.counts(on: today) }.map(\.id))
  return to.filter { counting.contains($0.id) && !$0.counts(on: today) }
}

extension PilotArea {
  /// "North does not count since 2026-01-01"; `nil` where it counts on that day.
  func idleWords(on day: CivilDay) -> String? {
    if let until, until < day { return "\(plainLine(name)) does not count since \(until.plus(1))" }
    if let from, day < from { return "\(plainLine(name)) does not count before \(from)" }
    return nil
  }
}

private func stoppedSentence(_ area: PilotArea, _ loaded: LoadedAreas, _ folder: String) -> String {
  let dates = [area.from.map { "from \($0)" }, area.until.map { "until \($0)" }]
    .compactMap(\.self).joined(separator: " ")
  return
    "\(loaded.places[area.id] ?? folder): feature '\(area.id)': By its dates (\(dates)) it would not "
    + "count today, and it does now."
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
