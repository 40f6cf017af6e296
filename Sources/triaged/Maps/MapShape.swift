import Foundation
import Triage

/// The rings of one area as they are drawn: in a picture's units, cut to what can be seen, and without
/// points that nobody could tell from a straight line.
struct MapShape {
  /// Of each polygon the outer ring first.
  private(set) var rings: [[MapPoint]] = []

  init(_ area: PilotArea, _ frame: MapFrame) {
    let seen = frame.rect.grown(by: 30)
    for polygon in area.polygons {
      for (number, ring) in ([polygon.outer] + polygon.holes).enumerated() {
        let points = cut(ring.lazy.filter(isDrawable).map(frame.place), to: seen)
        let drawn = simplified(points, tolerance: 0.4)
        if drawn.count > 2 {
          rings.append(drawn)
        } else if number == 0, let dot = drawn.first {
          // Too small to have a shape, and yet it is there.
          rings.append([
            dot, MapPoint(x: dot.x + 0.6, y: dot.y), MapPoint(x: dot.x + 0.6, y: dot.y + 0.6),
            MapPoint(x: dot.x, y: dot.y + 0.6),
          ])
        } else if number == 0 {
          break
        }
      }
    }
  }

  var points: Int { rings.reduce(0) { $0 + $1.count } }

  /// So much coarser, in units of the picture.
  mutating func simplify(tolerance: Double) {
    rings = rings.compactMap { ring in
      let drawn = simplified(ring, tolerance: tolerance)
      return drawn.count > 2 ? drawn : nil
    }
  }

  /// At most so many points of each ring, evenly taken, and at most so many rings.
  mutating func bound(points: Int, rings most: Int) {
    rings = rings.prefix(most).map { ring in
      let step = max(1, (ring.count + points - 1) / max(1, points))
      return step == 1 ? ring : stride(from: 0, to: ring.count, by: step).map { ring[$0] }
    }
  }

  /// An SVG path in tenths of a unit, relative from point to point, without drift.
  var path: String {
    var text = ""
    for ring in rings {
      var last: (x: Int, y: Int)?
      for point in ring {
        let (x, y) = (Int((point.x * 10).rounded()), Int((point.y * 10).rounded()))
        if let from = last {
          if from == (x, y) { continue }
          text += "l" + shortTenths(x - from.x)
          text += (y >= from.y ? " " : "") + shortTenths(y - from.y)
        } else {
          text += "M\(shortTenths(x)) \(shortTenths(y))"
        }
        last = (x, y)
      }
      text += "z"
    }
    return text
  }

  var box: MapRect? {
    var (left, top, right, bottom) = (
      Double.infinity, Double.infinity, -Double.infinity, -Double.infinity
    )
    for point in rings.joined() {
      (left, right) = (min(left, point.x), max(right, point.x))
      (top, bottom) = (min(top, point.y), max(bottom, point.y))
    }
    guard left <= right else { return nil }
    return MapRect(x: left, y: top, width: right - left, height: bottom - top)
  }
}

/// Shapes that together have no more points than a picture may have: first coarser, where that does not
/// help with fewer points to a ring.
func bounded(_ shapes: [MapShape], points most: Int) -> [MapShape] {
  var shapes = shapes
  func count() -> Int { shapes.reduce(0) { $0 + $1.points } }
  for tolerance in [0.8, 1.6, 3.2] {
    if count() <= most { return shapes }
    for at in shapes.indices { shapes[at].simplify(tolerance: tolerance) }
  }
  if count() <= most { return shapes }
  let rings = max(1, shapes.reduce(0) { $0 + $1.rings.count })
  var left = most
  for at in shapes.indices {
    shapes[at].bound(points: max(4, most / rings), rings: left / 4)
    left = max(0, left - shapes[at].points)
  }
  return shapes
}

/// A closed line with the points left out that lie within the tolerance of those that stay: one pass, by
/// the cone of directions that are still possible from the last point that stayed (Zhao and Saalfeld,
/// "Linear-time sleeve-fitting polyline simplification algorithms", 1997).
private func simplified(_ ring: [MapPoint], tolerance: Double) -> [MapPoint] {
  guard let first = ring.first else { return [] }
  var kept = [first]
  var anchor = first
  var last = first
  // The cone's middle and its half width, both in radians; nothing is known while the width is infinite.
  var (middle, half, far) = (0.0, Double.infinity, 0.0)
  func restart(at point: MapPoint) {
    kept.append(point)
    (anchor, half, far) = (point, .infinity, 0)
  }
  for point in ring.dropFirst() {
    var distance = hypot(point.x - anchor.x, point.y - anchor.y)
    if distance < tolerance, far < tolerance {
      last = point
      continue
    }
    let isTurningBack = distance < far - tolerance
    if isTurningBack || !narrow(to: point, distance) {
      restart(at: last)
      distance = hypot(point.x - anchor.x, point.y - anchor.y)
      if distance >= tolerance { _ = narrow(to: point, distance) }
    }
    far = max(far, distance)
    last = point
  }
  if hypot(last.x - first.x, last.y - first.y) >= tolerance { kept.append(last) }
  return kept

  /// - Returns: whether the point lies in the cone, which is narrowed to what the point leaves of it.
  func narrow(to point: MapPoint, _ distance: Double) -> Bool {
    let direction = atan2(point.y - anchor.y, point.x - anchor.x)
    let width = asin(min(1, tolerance / distance))
    if half == .infinity {
      (middle, half) = (direction, width)
      return true
    }
    var away = direction - middle
    if away > .pi { away -= 2 * .pi }
    if away < -.pi { away += 2 * .pi }
    if abs(away) > half { return false }
    let (low, high) = (max(-half, away - width), min(half, away + width))
    (middle, half) = (middle + (low + high) / 2, (high - low) / 2)
    return true
  }
}

/// A closed line cut to a rectangle (Sutherland and Hodgman, 1974). Pieces are joined along the
/// rectangle's border, which lies outside of what is seen.
func cut(_ ring: some Collection<MapPoint>, to rect: MapRect) -> [MapPoint] {
  var points = Array(ring)
  for side in 0..<4 {
    func depth(_ point: MapPoint) -> Double {
      switch side {
      case 0: point.x - rect.x
      case 1: rect.right - point.x
      case 2: point.y - rect.y
      default: rect.bottom - point.y
      }
    }
    guard points.contains(where: { depth($0) < 0 }), var from = points.last else { continue }
    var inside: [MapPoint] = []
    inside.reserveCapacity(points.count)
    for to in points {
      let (before, after) = (depth(from), depth(to))
      if (before < 0) != (after < 0) {
        let share = before / (before - after)
        inside.append(
          MapPoint(x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share))
      }
      if after >= 0 { inside.append(to) }
      from = to
    }
    points = inside
  }
  return points
}
