/// The one projected coordinate system, in metres, in which a deployment works.
///
/// Boundaries and jobs are brought onto the grid before anything is compared; EPSG:27700 (the
/// British National Grid) unless the configuration says otherwise.
package struct Grid: Hashable, Sendable {
  /// An authority code that PROJ knows, such as `EPSG:27700`.
  package let crs: String

  package init(crs: String) {
    self.crs = crs
  }

  package static let britishNational = Grid(crs: "EPSG:27700")
}

/// A point on the grid: `x` is the easting, `y` the northing, both in metres.
package struct GridPoint: Hashable, Sendable {
  package var x: Double
  package var y: Double

  package init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// A conversion onto the grid, lent by Geography to whoever has coordinates in another system.
///
/// `x` and `y` are in the order of the source system's normalised axes (longitude, latitude in
/// degrees for a geographic system; easting, northing in metres for a projected one). The answer
/// is `nil` where the source system does not reach.
package struct Projection: Sendable {
  package let source: String
  package let toGrid: @Sendable (_ x: Double, _ y: Double) -> GridPoint?
  /// The way back, to a millimetre or so; `nil` where it is not known. Lets a reader say in the
  /// source's own coordinates where the areas are.
  package let fromGrid: (@Sendable (_ point: GridPoint) -> (x: Double, y: Double)?)?
  package let kind: Kind

  /// What the numbers of the source system are.
  package enum Kind: Hashable, Sendable {
    /// The source is the grid itself: nothing is converted.
    case grid
    /// Metres or the like on another map.
    case projected
    /// Degrees.
    case geographic
    case unknown
  }

  package init(
    source: String, kind: Kind = .unknown,
    toGrid: @escaping @Sendable (Double, Double) -> GridPoint?,
    fromGrid: (@Sendable (GridPoint) -> (x: Double, y: Double)?)? = nil
  ) {
    self.source = source
    self.kind = kind
    self.toGrid = toGrid
    self.fromGrid = fromGrid
  }

  /// Coordinates that are on the grid already.
  package static func identity(_ grid: Grid) -> Projection {
    Projection(
      source: grid.crs, kind: .grid, toGrid: { GridPoint(x: $0, y: $1) },
      fromGrid: { ($0.x, $0.y) })
  }
}
