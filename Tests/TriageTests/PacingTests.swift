import Foundation
import Testing
import Triage

@Suite("Places by lot, pauses and trials")
struct PacingTests {
  private func verdict(
    _ jobs: [Job], team: Team, past: PastOffers = PastOffers(), rules: Rules = rules,
    shadowFeeds: Set<String> = []
  ) -> Verdict {
    triage(
      TriageInput(
        jobs: jobs, rules: rules, register: Register(), team: team, now: now,
        today: CivilDay(now, in: .gmt), past: past, shadowFeeds: shadowFeeds))
  }

  private let below = job("low", type: "New bin")
  private var key: AddressKey { AddressKey(below.place)! }

  @Test("Whoever is drawn from below the line is offered without a band, and says so for no points")
  func drawn() throws {
    let verdict = verdict([below], team: team(capacity: 1, drawn: 100))
    let only = try #require(verdict.opportunities.first)
    #expect(only.band == "" && only.score.points == 18)
    #expect(only.score.reasons.last?.code == "drawn")
    #expect(verdict.offered == [key] && verdict.drawn == [key])
    #expect(verdict.standings == [.inOpportunity] && verdict.belowTheLine.isEmpty)
  }

  @Test("A drawn one stays while a job of it is a reason, and takes no further place")
  func staysDrawn() {
    let past = PastOffers(
      open: [key: .offered], drawn: [key], offeredThisWeek: ["new-cross": 1],
      drawnThisWeek: ["new-cross": 1])
    let later = verdict([below], team: team(capacity: 1, drawn: 100), past: past)
    #expect(later.offered == [key] && later.drawn == [key])
    var closed = below
    closed.closed = daysAgo(1)
    #expect(verdict([closed], team: team(), past: past).opportunities.isEmpty)
    // One that was offered by its score, and is below the line now, is withdrawn.
    let fallen = verdict([below], team: team(), past: PastOffers(open: [key: .offered]))
    #expect(fallen.opportunities.isEmpty && fallen.standings == [.belowTheLine])
  }

  @Test("What is offered under a written address stays offered when it turns out to be a UPRN's")
  func renamed() {
    let jobs = [job("low", type: "New bin", uprn: "5")]
    let past = PastOffers(open: [key: .offered], drawn: [key])
    let drawn = verdict(jobs, team: team(), past: past)
    #expect(drawn.offered.map(\.text) == ["uprn:5"] && drawn.drawn == drawn.offered)
    #expect(drawn.opportunities.map(\.band) == [""])
    // Of two that become one the claimed one counts, and two households that are one are no pair.
    let uprn = AddressKey(text: "uprn:5")
    let both = PastOffers(
      open: [key: .claimed, uprn: .waiting], joint: [uprn: key], shadowed: [key])
    let now = both.renamed(by: [key: uprn])
    #expect(now == PastOffers(open: [uprn: .claimed], shadowed: [uprn]))
  }

  @Test(
    "What has history enters the lot after half its window or four weeks, and a later job throws nobody out",
    arguments: [(14, 6.9, 7.1), (28, 13.9, 14.1), (400, 27.9, 28.1)])
  func entersLot(window: Int, before: Double, after: Double) {
    var own = rules
    own.types[0].window.closesAfterDays = window
    // A place for the lot alone.
    func drawn(_ age: Double, _ other: Double) -> Set<AddressKey> {
      verdict(
        [job("1", daysAgo: age), job("2", type: "Noise", daysAgo: other)],
        team: team(capacity: 1, drawn: 100), rules: own
      ).drawn
    }
    #expect(drawn(before, 100).isEmpty)
    #expect(drawn(after, 100).count == 1)
    #expect(drawn(1, 0.5).count == 1)
  }

  @Test("In a paused area nothing new is offered, and what is offered stays")
  func paused() {
    var paused = team()
    paused.areas[0].paused = "Training week."
    let jobs = [job("1"), job("2", address: "3 Pipit Lane")]
    let key = AddressKey(jobs[1].place)!
    let verdict = verdict(jobs, team: paused, past: PastOffers(open: [key: .offered]))
    #expect(verdict.offered == [key])
    #expect(verdict.opportunities.count == 2)
  }

  @Test("On trial, an area or the rules fill the same places, and offer nothing")
  func trial() {
    var trial = team(capacity: 1)
    trial.areas[0].isShadow = true
    let jobs = [job("1"), job("2", address: "3 Pipit Lane")]
    var onTrial = rules
    onTrial.isShadow = true
    for verdict in [
      verdict(jobs, team: trial), verdict(jobs, team: team(capacity: 1), rules: onTrial),
    ] {
      #expect(verdict.offered.isEmpty && verdict.shadowed.count == 1)
      #expect(!verdict.opportunities.contains { !$0.isShadow })
    }
    // Once it is over, they are offered within the capacity like any that waits.
    let after = verdict(
      jobs, team: team(capacity: 1),
      past: PastOffers(shadowed: [AddressKey(jobs[0].place)!], shadowedThisWeek: ["new-cross": 1]))
    #expect(after.offered.count == 1 && after.shadowed.isEmpty)
  }

  @Test("What only a feed on trial would make is listed and takes no place; else its jobs wait")
  func feedOnTrial() {
    func trial(_ reference: String, _ address: String) -> Job {
      let like = job(reference, address: address)
      return Job(
        id: JobRef(feed: "trial", reference: reference), received: like.received,
        status: like.status, type: like.type, place: like.place, area: like.area)
    }
    let verdict = verdict(
      [job("1"), trial("2", "12 Larkspur Road"), trial("3", "3 Pipit Lane")],
      team: team(capacity: 1), shadowFeeds: ["trial"])
    #expect(
      verdict.standings == [
        .inOpportunity, .noOpportunity(why: .feedOnTrial), .inOpportunity,
      ])
    let live = verdict.opportunities.first { !$0.isShadow }
    #expect(live?.jobs.map(\.reference) == ["1"])
    #expect(verdict.offered.count == 1 && verdict.shadowed.count == 1)
  }
}
