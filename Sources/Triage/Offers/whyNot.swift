import Foundation

extension AddressJudge {
  /// Why a job is no reason to call by itself at a moment; `nil` where it is one, as far as its address is not
  /// barred.
  /// - Parameter now: seconds since the reference date.
  func standing(of at: Int, _ now: Double) -> JobStanding? {
    let marks = readings.marks[at]
    func no(_ why: NoOpportunity) -> JobStanding { .noOpportunity(why: why) }
    if isReplay, book.received[at] > now { return no(.inFuture) }
    // Asked first: the end of an agreement frees no address.
    if marks.contains(.safeguarding) { return no(.safeguarding) }
    if marks.contains(.ended) { return no(.agreementEnded) }
    if readings.type[at] < 0 { return .typeNotInTable }
    if book.addressOf[at] < 0 { return no(.noAddress) }
    if marks.contains(.stopped) { return no(.stopWord) }
    let facts = facts(at)
    if !facts.isOffered { return no(.historyOnly) }
    if marks.contains(.noResident) { return no(.noResidentAsked) }
    if marks.contains(.noDwelling) { return no(.notADwelling) }
    if book.closed[at] <= now, !facts.afterClosing { return no(.closed) }
    if let why = whyAnswered(at, facts.revisit, now) { return no(why) }
    if book.received[at].isNaN { return no(.noDate) }
    let age = age(at, now)
    if age < 0 { return no(.inFuture) }
    if age < facts.span.opens { return no(.tooEarly) }
    if age > facts.span.closes { return no(.tooLate) }
    // Asked last: what is listed for a person to decide would be a reason to call.
    if marks.contains(.uncertain) { return no(.placeUncertain) }
    return nil
  }

  /// An outcome that answered nothing leaves another try, so many times and so many days later.
  private func whyAnswered(_ at: Int, _ revisit: Revisit?, _ now: Double) -> NoOpportunity? {
    if input.past.answered.isEmpty { return nil }
    guard let answer = input.past.answered[book.jobs[at].id] else { return nil }
    let answered = answer.at.timeIntervalSinceReferenceDate
    if isReplay, answered > now { return nil }
    guard let revisit, answer.kind.answersNothing, answer.times < revisit.times else {
      return .alreadyAnswered
    }
    return now < answered + Double(revisit.afterDays) * secondsOfDay ? .revisitLater : nil
  }

  /// Whether a job that shows the other door keeps its address out as well: for its days, and without end
  /// where it bears no date, since then it is open.
  func holdsAddress(_ at: Int, _ now: Double) -> Bool {
    if isReplay, book.received[at] > now { return false }
    return !(age(at, now) > Double(input.rules.safeguarding.days) * secondsOfDay)
  }

  /// Whether complaints went both ways, near enough in time and newly enough.
  func reciprocity(
    _ pair: JobsByAddress.ComplaintPair, _ now: Double, withTrials: Bool
  ) -> Reciprocity? {
    func usable(_ positions: [Int]) -> [Int] {
      positions.filter { at in
        let marks = readings.marks[at]
        return readings.type[at] >= 0 && facts(at).isComplaint
          && marks.isDisjoint(with: .noComplaint) && (withTrials || !marks.contains(.trial))
          && age(at, now) >= 0
      }.sorted(by: isNewer)
    }
    let (ofOne, ofOther) = (usable(pair.ofOne), usable(pair.ofOther))
    guard !ofOne.isEmpty, !ofOther.isEmpty else { return nil }
    for newer in (ofOne + ofOther).sorted(by: isNewer) {
      let isOfOne = book.addressOf[newer] == pair.one
      guard
        let older = (isOfOne ? ofOther : ofOne).first(where: { !isNewer($0, newer) }),
        let reciprocal = rules[readings.area[isOfOne ? newer : older]].signals.reciprocal,
        whyAnswered(newer, facts(newer).revisit, now) == nil
      else { continue }
      let gap = book.received[newer] - book.received[older]
      let (age, span) = (age(newer, now), TypeFacts.Span(reciprocal.window))
      guard gap <= Double(reciprocal.withinDays) * secondsOfDay, age >= span.opens,
        age <= span.closes
      else { continue }
      return Reciprocity(
        newer: newer, older: older, ofOne: isOfOne ? newer : older,
        ofOther: isOfOne ? older : newer, points: span.faded(reciprocal.points, age: age))
    }
    return nil
  }

  private func isNewer(_ one: Int, _ other: Int) -> Bool {
    if book.received[one] != book.received[other] {
      return book.received[one] > book.received[other]
    }
    return book.jobs[one].id < book.jobs[other].id
  }
}

extension OutcomeKind {
  /// Nobody has said yes or no: the job may be a reason once more (``Revisit``).
  package var answersNothing: Bool {
    switch self {
    case .noAnswer, .notNow, .couldNotVisit: true
    case .noThankYou, .accepted, .notADwelling, .doNotContact, .declined: false
    }
  }
}
