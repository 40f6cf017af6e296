import Triage

/// What a gazetteer file says of itself. Instants are seconds since 1970.
package struct GazetteerFacts: Hashable, Sendable, Codable {
  /// Of its coordinates.
  package var grid: String
  package var made: Double
  package var sources: [GazetteerSource]
  /// How far round the areas places were kept, in metres.
  package var within: Double
  /// What was kept, on the grid: an area beyond it needs a new import.
  package var kept: [Box]
  package var uprns = 0
  package var postcodes = 0
  /// Places that came more than once; the first that was read was kept.
  package var repeated = 0

  package init(
    grid: String, made: Double, sources: [GazetteerSource], within: Double, kept: [Box]
  ) {
    self.grid = grid
    self.made = made
    self.sources = sources
    self.within = within
    self.kept = kept
  }

  /// Areas of which a part lies beyond what was kept when the file was made.
  package func areasNotCovered(_ areas: [PilotArea]) -> [PilotArea] {
    areas.filter { area in !kept.contains { $0.holds(area.box) } }
  }
}

/// A gazetteer that cannot be made or used: a sentence.
package struct GazetteerError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
