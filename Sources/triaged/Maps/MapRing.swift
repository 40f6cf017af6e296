import Triage

/// A ring of a picture that is asked where a name has room in it; of a long ring some hundred points.
struct MapRing {
  let points: [MapPoint]
  let box: MapRect
  /// Square units, to choose among rings.
  let area: Double

  init?(_ ring: [MapPoint]) {
    let step = max(1, ring.count / 200)
    points = stride(from: 0, to: ring.count, by: step).map { ring[$0] }
    guard let first = points.first else { return nil }
    var (low, high) = (first, first)
    var twice = 0.0
    var from = points[points.count - 1]
    for to in points {
      (low.x, high.x) = (min(low.x, to.x), max(high.x, to.x))
      (low.y, high.y) = (min(low.y, to.y), max(high.y, to.y))
      twice += from.x * to.y - to.x * from.y
      from = to
    }
    box = MapRect(x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y)
    area = abs(twice) / 2
  }

  func holds(_ x: Double, _ y: Double) -> Bool {
    var isInside = false
    var from = points[points.count - 1]
    for to in points {
      if (from.y > y) != (to.y > y),
        x < from.x + (to.x - from.x) * (y - from.y) / (to.y - from.y)
      {
        isInside.toggle()
      }
      from = to
    }
    return isInside
  }

  /// Whether corners and middles of the sides lie inside.
  func holds(_ rect: MapRect) -> Bool {
    for x in [
      rect.x, rect.x + rect.width / 4, rect.x + rect.width / 2, rect.right - rect.width / 4,
      rect.right,
    ] {
      for y in [rect.y, rect.bottom] where !holds(x, y) { return false }
    }
    return true
  }

  /// How much of a rectangle lies inside, from 0 to 1, as ten places of it tell.
  func share(of rect: MapRect) -> Double {
    guard box.overlap(rect) > 0 else { return 0 }
    var inside = 0
    for column in 0..<5 {
      for row in 0..<2 {
        let x = rect.x + rect.width * (Double(column) + 0.5) / 5
        let y = rect.y + rect.height * (Double(row) + 0.5) / 2
        if holds(x, y) { inside += 1 }
      }
    }
    return Double(inside) / 10
  }

  /// Whether the ring and an upright rectangle share a place, as far as its points tell.
  func touches(_ rect: MapRect) -> Bool {
    guard box.overlap(rect) > 0 else { return false }
    let near = rect.grown(by: 2)
    return points.contains {
      $0.x > near.x && $0.x < near.right && $0.y > near.y && $0.y < near.bottom
    } || holds(rect.x, rect.y) || holds(rect.right, rect.y) || holds(rect.x, rect.bottom)
      || holds(rect.right, rect.bottom) || holds(rect.x + rect.width / 2, rect.y + rect.height / 2)
  }

  /// The place furthest from the edge, of a raster of places.
  var seat: MapPoint {
    seats.first ?? MapPoint(x: box.x + box.width / 2, y: box.y + box.height / 2)
  }

  /// Places inside, the ones with most room first; room to the side counts half.
  var seats: [MapPoint] {
    let steps = 9
    var found: [(room: Double, point: MapPoint)] = []
    for row in 0..<steps {
      for column in 0..<steps {
        let point = MapPoint(
          x: box.x + box.width * (Double(column) + 0.5) / Double(steps),
          y: box.y + box.height * (Double(row) + 0.5) / Double(steps))
        if holds(point.x, point.y) { found.append((room(at: point), point)) }
      }
    }
    return found.sorted { $0.room > $1.room }.prefix(12).map(\.point)
  }

  /// Squared distance to the nearest edge.
  private func room(at point: MapPoint) -> Double {
    var least = Double.infinity
    var from = points[points.count - 1]
    for to in points {
      let (dx, dy) = ((to.x - from.x) / 2, to.y - from.y)
      let (px, py) = ((point.x - from.x) / 2, point.y - from.y)
      let length = dx * dx + dy * dy
      let share = length > 0 ? max(0, min(1, (px * dx + py * dy) / length)) : 0
      let (ex, ey) = (px - share * dx, py - share * dy)
      least = min(least, ex * ex + ey * ey)
      from = to
    }
    return least
  }
}

extension MapShape {
  /// - Parameter rect: what of it can be seen.
  static func largestRing(_ shape: MapShape, cutTo rect: MapRect? = nil) -> MapRing? {
    shape.rings.compactMap { ring in
      MapRing(rect.map { cut(ring, to: $0) } ?? ring)
    }.max { $0.area < $1.area }
  }
}
