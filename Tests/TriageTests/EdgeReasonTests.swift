import Foundation
import Testing
import Triage

private func square(_ id: String, _ x: Double, margin: Double? = nil) -> PilotArea {
  PilotArea(
    id: id, name: id,
    polygons: [
      Polygon(outer: [
        GridPoint(x: x, y: 359_000), GridPoint(x: x + 1000, y: 359_000),
        GridPoint(x: x + 1000, y: 360_000), GridPoint(x: x, y: 360_000),
      ])
    ], margin: margin)
}

private let index = AreaIndex([
  square("new-cross", 450_000), square("hucknall", 451_000, margin: 100),
])

@Suite("The edge among the reasons") struct EdgeReasonTests {
  private func reasons(
    _ x: Double, _ y: Double = 359_500, grade: LocationGrade = .coordinates,
    area: String = "new-cross", margin: Double = 25, areas: AreaIndex? = index
  ) -> [Reason] {
    var one = job("1", area: area)
    one.place.point = GridPoint(x: x, y: y)
    one.place.location = grade
    let verdict = triage(
      TriageInput(
        jobs: [one], rules: rules, register: Register(), team: team(), now: now,
        today: CivilDay(now, in: .gmt), areas: areas,
        usualMargin: margin))
    return (verdict.opportunities + verdict.belowTheLine).flatMap(\.score.reasons)
      .filter { $0.code == "edge" }
  }

  @Test("An opportunity nearer to its area's edge than the margin says so, for no points")
  func near() {
    for grade in [LocationGrade.coordinates, .uprn] {
      #expect(
        reasons(450_990, grade: grade) == [
          Reason(
            code: "edge", points: 0,
            sentence: "On the edge: about 10 m inside new-cross; beyond it lies hucknall.")
        ])
    }
    #expect(reasons(450_500) == [])
    #expect(reasons(450_960) == [])
    #expect(reasons(450_960, margin: 50).count == 1)
    #expect(reasons(450_990, margin: 0) == [])
  }

  @Test("An area's own margin goes before the usual one")
  func own() {
    #expect(reasons(451_090, area: "hucknall").count == 1)
    #expect(reasons(451_090, area: "hucknall", margin: 0).count == 1)
    #expect(reasons(451_110, area: "hucknall", margin: 1000) == [])
  }

  @Test("A place known by its postcode only is marked as that, and no distance is made of it")
  func postcode() {
    #expect(reasons(450_990, grade: .postcode) == [])
  }

  @Test("Without areas, in an area that is not among them, or without a point nothing is said")
  func nothing() {
    #expect(reasons(450_990, areas: nil) == [])
    #expect(reasons(450_990, area: "elsewhere") == [])
    #expect(reasons(.nan) == [])
  }

  @Test("Margins change no score, no order, no offer and no job's standing", arguments: 0..<6)
  func changesNothing(seed: UInt64) {
    var random = Seeded(seed)
    let types = ["Bulky waste quote", "Replacement bin", "Noise"]
    let jobs = (0..<300).map { number in
      var one = job(
        "\(number)", type: types.randomElement(using: &random)!,
        daysAgo: .random(in: 0...40, using: &random),
        uprn: "\(Int.random(in: 100_000...100_150, using: &random))",
        area: Bool.random(using: &random) ? "new-cross" : "hucknall")
      let x = one.area == "new-cross" ? 450_000.0 : 451_000
      one.place.point = GridPoint(
        x: .random(in: x...x + 1000, using: &random),
        y: .random(in: 359_000...360_000, using: &random))
      return one
    }
    func verdict(_ areas: [PilotArea]?, margin: Double) -> Verdict {
      triage(
        TriageInput(
          jobs: jobs, rules: rules, register: Register(), team: team(capacity: 7), now: now,
          today: CivilDay(now, in: .gmt), areas: areas.map { AreaIndex($0) }, usualMargin: margin))
    }
    let none = verdict(nil, margin: 0)
    #expect(none.opportunities.count > 20)
    for margin in [0.0, 25, 1000] {
      var marked = verdict(
        [square("new-cross", 450_000), square("hucknall", 451_000)], margin: margin)
      let edges = (marked.opportunities + marked.belowTheLine).flatMap(\.score.reasons)
        .filter { $0.code == "edge" }
      #expect((edges.count > 0) == (margin > 0))
      if margin == 1000 {
        #expect(edges.count == marked.opportunities.count + marked.belowTheLine.count)
      }
      for at in marked.opportunities.indices {
        marked.opportunities[at].score.reasons.removeAll { $0.code == "edge" }
      }
      #expect(marked.opportunities == none.opportunities)
      #expect(marked.offered == none.offered)
      #expect(marked.standings == none.standings)
      #expect(marked.belowTheLine.map(\.address) == none.belowTheLine.map(\.address))
      #expect(marked.belowTheLine.map(\.score.points) == none.belowTheLine.map(\.score.points))
    }
  }
}
