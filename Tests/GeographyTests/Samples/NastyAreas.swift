import Foundation
import Triage

/// Areas that are hard on arithmetic: holes that touch the border and each other, slivers, spikes,
/// borders shared in part, a lattice on which vertices are level with each other, combs, fans that meet
/// in one vertex, edges of 100 km, needles, rings drawn twice, and tangles.
package func nastyAreas(seed: UInt64) -> [PilotArea] {
  var random = Seeded(seed &+ 1_000)
  let (x0, y0) = (450_000.0, 350_000.0)
  func at(_ x: Double, _ y: Double) -> GridPoint { GridPoint(x: x0 + x, y: y0 + y) }
  func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Ring {
    [at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)]
  }
  var polygons: [Polygon] = []
  // Holes touch the border in a vertex, in an edge, and each other.
  polygons.append(
    Polygon(
      outer: box(0, 0, 100, 100),
      holes: [
        [at(0, 50), at(25, 40), at(25, 60)], box(25, 60, 20, 20), box(45, 80, 20, 20),
        box(100 - 1e-9, 10, 1e-9, 20),
      ]))
  // Beside it: the border is shared, once vertex by vertex, once cut in other places.
  polygons.append(Polygon(outer: box(100, 0, 100, 100)))
  polygons.append(
    Polygon(outer: [at(0, 100), at(33, 100), at(66.6, 100), at(100, 100), at(100, 200), at(0, 200)])
  )
  // Spikes out and in, and one that is nothing but a line.
  polygons.append(
    Polygon(outer: [
      at(300, 0), at(400, 0), at(400, 50), at(450, 50), at(400, 50), at(400, 100), at(350, 100),
      at(350, 20), at(350, 100), at(300, 100),
    ]))
  polygons.append(Polygon(outer: [at(500, 0), at(600, 77), at(550, 38.5)]))
  // Slivers: a nanometre, an ulp and 100 km.
  polygons.append(Polygon(outer: [at(0, 300), at(1_000, 301), at(0, 300 + 1e-9)]))
  polygons.append(
    Polygon(outer: [at(0, 310), at(100_000, 333), GridPoint(x: x0.nextUp, y: y0 + 310)]))
  polygons.append(Polygon(outer: [at(-30_000, -20_000), at(60_000, 40_000), at(-30_000, -19_999)]))
  // A comb whose teeth end level with each other.
  var comb: Ring = [at(0, 400)]
  for tooth in 0..<300 {
    comb += [at(Double(tooth), 450), at(Double(tooth) + 0.5, 400 + Double(tooth % 3))]
  }
  polygons.append(Polygon(outer: comb + [at(300, 390), at(0, 390)]))
  // A fan: many edges meet in one vertex.
  var fan: Ring = []
  for blade in 0..<60 {
    let turn = Double(blade) / 60 * 2 * .pi
    fan += [
      at(700, 100), at(700 + 90 * cos(turn), 100 + 90 * sin(turn)),
      at(700 + 90 * cos(turn + 0.05), 100 + 90 * sin(turn + 0.05)),
    ]
  }
  polygons.append(Polygon(outer: fan))
  // Twice round, so nothing but the border is inside; and a point that is repeated.
  polygons.append(Polygon(outer: box(0, 500, 50, 50) + box(0, 500, 50, 50)))
  polygons.append(
    Polygon(outer: [at(80, 500), at(80, 500), at(130, 500), at(100, 550), at(100, 550)]))
  // Tangles: on a lattice, and anywhere.
  for tangle in 0..<12 {
    let (x, y) = (Double(tangle) * 60, 700.0)
    let count = Int.random(in: 5...40, using: &random)
    polygons.append(
      Polygon(
        outer: (0..<count).map { _ in
          at(
            x + Double(Int.random(in: 0...8, using: &random)),
            y + Double(Int.random(in: 0...8, using: &random)))
        }))
    polygons.append(
      Polygon(
        outer: (0..<count).map { _ in
          at(x + .random(in: 0...80, using: &random), y + .random(in: 0...300, using: &random))
        }))
  }
  // Needles side by side, each a nanometre from the next.
  for needle in 0..<20 {
    let x = 800 + Double(needle) * 1e-9
    polygons.append(
      Polygon(outer: [
        at(x, 300), at(x + 1e-9, 300), at(x + 1e-9, 400 + Double(needle)), at(x, 400),
      ]))
  }
  polygons.shuffle(using: &random)
  return polygons.enumerated().map { position, polygon in
    PilotArea(id: "\(position)", name: "\(position)", polygons: [polygon])
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
    if number % 4 == 0 {
      let box = boxes[Int.random(in: 0..<boxes.count, using: &random)].grown(by: 5)
      return GridPoint(
        x: .random(in: box.minX...box.maxX, using: &random),
        y: .random(in: box.minY...box.maxY, using: &random))
    }
    let ring = rings[Int.random(in: 0..<rings.count, using: &random)]
    let at = Int.random(in: 0..<ring.count, using: &random)
    let (a, b) = (ring[at], ring[(at + 1) % ring.count])
    switch number % 4 {
    case 1: return number % 8 == 1 ? a : GridPoint(x: near(a.x), y: near(a.y))
    case 2:
      let share = number % 8 == 2 ? 0.5 : Double.random(in: 0...1, using: &random)
      let on = GridPoint(x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share)
      return number % 16 < 8 ? on : GridPoint(x: near(on.x), y: near(on.y))
    default:
      // Level with a vertex, or straight above or below it.
      let away = Double.random(in: -50...50, using: &random)
      return number % 8 == 3
        ? GridPoint(x: a.x + away, y: a.y) : GridPoint(x: a.x, y: a.y + away)
    }
  }
}
