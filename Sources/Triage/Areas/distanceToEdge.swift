extension AreaIndex {
  /// Metres from a point to the nearest edge of any area, whether the point is inside or outside,
  /// and the position of that edge's area; `nil` when no edge is nearer than `limit`.
  ///
  /// Every ring of every polygon has edges: also a hole's, and those in which two polygons of one
  /// area overlap. Among areas with an edge equally near, the first in the stated order is named.
  package func nearestEdge(
    to point: GridPoint, within limit: Double = .infinity
  ) -> (metres: Double, position: Int)? {
    guard point.x.isFinite, point.y.isFinite else { return nil }
    var nearest: (metres: Double, position: Int)?
    for (at, box) in boxes.enumerated() {
      let reach = nearest?.metres ?? limit
      guard box.grown(by: reach).holds(point) else { continue }
      let metres = shapes[at].distanceToEdge(point, within: reach)
      if metres < reach { nearest = (metres, owners[at]) }
    }
    return nearest
  }
}

extension PilotArea {
  /// Metres from a point to the nearest edge of this area, from inside and outside alike.
  package func distanceToEdge(_ point: GridPoint) -> Double {
    AreaIndex([self]).nearestEdge(to: point)?.metres ?? .infinity
  }
}

extension StripedShape {
  /// Metres to the nearest edge; what is farther than `limit` may come out as any number beyond it.
  ///
  /// An edge within the limit passes through a stripe within the limit, so only those are read.
  func distanceToEdge(_ point: GridPoint, within limit: Double) -> Double {
    // Clamped before it becomes an Int: a flat polygon's stripes are thinner than any number says.
    func stripe(_ y: Double) -> Int {
      Int(max(0, min(Double(starts.count - 2), (y - box.minY) * stripesPerMetre)))
    }
    let (low, high) = (stripe(point.y - limit), stripe(point.y + limit))
    var least = Double.infinity
    edges.withUnsafeBufferPointer { edges in
      for at in Int(starts[low])..<Int(starts[high + 1]) {
        least = min(least, edges[at].squaredDistance(to: point))
      }
    }
    return least.squareRoot()
  }
}

extension Edge {
  /// Square metres: to the foot of the perpendicular, or to the nearer end.
  fileprivate func squaredDistance(to point: GridPoint) -> Double {
    let (dx, dy) = (bx - ax, by - ay)
    let (px, py) = (point.x - ax, point.y - ay)
    let length = dx * dx + dy * dy
    let share = length > 0 ? max(0, min(1, (px * dx + py * dy) / length)) : 0
    let (ex, ey) = (px - share * dx, py - share * dy)
    return ex * ex + ey * ey
  }
}
