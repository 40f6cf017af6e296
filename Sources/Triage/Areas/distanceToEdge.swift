extension AreaIndex {
  /// Metres from a point to the nearest edge of any area, whether the point is inside or outside,
  /// and the position of that edge's area; `nil` when no edge is nearer than `limit`.
  ///
  /// Every ring of every polygon has edges: also a hole's, and those in which two polygons of one
  /// area overlap. Among areas with an edge equally near, the first in the stated order is named.
  /// The cells round the point are searched, in a square that is doubled until it must hold the answer.
  package func nearestEdge(
    to point: GridPoint, within limit: Double = .infinity
  ) -> (metres: Double, position: Int)? {
    guard point.x.isFinite, point.y.isFinite, !box.isNothing else { return nil }
    let away = max(
      0, box.minX - point.x, point.x - box.maxX, box.minY - point.y, point.y - box.maxY)
    guard away <= limit else { return nil }
    let side = Double(1 << CellGrid.fineBits) / cells.grid.scale
    var reach = min(limit, away + side / 4)
    while true {
      let found = nearestEdge(to: point, searching: reach)
      let searched = Box(minX: point.x, minY: point.y, maxX: point.x, maxY: point.y)
        .grown(by: reach)
      if let found, found.metres <= reach || searched.holds(box) {
        return found.metres < limit ? found : nil
      }
      if reach >= limit || searched.holds(box) { return nil }
      reach = min(limit, reach * 2)
    }
  }

  private func nearestEdge(
    to point: GridPoint, searching reach: Double
  ) -> (metres: Double, position: Int)? {
    var least = Double.infinity
    var position = Int32.max
    let around = Box(minX: point.x, minY: point.y, maxX: point.x, maxY: point.y)
      .grown(by: reach + cells.grid.slack)
    cells.forEachLeaf(in: around) { first in
      var leaf = first
      while true {
        leaf.forEachEdge { a, b, area in
          let squared = squaredDistance(from: point, toEdge: a, b)
          if squared < least || (squared == least && area < position) {
            (least, position) = (squared, area)
          }
        }
        if leaf.isLast { break }
        leaf = leaf.next
      }
    }
    return position == .max ? nil : (least.squareRoot(), Int(position))
  }
}

extension PilotArea {
  /// Metres from a point to the nearest edge of this area, from inside and outside alike.
  package func distanceToEdge(_ point: GridPoint) -> Double {
    var least = Double.infinity
    for polygon in polygons {
      for ring in [polygon.outer] + polygon.holes {
        guard var from = ring.last else { continue }
        for to in ring {
          least = min(least, squaredDistance(from: point, toEdge: from, to))
          from = to
        }
      }
    }
    return least.squareRoot()
  }
}

/// Square metres: to the foot of the perpendicular, or to the nearer end.
func squaredDistance(
  from point: GridPoint, toEdge a: GridPoint, _ b: GridPoint
) -> Double {
  let (dx, dy) = (b.x - a.x, b.y - a.y)
  let (px, py) = (point.x - a.x, point.y - a.y)
  let length = dx * dx + dy * dy
  let share = length > 0 ? max(0, min(1, (px * dx + py * dy) / length)) : 0
  let (ex, ey) = (px - share * dx, py - share * dy)
  return ex * ex + ey * ey
}
