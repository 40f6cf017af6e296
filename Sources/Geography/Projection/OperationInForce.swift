/// Which conversion stands between a source system and the grid, and how good it is: `check` and
/// `status` show it, because PROJ takes a coarser one in silence when a shift grid is missing.
package struct OperationInForce: Hashable, Sendable {
  /// The system as it was asked for (`EPSG:4326`).
  package var source: String
  package var sourceName: String
  package var grid: String
  package var gridName: String
  /// PROJ's name of the operation; empty where source and grid are the same system.
  package var name: String
  /// Metres, as the operation's authors state it; `nil` where they state nothing.
  package var accuracyMetres: Double?
  /// A sentence on what would make it better, where that is known.
  package var advice: String?

  /// "EPSG:4326 to EPSG:27700: OSTN15 of Ordnance Survey, accuracy 0.02 m."
  package var sentence: String {
    if name.isEmpty { return "\(source) is the grid itself; nothing is converted." }
    let accuracy =
      accuracyMetres.map { metres in
        "accuracy " + (Int(exactly: metres).map(String.init) ?? String(metres)) + " m"
      } ?? "accuracy not stated"
    return "\(source) to \(grid): \(name), \(accuracy)."
      + (advice.map { " " + $0 } ?? "")
  }
}
