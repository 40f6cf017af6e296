import Foundation
import Testing
import Triage

@testable import Geography

private func area(_ id: String, _ rings: [(Double, Double)]..., name: String = "N") -> PilotArea {
  PilotArea(
    id: id, name: name,
    polygons: [
      Polygon(
        outer: rings[0].map { GridPoint(x: $0.0, y: $0.1) },
        holes: rings.dropFirst().map { $0.map { GridPoint(x: $0.0, y: $0.1) } })
    ])
}

private func square(_ x: Double, _ y: Double, _ side: Double) -> [(Double, Double)] {
  [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
}

@Suite("Areas that overlap") struct OverlapTests {
  @Test("are listed in their order with what they share, and neighbours are not")
  func pairs() {
    let areas = [
      area("a", square(0, 0, 1000)), area("b", square(900, 0, 1000)),
      area("c", square(1900, 0, 1000)), area("d", square(0, 1000, 500)),
    ]
    let found = findOverlaps(areas)
    #expect(found.unlisted == 0)
    #expect(found.found.map(\.first) == [0] && found.found.map(\.second) == [1])
    #expect(abs((found.found.first?.squareMetres ?? 0) - 100_000) < 100)
    #expect(found.found.first.map { (900...1000).contains($0.place.x) } == true)
  }

  @Test("share what GEOS says they share, within a thousandth of the smaller one")
  func equalsGEOS() throws {
    var random = Seeded(31)
    var pairs: [(PilotArea, PilotArea)] = []
    func star(_ id: String) -> PilotArea {
      let (x, y) = (
        Double.random(in: 450_000...450_600, using: &random),
        Double.random(in: 359_000...359_600, using: &random)
      )
      let count = Int.random(in: 3...80, using: &random)
      let ring = (0..<count).map { step -> (Double, Double) in
        let turn = 2 * Double.pi * Double(step) / Double(count)
        let radius = Double.random(in: 200...500, using: &random)
        return (x + radius * cos(turn), y + radius * sin(turn))
      }
      return count % 2 == 0 && count > 6
        ? area(id, ring, square(x - 50, y - 50, 100)) : area(id, ring)
    }
    for _ in 0..<300 { pairs.append((star("a"), star("b"))) }
    let program = """
      import json, sys, shapely
      for one, other in json.load(sys.stdin):
          a, b = [shapely.Polygon(r[0], r[1:]).buffer(0) for r in (one, other)]
          print(a.intersection(b).area)
      """
    func rings(_ area: PilotArea) -> [[[Double]]] {
      area.polygons.flatMap { ([$0.outer] + $0.holes).map { $0.map { [$0.x, $0.y] } } }
    }
    let input = try JSONSerialization.data(
      withJSONObject: pairs.map { [rings($0.0), rings($0.1)] })
    let theirs = try python(program, input: input).split(separator: "\n").compactMap { Double($0) }
    try #require(theirs.count == pairs.count)
    for (pair, expected) in zip(pairs, theirs) {
      let shared = sharedGround(pair.0, pair.1)
      let least = min(pair.0.squareMetres, pair.1.squareMetres)
      #expect(abs(shared.squareMetres - expected) <= least / 1000 + 1)
      if shared.squareMetres > 100 {
        let index = AreaIndex([pair.0, pair.1])
        #expect(index.positions(holding: shared.place) == [0, 1])
      }
    }
  }

  @Test("are none among the wards and output areas of Ashfield that share their borders")
  func ashfield() throws {
    let cells = try read(
      "ashfield-output-areas.geojson", settings: .init(idProperty: "OA11CD", nameProperty: "OA11CD")
    )
    let found = findOverlaps(cells.areas)
    // Generalised borders may overlap in slivers.
    #expect(found.found.allSatisfy { $0.squareMetres < 500 }, "\(found.found)")
  }
}

@Suite("Changes between two sets of areas") struct AreaChangesTests {
  @Test("are what was added, removed and changed, with sizes before and after, and nothing else")
  func changes() throws {
    let before = [
      area("a", square(0, 0, 1000)), area("b", square(2000, 0, 1000)),
      area("c", square(4000, 0, 1000)),
    ]
    #expect(AreaChanges(from: before, to: before).isEmpty)
    let after = [
      area("b", square(2000, 0, 1000), name: "M"), area("a", square(0, 0, 1100)),
      area("d", square(6000, 0, 500)),
    ]
    let changes = AreaChanges(from: before, to: after)
    #expect(changes.added.map(\.id) == ["d"] && changes.added.first?.after == 250_000)
    #expect(changes.removed.map(\.id) == ["c"] && changes.removed.first?.lost == 1_000_000)
    #expect(changes.changed.map(\.id) == ["b", "a"])
    let (b, a) = (changes.changed[0], changes.changed[1])
    #expect(b.details == [.name, .order] && !b.isBoundaryChanged)
    #expect(a.details == [.order] && a.before == 1_000_000 && a.after == 1_210_000)
    #expect(abs(a.gained - 210_000) < 1000 && a.lost < 1000)
  }

  @Test("of an edit that only added an area in front change no order")
  func order() {
    let before = [area("a", square(0, 0, 1000)), area("b", square(2000, 0, 1000))]
    let changes = AreaChanges(from: before, to: [area("x", square(4000, 0, 1000))] + before)
    #expect(changes.changed.isEmpty && changes.added.map(\.id) == ["x"])
  }
}
