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
  return ClaimDesk(
    look: { try await desk.look($0) },
    claim: { try await desk.claim($0, by: $1, generation: $2) },
    undo: { try await desk.undo($0, by: $1, generation: $2) },
    release: { try await desk.release($0, by: $1, generation: $2) },
    record: { try await desk.record($0, by: $1, generation: $2, kind: $3, consent: $4) })
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
    guard let recipient = configuration.team.member(link.recipient),
      configuration.team.isActive(recipient, on: today),
      let stored = try await store.opportunity(link.opportunity)
    else { throw ClaimError.unknown }
    // An ended link claims nothing new; what is held through it can still be opened and recorded.
    guard clock() < link.expires || stored.state == .claimed else { throw ClaimError.expired }
    let opportunity = stored.opportunity
    let area = await live.inForce(now: clock()).areas.first { $0.id == opportunity.area }
    return Opened(
      link: link, stored: stored,
      offer: Offer(
        issuedTo: name(link.recipient),
        areaName: area?.name ?? opportunity.area, areaReason: area?.reasonLine,
        offer: opportunity.offer, jobType: opportunity.jobType, street: opportunity.place.street,
        outwardCode: opportunity.place.outwardCode, since: opportunity.since,
        band: opportunity.band, score: opportunity.score,
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
        since: stored.claimedAt ?? stored.opportunity.since)
    case .done:
      return .done(
        opened.offer, by: name(stored.holder ?? ""), at: stored.endedAt ?? stored.opportunity.since)
    case .waiting, .withdrawn:
      return .withdrawn(opened.offer)
    }
  }

  func claim(
    _ token: String, by member: String, generation: Int
  ) async throws -> ClaimedView {
    let opened = try await open(token)
    let holder = try await holder(member, opened)
    let flags = try await flags(opened)
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
        flags)
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

  /// The register is asked at every claim; without it nothing can be claimed.
  private func flags(_ opened: Opened) async throws -> Set<Register.Flag> {
    switch await live.inForce(now: clock()).register {
    case .notInForce(let why):
      throw ClaimError.onHold(why: why)
    case .inForce(let register):
      let flags = opened.stored.opportunity.places.reduce(into: Set<Register.Flag>()) {
        $0.formUnion(register.flags(for: $1))
      }
      if flags.contains(.doNotContact), opened.stored.state != .claimed {
        try await store.withdraw(opportunities: [opened.stored.id], now: clock())
        throw ClaimError.withdrawn
      }
      return flags
    }
  }

  private func holder(_ member: String, _ opened: Opened) async throws -> Member {
    guard let holder = opened.offer.members.first(where: { $0.id == member }) else {
      throw ClaimError.notInTeam
    }
    return holder
  }

  private func view(
    _ opened: Opened, _ claim: Claim, _ flags: Set<Register.Flag>
  ) async throws -> ClaimedView {
    let opportunity = opened.stored.opportunity
    let yearAgo = clock().addingTimeInterval(-365 * 86_400)
    let jobs = try await store.history(at: opportunity.address, since: yearAgo)
    let trigger = jobs.first { $0.id == opportunity.trigger }
    return ClaimedView(
      offer: opened.offer, claim: claim, address: opportunity.place.address,
      postcode: opportunity.place.postcode, uprn: opportunity.place.uprn,
      contact: trigger?.contact ?? "", notes: trigger?.notes ?? "",
      undoUntil: claim.since.addingTimeInterval(configuration.undoWindow),
      history: jobs.map { job in
        HistoryLine(received: job.received, type: plainName(of: job), status: job.status)
      }, flags: flags)
  }

  /// The job type's name in plain words, or the list's own words where the table has none.
  private func plainName(of job: Job) -> String {
    configuration.rules.type(of: job)?.name ?? job.type
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
