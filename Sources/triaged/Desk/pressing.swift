import Foundation
import Storage
import Triage

/// A refusal that the store has written into the audit already.
private struct Audited: Error {
  var error: ClaimError
}

/// Presses.
extension LinkDesk {
  func press(_ token: String, _ press: DeskPress) async throws -> DeskAnswer {
    if case .back(let outing) = press.action { return try await back(token, press, outing) }
    let opened = try await open(token)
    do {
      return try await act(press, opened)
    } catch let audited as Audited {
      throw audited.error
    } catch ClaimError.noRoom {
      // Nor has the audit any.
      throw ClaimError.noRoom
    } catch let error as ClaimError {
      try await audit(press, opened, result: error.name)
      throw error
    }
  }

  private func audit(_ press: DeskPress, _ opened: Opened, result: String) async throws {
    try await store.audit(row(press, opened, result))
  }

  private func row(_ press: DeskPress, _ opened: Opened, _ result: String) -> AuditRow {
    // Whoever presses may send any text for a name: only what the team file knows is kept.
    var agency: String?
    if case .handOff(let name) = press.action {
      agency = team.agencies.first { $0.name == name }?.name
    }
    return AuditRow(
      at: opened.now, actor: team.member(press.member)?.id ?? "",
      mark: .link(opened.link.announcement, press.visitor.network), action: press.action.name,
      opportunity: opened.stored.id, generation: opened.stored.generation, result: result,
      agency: agency)
  }

  private func act(_ press: DeskPress, _ opened: Opened) async throws -> DeskAnswer {
    let member = try member(press, opened)
    try await checkPIN(press, member, opened)
    switch press.action {
    case .sheet, .calendar:
      let answer = try await papers(press, member, opened)
      try await audit(press, opened, result: "ok")
      return answer
    case .handOff:
      let answer = try await papers(press, member, opened)
      guard try await store.auditNote(row(press, opened, "ok")) else { throw ClaimError.stale }
      return answer
    case .claim where mayReopen(member, opened):
      try await audit(press, opened, result: "ok")
      return .done(try await finished(member, opened))
    case .claim where opened.stored.state == .offered,
      .takeOver where opened.stored.holder != member.id:
      // What would be held then could perhaps not be ended.
      if floor.isReached { throw ClaimError.noRoom }
    default: break
    }
    let givesOver = try await givesOver(press, opened)
    var register: Register?
    do {
      register = try await self.register(opened)
    } catch let error as ClaimError {
      // What is held can be put off, passed on and recorded whatever is the matter with the register.
      if press.action.needsRegister || givesOver { throw error }
    }
    if let register, press.action.prolongs || givesOver { try checkNotForbidden(opened, register) }
    if press.action == .undo, press.generation == opened.stored.generation,
      opened.isForConsentAlone, opened.stored.claim?.last?.action != "withdraw-consent"
    {
      throw ClaimError.expired
    }
    let change = try change(press, member, opened)
    switch try await store.change(change) {
    case .refused(let refusal): throw Audited(error: await error(refusal, member, opened))
    case .done(let done): return try await answer(done, press, member, opened, register)
    }
  }

  /// Whether it is an undo by which somebody holds it who does not hold it now: the register is asked as for a claim.
  /// What is sent a second time gives nothing.
  private func givesOver(_ press: DeskPress, _ opened: Opened) async throws -> Bool {
    guard press.action == .undo, press.generation == opened.stored.generation else { return false }
    let last = try await store.lastChange(of: opened.stored.id)?.action
    return ["release", "pass", "take-over"].contains(last)
  }

  /// The press as the store takes it, after what can be refused without it.
  private func change(
    _ press: DeskPress, _ member: Member, _ opened: Opened
  ) throws -> DeskChange {
    let notices = notices
    let item = item(opened)
    let team = team
    var change = DeskChange(
      opportunity: opened.stored.id, seen: press.generation, by: member.id, action: press.action,
      now: opened.now, mark: .link(opened.link.announcement, press.visitor.network),
      issuedTo: opened.link.recipient, mostPasses: rules.passes, mostTries: rules.tries,
      leaders: leaders(opened), undoWindow: rules.undo,
      takesBack: { notices.takenBack($0) },
      takesBackLink: { id in team.member(id).map { notices.passTakenBack(item, to: $0) } },
      limitsOf: { id in team.member(id).map(team.claimLimits) ?? ClaimLimits() })
    let next = rules.working.endOfNextWorkingDay(after: opened.now)
    let isTheirs = opened.stored.state == .claimed && opened.stored.holder == member.id
    switch press.action {
    case .claim(let second):
      change.until = next
      change.limits = team.claimLimits(of: member)
      // What is theirs is opened again, whoever was to go along.
      if opened.stored.state == .offered, !isTheirs {
        try checkAskedFirst(member, opened)
        change.action = .claim(second: try self.second(second, with: member, opened))
      }
    case .takeOver(let why, let second):
      change.until = next
      change.limits = team.claimLimits(of: member)
      if !isTheirs {
        guard opened.now < opened.link.expires, opened.isReaderActive else {
          throw ClaimError.expired
        }
        change.action = .takeOver(why: why, second: try self.second(second, with: member, opened))
        if let holder = opened.stored.holder.flatMap(team.member) {
          change.tells = [notices.takenOver(item, by: member.name, why: why, to: holder)]
        }
      }
    case .renew:
      change.until = next
    case .pass(let to, let why, let second):
      guard let other = opened.offer.members.first(where: { $0.id == to }), to != member.id else {
        throw ClaimError.notInTeam
      }
      // Of a second press the first one was looked at.
      if isTheirs {
        change.action = .pass(
          to: to, why: why, second: try self.second(second, passedTo: other, opened))
      }
      change.until = next
      change.limits = team.claimLimits(of: other)
      change.channel = other.channel
    case .snooze(let day):
      guard days(opened.today).contains(day), day > opened.today else {
        throw ClaimError.notThatDay
      }
      change.until = end(behind: day)
    case .visitAgain(let day, let part):
      try check(day, part, opened)
      change.until = end(behind: day)
    case .decline(.notSafe):
      change.tells = team.leaders(of: opened.area, on: opened.today)
        .filter { $0.id != member.id }
        .map { notices.notSafe(item, declinedBy: member.name, to: $0) }
    case .record(let answers):
      change.action = .record(try checked(answers, opened))
    case .setOut(let minutes):
      guard Outing.minutes.contains(minutes) else { throw ClaimError.stale }
    case .withdrawConsent:
      change.isByLeader = isLeader(member.id, opened)
    case .undo, .release, .decline, .keepAlthoughClosed, .back, .handOff, .sheet, .calendar: break
    }
    return change
  }

  /// Consent goes with acceptance alone, and never reaches those of whom nobody is asked. Of two households it is of
  /// those that gave it.
  private func checked(_ answers: OutcomeAnswers, _ opened: Opened) throws -> OutcomeAnswers {
    var answers = answers
    guard OutcomeKind.allCases.contains(answers.kind) else { throw ClaimError.stale }
    guard answers.kind == .accepted else {
      answers.consent = nil
      return answers
    }
    guard var consent = answers.consent else { throw ClaimError.stale }
    guard consent.on <= opened.today, consent.on >= opened.today.plus(-365) else {
      throw ClaimError.notThatDay
    }
    consent.scope = consent.isGiven ? consent.scope.intersection(consentClasses) : []
    let households: Set<Int> = opened.offer.isJoint ? [1, 2] : []
    consent.households.formIntersection(households)
    // "Yes, to nobody" is a no, and so is a yes of none of the two.
    if consent.scope.isEmpty || consent.households.isEmpty != households.isEmpty {
      (consent.isGiven, consent.scope, consent.households) = (false, [], [])
    }
    if consent.wording.isEmpty { consent.wording = configuration.cards.consent.version }
    answers.consent = consent
    return answers
  }

  /// Those who may claim and lead the area: to whom it can always be passed back.
  func leaders(_ opened: Opened) -> Set<String> {
    Set(team.leaders(of: opened.area, on: opened.today).map(\.id))
  }

  // MARK: - Answers

  private func answer(
    _ done: DeskDone, _ press: DeskPress, _ member: Member, _ before: Opened, _ register: Register?
  ) async throws -> DeskAnswer {
    var opened = before
    guard let stored = try await store.opportunity(before.stored.id) else {
      throw ClaimError.withdrawn
    }
    opened.stored = stored
    opened.offer.generation = stored.generation
    opened.offer.questions = questions(opened)
    let isHeld = stored.state == .claimed && stored.holder == member.id
    let receipt = try await receipt(done, press, member, opened)
    if isHeld, let register {
      let isNews = !(done.isRepeat && press.action.name == "claim")
      return .claimed(
        try await claimedView(opened, member, register), after: isNews ? receipt : nil)
    }
    // A second press of what was theirs shows nothing that is not theirs any more.
    if press.action.staysHeld, done.isRepeat || !isHeld, register != nil { throw ClaimError.stale }
    return .done(receipt)
  }

  private func receipt(
    _ done: DeskDone, _ press: DeskPress, _ member: Member, _ opened: Opened
  ) async throws -> Receipt {
    var receipt = Receipt(
      action: press.action.name, until: done.until,
      undo: try await undo(member, opened))
    switch press.action {
    case .pass(let to, _, _): receipt.name = name(to)
    case .record(let answers):
      receipt.outcome = answers.kind
      receipt.consent =
        answers.kind == .accepted
        ? opened.stored.outcome?.consent ?? answers.consent?.isGiven : nil
    case .decline: receipt.outcome = .declined
    default: break
    }
    receipt.outing = try await store.openOuting(of: opened.stored.id, member: member.id)
    return completed(receipt, member, opened)
  }

  /// What the member can take back now.
  func undo(_ member: Member, _ opened: Opened) async throws -> Receipt.Undo? {
    guard let last = try await store.lastChange(of: opened.stored.id), last.by == member.id,
      DeskAction.undoable.contains(last.action), !last.isNoted,
      team.isActive(member, on: opened.today),
      !opened.isForConsentAlone || last.action == "withdraw-consent"
    else { return nil }
    let until = last.at.addingTimeInterval(rules.undo)
    guard opened.now < until else { return nil }
    return Receipt.Undo(member: member.id, generation: opened.stored.generation, until: until)
  }

  func error(
    _ refusal: DeskRefusal, _ member: Member, _ opened: Opened
  ) async -> ClaimError {
    switch refusal {
    case .heldBy(let other, let since): .heldBy(name: name(other), since: since)
    case .stale: .stale
    case .notOpen(.done):
      .done(name: name(opened.stored.holder ?? ""), at: opened.stored.endedAt ?? opened.now)
    case .notOpen: .withdrawn
    case .tooMany(let limit, let agency): .tooMany(limit: limit, agency: agency)
    case .passedEnough: .passedEnough(leaders: leaders(opened).sorted().map(name))
    case .triedEnough: .triedEnough
    case .noConsent: .outsideConsent(agency: "")
    case .notUndoable: .notUndoable
    case .noteMade: .noteMade
    }
  }
}

extension DeskAction {
  /// Without the register nobody gets what they do not hold.
  fileprivate var needsRegister: Bool {
    switch self {
    case .claim, .takeOver, .sheet, .calendar, .handOff: true
    default: false
    }
  }

  /// Whether it gives the address to somebody else, or more time to whoever has it.
  fileprivate var prolongs: Bool {
    switch self {
    case .takeOver, .pass, .renew, .snooze, .visitAgain: true
    default: false
    }
  }

  /// Whether it is the member's afterwards.
  fileprivate var staysHeld: Bool {
    switch self {
    case .claim, .takeOver, .renew, .snooze, .visitAgain, .keepAlthoughClosed, .setOut: true
    default: false
    }
  }
}

extension ClaimError {
  /// For the audit.
  var name: String {
    switch self {
    case .heldBy: "held"
    case .withdrawn: "withdrawn"
    case .done: "done"
    case .unknown: "unknown"
    case .expired: "expired"
    case .stale: "stale"
    case .notInTeam: "not in team"
    case .tooMany: "too many"
    case .onHold: "on hold"
    case .noRoom: "no room"
    case .askedFirst: "asked first"
    case .needsSecond: "needs second"
    case .wrongPIN: "wrong pin"
    case .pinLocked: "pin locked"
    case .passedEnough: "passed enough"
    case .triedEnough: "tried enough"
    case .notThatDay: "not that day"
    case .outsideConsent: "outside consent"
    case .notUndoable: "not undoable"
    case .noteMade: "note made"
    case .forbidden: "forbidden"
    }
  }
}
