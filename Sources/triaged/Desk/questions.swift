import Storage
import Triage

/// What the pages ask of the holder, and what is left to do when it is finished.
extension LinkDesk {
  /// Nothing of it is secret: it goes with the masked side of the offer.
  func questions(_ opened: Opened) -> Questions {
    var questions = Questions()
    questions.consentWording = configuration.cards.consent
    questions.consentClasses = consentClasses
    let days = days(opened.today)
    questions.days = days
    questions.offDays = Set(
      (days.lowerBound.number...days.upperBound.number).map { CivilDay(number: $0) }
        .filter { !rules.working.isWorkingDay($0) })
    if opened.stored.state == .claimed, let holder = opened.stored.holder.flatMap(team.member) {
      questions.canPassTo = canPassTo(holder, opened)
      questions.nextTry = nextTry(opened)
    }
    return questions
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
  func completed(_ receipt: Receipt, _ member: Member, _ opened: Opened) -> Receipt {
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
