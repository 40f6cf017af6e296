import Foundation

/// The answer to `areas diff`.
struct AreaDiff: Codable, Sendable {
  /// What is wrong with the new boundaries; then they would not take effect.
  var errors: [String] = []
  var warnings: [String] = []
  /// What takes whose place.
  var places: [String] = []
  /// Why they would wait for a person's word.
  var waits: [String] = []
  /// `nil` where they would not take effect.
  var effects: AreaEffects?

  /// Bytes of areas that one question may have: more than the largest boundary file comes to on the grid.
  static let mostBytes = 128 << 20
}
