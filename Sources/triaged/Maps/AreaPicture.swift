import Foundation
import Triage

/// A map of areas for people: the areas with their names, the jobs in them, and in an edit what came and
/// what went.
///
/// Everything is in metres on one grid. Nothing of a list is in it but places of jobs in squares of fifty
/// metres and what became of them.
struct AreaPicture: Sendable {
  var title: String
  /// As they are, or would be.
  var areas: [PilotArea]
  /// In an edit: as they were.
  var before: [PilotArea] = []
  /// Neighbouring wards, in grey.
  var context: [PilotArea] = []
  var marks: [Mark] = []
  /// Where fewer jobs of one kind are in a square, they are shown for a larger one: a mark for a lone job
  /// gives its house away to whoever reads the street in the same mail.
  var fewest = 1
  /// Squares that a text speaks of by their numbers, the first by 1; their middles, see ``numberedSquare(around:)``.
  var numbered: [GridPoint] = []
  /// Without a legend and a description, for a page that says in its own language what is shown.
  var isBare = false
  /// Areas that do not count on this day are drawn with a dotted line; `nil`: all count.
  var today: CivilDay?
  /// Whose data are drawn, for the foot of the picture.
  var attribution = ""

  /// How every picture begins that is not part of a page: by it an earlier one is known.
  static let start = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"tm\" "

  /// What stands in its style element, for a page whose security policy names it by its hash.
  static let styleText = "\n\(pictureStyle)\n"

  /// Points of all outlines together: the picture stays well below two megabytes.
  static let mostPoints = 50_000

  /// A picture that needs nothing else: its own style with light, dark and print, words for who cannot see
  /// it, a scale bar, an arrow to the grid's north, a legend; no script, no link, no request. One with
  /// neither areas nor context says so.
  ///
  /// - Parameter isInPage: as part of a page of ours, whose headings say its title.
  func svg(isInPage: Bool = false) -> String {
    var drawing = MapDrawing(self, isInPage: isInPage)
    return drawing.svg()
  }

  /// What the picture shows, in a few sentences: also for a mail's text.
  var alternative: String {
    let (now, then) = (Set(areas.map(\.id)), Set(before.map(\.id)))
    var text = "North of the grid is up. "
    text += areas.isEmpty ? "No area. " : "Areas: \(AreaPicture.list(areas.map(\.name))). "
    if !before.isEmpty {
      let added = areas.filter { !then.contains($0.id) }.map(\.name)
      let gone = before.filter { !now.contains($0.id) }.map(\.name)
      let others = changed.filter { then.contains($0.id) }.map(\.name)
      if !added.isEmpty { text += "New: \(AreaPicture.list(added)). " }
      if !others.isEmpty { text += "With another outline: \(AreaPicture.list(others)). " }
      if !gone.isEmpty { text += "Gone: \(AreaPicture.list(gone)). " }
    }
    var counts: [Kind: Int] = [:]
    for mark in marks { counts[mark.kind, default: 0] += mark.jobs }
    let jobs = Kind.allCases.compactMap { kind in
      counts[kind].map { "\(CivilWords.grouped($0)) \(kind.words)" }
    }
    if !jobs.isEmpty { text += "Jobs: \(jobs.joined(separator: "; ")). " }
    return String(text.dropLast())
  }

  /// The middle of the square that stands for a place beside which a text names the street: larger than
  /// ``Mark/square``, since a street and a small square together may give a house away.
  static func numberedSquare(around point: GridPoint) -> GridPoint? {
    isDrawable(point) ? middle(of: numberedMetres, around: point) : nil
  }

  /// The side of such a square.
  static let numberedMetres = 200.0

  /// Areas of now whose ground is not what it was.
  var changed: [PilotArea] {
    if before.isEmpty { return [] }
    let then = Dictionary(before.map { ($0.id, $0.polygons) }) { one, _ in one }
    return areas.filter { then[$0.id] != $0.polygons }
  }

  private static func list(_ names: [String]) -> String {
    let most = 20
    let shown = names.prefix(most).map { String($0.prefix(80)) }.joined(separator: ", ")
    return names.count > most ? "\(shown) and \(names.count - most) more" : shown
  }
}
