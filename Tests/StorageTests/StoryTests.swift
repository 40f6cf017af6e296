import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("The story of one opportunity, and the mix of all")
struct StoryTests {
  @Test("Who was told, who held it and what came of it, in its order")
  func story() async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      let digest = try #require(try await store.dueDigests(now: noon).last).id
      _ = try await store.accepted(digest: digest, now: noon + hour)
      func claim(_ member: String, _ generation: Int, _ now: Date) async throws {
        _ = try await store.claim(
          opportunity: id, member: member, issuedTo: "ann", generation: generation, now: now)
      }
      try await claim("ann", 0, noon + 2 * hour)
      _ = try await store.release(
        opportunity: id, generation: 1, member: "ann", now: noon + 3 * hour)
      try await claim("bob", 2, noon + 4 * hour)
      _ = try await store.record(
        outcome: Outcome(kind: .accepted, consent: false, by: "bob", at: noon + 5 * hour),
        opportunity: id, generation: 3)
      let story = try #require(try await store.story(of: id))
      #expect(!story.isDrawn && !story.isShadow && !story.isJoint && story.shadowAt == nil)
      #expect(story.announcements.count == 1)
      let telling = story.announcements[0]
      #expect(telling.recipient == "ann" && telling.state == "accepted")
      #expect(telling.acceptedAt == noon + hour && telling.owedAt == noon)
      #expect(story.claims.map(\.holder) == ["ann", "bob"])
      #expect(story.claims.map(\.endedHow) == ["released", "outcome"])
      #expect(story.claims[0].outcome == nil)
      #expect(
        story.claims[1].outcome
          == Outcome(kind: .accepted, consent: false, by: "bob", at: noon + 5 * hour))
      #expect(try await store.story(of: 999) == nil)
    }
  }

  @Test("The mix counts what was made in the two periods, and nothing that is on trial")
  func mix() async throws {
    try await withStore { store in
      // One a day over 200 days, of two types in turn.
      for back in (0..<200).reversed() {
        let type = back % 2 == 0 ? "Bulky waste quote" : "Noise"
        let made = noon - Double(back) * day
        let one = job("A\(back)", uprn: "\(10_000 + back)", type: type, received: made)
        // Each pass has that address alone, so that what was before is taken back: it was made all the same.
        try await store.record(pass([one], verdict([opportunity([one])]), at: made))
      }
      let mix = try await store.mix(now: noon)
      #expect(mix.jobTypes.values.reduce(0) { $0 + $1.lately } == 28)
      #expect(mix.jobTypes.values.reduce(0) { $0 + $1.before } == 91)
      #expect(mix.jobTypes["Noise"] == Mix.Count(lately: 14, before: 45))
      #expect(mix.feeds == ["list": Mix.Count(lately: 28, before: 91)])
      #expect(mix.moves.isEmpty)
      try await store.write {
        try $0.execute(sql: "UPDATE opportunity SET shadow = 1 WHERE job_type = 'Noise'")
      }
      let without = try await store.mix(now: noon)
      #expect(without.jobTypes == ["Bulky waste quote": Mix.Count(lately: 14, before: 46)])
    }
  }
}
