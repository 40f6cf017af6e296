import Testing
import Triage

private func area(_ id: String, _ x: Double, _ side: Double = 1000) -> PilotArea {
  PilotArea(
    id: id, name: id,
    polygons: [
      Polygon(outer: [
        GridPoint(x: x, y: 0), GridPoint(x: x + side, y: 0), GridPoint(x: x + side, y: side),
        GridPoint(x: x, y: side),
      ])
    ])
}

@Suite("A job with a place of some grade") struct PlacingTests {
  private let index = AreaIndex([area("west", 0), area("east", 1000), area("far", 9000)])

  private func place(_ x: Double, _ y: Double, _ grade: LocationGrade = .postcode) -> String {
    let found = index.placing(GridPoint(x: x, y: y), grade: grade, approximateMetres: 250)
    return found.map { "\(index.areas[$0.position].id) \($0.grade.rawValue)" } ?? "outside"
  }

  @Test("Coordinates and UPRNs count to the edge itself")
  func exact() {
    #expect(place(0, 500, .coordinates) == "west coordinates")
    #expect(place(-0.001, 500, .coordinates) == "outside")
    #expect(place(1999, 999, .uprn) == "east uprn")
    #expect(place(500, 500, .none) == "outside")
  }

  @Test("A postcode's middle is certain only farther from every edge than the margin")
  func postcode() {
    #expect(place(500, 500) == "west postcode")
    #expect(place(250, 500) == "west postcode")
    #expect(place(249.9, 500) == "west postcodeNearEdge")
    #expect(place(0, 500) == "west postcodeNearEdge")
    #expect(place(-249.9, 500) == "west postcodeNearEdge")
    #expect(place(-250, 500) == "outside")
    #expect(place(-180, -180) == "outside", "a corner is nearer along an axis than across")
    #expect(place(-170, -170) == "west postcodeNearEdge")
  }

  @Test("On a border that two areas share it stays where it lies, and is uncertain")
  func sharedBorder() {
    #expect(place(1000, 500) == "west postcodeNearEdge")
    #expect(place(1000.5, 500) == "east postcodeNearEdge")
    #expect(place(2100, 500) == "east postcodeNearEdge")
    #expect(place(8800, 500) == "far postcodeNearEdge")
  }

  @Test("A redrawn boundary changes the grade both ways")
  func again() {
    #expect(place(500, 500, .postcodeNearEdge) == "west postcode")
    #expect(place(5000, 500, .postcodeNearEdge) == "outside")
  }

  @Test("A margin of zero makes nothing uncertain, and no area makes everything outside")
  func extremes() {
    let edge = GridPoint(x: 0, y: 500)
    #expect(index.placing(edge, grade: .postcode, approximateMetres: 0)?.grade == .postcode)
    #expect(AreaIndex([]).placing(edge, grade: .postcode, approximateMetres: 250) == nil)
    let nowhere = GridPoint(x: .nan, y: .infinity)
    #expect(index.placing(nowhere, grade: .postcode, approximateMetres: 250) == nil)
  }

  @Test("A polygon without height or with one point costs no crash")
  func flat() {
    let line = Polygon(outer: [GridPoint(x: 0, y: 5e-99), GridPoint(x: 10, y: 0)])
    let dot = Polygon(outer: [GridPoint(x: 100, y: 0)])
    let index = AreaIndex([PilotArea(id: "a", name: "a", polygons: [line, dot])])
    #expect(index.nearestEdge(to: GridPoint(x: 5, y: 3))?.metres == 3)
    #expect(index.nearestEdge(to: GridPoint(x: 103, y: 4), within: 6)?.metres == 5)
    #expect(index.nearestEdge(to: GridPoint(x: 103, y: 4), within: 5) == nil)
    #expect(index.nearestEdge(to: GridPoint(x: 5, y: 1e100)) != nil)
  }
}
