import Foundation
import Storage
import Triage

/// Puts the story of one opportunity together, out of what is stored and of a judgement of its address now.
/// Records nothing.
struct OpportunityTeller: Sendable {
  let configuration: Configuration
  let store: Store
  let live: LiveInputs

  private var zone: TimeZone { configuration.timeZone }

  /// - Throws: ``AdminRefusal`` where no such opportunity is known; what the store throws.
  func story(of id: Int64, now: Date) async throws -> OpportunityStory {
    guard let stored = try await store.opportunity(id), let story = try await store.story(of: id)
    else {
      throw AdminRefusal(
        .unknown, "There is no opportunity \(id), or it is not kept any more.")
    }
    let inputs = await live.inForce(now: now)
    let judging = Judging(configuration)
    let known = try await judging.known(in: store, now: now)
    let jobs = judging.relocated(known.jobs, inputs.index)
    let input = judging.input(jobs, known, inputs, now: now)
    let opportunity = stored.opportunity
    let book = JobsByAddress(
      jobs, without: input.shadowFeeds.union(input.endedFeeds), alsoWritten: input.past.written)
    var judge = AddressJudge(book, input)
    let keys = [opportunity.address] + (opportunity.second.map { [$0.address] } ?? [])
    let accounts = keys.compactMap { judge.account(of: $0, at: now, drawn: story.isDrawn) }
    let isOpen = stored.state.isOpen
    let area = inputs.areas.first { $0.id == opportunity.area }
    let isJoint = story.isJoint || opportunity.second != nil
    let hasRegister = inputs.register.register != nil
    let isSecret = isJoint || keys.contains { isPaired($0, book) }
    let isComplaint = jobs.contains {
      $0.id == opportunity.trigger && isAboutSomebodyElse($0, configuration.rules)
    }
    return OpportunityStory(
      id: id, now: now, timeZone: zone.identifier, state: stored.state, area: opportunity.area,
      areaName: area?.name ?? opportunity.area,
      whereabouts: whereabouts(
        street: opportunity.place.street, outwardCode: opportunity.place.outwardCode,
        otherwise: area?.name ?? opportunity.area),
      offer: opportunity.offer, jobType: opportunity.jobType, isJoint: isJoint,
      since: isSecret && isComplaint ? nil : opportunity.since, points: opportunity.score.points,
      band: opportunity.band,
      rulesVersion: opportunity.rulesVersion,
      reasons: opportunity.score.reasons.map { line($0.code, $0.points, $0.sentence) },
      notCounted: isOpen ? notCounted(accounts) : [],
      wouldBe: isOpen && hasRegister ? wouldBe(opportunity, accounts) : nil,
      jobs: storyRows(accounts, jobs, configuration.rules, isSecret: isSecret),
      leftOut: isSecret ? complaintsLeftOut : nil,
      register: register(inputs, accounts),
      pacing: pacing(stored, story, input, hasRegister: hasRegister, now: now),
      tellings: story.announcements.map { telling($0, now) },
      claims: story.claims.map { holding($0, now) })
  }

  // MARK: - The judgement

  /// Whether complaints went both ways between an address and another, whatever is made of them.
  private func isPaired(_ key: AddressKey, _ book: JobsByAddress) -> Bool {
    guard let address = book.keys.firstIndex(of: book.aliases[key] ?? key) else { return false }
    return book.clusters.contains { $0.addresses.count > 1 && $0.addresses.contains(address) }
  }

  private func notCounted(_ accounts: [AddressAccount]) -> [OpportunityStory.ReasonLine] {
    var seen: Set<OpportunityStory.ReasonLine> = []
    return accounts.flatMap(\.reasons).filter { !$0.counted }
      .map { line($0.code, $0.points, $0.sentence) }.filter { seen.insert($0).inserted }
  }

  private func line(
    _ code: String, _ points: Int, _ sentence: String
  ) -> OpportunityStory.ReasonLine {
    OpportunityStory.ReasonLine(
      code: code, name: nameOfReason(code, configuration.rules), points: points,
      sentence: sentence)
  }

  private func wouldBe(_ stored: Opportunity, _ accounts: [AddressAccount]) -> String? {
    guard let now = accounts.lazy.compactMap(\.opportunity).first else {
      return "Judged now, nothing there is a reason to call: the rows below say why."
    }
    if now.score == stored.score, now.band == stored.band { return nil }
    let band = now.band.isEmpty ? "below the line" : now.band
    return "Judged now, it would have \(now.score.points) points, \(band)."
  }

  private func register(
    _ inputs: LiveInputs.InForce, _ accounts: [AddressAccount]
  ) -> [String] {
    if case .notInForce(let why) = inputs.register {
      return ["\(why) Nothing is announced or claimed."]
    }
    let flags = accounts.reduce(into: Set<Register.Flag>()) { $0.formUnion($1.flags) }
    let sentences = Register.Flag.allCases.filter(flags.contains).map(\.sentence)
    return sentences.isEmpty ? ["No entry holds for it."] : sentences
  }

  // MARK: - Its turn

  private func pacing(
    _ stored: StoredOpportunity, _ story: StoredStory, _ input: TriageInput, hasRegister: Bool,
    now: Date
  ) -> [String] {
    let words = CivilWords(zone: zone, now: now)
    var lines = ["Made \(words.fullMoment(stored.madeAt))."]
    if story.isShadow {
      lines.append("On trial: it is listed, and nobody is told.")
      if let at = story.shadowAt {
        lines.append("It would have been offered \(words.fullMoment(at)).")
      }
    }
    if let offered = stored.offeredAt { lines.append("Offered \(words.fullMoment(offered)).") }
    if story.isDrawn {
      lines.append("Drawn by lot: a stated share of the places goes to whom the best pass over.")
    }
    if stored.state == .waiting, !story.isShadow {
      lines +=
        hasRegister
        ? waiting(stored, input) : ["It waits: the contact register is not in force."]
    }
    if let ended = stored.endedAt {
      lines.append(
        stored.state == .done
          ? "Done \(words.fullMoment(ended))."
          : "Taken back \(words.fullMoment(ended)): its reason was gone, or it may not be offered.")
    }
    return lines
  }

  private func waiting(_ stored: StoredOpportunity, _ input: TriageInput) -> [String] {
    let opportunity = stored.opportunity
    guard let team = input.team.area(opportunity.area) else {
      return ["It waits: nobody looks after its area."]
    }
    if let why = team.paused { return ["It waits: its area is paused. \(sentence(why))"] }
    let used = input.past.offeredThisWeek[opportunity.area, default: 0]
    var lines = [
      "It waits: \(used) of the \(CivilWords.counted(team.weeklyCapacity, "place")) of this week "
        + "\(used == 1 ? "is" : "are") given."
    ]
    let verdict = triage(input)
    let queue = verdict.opportunities.filter {
      $0.area == opportunity.area && !$0.isShadow && !$0.band.isEmpty
        && input.past.open[$0.address] != .offered && input.past.open[$0.address] != .claimed
    }
    if let place = queue.firstIndex(where: { $0.address == opportunity.address }) {
      lines.append(
        place == 0
          ? "It is the next in its area."
          : "\(CivilWords.grouped(place)) in its area \(place == 1 ? "comes" : "come") before it.")
    }
    return lines
  }

  // MARK: - What we did

  private func name(_ member: String) -> String {
    configuration.team.member(member)?.name ?? "somebody who has left the team"
  }

  private func telling(_ telling: StoredStory.Telling, _ now: Date) -> OpportunityStory.Telling {
    let words = CivilWords(zone: zone, now: now)
    let tried =
      telling.attempts == 0
      ? "" : " after \(CivilWords.counted(telling.attempts, "attempt"))"
    let why = telling.why.map { ": \(sentence(plainLine($0)))" } ?? "."
    let said =
      switch telling.state {
      case "accepted":
        telling.acceptedAt.map { "Accepted \(words.fullMoment($0))." } ?? "Accepted."
      case "pending": "Not sent yet."
      case "bundled": "In a message that is not accepted yet\(tried)\(why)"
      case "withdrawn": "Not sent: it was not open any more, or might not be announced."
      default: "Refused for good\(tried)\(why)"
      }
    return OpportunityStory.Telling(
      recipient: name(telling.recipient), channel: telling.channel, owedAt: telling.owedAt,
      acceptedAt: telling.acceptedAt, sentence: said)
  }

  private func holding(_ holding: StoredStory.Holding, _ now: Date) -> OpportunityStory.Holding {
    let words = CivilWords(zone: zone, now: now)
    let at = holding.endedAt.map { " \(words.fullMoment($0))" } ?? ""
    var said =
      switch holding.endedHow {
      case nil: "Held now."
      case "undone": "Undone\(at), as if it had not been."
      case "released": "Given back\(at)."
      case "lapsed": "Went back\(at): its time was over without an outcome."
      case "passed": "Passed on\(at)."
      case "taken_over": "Taken over by a colleague\(at)."
      case "declined": "Declined\(at)."
      case "outcome": "Ended with its outcome\(at)."
      case let other?: "Ended\(at) (\(other))."
      }
    if let outcome = holding.outcome {
      // As on the board: what somebody at a door has said stays with who heard it.
      let kind = outcome.declined.map { "declined, \($0.inWords)" } ?? outcome.kind.inWords
      said +=
        outcome.kind.isOfNobody
        ? " Outcome: \(kind)." : " What was said at the door stays with who heard it."
    }
    return OpportunityStory.Holding(
      holder: name(holding.holder), claimedAt: holding.claimedAt, endedAt: holding.endedAt,
      sentence: said)
  }
}

extension Register.Flag {
  var sentence: String {
    switch self {
    case .doNotContact: "Do not contact."
    case .noLetter: "Leave no letter and no voicemail."
    case .notAlone: "Do not visit alone."
    }
  }
}

extension OutcomeKind {
  var inWords: String {
    switch self {
    case .noAnswer: "no answer"
    case .notNow: "not now"
    case .noThankYou: "no, thank you"
    case .accepted: "help was accepted"
    case .notADwelling: "not a dwelling"
    case .couldNotVisit: "could not visit"
    case .doNotContact: "asked not to be contacted again"
    case .declined: "declined"
    }
  }
}
