/// One place of a published gazetteer as flat numbers: 50 million of them pass through an import.
package struct GazetteerEntry: Hashable, Sendable {
  /// A UPRN, or a postcode as ``postcodeNumber(_:)`` has it.
  package var key: UInt64
  /// Centimetres east and north on the British National Grid.
  package var x: Int32
  package var y: Int32

  package init(key: UInt64, x: Int32, y: Int32) {
    self.key = key
    self.x = x
    self.y = y
  }

  /// On the grid, in metres.
  package var point: GridPoint { GridPoint(x: Double(x) / 100, y: Double(y) / 100) }
}

/// What the entries of one batch are.
package enum GazetteerKind: Hashable, Sendable, CaseIterable {
  case uprn
  case postcode
  /// No longer in use; a list of jobs may still bear it. Gives way to a live one.
  case terminatedPostcode
}

/// What was found in one published file.
package struct GazetteerSource: Hashable, Sendable, Codable {
  /// The product's name ("OS Open UPRN"), as told by its columns.
  package var product: String
  /// The file's name, without its folder.
  package var file: String
  /// When the file was last changed, in seconds since 1970.
  package var changed: Double
  package var rows = 0
  package var kept = 0
  /// Rows that lie outside what is kept.
  package var outside = 0
  /// Rows that say themselves that they have no coordinates, or have none on this grid.
  package var notPlaced = 0
  /// Rows that are no CSV, or without a UPRN or postcode, or with coordinates that are no numbers.
  package var unreadable = 0
  /// Whether its last row has no line end: what came behind it, if anything, is lost. `nil` in what was
  /// made before this was looked at.
  package var endsInRow: Bool?

  package init(product: String, file: String, changed: Double) {
    self.product = product
    self.file = file
    self.changed = changed
  }

  /// Nothing is lost on the way.
  package var addsUp: Bool { rows == kept + outside + notPlaced + unreadable }
}
