import Foundation
import Logging
import Storage
import Triage

/// The desk behind the claim links, on the store.
///
/// - Parameters:
///   - floor: of the disk; if left out, of the one that the state folder is on.
///   - clock: the moment of a request.
func claimDesk(
  _ configuration: Configuration, store: Store, live: LiveInputs, floor: DiskFloor? = nil,
  clock: @escaping @Sendable () -> Date
) -> ClaimDesk {
  let desk = LinkDesk(
    configuration: configuration, store: store, live: live,
    floor: floor ?? DiskFloor(folder: configuration.state), clock: clock)
  return ClaimDesk(
    look: { token in try await tellingOfNoRoom { try await desk.look(token) } },
    press: { token, press in try await tellingOfNoRoom { try await desk.press(token, press) } })
}

/// What a link opens, and what is done through it. Split by what is asked: whose it is here, presses in
/// ``press(_:_:)`` and ``PressedChange``, who may what in `whoMay`, the holder's page in `claimedView`, what is said after
/// a press in `receipts`, papers in `visitPapers`.
struct LinkDesk: Sendable {
  let configuration: Configuration
  let store: Store
  let live: LiveInputs
  let floor: DiskFloor
  let clock: @Sendable () -> Date

  var rules: DeskRules { configuration.desk }
  var team: Team { configuration.team }
  var zone: TimeZone { configuration.timeZone }

  /// What a token opens, at one moment.
  struct Opened {
    var link: StoredLink
    var stored: StoredOpportunity
    var offer: Offer
    var now: Date
    var today: CivilDay
    /// To whom the link was sent still takes part.
    var isReaderActive = true

    /// It is done, and the link has ended or its reader has left: a consent can be taken back through it, and nothing
    /// else is told or done.
    var isForConsentAlone: Bool {
      stored.state == .done && (!isReaderActive || now >= link.expires)
    }

    var area: String { stored.opportunity.area }
  }

  func open(_ token: String) async throws -> Opened {
    let now = clock()
    guard let link = try await store.link(hash: Links.hash(token)), !link.revoked else {
      throw ClaimError.unknown
    }
    let today = CivilDay(now, in: zone)
    guard let stored = try await store.opportunity(link.opportunity) else {
      throw ClaimError.unknown
    }
    let isConsented = isConsented(stored, now: now)
    let isReader = team.member(link.recipient).map { team.isActive($0, on: today) } == true
    // The link's reader may have gone: what is held through it stays its holder's, and whoever has asked for a consent
    // can have it taken back wherever they are by then.
    let isHeldHere = [stored.heldThrough, stored.holder].contains(link.recipient)
    let isHolderHere =
      isHeldHere
      && (isConsented
        || stored.state == .claimed
          && stored.holder.flatMap(team.member).map { team.isActive($0, on: today) } == true)
    guard isHolderHere || (isReader && isTheirs(link, stored, on: today)) else {
      throw ClaimError.unknown
    }
    // An ended link claims nothing new; what is held through it can still be opened and recorded. A consent can be
    // taken back at any time by those who may do so: to others an ended link does not tell that there is one.
    let isWayBack =
      isConsented
      && (isHeldHere || team.leads(link.recipient, in: stored.opportunity.area, on: today))
    guard now < link.expires || stored.state == .claimed || isWayBack else {
      throw ClaimError.expired
    }
    var opened = Opened(
      link: link, stored: stored,
      offer: try await offer(stored, link, isReader: isReader, today: today, now: now),
      now: now, today: today, isReaderActive: isReader)
    opened.offer.questions = questions(opened)
    return opened
  }

  /// There is a consent that can be taken back, or one of which that can still be undone.
  private func isConsented(_ stored: StoredOpportunity, now: Date) -> Bool {
    guard stored.state == .done, let consent = stored.claim?.consent, consent.answers.isGiven
    else { return false }
    return consent.withdrawnAt.map { now < $0.addingTimeInterval(rules.undo) } ?? true
  }

  /// Who leads the area no more learns nothing new of it, and keeps what is held through the link. To whom it was
  /// passed, who was asked first, and who stands in for a leader have a link of their own.
  private func isTheirs(_ link: StoredLink, _ stored: StoredOpportunity, on today: CivilDay) -> Bool
  {
    let area = stored.opportunity.area
    switch stored.state {
    case .claimed where [stored.heldThrough, stored.holder].contains(link.recipient): return true
    case .done where stored.holder == link.recipient: return true
    default: break
    }
    if team.leads(link.recipient, in: area, on: today) { return true }
    // Whoever stands in for a leader need not be of the area's team.
    if link.cause == .deputy { return true }
    return link.cause != .offered
      && team.members(of: area, on: today).contains { $0.id == link.recipient }
  }

  func offer(
    _ stored: StoredOpportunity, _ link: StoredLink, isReader: Bool, today: CivilDay, now: Date
  ) async throws -> Offer {
    let opportunity = stored.opportunity
    let inputs = await live.inForce(now: now)
    let area = inputs.areas.first { $0.id == opportunity.area }
    let members = team.members(of: opportunity.area, on: today)
    let others = others(stored, members, today: today)
    // Without the register nobody claims.
    let isCautioned =
      inputs.register.register.map { stored.flags(in: $0).contains { $0.contains(.notAlone) } }
      ?? false
    var offer = Offer(
      issuedTo: name(link.recipient), areaName: area?.name ?? opportunity.area,
      areaReason: area?.reasonLine, offer: opportunity.offer, jobType: opportunity.jobType,
      street: opportunity.street, outwardCode: opportunity.place.outwardCode,
      since: opportunity.since, band: opportunity.band, isJoint: opportunity.second != nil,
      score: opportunity.score, members: members, generation: stored.generation,
      needsSecond: opportunity.offer == .visit
        && (isCautioned || team.area(opportunity.area)?.visitsNeedTwo ?? true),
      askedFirst: try await askedFirst(stored, now: now),
      withPIN: Set((members + others).filter { $0.pinFile != nil }.map(\.id)))
    offer.others = others
    offer.isEnded = !isReader || now >= link.expires
    return offer
  }

  /// Who is none of the area's members, and may open what they hold, what they recorded, or (to take the consent back)
  /// what somebody of the area they lead recorded. Whether there is a consent is not to be read from the names: what
  /// nobody may open the press refuses.
  private func others(
    _ stored: StoredOpportunity, _ members: [Member], today: CivilDay
  ) -> [Member] {
    guard [.claimed, .done].contains(stored.state) else { return [] }
    let isDone = stored.state == .done
    return team.members.filter { member in
      guard !members.contains(where: { $0.id == member.id }) else { return false }
      return member.id == stored.holder && (isDone || team.isActive(member, on: today))
        || isDone && team.leads(member.id, in: stored.opportunity.area, on: today)
    }
  }

  func name(_ member: String) -> String {
    team.member(member)?.name ?? "somebody who has left the team"
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
        since: stored.claimedAt ?? stored.opportunity.since,
        until: stored.claim?.until ?? .distantFuture)
    case .done:
      return .done(
        opened.offer, by: name(stored.holder ?? ""), at: stored.endedAt ?? stored.opportunity.since)
    case .waiting, .withdrawn:
      return .withdrawn(opened.offer)
    }
  }

  // MARK: - What the desk tells

  var notices: DeskNotices {
    DeskNotices(
      instance: configuration.instance, words: CivilWords(zone: zone, now: clock()),
      newID: { UUID().uuidString.lowercased() })
  }

  func item(_ opened: Opened) -> DeskItem {
    DeskItem(
      opportunity: opened.stored.id, areaName: opened.offer.areaName,
      jobType: opened.offer.jobType, offer: opened.offer.offer, since: opened.offer.since)
  }
}
