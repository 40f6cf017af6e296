import Foundation

/// One run of ``triage(_:)``: judges every address at the same moment and hands out the week's places.
struct TriagePass {
  private let input: TriageInput
  private var judge: AddressJudge

  init(_ input: TriageInput) {
    self.input = input
    let book = JobsByAddress(
      input.jobs, without: input.shadowFeeds.union(input.endedFeeds),
      alsoWritten: input.past.written)
    judge = AddressJudge(book, input)
  }

  mutating func run() -> Verdict {
    let book = judge.book
    var judged: [JudgedAddress] = []
    for cluster in book.clusters { judged += judge.judge(cluster, at: input.now) }
    judge.judgeUnaddressed(at: input.now)
    judged = bestFirst(judged, book.jobs)

    let pace = pace(
      judged.map { judge.contender($0) }, team: input.team, past: judge.input.past,
      today: input.today, now: input.now)
    var verdict = Verdict(
      opportunities: [], offered: pace.offered, drawn: pace.drawn, shadowed: pace.shadowed,
      belowTheLine: [], safeguarding: judge.safeguarding(at: input.now), standings: [],
      addresses: book.addressOf.map { $0 < 0 ? nil : book.keys[$0] }, aliases: book.aliases)
    for one in judged {
      var opportunity = judge.opportunity(one, at: input.now)
      if pace.drawn.contains(opportunity.address) {
        opportunity.score.addDrawn()
        if !one.isAboveLine { judge.raise(one) }
        verdict.opportunities.append(opportunity)
      } else if one.isAboveLine {
        verdict.opportunities.append(opportunity)
      } else {
        verdict.belowTheLine.append(opportunity)
      }
    }
    verdict.standings = judge.standings
    return verdict
  }
}

extension Score {
  /// Says that an opportunity has its place by lot: for no points, before what is doubtful.
  mutating func addDrawn() {
    let drawn = Reason(
      code: "drawn", points: 0,
      sentence: "Drawn by lot: a stated share of the places goes to those who would not come first."
    )
    reasons.insert(
      drawn,
      at: reasons.firstIndex { $0.code == "approximate" || $0.code == "edge" } ?? reasons.count)
  }
}

extension AddressJudge {
  /// A judgement as far as it asks for a place.
  package func contender(_ judged: JudgedAddress) -> Contender {
    Contender(
      address: book.keys[judged.address], second: judged.second.map { book.keys[$0] },
      area: judged.area, trigger: book.jobs[judged.trigger].id,
      waitingSince: judged.waitingSince, isAboveLine: judged.isAboveLine,
      hasHistory: judged.hasHistory, closesAfterDays: window(of: judged).closesAfterDays,
      isShadow: judged.isShadow)
  }

  private func window(of judged: JudgedAddress) -> Window {
    guard let reciprocity = judged.reciprocity else { return rule(judged.trigger).window }
    return rules[readings.area[reciprocity.ofOne]].signals.reciprocal!.window
  }

  /// The jobs that show the other door, of which leaders are to be told: those that are not older than their
  /// address is left alone, and of no feed on trial or whose agreement has ended.
  func safeguarding(at moment: Date) -> [JobRef] {
    let now = moment.timeIntervalSinceReferenceDate
    return book.jobs.indices.filter { at in
      standings[at] == .noOpportunity(why: .safeguarding) && holdsAddress(at, now)
        && readings.marks[at].isDisjoint(with: [.trial, .ended])
    }.map { book.jobs[$0].id }.sorted()
  }
}

/// Points, then the longest since, then the reference.
package func bestFirst(_ judged: [JudgedAddress], _ jobs: [Job]) -> [JudgedAddress] {
  judged.sorted { one, other in
    if one.points != other.points { return one.points > other.points }
    if one.since != other.since { return one.since < other.since }
    return jobs[one.trigger].id < jobs[other.trigger].id
  }
}
