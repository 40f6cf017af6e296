import Foundation
import Triage

/// Areas that are hard on arithmetic: holes that touch the border and each other, slivers, spikes,
/// borders shared in part, a lattice on which vertices are level with each other, combs, fans that meet
/// in one vertex, edges of 100 km, needles, rings drawn twice, and tangles. An area is named for its family.
package func nastyAreas(seed: UInt64) -> [PilotArea] {
  var random = Seeded(seed &+ 1_000)
  let (x0, y0) = (450_000.0, 350_000.0)
  func at(_ x: Double, _ y: Double) -> GridPoint { GridPoint(x: x0 + x, y: y0 + y) }
  func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Ring {
    [at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)]
  }
  var made: [(family: String, polygon: Polygon)] = []
  func add(_ family: String, _ polygon: Polygon) { made.append((family, polygon)) }
  // Holes touch the border in a vertex, in an edge, and each other.
  add(
    "holes touching",
    Polygon(
      outer: box(0, 0, 100, 100),
      holes: [
        [at(0, 50), at(25, 40), at(25, 60)], box(25, 60, 20, 20), box(45, 80, 20, 20),
        box(100 - 1e-9, 10, 1e-9, 20),
      ]))
  // Beside it: the border is shared, once vertex by vertex, once cut in other places.
  add("shared edges", Polygon(outer: box(100, 0, 100, 100)))
  add(
    "shared edges",
    Polygon(outer: [at(0, 100), at(33, 100), at(66.6, 100), at(100, 100), at(100, 200), at(0, 200)])
  )
  // Spikes out and in, and one that is nothing but a line.
  add(
    "spikes",
    Polygon(outer: [
      at(300, 0), at(400, 0), at(400, 50), at(450, 50), at(400, 50), at(400, 100), at(350, 100),
      at(350, 20), at(350, 100), at(300, 100),
    ]))
  add("spikes", Polygon(outer: [at(500, 0), at(600, 77), at(550, 38.5)]))
  // Slivers: a nanometre, an ulp and 100 km.
  add("slivers", Polygon(outer: [at(0, 300), at(1_000, 301), at(0, 300 + 1e-9)]))
  add(
    "slivers", Polygon(outer: [at(0, 310), at(100_000, 333), GridPoint(x: x0.nextUp, y: y0 + 310)]))
  add("slivers", Polygon(outer: [at(-30_000, -20_000), at(60_000, 40_000), at(-30_000, -19_999)]))
  // A comb whose teeth end level with each other.
  var comb: Ring = [at(0, 400)]
  for tooth in 0..<300 {
    comb += [at(Double(tooth), 450), at(Double(tooth) + 0.5, 400 + Double(tooth % 3))]
  }
  add("comb", Polygon(outer: comb + [at(300, 390), at(0, 390)]))
  // A fan: many edges meet in one vertex.
  var fan: Ring = []
  for blade in 0..<60 {
    let turn = Double(blade) / 60 * 2 * .pi
    fan += [
      at(700, 100), at(700 + 90 * cos(turn), 100 + 90 * sin(turn)),
      at(700 + 90 * cos(turn + 0.05), 100 + 90 * sin(turn + 0.05)),
    ]
  }
  add("fan", Polygon(outer: fan))
  // Twice round, so nothing but the border is inside; and a point that is repeated.
  add("twice round", Polygon(outer: box(0, 500, 50, 50) + box(0, 500, 50, 50)))
  add(
    "repeated points",
    Polygon(outer: [at(80, 500), at(80, 500), at(130, 500), at(100, 550), at(100, 550)]))
  // Tangles: on a lattice, and anywhere.
  for tangle in 0..<12 {
    let (x, y) = (Double(tangle) * 60, 700.0)
    let count = Int.random(in: 5...40, using: &random)
    add(
      "tangle on a lattice",
      Polygon(
        outer: (0..<count).map { _ in
          at(
            x + Double(Int.random(in: 0...8, using: &random)),
            y + Double(Int.random(in: 0...8, using: &random)))
        }))
    add(
      "tangle",
      Polygon(
        outer: (0..<count).map { _ in
          at(x + .random(in: 0...80, using: &random), y + .random(in: 0...300, using: &random))
        }))
  }
  // Needles side by side, each a nanometre from the next.
  for needle in 0..<20 {
    let x = 800 + Double(needle) * 1e-9
    add(
      "needles",
      Polygon(outer: [
        at(x, 300), at(x + 1e-9, 300), at(x + 1e-9, 400 + Double(needle)), at(x, 400),
      ]))
  }
  made.shuffle(using: &random)
  return made.enumerated().map { position, one in
    PilotArea(id: "\(position)", name: one.family, polygons: [one.polygon])
  }
}

/// What a point of ``closePoints(_:to:seed:)`` is.
package enum CloseKind: String, CaseIterable {
  case anywhere = "anywhere in an area's box"
  case vertex = "on a vertex"
  case besideVertex = "beside a vertex"
  case middle = "in the middle of an edge"
  case along = "somewhere along an edge"
  case besideEdge = "beside an edge"
  case level = "level with a vertex"
  case upright = "straight above or below a vertex"

  /// - Parameter number: of the point.
  package init(_ number: Int) {
    self =
      switch number % 16 {
      case 1, 9: .vertex
      case 5, 13: .besideVertex
      case 2: .middle
      case 6: .along
      case 10, 14: .besideEdge
      case 3, 11: .level
      case 7, 15: .upright
      default: .anywhere
      }
  }
}

/// Points where arithmetic is put to the test: on vertices and edges, next to them in floating point
/// and at a nanometre, level with vertices; and a share anywhere in each area's box.
package func closePoints(_ count: Int, to areas: [PilotArea], seed: UInt64) -> [GridPoint] {
  var random = Seeded(seed)
  let rings = areas.flatMap { area in area.polygons.flatMap { [$0.outer] + $0.holes } }
  let boxes = areas.map(\.box)
  func near(_ value: Double) -> Double {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: value.nextUp
    case 1: value.nextDown
    case 2: value + 1e-9
    case 3: value - 1e-9
    case 4: value + .random(in: -1...1, using: &random)
    default: value
    }
  }
  return (0..<count).map { number in
    let ring = rings[Int.random(in: 0..<rings.count, using: &random)]
    let at = Int.random(in: 0..<ring.count, using: &random)
    let (a, b) = (ring[at], ring[(at + 1) % ring.count])
    func along(_ share: Double) -> GridPoint {
      GridPoint(x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share)
    }
    let away = Double.random(in: -50...50, using: &random)
    let share = Double.random(in: 0...1, using: &random)
    switch CloseKind(number) {
    case .anywhere:
      let box = boxes[Int.random(in: 0..<boxes.count, using: &random)].grown(by: 5)
      return GridPoint(
        x: .random(in: box.minX...box.maxX, using: &random),
        y: .random(in: box.minY...box.maxY, using: &random))
    case .vertex: return a
    case .besideVertex: return GridPoint(x: near(a.x), y: near(a.y))
    case .middle: return along(0.5)
    case .along: return along(share)
    case .besideEdge:
      let on = along(number % 16 < 12 ? 0.5 : share)
      return GridPoint(x: near(on.x), y: near(on.y))
    case .level: return GridPoint(x: a.x + away, y: a.y)
    case .upright: return GridPoint(x: a.x, y: a.y + away)
    }
  }
}
