/// A closed line on the grid: the first point is not repeated at the end. Metres.
package typealias Ring = [GridPoint]

/// An outer ring and its holes, in either winding.
package struct Polygon: Hashable, Sendable {
  package var outer: Ring
  package var holes: [Ring]

  package init(outer: Ring, holes: [Ring] = []) {
    self.outer = outer
    self.holes = holes
  }
}

/// A place on the map whose residents the team may visit. Coordinates are on the grid.
package struct PilotArea: Hashable, Sendable, Identifiable {
  package let id: String
  package let name: String
  package let polygons: [Polygon]
  /// Why the area was chosen, in the admin's words; may be empty.
  package let reason: String
  /// The first and the last day on which it counts, both included; `nil` for no end.
  package let from: CivilDay?
  package let until: CivilDay?
  /// Metres from its edge within which a job is marked as on the edge; `nil` for the usual.
  package let margin: Double?

  package init(
    id: String, name: String, polygons: [Polygon], reason: String = "", from: CivilDay? = nil,
    until: CivilDay? = nil, margin: Double? = nil
  ) {
    self.id = id
    self.name = name
    self.polygons = polygons
    self.reason = reason
    self.from = from
    self.until = until
    self.margin = margin
  }

  /// Metres, where neither the area nor the configuration states a margin.
  package static let usualMargin = 25.0

  /// Whether the area counts on a day.
  package func counts(on day: CivilDay) -> Bool {
    (from.map { $0 <= day } ?? true) && (until.map { day <= $0 } ?? true)
  }

  /// ``reason`` as people read it beside other things: one line, cut to 300 signs; `nil` where nobody
  /// has said.
  package var reasonLine: String? {
    let line = briefLine(reason, most: 300)
    return line.isEmpty ? nil : line
  }

  /// Square metres: outer rings less holes.
  package var squareMetres: Double {
    polygons.reduce(0) { sum, polygon in
      sum + ringArea(polygon.outer) - polygon.holes.reduce(0) { $0 + ringArea($1) }
    }
  }
}

/// The area that a ring encloses, in square metres, whatever its winding (shoelace formula).
package func ringArea(_ ring: Ring) -> Double {
  guard let origin = ring.first else { return 0 }
  var twice = 0.0
  var previous = ring[ring.count - 1]
  for point in ring {
    twice += (previous.x - origin.x) * (point.y - origin.y)
    twice -= (point.x - origin.x) * (previous.y - origin.y)
    previous = point
  }
  return abs(twice) / 2
}
