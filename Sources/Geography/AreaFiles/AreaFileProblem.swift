/// Something in a boundary file that an admin should know: a value, collected with all others.
package struct AreaFileProblem: Hashable, Sendable, CustomStringConvertible {
  package enum Severity: String, Sendable, Codable {
    /// The areas of this reading must not take effect.
    case error
    /// Read all the same; the sentence says how.
    case warning
  }

  /// A pair of coordinates as the file has them.
  package struct FilePoint: Hashable, Sendable, CustomStringConvertible {
    package var x: Double
    package var y: Double

    package var description: String { "(\(x), \(y))" }
  }

  package var severity: Severity
  package var file: String
  /// From 1; `nil` where the problem is the whole file's.
  package var line: Int?
  package var column: Int?
  /// The feature's id or name, or its number in the file ("number 3").
  package var feature: String?
  /// The offending point, or the first of several, in the file's own coordinates.
  package var place: FilePoint?
  package var sentence: String
  /// Where a place says it better than words: an SVG picture of its own, without any link.
  package var picture: String?

  /// `north.geojson:12:5: error: feature north: A ring has 3 points; …`
  package var description: String {
    let position = line.map { ":\($0)" + (column.map { ":\($0)" } ?? "") } ?? ""
    let who = feature.map { "feature \($0): " } ?? ""
    return "\(file)\(position): \(severity.rawValue): \(who)\(sentence)"
  }
}
