import Foundation
import Triage

/// One offer behind a few links, kept in memory: the desk's contract in small, so that a test can
/// say in which state a page finds it.
actor TestDesk {
  /// 128 bits as a link carries them.
  static let token = "pYb2lG1xv0mN4q8sT7aQeA"
  /// The same offer, sent to somebody else.
  static let otherToken = "Z0c9WkR3dUo1hN5jX2bVfg"
  static let expiredToken = "AAAAAAAAAAAAAAAAAAAAAA"

  static let ann = Member(
    id: "ann", name: "Ann", agency: "Support team", email: "ann@example.org", channel: "smtp")
  static let bob = Member(
    id: "bob", name: "Bob", agency: "Fire service", email: "bob@example.org", channel: "smtp")

  /// What an undo brings back.
  private struct Standing {
    enum Stage { case open, held, done, withdrawn }
    var stage = Stage.open
    var claim: Claim?
    var answers: OutcomeAnswers?
    var outcome: Outcome?
    var isWithdrawnConsent = false
  }

  private struct Change {
    var before: Standing
    var by: String
    var at: Date
    var seen: Int
    var action: DeskAction
    var receipt: Receipt
  }

  private var standing = Standing()
  private var last: Change?
  /// How often something was changed.
  private(set) var changes = 0
  /// Everything that was pressed, refused or not.
  private(set) var presses: [DeskPress] = []
  private var generation = 0
  private var onHold = false
  private var full: ClaimError?
  private var refusal: ClaimError?
  private var broken = false
  private var closed: Date?
  private var now: Date
  private var offer: Offer
  private let view: ClaimedView
  private let pins: [String: String]
  private var wrongPINs: [String: Int] = [:]
  private var calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"

  init(
    offer: Offer = .invented(), view: ClaimedView? = nil, now: Date = .thursday,
    pins: [String: String] = [:]
  ) {
    var offer = offer
    offer.withPIN = Set(pins.keys)
    self.offer = offer
    self.view = view ?? .invented(offer)
    self.now = now
    self.pins = pins
  }

  var outcome: Outcome? { standing.outcome }
  var answers: OutcomeAnswers? { standing.answers }
  var claim: Claim? { standing.claim }
  var isConsentWithdrawn: Bool { standing.isWithdrawnConsent }

  func withdraw() { standing.stage = .withdrawn }
  func hold() { onHold = true }
  func fill(_ error: ClaimError) { full = error }
  /// Whatever the holder does is refused so.
  func refuse(_ error: ClaimError?) { refusal = error }
  func keep(calendar: String) { self.calendar = calendar }
  func breakDown() { broken = true }
  func pass(minutes: Double) { now += minutes * 60 }
  func closeByCouncil() { closed = now }
  /// Another wording of the consent comes into force.
  func reword(_ version: String) { offer.questions.consentWording.version = version }
  /// Back to the state of the beginning, with the generation gone on.
  func reset() {
    standing = Standing()
    last = nil
    closed = nil
    generation += 1
  }

  nonisolated var desk: ClaimDesk {
    ClaimDesk(look: { try await self.look($0) }, press: { try await self.press($0, $1) })
  }

  private struct Breakdown: Error {
    let secret = "14 Mill Lane"
  }

  private func check(_ token: String) throws {
    if broken { throw Breakdown() }
    if token == Self.expiredToken { throw ClaimError.expired }
    guard [Self.token, Self.otherToken].contains(token) else { throw ClaimError.unknown }
  }

  private func look(_ token: String) throws -> LinkView {
    try check(token)
    var offer = offer
    offer.generation = generation
    offer.questions.nextTry = view.offer.questions.nextTry
    switch standing.stage {
    case .open: return .open(offer)
    case .held:
      let claim = standing.claim!
      return .held(offer, by: claim.holder.name, since: claim.since, until: claim.until)
    case .done:
      return .done(
        offer, by: standing.claim?.holder.name ?? "", at: standing.outcome?.at ?? now)
    case .withdrawn: return .withdrawn(offer)
    }
  }

  private func press(_ token: String, _ press: DeskPress) throws -> DeskAnswer {
    try check(token)
    presses.append(press)
    if let named = press.visitor.proxyMember, named != press.member { throw ClaimError.notInTeam }
    guard let member = offer.members.first(where: { $0.id == press.member }) else {
      throw ClaimError.notInTeam
    }
    try checkPIN(press)
    if case .claim(let second) = press.action { return try claim(member, second, press) }
    if let refusal { throw refusal }
    if let last, last.by == member.id, last.seen == press.generation, last.action == press.action {
      return answer(last.receipt, member)
    }
    switch press.action {
    case .takeOver(_, let second):
      guard standing.stage == .held, press.generation == generation else { throw ClaimError.stale }
      try check(second, with: member)
      return change(press, member) { standing in
        standing.claim = Claim(
          opportunity: 1, generation: 0, holder: member, second: self.member(second),
          since: self.now,
          until: self.now + 86_400)
      }
    case .undo: return try undo(press, member)
    case .withdrawConsent:
      guard standing.answers?.consent?.isGiven == true, !standing.isWithdrawnConsent else {
        throw ClaimError.outsideConsent(agency: "")
      }
      return change(press, member) { $0.isWithdrawnConsent = true }
    case .handOff(let to):
      guard let consent = standing.answers?.consent, consent.isGiven, !standing.isWithdrawnConsent,
        agencies.contains(to)
      else { throw ClaimError.outsideConsent(agency: to) }
      return .handOff(
        HandOffNote(
          to: to, from: member, made: now,
          consent: Consent(answers: consent, by: member.id, recordedAt: now),
          households: view.households, contact: view.contact, jobType: offer.jobType,
          since: offer.since))
    default: break
    }
    switch standing.stage {
    case .held where standing.claim?.holder.id == member.id && press.generation == generation: break
    case .done:
      throw ClaimError.done(
        name: standing.claim?.holder.name ?? "", at: standing.outcome?.at ?? now)
    case .withdrawn: throw ClaimError.withdrawn
    default: throw ClaimError.stale
    }
    return try holderPress(press, member)
  }

  /// What only the holder does, at the generation of their page.
  private func holderPress(_ press: DeskPress, _ member: Member) throws -> DeskAnswer {
    switch press.action {
    case .release:
      return change(press, member) { standing in
        standing.stage = .open
        standing.claim = nil
      }
    case .renew: return change(press, member) { $0.claim?.until = self.now + 2 * 86_400 }
    case .keepAlthoughClosed:
      closed = nil
      return change(press, member) { _ in }
    case .snooze(let day):
      guard offer.questions.days!.contains(day), !offer.questions.offDays.contains(day) else {
        throw ClaimError.notThatDay
      }
      return change(press, member) { $0.claim?.snoozedUntil = day }
    case .visitAgain(let day, let part):
      guard standing.claim!.visits.count < 2 else { throw ClaimError.triedEnough }
      return change(press, member) { standing in
        standing.claim?.visits.append(VisitTry(at: self.now, nextOn: day, nextAt: part))
      }
    case .setOut(let minutes):
      return change(press, member) {
        $0.claim?.outing = OpenOuting(
          id: 5, backBy: self.now.addingTimeInterval(Double(minutes) * 60))
      }
    case .back(outing: 5): return change(press, member) { $0.claim?.outing = nil }
    case .pass(let to, _, _):
      guard standing.claim!.passes < 2 else { throw ClaimError.passedEnough(leaders: ["Ann"]) }
      guard let other = offer.members.first(where: { $0.id == to }), to != member.id else {
        throw ClaimError.notInTeam
      }
      return change(press, member) { standing in
        standing.claim?.holder = other
        standing.claim?.passes += 1
      }
    case .decline:
      return change(press, member) { $0.stage = .done }
    case .record(let answers):
      return change(press, member) { standing in
        standing.stage = .done
        standing.answers = answers
        standing.outcome = Outcome(
          kind: answers.kind, consent: answers.consent?.isGiven, by: member.id, at: self.now)
      }
    case .sheet:
      return .sheet(
        VisitSheet(
          households: view.households, isVisit: offer.offer == .visit, holder: member,
          second: standing.claim?.second, made: now, emergency: view.emergency))
    case .calendar(let day, _):
      guard !offer.questions.offDays.contains(day) else { throw ClaimError.notThatDay }
      return .calendar(calendar)
    default: throw ClaimError.stale
    }
  }

  private func claim(_ member: Member, _ second: String?, _ press: DeskPress) throws -> DeskAnswer {
    if standing.stage == .held, standing.claim?.holder.id == member.id {
      return .claimed(shown(), after: nil)
    }
    if onHold { throw ClaimError.onHold(why: "The register is three days old.") }
    switch standing.stage {
    case .open:
      if let full { throw full }
      if let asked = offer.askedFirst, asked.member.id != member.id {
        throw ClaimError.askedFirst(name: asked.member.name, until: asked.until)
      }
      try check(second, with: member)
      guard press.generation == generation else { throw ClaimError.stale }
      return change(press, member) { standing in
        standing.stage = .held
        standing.claim = Claim(
          opportunity: 1, generation: 0, holder: member, second: self.member(second),
          since: self.now,
          until: self.now + 86_400)
      }
    case .held:
      throw ClaimError.heldBy(name: standing.claim!.holder.name, since: standing.claim!.since)
    case .done where standing.claim?.holder.id == member.id:
      return .done(receipt(press.action, member, now))
    case .done:
      throw ClaimError.done(
        name: standing.claim?.holder.name ?? "", at: standing.outcome?.at ?? now)
    case .withdrawn: throw ClaimError.withdrawn
    }
  }

  private func member(_ id: String?) -> Member? { offer.members.first { $0.id == id } }

  private func check(_ second: String?, with member: Member) throws {
    if second == nil, !offer.needsSecond { return }
    guard let second, second != member.id, self.member(second) != nil else {
      throw ClaimError.needsSecond
    }
  }

  private func checkPIN(_ press: DeskPress) throws {
    guard let pin = pins[press.member], press.visitor.proxyMember == nil, !press.isProven else {
      return
    }
    switch press.action {
    case .claim, .takeOver, .withdrawConsent: break
    default: return
    }
    guard wrongPINs[press.member, default: 0] < 5 else { throw ClaimError.pinLocked }
    guard press.pin == pin else {
      wrongPINs[press.member, default: 0] += 1
      let left = 5 - wrongPINs[press.member]!
      throw left > 0 ? ClaimError.wrongPIN(triesLeft: left) : .pinLocked
    }
    wrongPINs[press.member] = 0
  }

  private func undo(_ press: DeskPress, _ member: Member) throws -> DeskAnswer {
    guard let last, last.by == member.id, press.generation == generation, now < last.at + 600,
      last.action != .undo
    else { throw ClaimError.notUndoable }
    return change(press, member) { $0 = last.before }
  }

  private func change(
    _ press: DeskPress, _ member: Member, _ change: (inout Standing) -> Void
  ) -> DeskAnswer {
    let before = standing
    generation += 1
    changes += 1
    change(&standing)
    standing.claim?.generation = generation
    last = Change(
      before: before, by: member.id, at: now, seen: press.generation, action: press.action,
      receipt: Receipt(action: press.action.name))
    let receipt = receipt(press.action, member, now)
    last?.receipt = receipt
    return answer(receipt, member)
  }

  private func answer(_ receipt: Receipt, _ member: Member) -> DeskAnswer {
    standing.stage == .held && standing.claim?.holder.id == member.id
      ? .claimed(shown(), after: receipt) : .done(receipt)
  }

  private func receipt(_ action: DeskAction, _ member: Member, _ at: Date) -> Receipt {
    var receipt = Receipt(action: action.name, until: standing.claim?.until)
    if case .pass(let to, _, _) = action { receipt.name = self.member(to)?.name }
    receipt.outcome = standing.outcome?.kind
    receipt.consent =
      standing.answers?.consent.map { $0.isGiven && !standing.isWithdrawnConsent }
    receipt.generation = generation
    receipt.handOffTo = receipt.consent == true ? agencies : []
    if let last, last.by == member.id, last.action != .undo, now < last.at + 600 {
      receipt.undo = .init(member: member.id, generation: generation, until: last.at + 600)
    }
    return receipt
  }

  private var agencies: [String] {
    standing.answers?.consent?.scope.contains(.partner) == true
      ? ["Fire service", "Housing & home"] : ["Support team"]
  }

  private func shown() -> ClaimedView {
    var view = view
    view.claim = standing.claim!
    view.claim.generation = generation
    view.closedByCouncil = closed
    view.undoUntil = last.flatMap { $0.action == .undo ? nil : $0.at + 600 }
    if standing.claim!.visits.count >= 2 { view.offer.questions.nextTry = nil }
    return view
  }
}

extension Date {
  /// Thursday 19 November 2026, 14:05 in London, where it is winter time.
  static var thursday: Date { Date(timeIntervalSince1970: 1_795_097_100) }
}
