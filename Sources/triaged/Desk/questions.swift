import Storage
import Triage

/// What the pages ask of the holder.
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
}
