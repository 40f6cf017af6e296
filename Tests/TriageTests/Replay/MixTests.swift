import Testing

@testable import Triage

@Suite("The mix of opportunities")
struct MixTests {
  private func mix(_ lately: (Int, Int), before: (Int, Int)) -> Mix {
    let counts = [
      "Missed bin": Mix.Count(lately: lately.0, before: before.0),
      "Noise": Mix.Count(lately: lately.1, before: before.1),
    ]
    return Mix(jobTypes: counts, feeds: [:])
  }

  @Test("A share that moves by more than 20 points is said, and not one that moves by 20")
  func moves() {
    #expect(mix((14, 6), before: (50, 50)).moves.isEmpty)
    let moved = mix((15, 6), before: (50, 50)).moves
    #expect(moved.map(\.name) == ["Missed bin", "Noise"])
    #expect(
      moved[0].sentence
        == "“Missed bin” makes 71 % of the opportunities of the last 28 days; in the 13 weeks before it "
        + "was 50 %.")
    #expect(moved[1].lately == 29 && moved[1].before == 50)
  }

  @Test("A share that has moved is back within 15 points, so that one that hovers is told once")
  func back() {
    #expect(mix((14, 6), before: (50, 50)).moves(beyond: Mix.pointsBack).count == 2)
    #expect(mix((13, 7), before: (50, 50)).moves(beyond: Mix.pointsBack).isEmpty)
  }

  @Test("Of fewer than ten in either period nothing is said")
  func few() {
    #expect(mix((9, 0), before: (50, 50)).moves.isEmpty)
    #expect(mix((10, 0), before: (50, 50)).moves.count == 2)
    #expect(mix((10, 0), before: (4, 5)).moves.isEmpty)
    #expect(mix((10, 0), before: (0, 10)).moves.map(\.lately) == [100, 0])
    #expect(mix((0, 0), before: (0, 0)).moves.isEmpty)
  }

  @Test(
    "Lists are told apart from types, the largest move first; what is new or gone is a move too")
  func feeds() {
    let mix = Mix(
      jobTypes: ["Noise": Mix.Count(lately: 30, before: 30)],
      feeds: [
        "housing": Mix.Count(lately: 28, before: 0),
        "street-scene": Mix.Count(lately: 2, before: 30),
      ])
    #expect(mix.moves.map(\.of) == [.feed, .feed])
    #expect(mix.moves[0].sentence.hasPrefix("The list housing makes 93 % of the opportunities"))
    #expect(mix.moves[1].before == 100)
  }
}
