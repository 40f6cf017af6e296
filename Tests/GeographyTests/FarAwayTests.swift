import Foundation
import Testing
import Triage

@testable import Geography

@Suite("Far away") struct FarAwayTests {
  private func areas(_ grid: Grid, _ x: Double, _ y: Double, _ size: Double) -> AreaIndex {
    func triangle(_ x: Double, _ y: Double, _ id: String) -> PilotArea {
      PilotArea(
        id: id, name: id,
        polygons: [
          Polygon(outer: [
            GridPoint(x: x, y: y), GridPoint(x: x + size, y: y + size / 3),
            GridPoint(x: x + size / 2, y: y + size),
          ])
        ])
    }
    return AreaIndex([triangle(x, y, "one"), triangle(x + 3 * size, y + 2 * size, "two")])
  }

  @Test(
    "is said of no point that a conversion would bring into an area or would not reach",
    arguments: [
      ("OGC:CRS84", "EPSG:27700", 449_000.0, 358_000.0, 900.0),
      ("EPSG:4326", "EPSG:27700", 95_000.0, 5_000.0, 20.0),
      ("EPSG:4326", "EPSG:27700", 440_000.0, 1_180_000.0, 9_000.0),
      ("EPSG:4258", "EPSG:27700", 300_000.0, 200_000.0, 60_000.0),
      ("EPSG:4277", "EPSG:27700", 449_000.0, 358_000.0, 1_000.0),
      ("EPSG:32630", "EPSG:27700", 449_000.0, 358_000.0, 1_000.0),
      ("EPSG:3857", "EPSG:27700", 640_000.0, 300_000.0, 2_000.0),
      ("EPSG:29902", "EPSG:27700", 150_000.0, 520_000.0, 4_000.0),
      ("EPSG:4326", "EPSG:26986", 230_000.0, 895_000.0, 5_000.0),
      ("EPSG:2249", "EPSG:26986", 230_000.0, 895_000.0, 5_000.0),
    ])
  func neverChangesAnAnswer(
    _ crs: String, _ gridCode: String, _ x: Double, _ y: Double, _ size: Double
  ) throws {
    let grid = Grid(crs: gridCode)
    let projection = try makeProjection(from: crs, to: grid)
    let index = areas(grid, x, y, size)
    let isDegrees = projection.kind == .geographic
    let bounds =
      isDegrees
      ? Box(minX: -180, minY: -90, maxX: 180, maxY: 90)
      : Box(minX: -1.99e7, minY: -1.99e7, maxX: 1.99e7, maxY: 1.99e7)
    let far = try #require(FarAway(from: index.box, by: projection, within: bounds))
    var random = Seeded(5)
    var (away, inside, unreached) = (0, 0, 0)
    func check(_ x: Double, _ y: Double) {
      guard bounds.holds(x, y) else { return }
      let point = projection.toGrid(x, y)
      let area = point.flatMap { index.firstPosition(holding: $0) }
      if point == nil { unreached += 1 }
      if area != nil { inside += 1 }
      if far.holds(x, y) {
        away += 1
        if point == nil || area != nil { Issue.record("(\(x), \(y)) of \(crs) is not far away.") }
      }
    }
    // Round both boxes' borders, outwards and inwards, by every order of magnitude.
    for box in [far.near, far.reached] {
      let (width, height) = (box.maxX - box.minX, box.maxY - box.minY)
      for _ in 0..<10_000 {
        let scale = pow(10, Double.random(in: -9...0, using: &random))
        let side = Int.random(in: 0..<4, using: &random)
        var x = Double.random(in: box.minX...box.maxX, using: &random)
        var y = Double.random(in: box.minY...box.maxY, using: &random)
        let shift = Double.random(in: -1...1, using: &random) * scale
        switch side {
        case 0: x = box.minX + shift * width
        case 1: x = box.maxX + shift * width
        case 2: y = box.minY + shift * height
        default: y = box.maxY + shift * height
        }
        check(x, y)
      }
    }
    // All over the place, and close to the corners of the areas.
    for _ in 0..<10_000 {
      check(
        .random(in: bounds.minX...bounds.maxX, using: &random),
        .random(in: bounds.minY...bounds.maxY, using: &random))
    }
    let back = try #require(projection.fromGrid)
    for corner in index.areas.flatMap({ $0.polygons.flatMap(\.outer) }) {
      for _ in 0..<2000 {
        let reach = pow(10, Double.random(in: -3...5, using: &random))
        let near = GridPoint(
          x: corner.x + .random(in: -reach...reach, using: &random),
          y: corner.y + .random(in: -reach...reach, using: &random))
        if let source = back(near) { check(source.x, source.y) }
      }
    }
    #expect(away > 10_000, "the boxes are of use")
    #expect(inside > 1_000)
    #expect(unreached > 100)
  }

  @Test("is not asked where the source is the grid, where there is no area, or no way back")
  func notAsked() throws {
    let everywhere = Box(minX: -1e9, minY: -1e9, maxX: 1e9, maxY: 1e9)
    let index = areas(.britishNational, 449_000, 358_000, 900)
    let degrees = try makeProjection(from: "EPSG:4326", to: .britishNational)
    #expect(
      FarAway(from: index.box, by: .identity(.britishNational), within: everywhere) == nil)
    #expect(FarAway(from: .nothing, by: degrees, within: everywhere) == nil)
    let oneWay = Projection(source: "EPSG:4326", toGrid: degrees.toGrid)
    #expect(FarAway(from: index.box, by: oneWay, within: everywhere) == nil)
  }

  @Test("The way back is the way there, to a millimetre")
  func wayBack() throws {
    for crs in ["EPSG:4326", "EPSG:32630", "EPSG:4277"] {
      let projection = try makeProjection(from: crs, to: .britishNational)
      let back = try #require(projection.fromGrid)
      for x in stride(from: 50_000.0, through: 650_000, by: 50_000) {
        let point = GridPoint(x: x, y: 1.8 * x)
        let source = try #require(back(point))
        let again = try #require(projection.toGrid(source.x, source.y))
        #expect(abs(again.x - point.x) < 0.001 && abs(again.y - point.y) < 0.001)
      }
    }
  }
}
