import Triage

/// What can be coordinates at all in a system. 0/0 never is: it is how systems write "none".
struct CoordinateBounds {
  let box: Box
  let isGeographic: Bool
  /// Degrees in a system of metres lie within so much of its origin, where nothing else does.
  private let originMetres: Double

  init(crs: String, kind: Projection.Kind) {
    switch (crs.uppercased(), kind) {
    case ("EPSG:27700", _):
      // The extent that the British National Grid is used in. Its first kilometre both ways is open
      // sea, and what lies there is a zero or degrees in the wrong columns.
      box = Box(minX: 1_000, minY: 1_000, maxX: 700_000, maxY: 1_300_000)
      (isGeographic, originMetres) = (false, 180)
    case ("EPSG:4326", _), ("EPSG:4258", _), ("EPSG:4269", _), ("EPSG:4277", _), ("OGC:CRS84", _),
      (_, .geographic):
      box = Box(minX: -180, minY: -90, maxX: 180, maxY: 90)
      (isGeographic, originMetres) = (true, 0)
    default:
      // Half of the earth's girth, so that no place has two pairs of coordinates.
      box = Box(minX: -1.99e7, minY: -1.99e7, maxX: 1.99e7, maxY: 1.99e7)
      (isGeographic, originMetres) = (false, 180)
    }
  }

  @inline(__always)
  func hold(_ x: Double, _ y: Double) -> Bool {
    box.holds(x, y) && (x.magnitude > originMetres || y.magnitude > originMetres)
      && !(x == 0 && y == 0)
  }
}

/// Rows whose coordinates are of no use where they stand and would be in another system, or in each
/// other's columns. Counted and said, never repaired.
struct WrongWays {
  /// Degrees where metres belong, metres where degrees belong, and x and y in each other's place.
  private(set) var degrees = 0, metres = 0, swapped = 0

  mutating func note(
    _ coordinates: Coordinates, _ bounds: CoordinateBounds, _ projection: Projection
  ) {
    let (x, y): (Double, Double)
    switch coordinates {
    case .outOfBounds(let a, let b), .outOfReach(let a, let b): (x, y) = (a, b)
    case .absent, .zero, .unreadable, .farAway, .point: return
    }
    let (farther, nearer) = (max(x.magnitude, y.magnitude), min(x.magnitude, y.magnitude))
    if !bounds.isGeographic, farther <= 180, nearer <= 90 {
      degrees += 1
    } else if bounds.isGeographic, nearer > 1_000, farther < 2e7 {
      metres += 1
    } else if bounds.hold(y, x), projection.toGrid(y, x) != nil {
      swapped += 1
    }
  }

  /// For the file as a whole; empty where there is nothing to say.
  func sentences(isGeographic: Bool) -> [String] {
    func rows(_ count: Int) -> String { count == 1 ? "1 row has" : "\(count) rows have" }
    var sentences: [String] = []
    if degrees > 0 {
      sentences.append(
        "\(rows(degrees)) longitude and latitude where eastings and northings belong; nothing was "
          + "converted. Correct the feed's columns or its coordinates.")
    }
    if metres > 0 {
      sentences.append(
        "\(rows(metres)) eastings and northings where longitude and latitude belong; nothing was "
          + "converted. Correct the feed's columns or its coordinates.")
    }
    if swapped > 0 {
      let pair = isGeographic ? "longitude and latitude" : "easting and northing"
      sentences.append(
        "\(rows(swapped)) \(pair) in each other's place; nothing was swapped. Correct the feed's "
          + "columns.")
    }
    return sentences
  }
}
