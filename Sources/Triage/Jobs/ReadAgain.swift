import Foundation

/// Why a list was read that had not come just then: a person asked for it, or areas were redrawn.
package enum ReadAgain: String, Hashable, Sendable, Codable {
  /// `feeds replay`.
  case replayed
  /// `feeds accept`.
  case accepted
  /// Other areas took effect: what is newly inside stands in a list that was read before.
  case redrawn
}

/// The last list that was read again.
package struct LastReadAgain: Hashable, Sendable, Codable {
  package var why: ReadAgain
  package var at: Date
  /// The export's own name.
  package var name: String

  package init(why: ReadAgain, at: Date, name: String) {
    self.why = why
    self.at = at
    self.name = name
  }
}
