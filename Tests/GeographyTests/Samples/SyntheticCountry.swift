import Foundation
import Triage

/// A country of ward-like areas that share their borders, made of a seed: the same on every run.
///
/// A square lattice is drawn together round towns, so that areas are small there and large elsewhere.
/// Between the corners of the lattice run borders like coasts (midpoint displacement), with 3 to 500
/// edges each, log-normal round 13, and where one is rugged its neighbours are too: some 150 vertices an
/// area, from 12 to 2,000, as in ward boundaries. Metres, on a grid of 500 × 500 km.
package func syntheticCountry(areas count: Int, seed: UInt64) -> [PilotArea] {
  var random = Seeded(seed)
  let columns = Int(Double(count).squareRoot())
  let rows = (count + columns - 1) / columns
  let size = 500_000.0
  let towns = (0..<max(4, count / 150)).map { _ in
    (
      x: Double.random(in: 0...size, using: &random),
      y: Double.random(in: 0...size, using: &random),
      reach: Double.random(in: 0.5...1.5, using: &random) * size / Double(columns) * 4
    )
  }
  // The pull of towns is so weak that the lattice never folds.
  func drawn(_ x: Double, _ y: Double) -> GridPoint {
    var (x, y) = (x, y)
    for town in towns {
      let (dx, dy) = (town.x - x, town.y - y)
      let far = (dx * dx + dy * dy) / (town.reach * town.reach)
      guard far < 9 else { continue }
      let pull = 0.75 * exp(-far)
      x += dx * pull
      y += dy * pull
    }
    return GridPoint(x: 100_000 + x, y: 100_000 + y)
  }
  let step = size / Double(columns)
  var corners: [GridPoint] = []
  var ruggedness: [Double] = []
  for row in 0...rows {
    for column in 0...columns {
      let shakeX = Double.random(in: -0.25...0.25, using: &random)
      let shakeY = Double.random(in: -0.25...0.25, using: &random)
      corners.append(drawn((Double(column) + shakeX) * step, (Double(row) + shakeY) * step))
      ruggedness.append(gaussian(&random))
    }
  }
  /// From one corner to another, the second left out.
  func border(_ from: Int, _ to: Int) -> [GridPoint] {
    let rugged = (ruggedness[from] + ruggedness[to]) / 2
    let edges = Int(
      max(3, min(500, exp(log(13) + 1.9 * rugged + 0.7 * gaussian(&random)))))
    var line = [corners[from], corners[to]]
    while line.count <= edges {
      // The last round divides only as many as are still wanted.
      let divided = min(line.count - 1, edges - (line.count - 1))
      var finer = [line[0]]
      for (at, (a, b)) in zip(line, line.dropFirst()).enumerated() {
        if at < divided {
          let bend = Double.random(in: -0.18...0.18, using: &random)
          finer.append(
            GridPoint(
              x: (a.x + b.x) / 2 - (b.y - a.y) * bend, y: (a.y + b.y) / 2 + (b.x - a.x) * bend))
        }
        finer.append(b)
      }
      line = finer
    }
    return line.dropLast()
  }
  let across = columns + 1
  // From each corner to the next one in the row, and in the column.
  var along: [[GridPoint]] = []
  var upward: [[GridPoint]] = []
  for row in 0...rows {
    for column in 0...columns {
      let here = row * across + column
      along.append(column < columns ? border(here, here + 1) : [])
      upward.append(row < rows ? border(here, here + across) : [])
    }
  }
  return (0..<count).map { at in
    let (row, column) = (at / columns, at % columns)
    let here = row * across + column
    var ring = along[here]
    ring += upward[here + 1]
    ring.append(corners[here + across + 1])
    ring += along[here + across].dropFirst().reversed()
    ring.append(corners[here + across])
    ring += upward[here].dropFirst().reversed()
    return PilotArea(id: "\(at)", name: "\(at)", polygons: [Polygon(outer: ring)])
  }
}

/// A star or a circle round (450,000, 350,000), 5 km wide.
/// - Parameter inner: the radius of every second vertex, as a share; 1 makes a circle.
package func star(vertices: Int, inner: Double) -> PilotArea {
  let ring = (0..<vertices).map { at in
    let turn = 2 * Double.pi * Double(at) / Double(vertices)
    let radius = 2_500 * (at % 2 == 0 ? 1 : inner)
    return GridPoint(x: 450_000 + radius * cos(turn), y: 350_000 + radius * sin(turn))
  }
  return PilotArea(id: "star", name: "star", polygons: [Polygon(outer: ring)])
}

/// Anywhere in the box round all areas and a tenth of its size beyond.
package func uniformPoints(_ count: Int, over areas: [PilotArea], seed: UInt64) -> [GridPoint] {
  var random = Seeded(seed)
  let box = areas.reduce(into: Box.nothing) { $0.add($1.box) }
  let (width, height) = (box.maxX - box.minX, box.maxY - box.minY)
  return (0..<count).map { _ in
    GridPoint(
      x: .random(in: box.minX - width / 10...box.maxX + width / 10, using: &random),
      y: .random(in: box.minY - height / 10...box.maxY + height / 10, using: &random))
  }
}

/// As addresses lie: every area has as many, in four streets, whatever its size. In no order.
package func clusteredPoints(_ count: Int, over areas: [PilotArea], seed: UInt64) -> [GridPoint] {
  var random = Seeded(seed)
  let streets = areas.flatMap { area in
    let box = area.box
    return (0..<4).map { _ in
      (
        x: Double.random(in: box.minX...box.maxX, using: &random),
        y: Double.random(in: box.minY...box.maxY, using: &random),
        length: 0.05 * max(box.maxX - box.minX, box.maxY - box.minY)
      )
    }
  }
  return (0..<count).map { _ in
    let street = streets[Int.random(in: 0..<streets.count, using: &random)]
    return GridPoint(
      x: street.x + street.length * gaussian(&random),
      y: street.y + street.length * gaussian(&random))
  }
}

private func gaussian(_ random: inout Seeded) -> Double {
  let radius = (-2 * log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &random)))
  return radius.squareRoot() * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
}
