import Triage

/// The first hole that does not lie within its outline, or that lies within another hole: an inside of
/// which nobody can tell what the admin meant.
///
/// Exact. To be asked of rings that neither cross nor share edges (``findTangle(in:)``): then a hole
/// is on one side of another ring, and each of its corners and the middles of its edges lie on that side or
/// touch the ring.
func findMisplacedHole(in rings: [[SourcePoint]]) -> Tangle? {
  guard rings.count > 1 else { return nil }
  let areas = rings.enumerated().map { number, ring in
    PilotArea(
      id: "\(number)", name: "",
      polygons: [Polygon(outer: ring.map { GridPoint(x: $0.x, y: $0.y) })])
  }
  let index = AreaIndex(areas)
  for (number, ring) in rings.enumerated().dropFirst() {
    var within: Set<Int> = []
    for (at, point) in ring.enumerated() {
      let next = ring[(at + 1) % ring.count]
      let middle = SourcePoint(x: (point.x + next.x) / 2, y: (point.y + next.y) / 2)
      let around = index.positions(holding: GridPoint(x: point.x, y: point.y))
      if !around.contains(0) {
        return Tangle(
          kind: .holeOutside, ring: number, point: at, otherRing: 0, place: point)
      }
      let others = Set(around).subtracting([0, number])
      within = at == 0 ? others : within.intersection(others)
      // The middle of an edge is rounded, so of the outline, which it may touch, nothing is asked there.
      if !within.isEmpty {
        within.formIntersection(index.positions(holding: GridPoint(x: middle.x, y: middle.y)))
      }
    }
    if let other = within.min() {
      return Tangle(
        kind: .holeInHole, ring: number, point: 0, otherRing: other, place: ring[0])
    }
  }
  return nil
}
