import Foundation
import Testing
import Triage

@testable import Geography

@Suite("Looking for crossings") struct TangleTests {
  @Test("finds one exactly where GEOS calls a ring not simple, over 4,000 random rings")
  func equalsGEOS() throws {
    var random = Seeded(21)
    var rings: [[SourcePoint]] = []
    for number in 0..<4000 {
      let count = Int.random(in: 3...(number % 5 == 0 ? 200 : 12), using: &random)
      rings.append(
        (0..<count).map { step in
          // Every other ring is a star round a centre, which never crosses itself.
          let turn = 2 * Double.pi * Double(step) / Double(count)
          let radius = Double.random(in: 1...2, using: &random)
          return number % 2 == 0
            ? SourcePoint(x: radius * cos(turn), y: radius * sin(turn))
            : SourcePoint(
              x: .random(in: -1...1, using: &random), y: .random(in: -1...1, using: &random))
        })
    }
    let program = """
      import json, sys, shapely
      for ring in json.load(sys.stdin): print(int(shapely.LinearRing(ring).is_simple))
      """
    let input = try JSONSerialization.data(withJSONObject: rings.map { $0.map { [$0.x, $0.y] } })
    let theirs = try python(program, input: input).split(separator: "\n").map { $0 == "1" }
    let ours = rings.map { findTangle(in: [$0]) == nil }
    #expect(ours == theirs)
    #expect(theirs.count { $0 } > 2000 && theirs.count { !$0 } > 1000)
  }

  /// On a lattice of 4 by 4 nearly everything touches. GEOS calls a polygon with holes valid when rings
  /// touch in single points at most; so what is valid there has no tangle here.
  @Test("finds nothing in what GEOS calls valid, however its rings touch")
  func touching() throws {
    var random = Seeded(22)
    let shapes: [[[SourcePoint]]] = (0..<20_000).map { _ in
      (0..<Int.random(in: 1...2, using: &random)).map { _ in
        (0..<Int.random(in: 3...7, using: &random)).map { _ in
          SourcePoint(
            x: Double(Int.random(in: 0...3, using: &random)),
            y: Double(Int.random(in: 0...3, using: &random)))
        }
      }
    }
    // A ring that crosses itself or runs over itself is longer than its noded pieces, or these have a
    // node where two ways cross; so much of it is told by lengths.
    let program = """
      import json, sys, shapely
      for rings in json.load(sys.stdin):
          lines = [shapely.LineString(r + r[:1]) for r in rings]
          whole = shapely.unary_union(lines)
          print(int(shapely.Polygon(rings[0], rings[1:]).is_valid),
                int(whole.length < sum(l.length for l in lines) - 1e-9))
      """
    let input = try JSONSerialization.data(
      withJSONObject: shapes.map { $0.map { $0.map { [$0.x, $0.y] } } })
    let theirs = try python(program, input: input).split(separator: "\n")
    try #require(theirs.count == shapes.count)
    var (valid, overlapping) = (0, 0)
    for (shape, answer) in zip(shapes, theirs) {
      let found = findTangle(in: shape)
      if answer.hasPrefix("1") {
        valid += 1
        #expect(found == nil, "\(shape)")
      }
      if answer.hasSuffix("1") {
        overlapping += 1
        #expect(found != nil, "\(shape)")
      }
    }
    #expect(valid > 1000 && overlapping > 1000)
  }

  @Test(
    "stays quick on a circle and a comb of 50,000 points, and ends on what defeats boxes"
  )
  func quick() {
    let count = 50_000
    func ring(_ point: (Int) -> (Double, Double)) -> [SourcePoint] {
      (0..<count).map {
        let (x, y) = point($0)
        return SourcePoint(x: x, y: y)
      }
    }
    let circle = ring {
      (cos(2 * .pi * Double($0) / Double(count)), sin(2 * .pi * Double($0) / Double(count)))
    }
    let comb = ring {
      $0 == count - 1
        ? (-1, Double(count))
        : $0 == count - 2
          ? (-1, -1) : (Double($0 / 2 % 2) * 1000, Double(count - $0))
    }
    let clock = ContinuousClock()
    let taken = clock.measure {
      #expect(findTangle(in: [circle]) == nil)
      _ = findTangle(in: [comb])
    }
    #expect(taken < .seconds(60))
    // Long slanting teeth: every box meets every other.
    var teeth: [SourcePoint] = []
    for tooth in 0..<5000 {
      let at = Double(tooth) * 0.001
      teeth.append(SourcePoint(x: at, y: -at))
      teeth.append(SourcePoint(x: 1000 + at, y: 1000 - at))
      teeth.append(SourcePoint(x: 1000 + at + 0.0005, y: 1000 - at - 0.0005))
      teeth.append(SourcePoint(x: at + 0.0005, y: -at - 0.0005))
    }
    teeth.append(SourcePoint(x: 30, y: -1000))
    teeth.append(SourcePoint(x: -1000, y: -1000))
    let slow = clock.measure { #expect(findTangle(in: [teeth])?.kind == .tooTangled) }
    #expect(slow < .seconds(60))
  }
}
