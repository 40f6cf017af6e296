import Foundation
import Testing
import Triage

/// What a replay and an explanation stand on.
@Suite("An address at any moment")
struct MomentTests {
  @Test("Between the moments that are named nothing changes")
  func changes() async {
    await Cases("Changes").check { random in
      let town = RandomTown(&random)
      let book = JobsByAddress(town.jobs, without: ["trial", "ended"])
      var judge = AddressJudge(book, town.input(), isReplay: true)
      guard let cluster = book.clusters.randomElement(using: &random) else { return nil }
      let moments = judge.changes(of: cluster)
      if moments != moments.sorted() { return "Not ascending" }
      let bounds = [daysAgo(500)] + moments + [daysAgo(-500)]
      for _ in 0..<4 {
        let at = Int.random(in: 0..<(bounds.count - 1), using: &random)
        let (from, to) = (bounds[at], bounds[at + 1])
        // A millisecond is as near as the moments are told.
        guard to.timeIntervalSince(from) > 0.01 else { continue }
        let early = describe(&judge, cluster, from.addingTimeInterval(0.002))
        let middle = from.addingTimeInterval(
          .random(in: 0.002..<(to.timeIntervalSince(from) - 0.002), using: &random))
        if early != describe(&judge, cluster, middle) { return "Changed after \(from)" }
      }
      return nil
    }
  }

  private func describe(
    _ judge: inout AddressJudge, _ cluster: JobsByAddress.Cluster, _ moment: Date
  ) -> [String] {
    let judged = judge.judge(cluster, at: moment)
    let standings = cluster.addresses.flatMap { address in
      judge.book.positions(at: address).map { "\(judge.standings[$0])" }
    }
    return standings + judged.map { "\($0.points) \($0.band) \($0.trigger) \($0.second ?? -1)" }
  }

  @Test(
    "An address judged at a moment is what a pass at that moment makes of the jobs received by then"
  )
  func sameAsPass() async {
    await Cases("Moments").check { random in
      var town = RandomTown(&random)
      town.past = PastOffers()
      let moment = daysAgo(.random(in: 0...60, using: &random))
      // The roll-up is of all jobs: written addresses keep out of this.
      for at in town.jobs.indices where town.jobs[at].place.uprn.isEmpty {
        town.jobs[at].place.uprn = "\(7000 + at % 3)"
      }
      // And so does what is said for safeguarding about somebody else, who is known by any of their jobs.
      // A complaint tells of another party by the UPRN here: whose a written address is, is of all jobs too.
      let uprns = Set(town.jobs.compactMap { AddressKey($0.place)?.print })
      for at in town.jobs.indices {
        let party = town.jobs[at].safeOtherParty
        town.jobs[at].otherParty = party.flatMap { uprns.contains($0) ? $0 : nil }
      }
      let book = JobsByAddress(town.jobs)
      var judge = AddressJudge(book, town.input(), isReplay: true)
      let known = town.jobs.filter { $0.received.map { $0 <= moment } ?? true }
      // The register does not know days either: every place that any day's job names is asked.
      guard triage(town.input()).standings.allSatisfy({ $0 != .noOpportunity(why: .doNotContact) })
      else { return nil }
      town.register = Register()
      judge = AddressJudge(book, town.input(), isReplay: true)
      var input = town.input(known)
      input.now = moment
      input.team = Team(members: [], areas: [])
      let verdict = triage(input)
      var all: [JudgedAddress] = []
      for cluster in book.clusters {
        let judged = judge.judge(cluster, at: moment)
        for one in judged {
          let opportunity = judge.opportunity(one, at: moment)
          let passes = (verdict.opportunities + verdict.belowTheLine).filter {
            $0.address == opportunity.address
          }
          guard passes.count == 1 else { return "\(passes.count) of the pass" }
          var pass = passes[0]
          // Areas on trial are the team's word, which this pass has not.
          pass.isShadow = opportunity.isShadow
          if pass != opportunity { return "Not what the pass makes" }
          if opportunity.score.points != one.points { return "Other points than its reasons" }
        }
        all += judged
      }
      if all.count != verdict.opportunities.count + verdict.belowTheLine.count {
        return "Not all that the pass makes"
      }
      return nil
    }
  }

  @Test("An account says of every job where it stands, and gives the score's own reasons")
  func account() async {
    await Cases("Accounts of addresses").check { random in
      let town = RandomTown(&random)
      let verdict = triage(town.input())
      let book = JobsByAddress(
        town.jobs, without: ["trial", "ended"], alsoWritten: town.past.written)
      var judge = AddressJudge(book, town.input())
      let standings = Dictionary(
        uniqueKeysWithValues: zip(town.jobs.map(\.id), verdict.standings))
      for key in Set(verdict.addresses.compactMap { $0 }) {
        let made = (verdict.opportunities + verdict.belowTheLine).first {
          $0.address == key || $0.second?.address == key
        }
        let drawn = made.map { verdict.drawn.contains($0.address) } ?? false
        guard let account = judge.account(of: key, at: now, drawn: drawn) else {
          return "No account of \(key)"
        }
        if account.opportunity != made { return "Another opportunity" }
        for job in account.jobs where job.standing != standings[job.job] {
          return "\(job.job) stands otherwise"
        }
        let counted = account.reasons.filter(\.counted)
        if counted.map(\.code) != made?.score.reasons.map(\.code) ?? [] { return "Other reasons" }
        if counted.map(\.points).reduce(0, +) != made?.score.points ?? 0 { return "Other points" }
        let notCounted = Set(account.reasons.filter { !$0.counted }.map(\.code))
        for code in ["repeat", "second-kind", "lately", "first", "several", "neighbours"]
        where made != nil && !notCounted.contains(code)
          && !counted.contains(where: { $0.code == code })
        {
          return "Nothing is said of \(code)"
        }
        if account.second != nil {
          for job in account.jobs where job.household != nil {
            let own = town.jobs.first { $0.id == job.job }!
            if own.otherParty != nil { return "It says whose complaint one is" }
          }
        }
      }
      return nil
    }
  }
}
