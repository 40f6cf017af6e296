import Foundation
import Storage
import Triage

/// What a leader does on the board, for one opportunity or for many: each in a transaction of its own, by the same rules
/// as at a claim link.
struct BoardPresser: Sendable {
  /// What can be done at a link, without one.
  let desk: LinkDesk

  /// So many at a time; a board has fewer.
  static let mostItems = 400

  func press(by person: SignedIn, _ press: BoardPress) async throws -> BoardReceipt {
    guard person.areas.contains(where: { $0.id == press.area }) else { throw BoardError.notYours }
    var receipt = BoardReceipt(done: [], refused: [])
    var seen: Set<[Int64]> = []
    for item in press.items.prefix(BoardPresser.mostItems)
    where seen.insert([item.opportunity, item.outing ?? 0]).inserted {
      do {
        try await tellingOfNoRoom {
          try await act(press.action, on: item, in: press.area, by: person)
        }
        receipt.done.append(item.opportunity)
      } catch let error as ClaimError {
        receipt.refused.append(.init(opportunity: item.opportunity, why: error))
      }
    }
    return receipt
  }

  private func act(
    _ action: BoardAction, on item: BoardPress.Item, in area: String, by person: SignedIn
  ) async throws {
    if action == .revokeLinks {
      return try await revoke(item, in: area, by: person)
    }
    let prepared: (change: DeskChange, holder: Member, opened: LinkDesk.Opened)
    do {
      prepared = try await prepare(action, item, in: area, by: person)
    } catch ClaimError.noRoom {
      throw ClaimError.noRoom
    } catch let error as ClaimError {
      try await desk.store.audit(row(action, item, by: person, result: error.name))
      throw error
    }
    if case .refused(let refusal) = try await desk.store.change(prepared.change) {
      throw await desk.error(refusal, prepared.holder, prepared.opened)
    }
  }

  // MARK: - One change

  private func prepare(
    _ action: BoardAction, _ item: BoardPress.Item, in area: String, by person: SignedIn
  ) async throws -> (DeskChange, Member, LinkDesk.Opened) {
    let opened = try await open(item, in: area, for: person)
    var change = DeskChange(
      opportunity: item.opportunity, seen: item.generation, by: person.member, action: .release,
      now: opened.now, mark: mark(person),
      mostPasses: desk.rules.passes, mostTries: desk.rules.tries, leaders: desk.leaders(opened),
      isByLeader: true, undoWindow: desk.rules.undo)
    let next = desk.rules.working.endOfNextWorkingDay(after: opened.now)
    let holder = opened.stored.holder.flatMap(desk.team.member)
    switch action {
    case .claim(let id, let second):
      let member = try member(id, opened)
      if opened.stored.state == .offered, desk.floor.isReached { throw ClaimError.noRoom }
      // Asked at every claim, in whosever name.
      _ = try await desk.register(opened)
      change.holder = member.id
      change.issuedTo = member.id
      change.until = next
      change.limits = desk.team.claimLimits(of: member)
      change.channel = member.channel
      let isOpen = opened.stored.state == .offered
      change.action = .claim(
        second: isOpen ? try desk.second(second, with: member, opened) : second)
      return (change, member, opened)
    case .pass(let to, let why, let second):
      let member = try member(to, opened)
      if case .inForce(let register) = await desk.live.inForce(now: opened.now).register {
        try desk.checkNotForbidden(opened, register)
      }
      change.action = .pass(
        to: member.id, why: why, second: try desk.second(second, passedTo: member, opened))
      change.until = next
      change.limits = desk.team.claimLimits(of: member)
      change.channel = member.channel
      tell(holder, by: person, opened, &change)
      return (change, member, opened)
    case .back:
      guard let outing = item.outing else { throw ClaimError.stale }
      change.action = .back(outing: outing)
      return (change, holder ?? Member(person), opened)
    case .release, .revokeLinks:
      tell(holder, by: person, opened, &change)
      return (change, holder ?? Member(person), opened)
    }
  }

  /// Whoever loses what they hold is told; nobody tells themselves.
  private func tell(
    _ holder: Member?, by person: SignedIn, _ opened: LinkDesk.Opened, _ change: inout DeskChange
  ) {
    guard let holder, holder.id != person.member else { return }
    change.tells = [
      desk.notices.takenFromYou(desk.item(opened), by: person.name, to: holder)
    ]
  }

  private func member(_ id: String, _ opened: LinkDesk.Opened) throws -> Member {
    guard let member = opened.offer.members.first(where: { $0.id == id }) else {
      throw ClaimError.notInTeam
    }
    return member
  }

  /// As a link opens it. What is another area's is told as what is not there.
  private func open(
    _ item: BoardPress.Item, in area: String, for person: SignedIn
  ) async throws -> LinkDesk.Opened {
    guard let stored = try await desk.store.opportunity(item.opportunity),
      stored.opportunity.area == area
    else { throw ClaimError.withdrawn }
    let now = desk.clock()
    let today = CivilDay(now, in: desk.zone)
    let link = StoredLink(
      announcement: 0, opportunity: stored.id, recipient: person.member, expires: .distantFuture,
      revoked: false, cause: .offered)
    return LinkDesk.Opened(
      link: link, stored: stored,
      offer: try await desk.offer(stored, link, isReader: true, today: today, now: now), now: now,
      today: today)
  }

  private func revoke(
    _ item: BoardPress.Item, in area: String, by person: SignedIn
  ) async throws {
    let refusal = try await desk.store.revokeLinks(
      of: item.opportunity, area: area, seen: item.generation,
      audit: row(.revokeLinks, item, by: person, result: "ok"))
    switch refusal {
    case nil: return
    case .stale: throw ClaimError.stale
    default: throw ClaimError.withdrawn
    }
  }

  private func row(
    _ action: BoardAction, _ item: BoardPress.Item, by person: SignedIn, result: String
  ) -> AuditRow {
    AuditRow(
      at: desk.clock(), actor: person.member, mark: mark(person), action: action.name,
      opportunity: item.opportunity, generation: item.generation, result: result)
  }

  private func mark(_ person: SignedIn) -> AuditMark { AuditMark(person) }
}

extension AuditMark {
  /// The session by the beginning of its hash, or that a proxy has named the person.
  init(_ person: SignedIn) {
    let isProxy = person.session.hasPrefix("proxy:")
    self.init(
      via: isProxy ? "proxy" : "session \(person.session.prefix(12))",
      network: person.network.rawValue)
  }
}

extension BoardAction {
  /// For the audit, as ``DeskAction/name``.
  fileprivate var name: String {
    switch self {
    case .claim: "claim"
    case .pass: "pass"
    case .release: "release"
    case .back: "back"
    case .revokeLinks: "revoke-links"
    }
  }
}

extension Member {
  /// The admin, who is no member, holds nothing.
  fileprivate init(_ person: SignedIn) {
    self.init(id: person.member, name: person.name, agency: "", email: "", channel: "")
  }
}
