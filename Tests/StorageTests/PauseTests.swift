import Foundation
import Testing
import Triage

@testable import Storage

@Suite("Pauses")
struct PauseTests {
  private func pause(_ area: String?, _ why: String, until: CivilDay? = nil) -> Pause {
    Pause(area: area, why: why, by: "ann", began: noon, until: until)
  }

  @Test("A pause is known until somebody ends it; the last word on an area counts")
  func remembered() async throws {
    try await withStore { store in
      let day = CivilDay("2026-12-01")!
      try await store.pause(pause("north", "Fair week"))
      try await store.pause(pause(nil, "All hands at the flood", until: day))
      try await store.pause(pause("north", "Ann is ill"))
      let both = [
        pause(nil, "All hands at the flood", until: day), pause("north", "Ann is ill"),
      ]
      #expect(try await store.pauses() == both)
      #expect(try await known(store).pauses == both)
      #expect(try await store.resume(area: "south").isEmpty)
      #expect(try await store.resume(area: "north") == [both[1]])
      #expect(try await store.resume(area: nil) == [both[0]])
      #expect(try await store.pauses().isEmpty)
    }
  }

  @Test("It ends by itself on its day, and what the team file says of an area goes before")
  func inForce() {
    let areas = ["north", "south"].map {
      Team.AreaTeam(area: $0, leaders: [], members: [], weeklyCapacity: 1)
    }
    var team = Team(members: [], areas: areas)
    let day = CivilDay("2026-12-01")!
    let pauses = [pause(nil, "Flood", until: day), pause("north", "Fair week")]
    func paused(on day: CivilDay) -> [String?] { team.paused(pauses, on: day).areas.map(\.paused) }
    #expect(paused(on: day.plus(-1)) == ["Fair week", "Flood"])
    #expect(paused(on: day) == ["Fair week", nil])
    #expect(team.paused(pauses, on: day).pausedAreas == ["north"])
    team.areas[0].paused = "Nobody to go"
    #expect(paused(on: day.plus(-1)) == ["Nobody to go", "Flood"])
  }
}
