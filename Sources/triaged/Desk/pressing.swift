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
    if let answer = try await shown(press, member, opened) { return answer }
    // What would be held then could perhaps not be ended.
    if isNew(press, by: member, opened), floor.isReached { throw ClaimError.noRoom }
    let register = try await registerAsked(press, opened)
    if press.action == .undo, press.generation == opened.stored.generation,
      opened.isForConsentAlone, opened.stored.claim?.last?.action != "withdraw-consent"
    {
      throw ClaimError.expired
    }
    let change = PressedChange(desk: self, press: press, member: member, opened: opened)
    switch try await store.change(change.made()) {
    case .refused(let refusal): throw Audited(error: await error(refusal, member, opened))
    case .done(let done): return try await answer(done, press, member, opened, register)
    }
  }

  /// What is shown, and changes nothing; `nil` for a press that does.
  private func shown(
    _ press: DeskPress, _ member: Member, _ opened: Opened
  ) async throws -> DeskAnswer? {
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
    default: return nil
    }
  }

  /// Whether the member would hold what they do not hold now.
  private func isNew(_ press: DeskPress, by member: Member, _ opened: Opened) -> Bool {
    switch press.action {
    case .claim: opened.stored.state == .offered
    case .takeOver: opened.stored.holder != member.id
    default: false
    }
  }

  /// The register, where it is in force.
  /// - Throws: `ClaimError` where the press may not be done without it, or because of what it says.
  private func registerAsked(_ press: DeskPress, _ opened: Opened) async throws -> Register? {
    let givesOver = try await givesOver(press, opened)
    var register: Register?
    do {
      register = try await self.register(opened)
    } catch let error as ClaimError {
      // What is held can be put off, passed on and recorded whatever is the matter with the register.
      if press.action.needsRegister || givesOver { throw error }
    }
    if let register, press.action.prolongs || givesOver { try checkNotForbidden(opened, register) }
    return register
  }

  /// Whether it is an undo by which somebody holds it who does not hold it now: the register is asked as for a claim.
  /// What is sent a second time gives nothing.
  private func givesOver(_ press: DeskPress, _ opened: Opened) async throws -> Bool {
    guard press.action == .undo, press.generation == opened.stored.generation else { return false }
    let last = try await store.lastChange(of: opened.stored.id)?.action
    return ["release", "pass", "take-over"].contains(last)
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
}
