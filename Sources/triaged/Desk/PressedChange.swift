import Foundation
import Storage
import Triage

/// A press as the store takes it, after what can be refused without it.
struct PressedChange {
  let desk: LinkDesk
  let press: DeskPress
  let member: Member
  let opened: LinkDesk.Opened

  private var team: Team { desk.team }
  private var rules: DeskRules { desk.rules }
  private var isTheirs: Bool {
    opened.stored.state == .claimed && opened.stored.holder == member.id
  }

  /// - Throws: `ClaimError`.
  func made() throws -> DeskChange {
    var change = plain
    switch press.action {
    case .claim(let second): try claim(second, &change)
    case .takeOver(let why, let second): try takeOver(why, second, &change)
    case .renew: change.until = endOfNextWorkingDay
    case .pass(let to, let why, let second): try pass(to, why, second, &change)
    case .snooze(let day):
      guard desk.days(opened.today).contains(day), day > opened.today else {
        throw ClaimError.notThatDay
      }
      change.until = desk.end(behind: day)
    case .visitAgain(let day, let part):
      try desk.check(day, part, opened)
      change.until = desk.end(behind: day)
    case .decline(.notSafe):
      change.tells = team.leaders(of: opened.area, on: opened.today)
        .filter { $0.id != member.id }
        .map { desk.notices.notSafe(desk.item(opened), declinedBy: member.name, to: $0) }
    case .record(let answers):
      change.action = .record(try checked(answers))
    case .setOut(let minutes):
      guard Outing.minutes.contains(minutes) else { throw ClaimError.stale }
    case .withdrawConsent:
      change.isByLeader = desk.isLeader(member.id, opened)
    case .undo, .release, .decline, .keepAlthoughClosed, .back, .handOff, .sheet, .calendar: break
    }
    return change
  }

  private var plain: DeskChange {
    let (notices, item, team) = (desk.notices, desk.item(opened), team)
    return DeskChange(
      opportunity: opened.stored.id, seen: press.generation, by: member.id, action: press.action,
      now: opened.now, mark: .link(opened.link.announcement, press.visitor.network),
      issuedTo: opened.link.recipient, mostPasses: rules.passes, mostTries: rules.tries,
      leaders: desk.leaders(opened), undoWindow: rules.undo,
      takesBack: { notices.takenBack($0) },
      takesBackLink: { id in team.member(id).map { notices.passTakenBack(item, to: $0) } },
      limitsOf: { id in team.member(id).map(team.claimLimits) ?? ClaimLimits() })
  }

  private var endOfNextWorkingDay: Date {
    rules.working.endOfNextWorkingDay(after: opened.now)
  }

  private func claim(_ second: String?, _ change: inout DeskChange) throws {
    change.until = endOfNextWorkingDay
    change.limits = team.claimLimits(of: member)
    // What is theirs is opened again, whoever was to go along.
    guard opened.stored.state == .offered else { return }
    try desk.checkAskedFirst(member, opened)
    change.action = .claim(second: try desk.second(second, with: member, opened))
  }

  private func takeOver(
    _ why: TakeOverReason, _ second: String?, _ change: inout DeskChange
  ) throws {
    change.until = endOfNextWorkingDay
    change.limits = team.claimLimits(of: member)
    if isTheirs { return }
    guard opened.now < opened.link.expires, opened.isReaderActive else { throw ClaimError.expired }
    change.action = .takeOver(why: why, second: try desk.second(second, with: member, opened))
    if let holder = opened.stored.holder.flatMap(team.member) {
      change.tells = [
        desk.notices.takenOver(desk.item(opened), by: member.name, why: why, to: holder)
      ]
    }
  }

  private func pass(
    _ to: String, _ why: PassReason, _ second: String?, _ change: inout DeskChange
  ) throws {
    guard let other = opened.offer.members.first(where: { $0.id == to }), to != member.id else {
      throw ClaimError.notInTeam
    }
    // Of a second press the first one was looked at.
    if isTheirs {
      change.action = .pass(
        to: to, why: why, second: try desk.second(second, passedTo: other, opened))
    }
    change.until = endOfNextWorkingDay
    change.limits = team.claimLimits(of: other)
    change.channel = other.channel
  }

  /// Consent goes with acceptance alone, and never reaches those of whom nobody is asked. Of two households it is of
  /// those that gave it.
  private func checked(_ answers: OutcomeAnswers) throws -> OutcomeAnswers {
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
    consent.scope = consent.isGiven ? consent.scope.intersection(desk.consentClasses) : []
    let households: Set<Int> = opened.offer.isJoint ? [1, 2] : []
    consent.households.formIntersection(households)
    // "Yes, to nobody" is a no, and so is a yes of none of the two.
    if consent.scope.isEmpty || consent.households.isEmpty != households.isEmpty {
      (consent.isGiven, consent.scope, consent.households) = (false, [], [])
    }
    if consent.wording.isEmpty { consent.wording = desk.configuration.cards.consent.version }
    answers.consent = consent
    return answers
  }
}
