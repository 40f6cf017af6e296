import Foundation
import Testing
import Triage

/// The two stories that the rules are there for, with invented people and addresses.
@Suite("Two stories")
struct StoryTests {
  private static let worry = JobType(
    id: "worried-neighbour", name: "A neighbour is worried",
    match: JobPattern(type: ["*worried about*"], except: ["at risk"]), offer: .visit, points: 35,
    window: Window(opensAfterHours: 24, fadesAfterDays: 21, closesAfterDays: 42),
    reason: "A neighbour is worried about somebody at this address.")
  private static let noise = JobType(
    id: "noise", name: "Noise complaint", match: JobPattern(type: ["noise*"]), offer: nil,
    isComplaint: true)
  private static let accumulation = JobType(
    id: "accumulation", name: "Accumulation of waste", match: JobPattern(type: ["accumulation*"]),
    offer: nil, isComplaint: true)

  private static let agreed = Rules(
    version: "story", types: [worry, quote, bin, noise, accumulation],
    signals: Signals(
      repeatWithinYear: 10, secondKind: 10, moreOftenLately: 10, firstInYear: 10, several: 5,
      reciprocal: Reciprocal(
        points: 40, name: "Complaints between two households",
        reason: "Complaints went both ways between two households.",
        window: Window(opensAfterHours: 36, closesAfterDays: 60)),
      neighbours: Neighbours(points: 5)),
    bands: [Band(name: "high", from: 60), Band(name: "medium", from: 40)],
    safeguarding: Safeguarding(words: ["at risk"], ring: "the hub, 0115 496 0000"))

  private func input(_ jobs: [Job], past: PastOffers = PastOffers()) -> TriageInput {
    TriageInput(
      jobs: jobs, rules: Self.agreed, register: Register(), team: team(), now: now,
      today: CivilDay(now, in: .gmt), past: past)
  }

  // MARK: - The neighbour's worry about a man alone

  @Test("A neighbour's worry about a man with no history at all is offered, high enough by itself")
  func manAlone() throws {
    let verdict = triage(input([job("w1", type: "Worried about the man next door", daysAgo: 3)]))
    let only = try #require(verdict.opportunities.first)
    #expect(only.offer == .visit)
    #expect(only.band == "medium")
    #expect(only.score.reasons.map(\.code) == ["type:worried-neighbour", "first"])
    #expect(verdict.offered == [only.address])
    #expect(verdict.standings == [.inOpportunity])
  }

  @Test("No history does not put him behind those who have one and whose job is worth the same")
  func noHistory() throws {
    let alone = job("w1", type: "Worried about the man next door", daysAgo: 3)
    let known = [
      job("w2", type: "Worried about the couple", daysAgo: 3, address: "40 Pipit Lane"),
      job("w3", type: "Noise", daysAgo: 300, address: "40 Pipit Lane"),
    ]
    // With a signal for a first contact he is not below one repeat; without any he is not below his own job.
    let verdict = triage(input([alone] + known))
    let man = try #require(verdict.opportunities.first { $0.trigger.reference == "w1" })
    #expect(man.score.points >= Self.worry.points + Self.agreed.signals.firstInYear)
    #expect(verdict.offered.contains(man.address))
    var plain = Self.agreed
    plain.signals = Signals()
    var input = input([alone] + known)
    input.rules = plain
    let both = triage(input).belowTheLine
    #expect(both.map(\.score.points) == [35, 35])
  }

  @Test("Where the best have all the places, he is in the lot from the first day")
  func lot() {
    let better = (1...9).flatMap { number in
      [
        job("b\(number)", daysAgo: 3, address: "\(number) Pipit Lane"),
        job("h\(number)", type: "Noise", daysAgo: 50, address: "\(number) Pipit Lane"),
      ]
    }
    var input = input([job("w1", type: "Worried about the man next door", daysAgo: 20)] + better)
    input.team = team(capacity: 2, drawn: 50)
    let verdict = triage(input)
    let man = verdict.opportunities.first { $0.trigger.reference == "w1" }
    #expect(verdict.offered.count == 2)
    #expect(man.map { verdict.drawn.contains($0.address) } == true)
    #expect(man?.score.reasons.last?.code == "drawn")
    #expect(man?.score.reasons.last?.points == 0)
  }

  @Test("A worry with a word of the upper bound shows the other door, and nobody is sent to him")
  func otherDoor() {
    let verdict = triage(
      input([
        job("w1", type: "Worried about the man next door, at risk", daysAgo: 3),
        job("w2", daysAgo: 2),
      ]))
    #expect(verdict.opportunities.isEmpty && verdict.belowTheLine.isEmpty)
    #expect(
      verdict.standings == [
        .noOpportunity(why: .safeguarding), .noOpportunity(why: .safeguardedAddress),
      ])
    #expect(verdict.safeguarding.map(\.reference) == ["w1"])
    #expect(
      Self.agreed.safeguarding.sentence
        == "This may be for safeguarding: ring the hub, 0115 496 0000.")
  }

  // MARK: - The couple with complaints both ways

  private let lesser = "12 Larkspur Road"
  private let greater = "14 Larkspur Road"

  private func complaint(
    _ reference: String, from: String, about: String, type: String = "Noise", days: Double
  ) -> Job {
    var one = job(reference, type: type, daysAgo: days, address: from)
    one.otherParty = AddressKey(Place(address: about, postcode: "NG17 9CM"))!.print
    one.notes = "Complains of the people at \(about)."
    one.contact = "Mrs Green of \(from)"
    return one
  }

  private func bothWays() -> [Job] {
    [
      complaint("c1", from: lesser, about: greater, days: 100),
      complaint("c2", from: greater, about: lesser, type: "Accumulation of waste", days: 5),
    ]
  }

  @Test("Complaints both ways make one joint opportunity of two households")
  func couple() throws {
    let verdict = triage(input(bothWays()))
    let only = try #require(verdict.opportunities.first)
    #expect(verdict.opportunities.count == 1 && verdict.belowTheLine.isEmpty)
    #expect(only.place.address == lesser && only.second?.place.address == greater)
    #expect(only.jobType == "Complaints between two households")
    #expect(only.trigger.reference == "c2" && only.since == daysAgo(5))
    #expect(only.jobs.map(\.reference) == ["c1", "c2"])
    #expect(only.score.reasons.map(\.code) == ["reciprocal", "first"])
    #expect(
      only.score.reasons[0].sentence
        == "Complaints went both ways between two households. Two households, visit separately.")
    #expect(verdict.standings == [.inOpportunity, .inOpportunity])
    #expect(verdict.offered == [only.address])
  }

  @Test(
    "Whoever complained first or last, every text is the same: nothing tells who complained about whom"
  )
  func silence() throws {
    // The same two complaints, and the two sides changed.
    let one = bothWays()
    let other = [
      complaint("c1", from: greater, about: lesser, days: 100),
      complaint("c2", from: lesser, about: greater, type: "Accumulation of waste", days: 5),
    ]
    var texts: [[String]] = []
    for jobs in [one, other] {
      let book = JobsByAddress(jobs)
      var judge = AddressJudge(book, input(jobs))
      let found = judge.account(of: AddressKey(jobs[0].place)!, at: now)
      let account = try #require(found)
      let opportunity = try #require(triage(input(jobs)).opportunities.first)
      #expect(account.opportunity == opportunity)
      #expect(account.jobs.allSatisfy { $0.household == nil })
      #expect(account.jobs.map(\.job.reference) == ["c2", "c1"])
      let reasons =
        opportunity.score.reasons
        + account.reasons.map {
          Reason(code: $0.code, points: $0.points, sentence: $0.sentence)
        }
      var said = reasons.flatMap { [$0.code, "\($0.points)", $0.sentence] }
      said += [opportunity.jobType, opportunity.area, opportunity.band, "\(opportunity.since)"]
      said += [opportunity.place.address, opportunity.second!.place.address]
      said += [opportunity.address.text, opportunity.second!.address.text]
      for job in account.jobs {
        said += ["\(job.job)", job.type, job.sentence, "\(job.received!)"]
      }
      texts.append(said)
    }
    // Word for word: a text that told one from the other would differ.
    #expect(texts[0] == texts[1])
    for text in texts[0] {
      #expect(!text.contains("Green") && !text.contains("Complains of"))
    }
  }

  @Test("Other reasons at either household raise the joint score, and say of neither which it is")
  func otherReasons() throws {
    let verdict = triage(
      input(bothWays() + [job("q", daysAgo: 4, address: greater)]))
    let joint = try #require(verdict.opportunities.first)
    #expect(verdict.opportunities.count == 1)
    #expect(
      joint.score.reasons.map(\.code)
        == ["reciprocal", "type:quote", "repeat", "second-kind", "lately", "several"])
    let sentences = joint.score.reasons.map(\.sentence).joined(separator: " ")
    #expect(!sentences.contains("12") || sentences.contains("in 12 months"))
    #expect(!sentences.contains("14") && !sentences.contains("Larkspur"))
  }

  @Test("A register entry or the other door for one household makes no joint opportunity")
  func barred() {
    var input = input(bothWays())
    input.register.add(.doNotContact, uprn: "", address: greater, postcode: "NG17 9CM")
    #expect(triage(input).opportunities.isEmpty)
    let risk = job("r", type: "Child at risk", daysAgo: 30, address: lesser)
    #expect(triage(self.input(bothWays() + [risk])).opportunities.isEmpty)
  }

  @Test("While somebody holds one household alone, the other waits")
  func held() {
    let jobs = bothWays() + [job("q", daysAgo: 4, address: greater)]
    let key = AddressKey(jobs[0].place)!
    let verdict = triage(input(jobs, past: PastOffers(open: [key: .claimed])))
    #expect(verdict.opportunities.isEmpty)
    #expect(verdict.standings.last == .noOpportunity(why: .otherHouseholdHeld))
    // Held together they stay together.
    let both = PastOffers(open: [key: .claimed], joint: [AddressKey(jobs[1].place)!: key])
    #expect(triage(input(jobs, past: both)).opportunities.first?.second != nil)
    #expect(triage(input(jobs, past: both)).offered == [key])
  }

  @Test("One way only, too far apart, or too long ago is no reciprocal complaint")
  func notReciprocal() {
    let (first, second) = (bothWays()[0], bothWays()[1])
    #expect(triage(input([first])).opportunities.isEmpty)
    let early = complaint("c0", from: lesser, about: greater, days: 186)
    #expect(triage(input([early, second])).opportunities.isEmpty)
    let old = complaint("c3", from: greater, about: lesser, days: 61)
    #expect(triage(input([first, old])).opportunities.isEmpty)
    let cooling = complaint("c4", from: greater, about: lesser, days: 1)
    #expect(triage(input([first, cooling])).opportunities.isEmpty)
  }
}
