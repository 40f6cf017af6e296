import Triage

/// From the bytes of a row's coordinates to the area that holds it. Decodes nothing else.
struct Locator: ~Copyable {
  private let x: Int?
  private let y: Int?
  private let bounds: Bounds
  private let projection: Projection
  private let index: AreaIndex

  enum Answer {
    case outside
    case notLocated
    /// Position in ``AreaIndex/areas``, and where on the grid.
    case inArea(Int, GridPoint)
  }

  init(columns: Columns, settings: FeedSettings, ground: Ground) {
    x = columns.x
    y = columns.y
    bounds = Bounds(crs: settings.crs)
    projection = ground.projection
    index = ground.index
  }

  func locate(_ row: RowFields) -> Answer {
    guard let columnX = x, let columnY = y, let x = decimal(row[columnX]),
      let y = decimal(row[columnY]), bounds.hold(x, y),
      let point = projection.toGrid(x, y)
    else { return .notLocated }
    guard let position = index.firstPosition(holding: point) else { return .outside }
    return .inArea(position, point)
  }
}

/// What can be coordinates at all in a system. 0/0 never is: it is how systems write "none".
private struct Bounds {
  private let x: ClosedRange<Double>
  private let y: ClosedRange<Double>

  init(crs: String) {
    switch crs.uppercased() {
    case "EPSG:27700":
      // The extent that the British National Grid is used in. Its first kilometre both ways is open
      // sea, and what lies there is a zero or degrees in the wrong columns.
      (x, y) = (1_000...700_000, 1_000...1_300_000)
    case "EPSG:4326", "EPSG:4258", "EPSG:4269", "EPSG:4277", "OGC:CRS84":
      (x, y) = (-180...180, -90...90)
    default:
      (x, y) = (-1e8...1e8, -1e8...1e8)
    }
  }

  @inline(__always)
  func hold(_ x: Double, _ y: Double) -> Bool {
    self.x.contains(x) && self.y.contains(y) && !(x == 0 && y == 0)
  }
}
