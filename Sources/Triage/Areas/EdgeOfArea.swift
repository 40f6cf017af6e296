/// How a point that an area holds lies to that area's edge.
package struct EdgeOfArea: Hashable, Sendable {
  /// Position of the area in ``AreaIndex/areas``.
  package let area: Int
  /// To its nearest edge, a hole's included.
  package let metres: Double
  /// Positions of the areas that hold the ground just across that edge, in the stated order; empty
  /// where no area does.
  package let beyond: [Int]
  /// Positions of other areas that hold the point itself, and lie over this one there.
  package let also: [Int]
}

extension AreaIndex {
  /// Where the nearest edge of the area at `position` is to a point that it holds, and what lies
  /// across; `nil` when no edge of it is nearer than `limit` metres, or it does not hold the point.
  ///
  /// An edge with the area itself on both its sides (two of its polygons share it or lie over each
  /// other) is none of its border and is passed over. "Just across" is a millimetre on, beside the
  /// point of the edge that is nearest; where nothing is there, a metre on, as borders that were drawn
  /// by hand leave gaps. On a corner, and midway between two edges, all that lies across is named.
  package func edge(
    ofArea position: Int, near point: GridPoint, within limit: Double
  ) -> EdgeOfArea? {
    guard limit > 0, box.holds(point) else { return nil }
    let side = Double(1 << CellGrid.fineBits) / cells.grid.scale
    var reach = min(limit, side / 4)
    var looked = 0
    while true {
      let near = edges(ofArea: position, near: point, searching: reach)
      var start = 0
      while start < near.count, near[start].metres < limit, near[start].metres <= reach {
        let least = near[start].metres
        let end = near[start...].firstIndex { $0.metres > least + tie } ?? near.count
        // Shapes that a person draws have one or two; a hostile one may have thousands.
        let tied = near[start..<min(end, start + 16)]
        looked += tied.count
        guard looked <= 64 else { return nil }
        if let beyond = beyond(tied, point, position) {
          return edge(of: position, least <= tie ? 0 : least, beyond, at: point)
        }
        start = end
      }
      if reach >= limit { return nil }
      reach = min(limit, reach * 2)
    }
  }

  private func edge(
    of position: Int, _ metres: Double, _ beyond: Set<Int>, at point: GridPoint
  ) -> EdgeOfArea? {
    let held = positions(holding: point)
    guard held.contains(position) else { return nil }
    // On a shared border the neighbour holds the point too, and is named once.
    let also = held.filter { $0 != position && !(metres == 0 && beyond.contains($0)) }
    return EdgeOfArea(area: position, metres: metres, beyond: beyond.sorted(), also: also)
  }

  private struct NearEdge {
    let a: GridPoint
    let b: GridPoint
    let metres: Double
  }

  /// The area's edges within some metres, and maybe others, nearest first.
  private func edges(
    ofArea position: Int, near point: GridPoint, searching reach: Double
  ) -> [NearEdge] {
    var found: [NearEdge] = []
    let around = Box(minX: point.x, minY: point.y, maxX: point.x, maxY: point.y)
      .grown(by: reach + cells.grid.slack)
    cells.forEachLeaf(in: around) { first in
      var leaf = first
      while true {
        leaf.forEachEdge(ofArea: Int32(position)) { a, b in
          let squared = squaredDistance(from: point, toEdge: a, b)
          if squared <= reach * reach {
            found.append(NearEdge(a: a, b: b, metres: squared.squareRoot()))
          }
        }
        if leaf.isLast { break }
        leaf = leaf.next
      }
    }
    if found.count > 1 { found.sort { $0.metres < $1.metres } }
    return found
  }

  /// The areas across some edges that are equally near, but for the one at `position`; `nil` where
  /// that is on both sides of all of them.
  private func beyond(
    _ edges: ArraySlice<NearEdge>, _ point: GridPoint, _ position: Int
  ) -> Set<Int>? {
    var across: [(from: GridPoint, x: Double, y: Double)] = []
    var beyond: Set<Int> = []
    for edge in edges {
      let (dx, dy) = (edge.b.x - edge.a.x, edge.b.y - edge.a.y)
      let length = (dx * dx + dy * dy).squareRoot()
      guard length > 0 else { continue }
      let along = ((point.x - edge.a.x) * dx + (point.y - edge.a.y) * dy) / length
      // Beside a corner lies what is across another edge too, and in a sharp one less than a step of it:
      // the ground across an edge is looked for away from its ends, and at an end only as a last resort.
      let foot = max(0, min(length, along))
      let inward = min(length / 2, 1)
      let away = max(inward, min(length - inward, foot))
      let isInner = min(foot, length - foot) > 0.01
      for along in isInner ? [foot, away] : [away, foot] {
        let from = GridPoint(
          x: edge.a.x + dx * (along / length), y: edge.a.y + dy * (along / length))
        var isAcross = false
        for sign in [-1.0, 1.0] {
          let way = (from: from, x: -dy / length * sign, y: dx / length * sign)
          guard let held = held(way, 0.001, but: position) else { continue }
          isAcross = true
          across.append(way)
          beyond.formUnion(held)
        }
        if isAcross { break }
      }
    }
    if across.isEmpty { return nil }
    if beyond.isEmpty {
      for way in across { beyond.formUnion(held(way, 1, but: position) ?? []) }
    }
    return beyond
  }

  /// The areas that hold the point a step on; `nil` where the one at `position` is among them.
  private func held(
    _ way: (from: GridPoint, x: Double, y: Double), _ metres: Double, but position: Int
  ) -> [Int]? {
    let there = GridPoint(x: way.from.x + way.x * metres, y: way.from.y + way.y * metres)
    let held = positions(holding: there)
    return held.contains(position) ? nil : held
  }
}

/// Metres within which two edges are equally near, and a point is on an edge: far more than rounding,
/// and far less than anybody measures.
private let tie = 1e-6

extension EdgeOfArea {
  /// "On the edge: about 10 m inside Ashfield North; beyond it lies Hucknall West."
  ///
  /// In steps of five metres: to the metre it would tell the house to whoever has the map.
  package func sentence(_ areas: [PilotArea]) -> String {
    let steps = Int((metres / 5).rounded())
    let far = steps == 0 ? "less than 5 m" : "about \(steps * 5) m"
    var sentence = "On the edge: \(far) inside \(named([area], areas))"
    if !also.isEmpty { sentence += ", also in \(named(also, areas))" }
    switch beyond.count {
    case 0: return sentence + "; beyond it lies no area."
    case 1: return sentence + "; beyond it lies \(named(beyond, areas))."
    default: return sentence + "; beyond it lie \(named(beyond, areas))."
    }
  }

  /// "A", "A and B", "A, B and 2 others". A name has eighty characters at most, on one line.
  private func named(_ positions: [Int], _ areas: [PilotArea]) -> String {
    var names = positions.prefix(3).map { at in
      let name = briefLine(areas[at].name, most: 80)
      return name.isEmpty ? briefLine(areas[at].id, most: 80) : name
    }
    if positions.count > 3 { names[2] = "\(positions.count - 2) others" }
    let last = names.removeLast()
    return names.isEmpty ? last : names.joined(separator: ", ") + " and " + last
  }
}
