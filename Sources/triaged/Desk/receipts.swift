import Foundation
import Storage
import Triage

/// What is said after a press: what was done, and what can be done about it.
extension LinkDesk {
  func answer(
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

  /// For who finished it and opens it again: what was recorded, and what it allows. Others see the consent alone, to
  /// take it back.
  func finished(_ member: Member, _ opened: Opened) async throws -> Receipt {
    guard opened.stored.holder == member.id, team.isActive(member, on: opened.today) else {
      let by = opened.stored.claim?.consent?.by ?? ""
      return completed(Receipt(action: "consent", name: name(by)), member, opened)
    }
    var receipt = Receipt(action: "outcome", undo: try await undo(member, opened))
    receipt.outcome = opened.stored.outcome?.kind
    return completed(receipt, member, opened)
  }

  /// A receipt with what can still be done: while a consent stands it can be taken back, and whoever recorded it can
  /// have a note made. For which agencies tells its scope: others do not learn that.
  private func completed(_ receipt: Receipt, _ member: Member, _ opened: Opened) -> Receipt {
    var receipt = receipt
    receipt.generation = opened.stored.generation
    guard let consent = opened.stored.claim?.consent else { return receipt }
    receipt.consent = consent.isStanding
    guard opened.stored.holder == member.id, team.isActive(member, on: opened.today),
      !opened.isForConsentAlone
    else { return receipt }
    receipt.handOffTo =
      team.agencies.filter { consent.allows($0.kind) && $0.isActive(on: opened.today) }.map(\.name)
    return receipt
  }
}

extension DeskAction {
  /// Whether it is the member's afterwards.
  fileprivate var staysHeld: Bool {
    switch self {
    case .claim, .takeOver, .renew, .snooze, .visitAgain, .keepAlthoughClosed, .setOut: true
    default: false
    }
  }
}
