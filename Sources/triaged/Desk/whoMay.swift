import Crypto
import Foundation
import Storage
import Triage

/// Who may press what.
extension LinkDesk {
  /// Whoever presses: of the area's members, or who holds it (who was moved ends it, and plans nothing more), or (for
  /// what a leader may do afterwards) who leads it. All of them while they take part, but that whoever recorded a consent
  /// can have it taken back after that too. Where a trusted proxy names somebody, it is nobody else.
  func member(_ press: DeskPress, _ opened: Opened) throws -> Member {
    if let named = press.visitor.proxyMember, named != press.member { throw ClaimError.notInTeam }
    if let member = opened.offer.members.first(where: { $0.id == press.member }) { return member }
    guard let member = team.member(press.member) else { throw ClaimError.notInTeam }
    let isTheirs = opened.stored.holder == member.id
    let isActive = team.isActive(member, on: opened.today)
    let isLet =
      switch press.action {
      case .claim: isActive && isTheirs || mayReopen(member, opened)
      case .takeOver: false
      case .renew, .snooze, .visitAgain, .calendar: isActive && isLeader(member.id, opened)
      case .withdrawConsent: isTheirs || isLeader(member.id, opened)
      default: isActive && (isTheirs || isLeader(member.id, opened))
      }
    guard isLet else { throw ClaimError.notInTeam }
    return member
  }

  /// Who may open what is done: whoever recorded it; and while a consent stands, to take it back, also who has left
  /// since, and who leads the area.
  func mayReopen(_ member: Member, _ opened: Opened) -> Bool {
    guard opened.stored.state == .done else { return false }
    let isTheirs = opened.stored.holder == member.id
    if opened.stored.claim?.consent?.isStanding == true {
      return isTheirs || isLeader(member.id, opened)
    }
    return isTheirs && team.isActive(member, on: opened.today)
  }

  func isLeader(_ member: String, _ opened: Opened) -> Bool {
    team.leads(member, in: opened.area, on: opened.today)
  }

  /// Those who may claim and lead the area: to whom it can always be passed back.
  func leaders(_ opened: Opened) -> Set<String> {
    Set(team.leaders(of: opened.area, on: opened.today).map(\.id))
  }

  /// A name is picked where the address is not shown yet, and where it is shown no more: there a PIN says that it is
  /// that person. Forms of the holder's page are bound to who opened it.
  func checkPIN(_ press: DeskPress, _ member: Member, _ opened: Opened) async throws {
    // A form of a page that came to this member alone says so itself (its nonce is bound to them).
    guard let file = member.pinFile, press.visitor.proxyMember == nil, !press.isProven else {
      return
    }
    guard press.action.takes || press.action == .withdrawConsent || !press.pin.isEmpty else {
      return
    }
    // Without its file nobody is let in.
    guard let pin = readPIN(file), !pin.isEmpty else { throw ClaimError.pinLocked }
    // Digests are compared in constant time.
    let isRight =
      SHA256.hash(data: Data(press.pin.utf8)) == SHA256.hash(data: Data(pin.utf8))
    switch try await store.tryPIN(
      announcement: opened.link.announcement, member: member.id, isRight: isRight,
      isGiven: !press.pin.isEmpty, now: opened.now)
    {
    case .right: return
    case .wrong(let left): throw ClaimError.wrongPIN(triesLeft: left)
    case .locked: throw ClaimError.pinLocked
    }
  }

  /// Who goes along: somebody else of the area's members.
  func second(_ id: String?, with holder: Member, _ opened: Opened) throws -> String? {
    guard let id, !id.isEmpty else {
      if opened.offer.needsSecond { throw ClaimError.needsSecond }
      return nil
    }
    guard id != holder.id, opened.offer.members.contains(where: { $0.id == id }) else {
      throw ClaimError.needsSecond
    }
    return id
  }

  /// Who goes along with the one to whom it is passed.
  /// - Returns: `nil`: whoever did until now, where that is somebody else who still may, or nobody where nobody has to.
  func second(_ id: String?, passedTo other: Member, _ opened: Opened) throws -> String? {
    let kept = opened.stored.claim?.second
    if id?.isEmpty != false, let kept, kept != other.id,
      opened.offer.members.contains(where: { $0.id == kept })
    {
      return nil
    }
    return try second(id, with: other, opened)
  }

  /// What somebody holds is theirs to end whatever the register has come to say. Nobody else gets the address, and
  /// nothing more is planned there.
  func checkNotForbidden(_ opened: Opened, _ register: Register) throws {
    if opened.stored.state == .claimed,
      opened.stored.flags(in: register).contains(where: { $0.contains(.doNotContact) })
    {
      throw ClaimError.forbidden
    }
  }

  /// The register is asked at every claim, for every household; without it nothing can be claimed.
  func register(_ opened: Opened) async throws -> Register {
    switch await live.inForce(now: opened.now).register {
    case .notInForce(let why):
      throw ClaimError.onHold(why: why)
    case .inForce(let register):
      let isForbidden = opened.stored.flags(in: register).contains { $0.contains(.doNotContact) }
      if isForbidden, opened.stored.state == .offered || opened.stored.state == .waiting {
        try await store.withdraw(opportunities: [opened.stored.id], now: opened.now)
        throw ClaimError.withdrawn
      }
      return register
    }
  }

  // MARK: - The previous holder first

  /// Whoever held one at the address last, of those who are in the area's team today, for one working day.
  func askedFirst(_ stored: StoredOpportunity, now: Date) async throws -> Offer.AskedFirst? {
    guard stored.state == .offered, let offered = stored.offeredAt else { return nil }
    let until = rules.working.adding(
      workingSeconds: rules.working.dayLength, to: offered)
    guard now < until else { return nil }
    return try await previousHolder(stored, now: now).map {
      Offer.AskedFirst(member: $0, until: until)
    }
  }

  private func previousHolder(_ stored: StoredOpportunity, now: Date) async throws -> Member? {
    let year = now.addingTimeInterval(-365 * 86_400)
    let today = CivilDay(now, in: zone)
    let members = team.members(of: stored.opportunity.area, on: today)
    var claims: [PastClaim] = []
    for address in stored.opportunity.households {
      claims += try await store.pastClaims(at: address, since: year)
    }
    // Who declined has said no, and who gave this very one back has had it.
    let before = claims.filter { $0.ended != "declined" && $0.opportunity != stored.id }
      .sorted { $0.until > $1.until }
    // Whoever has been told that they are asked: instead of them nobody is, as nobody else would be told.
    var told: String?
    if let offered = stored.offeredAt {
      told = try await store.toldFirst(stored.id, offeredAt: offered)
    }
    for claim in before where told == nil || claim.holder == told {
      guard let member = members.first(where: { $0.id == claim.holder }) else { continue }
      if try await canTakeOne(member, stored, on: today) { return member }
    }
    return nil
  }

  /// Nobody else waits for who is away, or holds as many as one may.
  private func canTakeOne(
    _ member: Member, _ stored: StoredOpportunity, on today: CivilDay
  ) async throws -> Bool {
    if member.away?.contains(today) == true { return false }
    let limits = team.claimLimits(of: member)
    if let limit = limits.ofPerson,
      try await store.held(by: [member.id], but: stored.id) >= limit
    {
      return false
    }
    if let limit = limits.ofAgency,
      try await store.held(by: limits.colleagues.union([member.id]), but: stored.id) >= limit
    {
      return false
    }
    return true
  }

  func checkAskedFirst(_ member: Member, _ opened: Opened) throws {
    guard let asked = opened.offer.askedFirst, asked.member.id != member.id,
      !isLeader(member.id, opened)
    else { return }
    throw ClaimError.askedFirst(name: asked.member.name, until: asked.until)
  }

  // MARK: - Days

  func days(_ today: CivilDay) -> ClosedRange<CivilDay> {
    today...today.plus(rules.furthestDays)
  }

  /// For another visit: a working day within reach, and not a part of today that is over.
  func check(_ day: CivilDay, _ part: PartOfDay, _ opened: Opened) throws {
    guard days(opened.today).contains(day), rules.working.isWorkingDay(day),
      day.instant(minutes: part.hours.upperBound * 60, in: zone) > opened.now
    else { throw ClaimError.notThatDay }
  }

  /// A lease that reaches past a day: to the end of the working day behind it.
  func end(behind day: CivilDay) -> Date {
    rules.working.end(of: rules.working.workingDay(after: day))
  }
}

extension DeskAction {
  /// Whether it takes what the member does not hold, or shows what a name alone does not.
  fileprivate var takes: Bool {
    switch self {
    case .claim, .takeOver: true
    default: false
    }
  }
}
