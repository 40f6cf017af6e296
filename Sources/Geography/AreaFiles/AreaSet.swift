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

  /// - Parameter settings: how large an area may be.
  package init(_ files: [AreaFile], settings: AreaFileSettings = .init()) {
    let files = files.sorted { $0.name < $1.name }
    self.files = files
    let entries = files.flatMap { file in file.entries.map { (file: file.name, entry: $0) } }
    let ordered = entries.enumerated().sorted { one, other in
      let priorities = (
        one.element.entry.priority ?? .infinity, other.element.entry.priority ?? .infinity
      )
      return priorities.0 == priorities.1
        ? one.offset < other.offset : priorities.0 < priorities.1
    }.map(\.element)
    areas = ordered.map(\.entry.area)

    var problems = files.flatMap(\.problems)
    func add(
      _ severity: AreaFileProblem.Severity, _ place: (file: String, entry: AreaFile.Entry),
      _ sentence: String
    ) {
      problems.append(
        AreaFileProblem(
          severity: severity, file: place.file, line: place.entry.line, column: place.entry.column,
          feature: place.entry.area.id, sentence: sentence))
    }
    var first: [String: (file: String, line: Int?)] = [:]
    for place in entries {
      let area = place.entry.area
      if let before = first[area.id] {
        let taken = before.file + (before.line.map { ":\($0)" } ?? "")
        add(
          .error, place,
          "The id is already taken by the feature at \(taken); every area needs an id of its own.")
      } else {
        first[area.id] = (place.file, place.entry.line)
      }
      let size = area.squareMetres / 1_000_000
      let allowed = settings.squareKilometres
      if !allowed.contains(size) {
        add(
          .error, place,
          "It is \(written(size)) km² large; an area has \(written(allowed.lowerBound)) to "
            + "\(written(allowed.upperBound)) km². If that is right, widen `areas: size` in the "
            + "settings.")
      }
    }
    // What is no area by its size shares no ground worth telling.
    let judged = ordered.filter {
      settings.squareKilometres.contains($0.entry.area.squareMetres / 1_000_000)
    }
    let overlaps = findOverlaps(judged.map(\.entry.area))
    for overlap in overlaps.found {
      let owner = judged[overlap.first].entry.area
      add(
        .warning, judged[overlap.second],
        "It shares about \(Int(overlap.squareMetres.rounded())) m² with the area \(owner.id), around "
          + "\(Int(overlap.place.x)),\(Int(overlap.place.y)) on the grid; \(owner.id) comes first in "
          + "the order, so the jobs there are its.")
    }
    if let position = overlaps.firstUnlisted {
      let many = overlaps.unlisted >= 1_000_000 ? "A million and" : "\(overlaps.unlisted)"
      problems.append(
        AreaFileProblem(
          severity: .warning, file: judged[position].file,
          sentence: "\(many) more pairs of areas may overlap and are not listed."))
    }
    for place in judged {
      guard let (metres, at) = sharedByParts(place.entry.area) else { continue }
      add(
        .warning, place,
        "Parts of it share about \(Int(metres.rounded())) m², around \(Int(at.x)),\(Int(at.y)) on "
          + "the grid; its size counts that ground twice.")
    }
    self.problems = problems
  }

  private init(areas: [PilotArea], files: [AreaFile], problems: [AreaFileProblem]) {
    (self.areas, self.files, self.problems) = (areas, files, problems)
  }

  /// The same set with the problems of one file told under another name: that of the file that a person
  /// has at hand, and that would take its place.
  package func renaming(_ name: String, to other: String) -> AreaSet {
    AreaSet(
      areas: areas, files: files,
      problems: problems.map { problem in
        guard problem.file == name else { return problem }
        var problem = problem
        problem.file = other
        problem.sentence = problem.sentence.replacing(name + ":", with: other + ":")
        return problem
      })
  }

  init(problem: AreaFileProblem) {
    (areas, files, problems) = ([], [], [problem])
  }
}

/// About how many square metres of an area lie in two of its parts, and a place where they do; `nil` for less
/// than one.
private func sharedByParts(_ area: PilotArea) -> (squareMetres: Double, place: GridPoint)? {
  guard area.polygons.count > 1 else { return nil }
  let parts = area.polygons.enumerated().map { number, polygon in
    PilotArea(id: "\(number)", name: "", polygons: [polygon])
  }
  let found = findOverlaps(parts).found
  guard let widest = found.max(by: { $0.squareMetres < $1.squareMetres }) else { return nil }
  return (found.reduce(0) { $0 + $1.squareMetres }, widest.place)
}

/// Three significant digits.
private func written(_ number: Double) -> String { String(format: "%.3g", number) }
