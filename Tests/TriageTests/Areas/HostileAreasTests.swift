import Testing
import Triage

/// Shapes that nobody draws, made of a seed; about so many edges.
private enum Hostile: String, CaseIterable {
  case comb, slivers, star, layers, copies, mixed

  func areas(_ edges: Int, _ random: inout Seeded) -> [PilotArea] {
    switch self {
    case .comb: [area([comb(edges)])]
    case .slivers:
      (0..<edges / 3).map { _ in area([sliver(&random)]) }
    case .star: [area([star(edges)])]
    case .layers:
      // Each within the one before: cells lie in hundreds of them.
      (0..<min(300, edges / 4)).map { area([box(Double($0) / 10, 10_000 - Double($0) / 5)]) }
    case .copies:
      Array(repeating: area([star(40)]), count: min(300, edges / 40))
    case .mixed:
      [Hostile.comb, .slivers, .star, .layers, .copies].flatMap { $0.areas(edges / 5, &random) }
    }
  }

  private func area(_ rings: [Ring]) -> PilotArea {
    PilotArea(id: "a", name: "a", polygons: rings.map { Polygon(outer: $0) })
  }

  private func at(_ x: Double, _ y: Double) -> GridPoint {
    GridPoint(x: 450_000 + ExactOracle.round(x), y: 350_000 + ExactOracle.round(y))
  }

  private func box(_ from: Double, _ side: Double) -> Ring {
    [
      at(from, from), at(from + side, from), at(from + side, from + side), at(from, from + side),
    ]
  }

  /// Teeth from the bottom to the top of ten kilometres.
  private func comb(_ edges: Int) -> Ring {
    let teeth = max(1, edges / 2)
    let wide = 10_000 / Double(teeth)
    return [at(10_000, -10), at(0, -10)]
      + (0..<teeth).flatMap { [at(Double($0) * wide, 10_000), at((Double($0) + 0.5) * wide, 0)] }
  }

  /// Ten kilometres long and a millimetre wide.
  private func sliver(_ random: inout Seeded) -> Ring {
    let turned = Bool.random(using: &random)
    let (from, to) = (
      Double.random(in: 0...10_000, using: &random), Double.random(in: 0...10_000, using: &random)
    )
    return [(0, from), (10_000, to), (0, from + 0.001)].map { turned ? at($1, $0) : at($0, $1) }
  }

  /// From its middle out and back, on the sides of a square.
  private func star(_ edges: Int) -> Ring {
    let tips = max(3, edges / 2)
    return (0..<tips).flatMap { tip in
      [0.0, 0.5].map { half in
        let turn = (Double(tip) + half) / Double(tips) * 4
        let (quarter, along) = (Int(turn), turn.truncatingRemainder(dividingBy: 1) * 2 - 1)
        let (dx, dy) = [(1, along), (-along, 1), (-1, -along), (along, -1)][quarter]
        let radius = half == 0 ? 5_000.0 : 5
        return at(5_000 + dx * radius, 5_000 + dy * radius)
      }
    }
  }
}

@Suite("The area index and shapes that mean harm") struct HostileAreasTests {
  @Test(
    "Many long edges take memory in proportion to their number, and the answers stay exact",
    arguments: Hostile.allCases)
  fileprivate func memory(shape: Hostile) {
    var random = Seeded(11)
    for edges in [60, 600, 3_000] {
      let areas = shape.areas(edges, &random)
      let count = areas.reduce(0) { $0 + $1.polygons.reduce(0) { $0 + $1.outer.count } }
      let index = AreaIndex(areas)
      #expect(index.byteCount < HostileAreasTests.most(edges: count), "\(shape), \(count) edges")
      let oracles = areas.map { ExactOracle.Area($0) }
      for _ in 0..<12 {
        let point = GridPoint(
          x: ExactOracle.round(450_000 + .random(in: -50...10_050, using: &random)),
          y: ExactOracle.round(350_000 + .random(in: -50...10_050, using: &random)))
        #expect(
          index.positions(holding: point) == oracles.indices.filter { oracles[$0].holds(point) },
          "\(shape), \(count) edges, \(point)")
      }
    }
  }

  @Test("A comb of twenty thousand teeth takes no hundreds of megabytes")
  func large() {
    var random = Seeded(12)
    let areas = Hostile.comb.areas(40_000, &random)
    let index = AreaIndex(areas)
    #expect(index.byteCount < HostileAreasTests.most(edges: 40_002))
    // In a tooth, between two, and in what holds them together.
    let (x, wide) = (450_000.0 + 10_000 * 0.5, 0.5)
    #expect(index.firstPosition(holding: GridPoint(x: x, y: 359_999)) == 0)
    #expect(index.firstPosition(holding: GridPoint(x: x + wide / 2, y: 359_999)) == nil)
    #expect(index.firstPosition(holding: GridPoint(x: x + wide / 2, y: 349_999)) == 0)
  }

  /// Bytes: 2.7 KB an edge while there are few, 300 when there are millions.
  private static func most(edges: Int) -> Int {
    min(5_000_000 + 2_700 * edges, 110_000_000 + 300 * edges)
  }

  @Test(
    "A ring with a coordinate that is no number encloses nothing, and changes nothing else",
    arguments: 0..<12)
  func noNumbers(seed: UInt64) {
    var random = Seeded(100 + seed)
    let bad = [Double.nan, .infinity, -.infinity, .signalingNaN, 1e101, -.greatestFiniteMagnitude]
    func ring() -> Ring {
      let middle = GridPoint(
        x: ExactOracle.round(450_000 + .random(in: 0...100, using: &random)),
        y: ExactOracle.round(350_000 + .random(in: 0...100, using: &random)))
      return (0..<Int.random(in: 3...9, using: &random)).map { _ in
        GridPoint(
          x: ExactOracle.round(middle.x + .random(in: -40...40, using: &random)),
          y: ExactOracle.round(middle.y + .random(in: -40...40, using: &random)))
      }
    }
    func spoil(_ ring: Ring) -> Ring {
      var ring = ring
      let at = Int.random(in: 0..<ring.count, using: &random)
      let value = bad.randomElement(using: &random)!
      if Bool.random(using: &random) { ring[at].x = value } else { ring[at].y = value }
      return ring
    }
    var spoiled: [PilotArea] = []
    var sound: [PilotArea] = []
    for number in 0..<12 {
      var (all, good): ([Polygon], [Polygon]) = ([], [])
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let outer = ring()
        let holes = (0..<Int.random(in: 0...2, using: &random)).map { _ in
          (ring: ring(), isBad: Int.random(in: 0..<3, using: &random) == 0)
        }
        let isBad = Int.random(in: 0..<3, using: &random) == 0
        all.append(
          Polygon(
            outer: isBad ? spoil(outer) : outer,
            holes: holes.map { $0.isBad ? spoil($0.ring) : $0.ring }))
        if !isBad {
          good.append(Polygon(outer: outer, holes: holes.filter { !$0.isBad }.map(\.ring)))
        }
      }
      spoiled.append(PilotArea(id: "\(number)", name: "", polygons: all))
      sound.append(PilotArea(id: "\(number)", name: "", polygons: good))
    }
    let index = AreaIndex(spoiled)
    let oracles = sound.map { ExactOracle.Area($0) }
    var inside = 0
    for _ in 0..<300 {
      let point = GridPoint(
        x: ExactOracle.round(450_000 + .random(in: -30...130, using: &random)),
        y: ExactOracle.round(350_000 + .random(in: -30...130, using: &random)))
      let held = oracles.indices.filter { oracles[$0].holds(point) }
      inside += held.count
      #expect(index.positions(holding: point) == held, "\(point)")
      #expect(index.firstPosition(holding: point) == held.first)
      if let edge = index.nearestEdge(to: point) {
        #expect(abs(edge.metres - sound.map { $0.distanceToEdge(point) }.min()!) < 1e-6)
      }
      if let first = held.first { _ = index.edge(ofArea: first, near: point, within: 25) }
    }
    #expect(inside > 100)
    for value in bad {
      #expect(index.positions(holding: GridPoint(x: value, y: 350_050)) == [])
      #expect(index.nearestEdge(to: GridPoint(x: 450_050, y: value), within: 25) == nil)
    }
  }
}
