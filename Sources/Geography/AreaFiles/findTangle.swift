import Triage

/// Where the rings of a polygon cross or run over each other or themselves, in the file's coordinates.
struct Tangle: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case crossing
    /// Two edges have more than a point in common.
    case overlap
    /// A hole is not where its outline is, or is in another hole.
    case holeOutside
    case holeInHole
    /// Too much to look through.
    case tooTangled
  }

  var kind: Kind
  /// The ring and the number of its point at which one of the two edges begins.
  var ring: Int
  var point: Int
  /// The ring that it meets; the same one where a ring meets itself.
  var otherRing: Int
  var place: SourcePoint

  /// What the picture of it shows.
  var title: String {
    switch kind {
    case .crossing, .overlap, .tooTangled: "Where the outline crosses itself: \(place.written)"
    case .holeOutside, .holeInHole: "Where the hole lies: \(place.written)"
    }
  }

  var sentence: String {
    let whose = ring == otherRing ? "A ring crosses itself" : "Two of its rings cross"
    let spike =
      ring == otherRing ? "A ring runs back over itself" : "Two of its rings share an edge"
    switch kind {
    case .crossing: return "\(whose) at \(place.written); its inside cannot be told."
    case .overlap: return "\(spike) at \(place.written)."
    case .holeOutside: return "A hole lies outside its outline at \(place.written)."
    case .holeInHole: return "A hole lies within another hole at \(place.written)."
    case .tooTangled:
      return "Its rings are too tangled to be checked, so they are not used; simplify them."
    }
  }
}

/// The first place at which the rings cross or share a piece of edge. Rings that only touch in points
/// are in order: what is inside is never in doubt there.
///
/// Exact (``orientation(_:_:_:_:_:_:)``). Edges are kept in a tree of boxes in the order of the rings,
/// eight to a box, which is walked against itself: O(n log n) for boundaries as they are drawn. Combs
/// made to defeat boxes end at a bound on the pairs looked at.
func findTangle(in rings: [[SourcePoint]]) -> Tangle? {
  var search = TangleSearch(rings)
  return search.run()
}

private struct TangleSearch {
  private struct Piece {
    var a: SourcePoint
    var b: SourcePoint
    var ring: Int
    /// The point of the ring at which it begins, and what comes before and behind it along the ring.
    var point: Int
    var before: Int
    var behind: Int

    var box: Box {
      Box(minX: min(a.x, b.x), minY: min(a.y, b.y), maxX: max(a.x, b.x), maxY: max(a.y, b.y))
    }
  }

  private var pieces: [Piece] = []
  /// ``levels``[0] are the pieces' boxes, each further level the boxes of eight below.
  private var levels: [[Box]] = []
  private var budget: Int

  init(_ rings: [[SourcePoint]]) {
    for (number, ring) in rings.enumerated() {
      let start = pieces.count
      for (index, point) in ring.enumerated() {
        let next = ring[(index + 1) % ring.count]
        // A point that is written twice makes no edge.
        if point == next { continue }
        let at = pieces.count
        pieces.append(
          Piece(a: point, b: next, ring: number, point: index, before: at - 1, behind: at + 1))
      }
      if pieces.count > start {
        pieces[start].before = pieces.count - 1
        pieces[pieces.count - 1].behind = start
      }
    }
    budget = max(2_000_000, 200 * pieces.count)
    levels.append(pieces.map(\.box))
    while let last = levels.last, last.count > 1 {
      levels.append(
        stride(from: 0, to: last.count, by: 8).map { start in
          last[start..<min(start + 8, last.count)].reduce(into: Box.nothing) { $0.add($1) }
        })
    }
  }

  mutating func run() -> Tangle? {
    guard pieces.count > 1 else { return nil }
    return join(levels.count - 1, 0, 0)
  }

  /// Looks at all pairs of pieces below two boxes of one level.
  private mutating func join(_ level: Int, _ one: Int, _ other: Int) -> Tangle? {
    budget -= 1
    if budget < 0 {
      let piece = pieces[0]
      return Tangle(
        kind: .tooTangled, ring: piece.ring, point: 0, otherRing: piece.ring, place: piece.a)
    }
    if level == 0 { return one == other ? nil : meeting(of: one, and: other) }
    let count = levels[level - 1].count
    for a in 8 * one..<min(8 * one + 8, count) {
      for b in max(a, 8 * other)..<max(a, min(8 * other + 8, count))
      where levels[level - 1][a].meets(levels[level - 1][b]) {
        if let found = join(level - 1, a, b) { return found }
      }
    }
    return nil
  }

  private func meeting(of one: Int, and other: Int) -> Tangle? {
    let (p, q) = (pieces[one], pieces[other])
    func side(_ a: SourcePoint, _ b: SourcePoint, _ c: SourcePoint) -> Double {
      orientation(a.x, a.y, b.x, b.y, c.x, c.y)
    }
    let (pa, pb) = (side(q.a, q.b, p.a), side(q.a, q.b, p.b))
    if (pa > 0 && pb > 0) || (pa < 0 && pb < 0) { return nil }
    let (qa, qb) = (side(p.a, p.b, q.a), side(p.a, p.b, q.b))
    if (qa > 0 && qb > 0) || (qa < 0 && qb < 0) { return nil }
    func found(_ kind: Tangle.Kind, _ place: SourcePoint) -> Tangle {
      Tangle(kind: kind, ring: p.ring, point: p.point, otherRing: q.ring, place: place)
    }
    if pa == 0, pb == 0 {
      // On one line: in order along it, the pieces overlap between the second and the third point.
      let inOrder = [(p.a, p.b), (q.a, q.b)].map { $0.precedes($1) ? ($0, $1) : ($1, $0) }
      let low = inOrder[0].0.precedes(inOrder[1].0) ? inOrder[1].0 : inOrder[0].0
      let high = inOrder[0].1.precedes(inOrder[1].1) ? inOrder[0].1 : inOrder[1].1
      return low.precedes(high) ? found(.overlap, low) : nil
    }
    if pa != 0, pb != 0, qa != 0, qb != 0 {
      let share = pa / (pa - pb)
      return found(
        .crossing,
        SourcePoint(x: p.a.x + (p.b.x - p.a.x) * share, y: p.a.y + (p.b.y - p.a.y) * share))
    }
    // They touch in a point that is an end of one at least. Each way through that point is seen once:
    // by the piece that ends there.
    let place = pa == 0 ? p.a : pb == 0 ? p.b : qa == 0 ? q.a : q.b
    if p.a == place || q.a == place { return nil }
    let first = p.b == place ? (from: p.a, to: pieces[p.behind].b) : (from: p.a, to: p.b)
    let second = q.b == place ? (from: q.a, to: pieces[q.behind].b) : (from: q.a, to: q.b)
    let sides = (
      isBetween(second.from, first.from, first.to, round: place),
      isBetween(second.to, first.from, first.to, round: place)
    )
    guard let from = sides.0, let to = sides.1, from != to else { return nil }
    return found(.crossing, place)
  }

  /// Whether a direction lies in the sector that begins at one direction and goes counter-clockwise to
  /// another; `nil` where it is one of the two, so that edges overlap, which is found elsewhere.
  private func isBetween(
    _ point: SourcePoint, _ start: SourcePoint, _ end: SourcePoint, round centre: SourcePoint
  ) -> Bool? {
    func side(_ a: SourcePoint, _ b: SourcePoint) -> Double {
      orientation(centre.x, centre.y, a.x, a.y, b.x, b.y)
    }
    let (fromStart, toEnd, whole) = (side(start, point), side(point, end), side(start, end))
    let isAhead = { (a: SourcePoint, b: SourcePoint) in
      (a.x - centre.x) * (b.x - centre.x) + (a.y - centre.y) * (b.y - centre.y) > 0
    }
    if fromStart == 0, isAhead(start, point) { return nil }
    if toEnd == 0, isAhead(point, end) { return nil }
    // Less than half a turn from start to end: left of start and right of end; else one of the two.
    if whole > 0 { return fromStart > 0 && toEnd > 0 }
    if whole < 0 { return fromStart > 0 || toEnd > 0 }
    return isAhead(start, end) ? true : fromStart > 0
  }
}

extension SourcePoint {
  fileprivate func precedes(_ other: SourcePoint) -> Bool { (x, y) < (other.x, other.y) }

  /// As a person would write it: degrees to a decimetre, metres to a centimetre.
  var written: String { "(\(rounded(x)), \(rounded(y)))" }

  private func rounded(_ value: Double) -> String {
    let scale = value.magnitude <= 180 ? 1e6 : 1e2
    let scaled = (value * scale).rounded() / scale
    return scaled.isFinite ? "\(scaled)" : "\(value)"
  }
}

extension Box {
  fileprivate func meets(_ other: Box) -> Bool {
    minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY
  }
}
