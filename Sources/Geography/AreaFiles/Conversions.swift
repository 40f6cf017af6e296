import Triage

/// The conversions onto one grid that a reading has needed so far, one per source system.
final class Conversions {
  let grid: Grid
  let settings: AreaFileSettings
  /// See ``densify(_:by:budget:spacing:)``; only who tries millions of files looks at fewer points.
  var spacing = densifySpacing
  private var known: [String: Result<Conversion, ProjectionError>] = [:]

  init(grid: Grid, settings: AreaFileSettings) {
    self.grid = grid
    self.settings = settings
  }

  func conversion(from crs: String) throws(ProjectionError) -> Conversion {
    if let known = known[crs] { return try known.get() }
    let made = Result { () throws(ProjectionError) in
      try Conversion(from: crs, to: grid, dataFolder: settings.dataFolder)
    }
    // Those of the files before, which may be many.
    if known.count >= 2 * AreaFileSettings.mostSystems { known.removeAll() }
    known[crs] = made
    return try made.get()
  }
}
