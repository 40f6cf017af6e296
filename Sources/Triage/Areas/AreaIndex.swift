/// Answers "which areas hold this point", exactly: points on an edge or a vertex are inside.
///
/// Each polygon's edges lie in horizontal stripes of equal height; a look-up reads the edges of
/// one stripe only and counts those that cross the ray to the right, with the exact
/// ``orientation`` where rounding could decide. Building is O(edges + stripe entries), a look-up
/// O(polygons + edges in the stripes). Method: the y-stripes of tidwall's `tg` geometry library.
///
/// A value without references to anything that changes: every loop may hold a copy.
package struct AreaIndex: Sendable {
  /// In the stated order: where areas overlap, the first one owns what lies in both.
  package let areas: [PilotArea]
  /// One per polygon, in the order of the areas. An area holds what any of its polygons holds,
  /// also where an admin has let two of them overlap.
  let shapes: [StripedShape]
  /// For each of ``shapes`` the position of its area.
  let owners: [Int]
  /// For each of ``shapes`` the box round it, side by side: most shapes are told apart by these
  /// alone, without touching (and reference counting) a shape.
  let boxes: [Box]
  /// The box round all areas; ``Box/nothing`` where there are none.
  package let box: Box

  package init(_ areas: [PilotArea]) {
    self.areas = areas
    shapes = areas.flatMap { area in area.polygons.map(StripedShape.init) }
    owners = areas.enumerated().flatMap { Array(repeating: $0, count: $1.polygons.count) }
    boxes = shapes.map(\.box)
    box = boxes.reduce(into: Box.nothing) { $0.add($1) }
  }

  /// Positions in ``areas`` of all areas that hold the point, in the stated order.
  package func positions(holding point: GridPoint) -> [Int] {
    guard box.holds(point) else { return [] }
    var positions: [Int] = []
    var at = 0
    while let candidate = nextBox(holding: point, from: at) {
      if owners[candidate] != positions.last, shapes[candidate].holds(point) {
        positions.append(owners[candidate])
      }
      at = candidate + 1
    }
    return positions
  }

  /// The position in ``areas`` of the first area that holds the point.
  package func firstPosition(holding point: GridPoint) -> Int? {
    guard box.holds(point) else { return nil }
    var at = 0
    while let candidate = nextBox(holding: point, from: at) {
      if shapes[candidate].holds(point) { return owners[candidate] }
      at = candidate + 1
    }
    return nil
  }

  private func nextBox(holding point: GridPoint, from start: Int) -> Int? {
    boxes.withUnsafeBufferPointer { boxes in
      var at = start
      while at < boxes.count {
        if boxes[at].holds(point) { return at }
        at += 1
      }
      return nil
    }
  }

  package func areas(holding point: GridPoint) -> [PilotArea] {
    positions(holding: point).map { areas[$0] }
  }
}

struct Edge: Sendable {
  let ax: Double
  let ay: Double
  let bx: Double
  let by: Double
}

/// One polygon as stripes of edges, in flat arrays (compressed rows: the edges of stripe `s` are
/// `edges[starts[s]..<starts[s + 1]]`). All rings count alike: even-odd over outer rings and holes.
struct StripedShape: Sendable {
  let box: Box
  let stripesPerMetre: Double
  let starts: [Int32]
  let edges: [Edge]

  init(_ polygon: Polygon) {
    var all: [Edge] = []
    var box = Box.nothing
    for ring in [polygon.outer] + polygon.holes where !ring.isEmpty {
      var from = ring[ring.count - 1]
      for to in ring {
        all.append(Edge(ax: from.x, ay: from.y, bx: to.x, by: to.y))
        box.add(to)
        from = to
      }
    }
    let count = max(1, min(4096, all.count / 2))
    let height = box.maxY - box.minY
    // A height of next to nothing would make the scale infinite.
    let scale = height > 1e-100 && height.isFinite ? Double(count) / height : 0

    func stripes(of edge: Edge) -> ClosedRange<Int> {
      let low = StripedShape.stripe(min(edge.ay, edge.by), box.minY, scale, count)
      let high = StripedShape.stripe(max(edge.ay, edge.by), box.minY, scale, count)
      return low...high
    }
    var starts = [Int32](repeating: 0, count: count + 1)
    for edge in all { for stripe in stripes(of: edge) { starts[stripe + 1] += 1 } }
    for stripe in 0..<count { starts[stripe + 1] += starts[stripe] }
    var next = starts
    var sorted = [Edge](
      repeating: Edge(ax: 0, ay: 0, bx: 0, by: 0), count: Int(starts[count]))
    for edge in all {
      for stripe in stripes(of: edge) {
        sorted[Int(next[stripe])] = edge
        next[stripe] += 1
      }
    }
    self.box = box
    stripesPerMetre = scale
    self.starts = starts
    edges = sorted
  }

  /// Monotone in `y`, so an edge and a point at the same height always share a stripe.
  static func stripe(_ y: Double, _ minY: Double, _ scale: Double, _ count: Int) -> Int {
    max(0, min(count - 1, Int((y - minY) * scale)))
  }

  func holds(_ point: GridPoint) -> Bool {
    guard box.holds(point) else { return false }
    let (x, y) = (point.x, point.y)
    let stripe = StripedShape.stripe(y, box.minY, stripesPerMetre, starts.count - 1)
    var inside = false
    return edges.withUnsafeBufferPointer { edges in
      for at in Int(starts[stripe])..<Int(starts[stripe + 1]) {
        let edge = edges[at]
        // Wholly to the left, above or below: neither on it nor crossed by the ray to the right.
        if edge.ax < x && edge.bx < x { continue }
        if (edge.ay > y && edge.by > y) || (edge.ay < y && edge.by < y) { continue }
        if edge.ay == edge.by {
          if min(edge.ax, edge.bx) <= x && x <= max(edge.ax, edge.bx) { return true }
          continue
        }
        if (edge.ax == x && edge.ay == y) || (edge.bx == x && edge.by == y) { return true }
        let side = orientation(edge.ax, edge.ay, edge.bx, edge.by, x, y)
        if side == 0 { return true }
        // Each crossing counts once: an edge owns its lower end and not its upper one.
        if (edge.ay > y) != (edge.by > y), (side > 0) == (edge.by > edge.ay) { inside.toggle() }
      }
      return inside
    }
  }
}
