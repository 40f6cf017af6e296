import Foundation
import Triage

/// What an unknown list was understood to be: enough to read it, or the reasons why it cannot be.
package struct FeedGuess: Sendable {
  package var sample: ListSample
  /// One for each heading, in their order.
  package var columns: [ColumnGuess]
  /// `nil` when the list cannot be mapped: ``obstacles`` says why.
  package var map: ColumnMap?
  package var system: PlaceSystem?
  /// How the coordinates were found, as a sentence's end; empty without coordinates.
  package var placeWhy: String
  /// Of the rows looked at: with a usable pair of coordinates, and without.
  package var placed: Int
  package var notPlaced: Int
  package var dateFormats: [String]
  package var dateWhy: String
  package var timeZone: String
  package var timeZoneWhy: String
  /// Words that stand for an empty cell in mapped columns, as the list writes them.
  package var nullWords: [String]
  /// Patterns of the statuses found that sound closed.
  package var closedWords: [String]
  /// The different statuses, types and classes among the rows looked at.
  package var statuses: WordTally
  package var types: WordTally
  package var classes: WordTally
  /// Whether references come more than once, as in a list of updates.
  package var referencesRepeat: Bool
  package var warnings: [GuessWarning]
  /// Why the list cannot be mapped, as sentences.
  package var obstacles: [String]

  /// Whether a person must do something before the list can be used.
  package var hasProblems: Bool { !obstacles.isEmpty || warnings.contains(where: \.isProblem) }

  /// The settings by which the list would be read; `nil` where it cannot be mapped.
  package func settings(name: String, path: String) -> FeedSettings? {
    guard let map else { return nil }
    return FeedSettings(
      name: name, source: .file(path: path), kind: referencesRepeat ? .updates : .snapshot,
      columns: map, crs: system?.rawValue ?? "EPSG:27700", nullWords: nullWords,
      closedWords: closedWords,
      dateFormats: dateFormats.isEmpty ? FeedSettings.usualDateFormats : dateFormats,
      timeZone: timeZone)
  }
}
