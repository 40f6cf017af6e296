/// An upright rectangle, its border included: metres on the grid, or the units of a source system.
package struct Box: Hashable, Sendable, Codable {
  package var minX: Double
  package var minY: Double
  package var maxX: Double
  package var maxY: Double

  package init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
    (self.minX, self.minY, self.maxX, self.maxY) = (minX, minY, maxX, maxY)
  }

  /// Holds no point; the first one that is added makes it a box.
  package static let nothing = Box(
    minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)

  package var isNothing: Bool { minX > maxX || minY > maxY }

  package mutating func add(_ point: GridPoint) {
    minX = min(minX, point.x)
    minY = min(minY, point.y)
    maxX = max(maxX, point.x)
    maxY = max(maxY, point.y)
  }

  package mutating func add(_ other: Box) {
    minX = min(minX, other.minX)
    minY = min(minY, other.minY)
    maxX = max(maxX, other.maxX)
    maxY = max(maxY, other.maxY)
  }

  @inline(__always)
  package func holds(_ x: Double, _ y: Double) -> Bool {
    x >= minX && x <= maxX && y >= minY && y <= maxY
  }

  package func holds(_ point: GridPoint) -> Bool { holds(point.x, point.y) }

  package func holds(_ other: Box) -> Bool {
    other.minX >= minX && other.minY >= minY && other.maxX <= maxX && other.maxY <= maxY
  }

  /// So much wider on every side.
  package func grown(by distance: Double) -> Box {
    Box(
      minX: minX - distance, minY: minY - distance, maxX: maxX + distance, maxY: maxY + distance)
  }
}

extension PilotArea {
  /// The box round all its polygons.
  package var box: Box {
    polygons.reduce(into: Box.nothing) { box, polygon in
      for point in polygon.outer { box.add(point) }
    }
  }
}
