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
        add(polygon.outer, &box)
        for hole in polygon.holes { add(hole, &box) }
        owners.append(Int32(position))
        guard !box.isNothing else { continue }
        boxesArea += (box.maxX - box.minX) * (box.maxY - box.minY)
        self.box.add(box)
      }
    }
  }

  private mutating func add(_ ring: Ring, _ box: inout Box) {
    let start = points.count
    var around = Box.nothing
    var isUsable = true
    for point in ring {
      // No comparison with a NaN holds.
      isUsable = isUsable && point.x.magnitude <= 1e100 && point.y.magnitude <= 1e100
      around.add(point)
    }
    guard isUsable, let first = ring.first else { return }
    points.append(contentsOf: ring)
    points.append(first)
    let edges = start..<(points.count - 1)
    let isDot = around.minX == around.maxX && around.minY == around.maxY
    rings.append(OutlineRing(edges: edges, polygon: Int32(owners.count), isDot: isDot))
    edgeCount += edges.count
    box.add(around)
  }
}
