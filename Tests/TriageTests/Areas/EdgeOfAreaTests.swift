import Testing
import Triage

private func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Ring {
  [
    GridPoint(x: x, y: y), GridPoint(x: x + width, y: y),
    GridPoint(x: x + width, y: y + height), GridPoint(x: x, y: y + height),
  ]
}

private func area(_ id: String, margin: Double? = nil, _ polygons: Polygon...) -> PilotArea {
  PilotArea(id: id, name: id, polygons: polygons, margin: margin)
}

private func said(
  _ areas: [PilotArea], _ x: Double, _ y: Double, within limit: Double = 25, of position: Int = 0
) -> String {
  let index = AreaIndex(areas)
  return index.edge(ofArea: position, near: GridPoint(x: x, y: y), within: limit)?
    .sentence(areas) ?? "not on the edge"
}

@Suite("A point near its area's edge") struct EdgeOfAreaTests {
  private let north = area("North", Polygon(outer: box(450_000, 359_000, 1000, 1000)))
  private let west = area("West", Polygon(outer: box(449_000, 359_000, 1000, 1000)))
  private let south = area("South", Polygon(outer: box(450_000, 358_000, 1000, 1000)))

  @Test("It names the distance and the neighbour behind a shared border, or that there is none")
  func neighbours() {
    let areas = [north, west]
    #expect(
      said(areas, 450_012.3, 359_500)
        == "On the edge: about 10 m inside North; beyond it lies West.")
    #expect(
      said(areas, 449_987.5, 359_500, of: 1)
        == "On the edge: about 15 m inside West; beyond it lies North.")
    #expect(
      said(areas, 450_500, 359_007)
        == "On the edge: about 5 m inside North; beyond it lies no area.")
    #expect(said(areas, 450_500, 359_500) == "not on the edge")
    #expect(
      said(areas, 450_025, 359_500) == "not on the edge", "nearer than the margin, not as near")
    #expect(said(areas, 450_024.999, 359_500) != "not on the edge")
    #expect(said(areas, 449_990, 359_500) == "not on the edge", "it is in another area")
  }

  @Test("Metres are told in steps of five, so that they do not give a house away")
  func metres() {
    let areas = [north]
    for (x, metres) in [
      (450_000.0, "less than 5 m"), (450_002.4, "less than 5 m"), (450_002.6, "about 5 m"),
      (450_012.0, "about 10 m"), (450_024.8, "about 25 m"),
    ] {
      #expect(
        said(areas, x, 359_500)
          == "On the edge: \(metres) inside North; beyond it lies no area.", "\(x)")
    }
  }

  @Test("On a shared border the other area is named, whichever owns the point, and once")
  func onBorder() {
    for y in [359_000.5, 359_500, 359_999] {
      #expect(
        said([north, west], 450_000, y)
          == "On the edge: less than 5 m inside North; beyond it lies West.")
      #expect(
        said([west, north], 450_000, y)
          == "On the edge: less than 5 m inside West; beyond it lies North.")
    }
    // A border that is slanting and cut in other places by the neighbour.
    let a = area(
      "A", Polygon(outer: [.init(x: 0, y: 0), .init(x: 300, y: 100), .init(x: 0, y: 400)]))
    let b = area(
      "B",
      Polygon(outer: [
        .init(x: 0, y: 0), .init(x: 300, y: 0), .init(x: 300, y: 100), .init(x: 150, y: 50),
      ]))
    #expect(said([a, b], 75, 25) == "On the edge: less than 5 m inside A; beyond it lies B.")
    #expect(said([b, a], 225, 75) == "On the edge: less than 5 m inside B; beyond it lies A.")
  }

  @Test("Where areas meet in a corner, all that lie across are named")
  func corners() {
    #expect(
      said([north, west, south], 450_000, 359_000)
        == "On the edge: less than 5 m inside North; beyond it lie West and South.")
    #expect(
      said([north, west, south], 450_003, 359_003)
        == "On the edge: about 5 m inside North; beyond it lie West and South.")
    let five = (0..<5).map { number in
      area("S\(number)", Polygon(outer: box(450_000, 358_000 - Double(number), 1000, 1000)))
    }
    #expect(
      said([north] + five, 450_500, 359_001)
        == "On the edge: less than 5 m inside North; beyond it lies S0.")
    let over = (0..<5).map { number in
      area("S\(number)", Polygon(outer: box(450_000, 358_000, 1000, 999 + Double(number) / 10 + 1)))
    }
    #expect(
      said([north] + over, 450_500, 359_002)
        == "On the edge: less than 5 m inside North; beyond it lie S0, S1 and 3 others.")
  }

  @Test("A hole has an edge, and who fills it is named")
  func holes() {
    let holed = area(
      "Holed",
      Polygon(outer: box(0, 0, 1000, 1000), holes: [box(400, 400, 200, 200)]))
    let island = area("Island", Polygon(outer: box(400, 400, 200, 200)))
    #expect(
      said([holed], 390, 500) == "On the edge: about 10 m inside Holed; beyond it lies no area.")
    #expect(
      said([holed, island], 390, 500)
        == "On the edge: about 10 m inside Holed; beyond it lies Island.")
    #expect(
      said([holed, island], 400, 500)
        == "On the edge: less than 5 m inside Holed; beyond it lies Island.")
    #expect(
      said([holed, island], 405, 500, of: 1)
        == "On the edge: about 5 m inside Island; beyond it lies Holed.")
  }

  @Test("Where two areas lie over each other, the other is named as holding the point too")
  func overlaps() {
    let over = area("Over", Polygon(outer: box(450_950, 359_000, 1000, 1000)))
    #expect(
      said([north, over], 450_990, 359_500)
        == "On the edge: about 10 m inside North, also in Over; beyond it lies Over.")
    #expect(
      said([north, over], 450_960, 359_015)
        == "On the edge: about 15 m inside North, also in Over; beyond it lies no area.")
    #expect(said([north, over], 450_960, 359_500) == "not on the edge", "the edge is the other's")
    let copy = area("Copy", Polygon(outer: box(450_000, 359_000, 1000, 1000)))
    #expect(
      said([north, copy], 450_010, 359_500)
        == "On the edge: about 10 m inside North, also in Copy; beyond it lies no area.")
  }

  @Test("A line within an area, with the area on both its sides, is no edge of it")
  func within() {
    // Two polygons of one area that share a side; two that lie over each other; a spike.
    for second in [box(450_500, 359_000, 500, 1000), box(450_450, 359_000, 550, 1000)] {
      let whole = area(
        "Whole", Polygon(outer: box(450_000, 359_000, 500, 1000)), Polygon(outer: second))
      for x in [450_440.0, 450_460, 450_495, 450_500] {
        #expect(said([whole], x, 359_500, within: 100) == "not on the edge", "\(x)")
        #expect(
          said([whole], x, 359_040, within: 100)
            == "On the edge: about 40 m inside Whole; beyond it lies no area.", "\(x)")
      }
    }
    let spiked = area(
      "Spiked",
      Polygon(
        outer: box(450_000, 359_000, 1000, 1000) + [
          .init(x: 450_000, y: 359_500), .init(x: 450_400, y: 359_500),
          .init(x: 450_000, y: 359_500),
        ]))
    #expect(said([spiked], 450_300, 359_510) == "not on the edge")
    #expect(said([spiked], 450_300, 359_500) == "not on the edge")
  }

  @Test("The tip of a narrow notch is an edge, from every side")
  func notch() {
    // Four metres wide at its mouth and 500 m deep.
    let notched = area(
      "Notched",
      Polygon(outer: [
        .init(x: 0, y: 0), .init(x: 1000, y: 0), .init(x: 1000, y: 1000), .init(x: 502, y: 1000),
        .init(x: 500, y: 500), .init(x: 498, y: 1000), .init(x: 0, y: 1000),
      ]))
    for (x, y, metres) in [
      (500.0, 490.0, "about 10 m"), (490.0, 500.0, "about 10 m"), (510.0, 499.0, "about 10 m"),
      (503.0, 496.0, "about 5 m"), (500.0, 500.0, "less than 5 m"),
    ] {
      #expect(
        said([notched], x, y) == "On the edge: \(metres) inside Notched; beyond it lies no area.",
        "(\(x), \(y))")
    }
    let filler = area(
      "Filler",
      Polygon(outer: [.init(x: 502, y: 1000), .init(x: 500, y: 500), .init(x: 498, y: 1000)]))
    #expect(
      said([notched, filler], 490, 500)
        == "On the edge: about 10 m inside Notched; beyond it lies Filler.")
    #expect(
      said([notched, filler], 500, 500)
        == "On the edge: less than 5 m inside Notched; beyond it lies Filler.")
  }

  @Test(
    "A gap of less than a metre between areas drawn by hand hides no neighbour, a wider one does")
  func gaps() {
    for (gap, beyond) in [(0.0001, "West"), (0.02, "West"), (0.9, "West"), (1.5, "no area")] {
      let apart = area("West", Polygon(outer: box(449_000 - gap, 359_000, 1000, 1000)))
      #expect(
        said([north, apart], 450_010, 359_500)
          == "On the edge: about 10 m inside North; beyond it lies \(beyond).", "\(gap)")
    }
  }

  @Test("Names come on one line and at a length that a mail can bear")
  func names() {
    let long = PilotArea(
      id: "n", name: "A\n\u{202E}" + String(repeating: "b", count: 200), polygons: north.polygons)
    let nameless = PilotArea(id: "w", name: "", polygons: west.polygons)
    let sentence = said([long, nameless], 450_010, 359_500)
    #expect(sentence.hasPrefix("On the edge: about 10 m inside A bbb"))
    #expect(sentence.hasSuffix("b…; beyond it lies w."))
    #expect(sentence.count < 140)
  }

  @Test("A margin of nothing marks nothing, and what is no number or no area harms nothing")
  func extremes() {
    #expect(said([north], 450_000, 359_500, within: 0) == "not on the edge")
    #expect(said([north], 450_000, 359_500, within: .nan) == "not on the edge")
    #expect(said([north], .nan, 359_500) == "not on the edge")
    #expect(said([north], 450_500, 359_500, within: .infinity) != "not on the edge")
    #expect(said([area("Dot", Polygon(outer: [.init(x: 5, y: 5)]))], 5, 5) == "not on the edge")
    #expect(said([area("None")], 5, 5) == "not on the edge")
  }

  @Test("Where hundreds of an area's own polygons lie over each other it gives up, and soon")
  func hostile() {
    let layers = (0..<300).map { Polygon(outer: box(Double($0) / 100, 0, 1000, 1000)) }
    let index = AreaIndex([PilotArea(id: "a", name: "a", polygons: layers)])
    #expect(index.edge(ofArea: 0, near: GridPoint(x: 2.5, y: 500), within: 100) == nil)
    #expect(index.edge(ofArea: 0, near: GridPoint(x: 0.015, y: 500), within: 100)?.beyond == [])
  }
}
