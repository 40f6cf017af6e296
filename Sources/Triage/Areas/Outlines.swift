/// All rings of all areas in one flat array, each closed: edge `e` runs from `points[e]` to
/// `points[e + 1]`.
struct Outlines {
  struct OutlineRing {
    /// The ring's edges.
    let edges: Range<Int>
    let polygon: Int32
    /// All its points are one and the same.
    let isDot: Bool
  }

  private(set) var points: [GridPoint] = []
  private(set) var rings: [OutlineRing] = []
  /// For each polygon the position of its area.
  private(set) var owners: [Int32] = []
  private(set) var box = Box.nothing
  private(set) var edgeCount = 0
  /// How far all edges go east or west, and north or south, summed: metres.
  private(set) var extent = 0.0
  /// The areas of the boxes round each polygon, summed: how often they lie over each other.
  private(set) var boxesArea = 0.0

  init(_ areas: [PilotArea]) {
    var room = 0
    for area in areas {
      for polygon in area.polygons {
        room += polygon.outer.count + 1
        for hole in polygon.holes { room += hole.count + 1 }
      }
    }
    points.reserveCapacity(room)
    for (position, area) in areas.enumerated() {
      for polygon in area.polygons {
        var box = Box.nothing
        // Without its outer ring a polygon's holes would be what it encloses.
        if add(polygon.outer, &box) {
          for hole in polygon.holes { _ = add(hole, &box) }
        }
        owners.append(Int32(position))
        guard !box.isNothing else { continue }
        boxesArea += (box.maxX - box.minX) * (box.maxY - box.minY)
        self.box.add(box)
      }
    }
  }

  /// - Returns: whether the ring can be used.
  private mutating func add(_ ring: Ring, _ box: inout Box) -> Bool {
    let start = points.count
    var around = Box.nothing
    var isUsable = true
    for point in ring {
      // No comparison with a NaN holds.
      isUsable = isUsable && point.x.magnitude <= 1e100 && point.y.magnitude <= 1e100
      around.add(point)
    }
    guard isUsable, let first = ring.first, var last = ring.last else { return false }
    for point in ring {
      extent += (point.x - last.x).magnitude + (point.y - last.y).magnitude
      last = point
    }
    points.append(contentsOf: ring)
    points.append(first)
    let edges = start..<(points.count - 1)
    let isDot = around.minX == around.maxX && around.minY == around.maxY
    rings.append(OutlineRing(edges: edges, polygon: Int32(owners.count), isDot: isDot))
    edgeCount += edges.count
    box.add(around)
    return true
  }
}
