import Triage

/// A point in the coordinate system of a file: east before north, degrees or metres.
struct SourcePoint: Hashable, Sendable {
  var x: Double
  var y: Double
}

/// How the images of straight edges are followed on the grid.
///
/// A piece is kept when its image lies within ``tolerance`` of the chord at points no further
/// apart than ``densifySpacing``, else it is halved. Between two such points the image leaves their
/// chord by at most κ·spacing²/8 (0.2 mm for a straight line of longitude and latitude on a
/// national grid, κ ≤ 5·10⁻⁷ per metre) and, at a seam of a shift grid whose shifts change by up
/// to 0.3 m in a kilometre, as OSTN15's do, by spacing/4 · 3·10⁻⁴ (3.8 mm). With the tolerance
/// that makes 9 mm: the line on the grid stays within 1 cm of where it was drawn.
private let tolerance = 0.005
let densifySpacing = 50.0

/// The image on the grid of a closed line that is straight between its points in `source`
/// coordinates; the first point is not repeated. Each edge gets as many points as it needs to
/// stay within 1 cm, the same ones in both directions, so that neighbours keep a common border.
///
/// - Parameter budget: how many points may still be made; lowered by those made here.
/// - Parameter looks: how many points may still be looked at; lowered by those that were.
/// - Parameter spacing: metres between the points that are looked at; another than the usual promises less.
/// - Parameter longest: metres that an edge may be long on the grid.
/// - Throws: ``RingProblem`` where a point has no image on the grid, or a budget is spent, or an edge too long.
func densify(
  _ ring: [SourcePoint], by projection: Projection, budget: inout Int,
  looks: inout Int, spacing: Double = densifySpacing, longest: Double = .infinity
) throws(RingProblem) -> Ring {
  func image(_ point: SourcePoint) throws(RingProblem) -> GridPoint {
    guard let image = projection.toGrid(point.x, point.y) else { throw .outOfReach(point) }
    return image
  }
  guard let first = ring.first else { return [] }
  var result: Ring = []
  var from = (source: first, image: try image(first))
  for index in 1...ring.count {
    let source = ring[index % ring.count]
    let to = (source: source, image: try image(source))
    result.append(from.image)
    let forward = (from.source.x, from.source.y) <= (to.source.x, to.source.y)
    let (dx, dy) = (to.image.x - from.image.x, to.image.y - from.image.y)
    guard dx * dx + dy * dy <= longest * longest else { throw .tooLong(from.source) }
    let (low, high) = forward ? (from, to) : (to, from)
    var between: [GridPoint] = []
    try halve(low, high, depth: 0, into: &between)
    result += forward ? between : between.reversed()
    budget -= 1 + between.count
    guard budget >= 0 else { throw .tooManyPoints(source) }
    from = to
  }
  return result

  func halve(
    _ a: (source: SourcePoint, image: GridPoint), _ b: (source: SourcePoint, image: GridPoint),
    depth: Int, into between: inout [GridPoint]
  ) throws(RingProblem) {
    let (dx, dy) = (b.image.x - a.image.x, b.image.y - a.image.y)
    let parts = max(4, Int((min((dx * dx + dy * dy).squareRoot(), 1e6) / spacing).rounded(.up)))
    var straight = true
    for part in 1..<parts where straight {
      let share = Double(part) / Double(parts)
      let point = SourcePoint(
        x: a.source.x + (b.source.x - a.source.x) * share,
        y: a.source.y + (b.source.y - a.source.y) * share)
      looks -= 1
      guard looks >= 0 else { throw .tooMuchWork(a.source) }
      straight = distance(try image(point), from: a.image, to: b.image) <= tolerance
    }
    if straight { return }
    let source = SourcePoint(
      x: (a.source.x + b.source.x) / 2, y: (a.source.y + b.source.y) / 2)
    guard depth < 16, between.count < budget else { throw .tooManyPoints(source) }
    let middle = (source: source, image: try image(source))
    try halve(a, middle, depth: depth + 1, into: &between)
    between.append(middle.image)
    try halve(middle, b, depth: depth + 1, into: &between)
  }
}

/// Why a ring has no image on the grid. The point is in the file's coordinates.
enum RingProblem: Error {
  case outOfReach(SourcePoint)
  case tooManyPoints(SourcePoint)
  /// The edge that begins there.
  case tooLong(SourcePoint)
  case tooMuchWork(SourcePoint)
}

/// Metres from a point to the nearest point of a segment.
private func distance(_ p: GridPoint, from a: GridPoint, to b: GridPoint) -> Double {
  let (dx, dy) = (b.x - a.x, b.y - a.y)
  let length = dx * dx + dy * dy
  let along = length > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length : 0
  let share = max(0, min(1, along))
  let (ex, ey) = (p.x - a.x - share * dx, p.y - a.y - share * dy)
  return (ex * ex + ey * ey).squareRoot()
}
