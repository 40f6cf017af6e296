import Testing
import Triage

private func square(_ x: Double, _ y: Double, _ side: Double) -> Ring {
  [
    GridPoint(x: x, y: y), GridPoint(x: x + side, y: y),
    GridPoint(x: x + side, y: y + side), GridPoint(x: x, y: y + side),
  ]
}

private func area(_ id: String, _ polygons: Polygon...) -> PilotArea {
  PilotArea(id: id, name: id, polygons: polygons)
}

@Suite("The area index") struct AreaIndexTests {
  @Test("Corners, edges and the inside are in, one step further is out")
  func aSquare() {
    let index = AreaIndex([area("a", Polygon(outer: square(450_000, 359_000, 100)))])
    for (x, y) in [
      (450_000.0, 359_000.0), (450_100, 359_050), (450_050, 359_100), (450_001, 359_001),
    ] {
      #expect(index.firstPosition(holding: GridPoint(x: x, y: y)) == 0, "(\(x), \(y))")
    }
    for (x, y) in [
      (450_000.0.nextDown, 359_000.0), (450_100.0.nextUp, 359_050), (450_050, 359_100.0.nextUp),
      (450_050, 358_999),
    ] {
      #expect(index.firstPosition(holding: GridPoint(x: x, y: y)) == nil, "(\(x), \(y))")
    }
  }

  @Test("A hole is out, its border is in, an island in it is in")
  func hole() {
    let index = AreaIndex([
      area(
        "a", Polygon(outer: square(0, 0, 100), holes: [square(20, 20, 60)]),
        Polygon(outer: square(40, 40, 20)))
    ])
    #expect(index.positions(holding: GridPoint(x: 30, y: 30)) == [])
    #expect(index.positions(holding: GridPoint(x: 20, y: 50)) == [0])
    #expect(index.positions(holding: GridPoint(x: 50, y: 50)) == [0])
    #expect(index.positions(holding: GridPoint(x: 10, y: 50)) == [0])
  }

  @Test("Where polygons of one area overlap, the overlap is in and named once")
  func overlappingParts() {
    let index = AreaIndex([
      area("a", Polygon(outer: square(0, 0, 100)), Polygon(outer: square(50, 50, 100)))
    ])
    #expect(index.positions(holding: GridPoint(x: 75, y: 75)) == [0])
    #expect(index.positions(holding: GridPoint(x: 25, y: 25)) == [0])
    #expect(index.positions(holding: GridPoint(x: 125, y: 25)) == [])
  }

  @Test("Overlapping areas are all named, the first in the stated order first")
  func overlappingAreas() {
    let one = area("one", Polygon(outer: square(0, 0, 100)))
    let two = area("two", Polygon(outer: square(100, 0, 100)))
    let onBorder = GridPoint(x: 100, y: 50)
    #expect(AreaIndex([one, two]).areas(holding: onBorder).map(\.id) == ["one", "two"])
    #expect(AreaIndex([two, one]).areas(holding: onBorder).map(\.id) == ["two", "one"])
    #expect(AreaIndex([two, one]).firstPosition(holding: onBorder) == 0)
  }

  @Test("No areas, empty areas, flat areas and points that are no numbers answer none")
  func nothing() {
    let point = GridPoint(x: 1, y: 1)
    #expect(AreaIndex([]).firstPosition(holding: point) == nil)
    #expect(AreaIndex([area("a")]).firstPosition(holding: point) == nil)
    #expect(AreaIndex([area("a", Polygon(outer: []))]).firstPosition(holding: point) == nil)
    let index = AreaIndex([area("a", Polygon(outer: square(0, 0, 100)))])
    for bad in [Double.nan, .infinity, -.infinity] {
      #expect(index.firstPosition(holding: GridPoint(x: bad, y: 50)) == nil)
      #expect(index.firstPosition(holding: GridPoint(x: 50, y: bad)) == nil)
    }
    let flat = [
      GridPoint(x: 0, y: 0), GridPoint(x: 10, y: 0), GridPoint(x: 5, y: .leastNonzeroMagnitude),
    ]
    let flatIndex = AreaIndex([area("a", Polygon(outer: flat))])
    #expect(flatIndex.firstPosition(holding: GridPoint(x: 5, y: 0)) == 0)
    #expect(flatIndex.firstPosition(holding: GridPoint(x: 11, y: 0)) == nil)
  }

  @Test("Winding and the point a ring starts with change nothing", arguments: 0..<4)
  func winding(rotation: Int) {
    let ring = square(0, 0, 100)
    let rotated = Array(ring[rotation...] + ring[..<rotation])
    let index = AreaIndex([
      area("a", Polygon(outer: rotated)), area("b", Polygon(outer: rotated.reversed())),
    ])
    for (x, y) in [(0.0, 0.0), (50, 50), (100, 100), (0, 50), (101, 50), (-1, 0), (50, -1)] {
      let inside = x >= 0 && x <= 100 && y >= 0 && y <= 100
      #expect(index.positions(holding: GridPoint(x: x, y: y)) == (inside ? [0, 1] : []))
    }
  }

  @Test(
    "Equals brute force in whole numbers on random, crossing and degenerate polygons",
    arguments: 0..<8)
  func againstExactOracle(seed: UInt64) {
    var random = Seeded(seed)
    var differences: [String] = []
    var inside = 0
    var asked = 0
    for _ in 0..<40 {
      let area = randomArea(&random)
      let index = AreaIndex([area])
      let oracle = ExactOracle.Area(area)
      for point in pointsToAsk(about: area, &random) {
        let expected = oracle.holds(point)
        if (index.firstPosition(holding: point) == 0) != expected {
          differences.append("\(point) in \(area.polygons): expected \(expected)")
        }
        asked += 1
        inside += expected ? 1 : 0
      }
    }
    #expect(differences.isEmpty, "\(differences.count) of \(asked): \(differences.first ?? "")")
    #expect(inside > asked / 20 && inside < asked * 19 / 20, "\(inside) of \(asked)")
  }

  @Test("The exact orientation has the sign of whole-number arithmetic, also when nearly on a line")
  func orientationSign() {
    var random = Seeded(7)
    var zeros = 0
    for _ in 0..<50_000 {
      let a = randomPoint(&random, spread: 100_000)
      let b = randomPoint(&random, spread: 100_000)
      let t = Double.random(in: -0.5...1.5, using: &random)
      var c = GridPoint(
        x: ExactOracle.round(a.x + (b.x - a.x) * t), y: ExactOracle.round(a.y + (b.y - a.y) * t))
      if Bool.random(using: &random) { c = random.next() % 2 == 0 ? a : b }
      let expected = ExactOracle.side(
        ExactOracle.Whole(a), ExactOracle.Whole(b), ExactOracle.Whole(c))
      let found = orientation(a.x, a.y, b.x, b.y, c.x, c.y)
      let exact = exactOrientation(a.x, a.y, b.x, b.y, c.x, c.y)
      zeros += expected == 0 ? 1 : 0
      guard sign(found) == expected, sign(exact) == expected else {
        Issue.record("\(a) \(b) \(c): \(found), \(exact), expected \(expected)")
        return
      }
    }
    #expect(zeros > 1000)
  }
}

private func sign(_ value: Double) -> Int { value > 0 ? 1 : value < 0 ? -1 : 0 }

private func randomPoint(_ random: inout Seeded, spread: Double) -> GridPoint {
  GridPoint(
    x: ExactOracle.round(450_000 + Double.random(in: -spread...spread, using: &random)),
    y: ExactOracle.round(359_000 + Double.random(in: -spread...spread, using: &random)))
}

/// Rings of four kinds: a star without crossings, a tangle, a tangle on a coarse lattice (shared
/// vertices, spikes, edges that lie on each other, vertices on the ray) and a thin sliver.
///
/// A `scale` of 1,000 makes edges of 100 km, whose near misses plain arithmetic gets wrong.
private func randomRing(_ random: inout Seeded, scale: Double) -> Ring {
  let count = Int.random(in: 3...24, using: &random)
  switch random.next() % 4 {
  case 0:
    let middle = randomPoint(&random, spread: 50 * scale)
    let turns = (0..<count).map { _ in Double.random(in: 0..<1, using: &random) }.sorted()
    return turns.map { turn in
      // Directions on a square, without a sine: one side per quarter.
      let quarter = (turn * 4).rounded(.down)
      let along = (turn * 4 - quarter) * 2 - 1
      let (dx, dy) = [(1, along), (-along, 1), (-1, -along), (along, -1)][Int(quarter)]
      let radius = scale * Double.random(in: 5...100, using: &random)
      return GridPoint(
        x: ExactOracle.round(middle.x + dx * radius), y: ExactOracle.round(middle.y + dy * radius))
    }
  case 1: return (0..<count).map { _ in randomPoint(&random, spread: 100 * scale) }
  case 2:
    return (0..<count).map { _ in
      GridPoint(
        x: 450_000 + Double(Int.random(in: -3...3, using: &random)),
        y: 359_000 + Double(Int.random(in: -3...3, using: &random)))
    }
  default:
    let a = randomPoint(&random, spread: 100 * scale)
    let b = randomPoint(&random, spread: 100 * scale)
    let nearA = GridPoint(x: a.x.nextUp, y: a.y)
    return [a, b, nearA].map { GridPoint(x: ExactOracle.round($0.x), y: ExactOracle.round($0.y)) }
  }
}

private func randomArea(_ random: inout Seeded) -> PilotArea {
  let parts = Int.random(in: 1...3, using: &random)
  let scale = [1.0, 30, 1000].randomElement(using: &random)!
  let polygons = (0..<parts).map { _ in
    Polygon(
      outer: randomRing(&random, scale: scale),
      holes: (0..<Int.random(in: 0...2, using: &random)).map { _ in
        randomRing(&random, scale: scale)
      })
  }
  return PilotArea(id: "a", name: "a", polygons: polygons)
}

/// Vertices and their neighbours in floating point, points on and beside edges, points at the
/// height of a vertex, points of the lattice, and points anywhere.
private func pointsToAsk(about area: PilotArea, _ random: inout Seeded) -> [GridPoint] {
  var points: [GridPoint] = []
  let step = 0x1p-34
  for ring in area.polygons.flatMap({ [$0.outer] + $0.holes }) {
    for (index, a) in ring.enumerated() {
      let b = ring[(index + 1) % ring.count]
      points.append(a)
      points.append(GridPoint(x: a.x + step, y: a.y))
      points.append(GridPoint(x: a.x - step, y: a.y))
      points.append(GridPoint(x: a.x, y: a.y + step))
      let share = Double.random(in: 0...1, using: &random)
      for t in [0.5, share] {
        let on = GridPoint(
          x: ExactOracle.round(a.x + (b.x - a.x) * t), y: ExactOracle.round(a.y + (b.y - a.y) * t))
        points.append(on)
        points.append(GridPoint(x: on.x + step, y: on.y - step))
      }
      points.append(
        GridPoint(x: ExactOracle.round(a.x + Double.random(in: -9...9, using: &random)), y: a.y))
    }
  }
  for _ in 0..<20 {
    points.append(randomPoint(&random, spread: 110))
    points.append(randomPoint(&random, spread: 4))
    points.append(
      GridPoint(
        x: 450_000 + Double(Int.random(in: -4...4, using: &random)),
        y: 359_000 + Double(Int.random(in: -4...4, using: &random))))
  }
  return points
}
