import Foundation
import Storage
import Triage

/// The desk behind the claim links, on the store.
///
/// - Parameter clock: the moment of a request.
func claimDesk(
  _ configuration: Configuration, store: Store, live: LiveInputs,
  clock: @escaping @Sendable () -> Date
) -> ClaimDesk {
  let desk = Desk(configuration: configuration, store: store, live: live, clock: clock)
  return ClaimDesk(look: { try await desk.look($0) }, press: { try await desk.press($0, $1) })
}

private struct Desk: Sendable {
  let configuration: Configuration
  let store: Store
  let live: LiveInputs
  let clock: @Sendable () -> Date

  /// What a token opens.
  private struct Opened {
    var link: StoredLink
    var stored: StoredOpportunity
    var offer: Offer
  }

  private func open(_ token: String) async throws -> Opened {
    guard let link = try await store.link(hash: Links.hash(token)), !link.revoked else {
      throw ClaimError.unknown
    }
    let today = CivilDay(clock(), in: configuration.timeZone)
    let team = configuration.team
    guard let stored = try await store.opportunity(link.opportunity) else {
      throw ClaimError.unknown
    }
    // Who leads the area no more, or has gone, learns nothing new of it; what is held through their link stays
    // its holder's.
    let holder = stored.state == .claimed ? stored.holder.flatMap(team.member) : nil
    let isHeldThrough =
      [stored.heldThrough, stored.holder].contains(link.recipient)
      && holder.map { team.isActive($0, on: today) } == true
    let leads = team.member(link.recipient).map { recipient in
      team.isActive(recipient, on: today)
        && team.leads(recipient.id, in: stored.opportunity.area, on: today)
    }
    guard isHeldThrough || leads == true else { throw ClaimError.unknown }
    // An ended link claims nothing new; what is held through it can still be opened and recorded.
    guard clock() < link.expires || stored.state == .claimed else { throw ClaimError.expired }
    let opportunity = stored.opportunity
    let area = await live.inForce(now: clock()).areas.first { $0.id == opportunity.area }
    return Opened(
      link: link, stored: stored,
      offer: Offer(
        issuedTo: name(link.recipient),
        areaName: area?.name ?? opportunity.area, areaReason: area?.reasonLine,
        offer: opportunity.offer, jobType: opportunity.jobType, street: opportunity.street,
        outwardCode: opportunity.place.outwardCode, since: opportunity.since,
        band: opportunity.band, isJoint: opportunity.second != nil, score: opportunity.score,
        members: configuration.team.members(
          of: opportunity.area, on: today),
        generation: stored.generation))
  }

  private func name(_ member: String) -> String {
    configuration.team.member(member)?.name ?? "somebody who has left the team"
  }

  func look(_ token: String) async throws -> LinkView {
    let opened = try await open(token)
    let stored = opened.stored
    switch stored.state {
    case .offered:
      return .open(opened.offer)
    case .claimed:
      return .held(
        opened.offer, by: name(stored.holder ?? ""),
        since: stored.claimedAt ?? stored.opportunity.since, until: .distantFuture)
    case .done:
      return .done(
        opened.offer, by: name(stored.holder ?? ""), at: stored.endedAt ?? stored.opportunity.since)
    case .waiting, .withdrawn:
      return .withdrawn(opened.offer)
    }
  }

  func press(_ token: String, _ press: DeskPress) async throws -> DeskAnswer {
    let (member, generation) = (press.member, press.generation)
    switch press.action {
    case .claim:
      return .claimed(try await claim(token, by: member, generation: generation), after: nil)
    case .undo:
      try await undo(token, by: member, generation: generation)
    case .release:
      try await release(token, by: member, generation: generation)
    case .record(let answers):
      try await record(
        token, by: member, generation: generation, kind: answers.kind,
        consent: answers.consent?.isGiven)
      return .done(
        Receipt(
          action: press.action.name, outcome: answers.kind, consent: answers.consent?.isGiven))
    default:
      // TODO desk
      throw ClaimError.stale
    }
    return .done(Receipt(action: press.action.name))
  }

  func claim(
    _ token: String, by member: String, generation: Int
  ) async throws -> ClaimedView {
    let opened = try await open(token)
    let holder = try await holder(member, opened)
    let register = try await register(opened)
    let now = clock()
    switch try await store.claim(
      opportunity: opened.stored.id, member: member, issuedTo: opened.link.recipient,
      generation: generation, limits: configuration.team.claimLimits(of: holder), now: now)
    {
    case .claimed(let generation, let since), .alreadyYours(let generation, let since):
      return try await view(
        opened,
        Claim(
          opportunity: opened.stored.id, generation: generation, holder: holder, since: since),
        register)
    case .stale:
      throw ClaimError.stale
    case .tooMany(let limit, let agency):
      throw ClaimError.tooMany(limit: limit, agency: agency)
    case .heldBy(let other, let since):
      throw ClaimError.heldBy(name: name(other), since: since)
    case .notOpen(.done):
      throw ClaimError.done(
        name: name(opened.stored.holder ?? ""), at: opened.stored.endedAt ?? now)
    case .notOpen:
      throw ClaimError.withdrawn
    }
  }

  /// The register is asked at every claim, for every household; without it nothing can be claimed.
  private func register(_ opened: Opened) async throws -> Register {
    switch await live.inForce(now: clock()).register {
    case .notInForce(let why):
      throw ClaimError.onHold(why: why)
    case .inForce(let register):
      let isForbidden = opened.stored.flags(in: register).contains { $0.contains(.doNotContact) }
      if isForbidden, opened.stored.state != .claimed {
        try await store.withdraw(opportunities: [opened.stored.id], now: clock())
        throw ClaimError.withdrawn
      }
      return register
    }
  }

  private func holder(_ member: String, _ opened: Opened) async throws -> Member {
    guard let holder = opened.offer.members.first(where: { $0.id == member }) else {
      throw ClaimError.notInTeam
    }
    return holder
  }

  private func view(
    _ opened: Opened, _ claim: Claim, _ register: Register
  ) async throws -> ClaimedView {
    let opportunity = opened.stored.opportunity
    let yearAgo = clock().addingTimeInterval(-365 * 86_400)
    let isJoint = opportunity.second != nil
    var households: [HouseholdView] = []
    var complaints: [Job] = []
    var trigger: Job?
    let flags = opened.stored.flags(in: register)
    for (at, (address, place)) in zip(opportunity.households, opportunity.places).enumerated() {
      var jobs = try await store.history(at: address, since: yearAgo)
      // A page that names the place says nothing of what may be for safeguarding.
      jobs.removeAll(where: configuration.rules.showsOtherDoor)
      trigger = trigger ?? jobs.first { $0.id == opportunity.trigger }
      if isJoint {
        complaints += jobs.filter(isComplaint)
        jobs.removeAll(where: isComplaint)
      }
      let claims = try await store.pastClaims(at: address, since: yearAgo)
      households.append(
        HouseholdView(
          address: place.address, postcode: place.postcode, uprn: place.uprn,
          flags: flags[at], history: jobs.map(line), holders: claims.map(line)))
    }
    // Who called about a neighbour, and what they said, would tell who complained about whom.
    let told = isJoint || trigger.map(isComplaint) == true ? nil : trigger
    complaints.sort { one, other in
      let (first, second) = (one.received ?? .distantPast, other.received ?? .distantPast)
      return first == second ? one.id < other.id : first > second
    }
    return ClaimedView(
      offer: opened.offer, claim: claim, households: households, complaints: complaints.map(line),
      contact: told?.contact ?? "", notes: told?.notes ?? "",
      undoUntil: claim.since.addingTimeInterval(configuration.undoWindow),
      days: CivilDay(
        clock(), in: configuration.timeZone)...CivilDay(
          clock(), in: configuration.timeZone
        ).plus(28))
  }

  private func isComplaint(_ job: Job) -> Bool {
    job.otherParty != nil || configuration.rules.type(of: job)?.isComplaint == true
  }

  private func line(_ job: Job) -> HistoryLine {
    let now = clock()
    let state: HistoryLine.State =
      if let closed = job.closed, closed <= now {
        .closed(closed)
      } else if let gone = job.gone {
        .offTheList(gone)
      } else {
        .open
      }
    return HistoryLine(
      received: job.received,
      type: configuration.rules.type(of: job)?.name ?? HistoryLine.anotherJob, state: state,
      feed: plainFeedName(job.id.feed))
  }

  private func line(_ claim: PastClaim) -> HolderLine {
    let ending: HolderLine.Ending =
      if let outcome = claim.outcome {
        .outcome(outcome.kind, consent: outcome.consent)
      } else {
        claim.ended == "lapsed" ? .lapsed : .givenBack
      }
    return HolderLine(
      name: name(claim.holder), from: claim.from, until: claim.until, ending: ending)
  }

  func undo(_ token: String, by member: String, generation: Int) async throws {
    let opened = try await open(token)
    let now = clock()
    let undone = try await store.undo(
      opportunity: opened.stored.id, generation: generation, member: member,
      claimedSince: now.addingTimeInterval(-configuration.undoWindow), now: now)
    if !undone { throw ClaimError.stale }
  }

  func release(_ token: String, by member: String, generation: Int) async throws {
    let opened = try await open(token)
    let released = try await store.release(
      opportunity: opened.stored.id, generation: generation, member: member, now: clock())
    if !released { throw ClaimError.stale }
  }

  func record(
    _ token: String, by member: String, generation: Int, kind: OutcomeKind, consent: Bool?
  ) async throws {
    let opened = try await open(token)
    let recorded = try await store.record(
      outcome: Outcome(kind: kind, consent: consent, by: member, at: clock()),
      opportunity: opened.stored.id, generation: generation)
    if !recorded { throw ClaimError.stale }
  }
}
