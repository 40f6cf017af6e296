import Foundation
import Storage
import Triage

/// What the holder sees.
extension LinkDesk {
  func claimedView(
    _ opened: Opened, _ holder: Member, _ register: Register
  ) async throws -> ClaimedView {
    let papers = try await households(opened, register, for: holder)
    let stored = opened.stored
    let claim = stored.claim
    let undo = try await undo(holder, opened)
    let type = configuration.rules.types.first { $0.name == stored.opportunity.jobType }?.id
    return ClaimedView(
      offer: opened.offer,
      claim: Claim(
        opportunity: stored.id, generation: stored.generation, holder: holder,
        second: claim?.second.flatMap(team.member), since: stored.claimedAt ?? opened.now,
        until: claim?.until ?? .distantFuture, snoozedUntil: claim?.snoozedUntil,
        visits: claim?.visits ?? [], passes: claim?.passes ?? 0, outing: claim?.outing),
      households: papers.households, complaints: papers.complaints, contact: papers.contact,
      notes: papers.notes, undoUntil: undo?.until, closedByCouncil: closedByCouncil(opened),
      card: configuration.cards.card(for: type ?? ""), checklist: configuration.cards.checklist,
      emergency: configuration.cards.emergency)
  }

  /// Classes of agencies that take part and may hear of a resident, in the order of their kinds.
  var consentClasses: [Agency.Kind] {
    let kinds = Set(team.agencies.map(\.kind))
    let taking = Agency.Kind.allCases.filter { $0.mayHear && kinds.contains($0) }
    return taking.isEmpty ? [.support] : taking
  }

  private func closedByCouncil(_ opened: Opened) -> Date? {
    guard let claim = opened.stored.claim, !claim.wasClosed, claim.closedSeenAt == nil,
      let closed = opened.stored.jobClosed, closed <= opened.now
    else { return nil }
    return closed
  }

  func canPassTo(_ holder: Member, _ opened: Opened) -> [Member] {
    let isFree = (opened.stored.claim?.passes ?? 0) < rules.passes
    let leaders = leaders(opened)
    return opened.offer.members.filter {
      $0.id != holder.id && (isFree || leaders.contains($0.id))
    }
  }

  /// Some days later and at another part of the day than now, and than was planned for this try.
  func nextTry(_ opened: Opened) -> VisitTry? {
    let visits = opened.stored.claim?.visits ?? []
    guard visits.count + 1 < rules.tries else { return nil }
    var day = opened.today.plus(rules.againAfterDays)
    if !rules.working.isWorkingDay(day) { day = rules.working.workingDay(after: day) }
    let parts = PartOfDay.allCases
    let now = PartOfDay(hour: CivilDates(zone: zone).minutes(opened.now) / 60)
    let tried: Set<PartOfDay> = [now, visits.last?.nextAt ?? now]
    let at = parts.firstIndex(of: now)!
    let other = (1...2).map { parts[(at + $0) % parts.count] }.first { !tried.contains($0) }
    return VisitTry(
      at: opened.now, nextOn: min(day, days(opened.today).upperBound),
      nextAt: other ?? parts[(at + 1) % parts.count])
  }

  // MARK: - The addresses

  struct AddressPapers {
    var households: [HouseholdView] = []
    var complaints: [HistoryLine] = []
    var contact = ""
    var notes = ""
  }

  func households(
    _ opened: Opened, _ register: Register, for viewer: Member
  ) async throws -> AddressPapers {
    let opportunity = opened.stored.opportunity
    let yearAgo = opened.now.addingTimeInterval(-365 * 86_400)
    let isJoint = opportunity.second != nil
    var papers = AddressPapers()
    var complaints: [Job] = []
    var trigger: Job?
    let flags = opened.stored.flags(in: register)
    for (at, (address, place)) in zip(opportunity.households, opportunity.places).enumerated() {
      var jobs = try await store.history(at: address, since: yearAgo)
      // A page that names the place says nothing of what may be for safeguarding.
      jobs.removeAll(where: configuration.rules.showsOtherDoor)
      trigger = trigger ?? jobs.first { $0.id == opportunity.trigger }
      if isJoint {
        complaints += jobs.filter(isComplaint)
        jobs.removeAll(where: isComplaint)
      }
      let claims = try await store.pastClaims(at: address, since: yearAgo)
      papers.households.append(
        HouseholdView(
          address: place.address, postcode: place.postcode, uprn: place.uprn, flags: flags[at],
          history: jobs.map { line($0, opened.now) }, holders: claims.map { line($0, for: viewer) })
      )
    }
    complaints.sort { one, other in
      let (first, second) = (one.received ?? .distantPast, other.received ?? .distantPast)
      return first == second ? one.id < other.id : first > second
    }
    papers.complaints = complaints.map { line($0, opened.now) }
    // Who called about a neighbour, and what they said, would tell who complained about whom.
    let told = isJoint || trigger.map(isComplaint) == true ? nil : trigger
    papers.contact = told?.contact ?? ""
    papers.notes = told?.notes ?? ""
    return papers
  }

  private func isComplaint(_ job: Job) -> Bool {
    job.otherParty != nil || configuration.rules.type(of: job)?.isComplaint == true
  }

  private func line(_ job: Job, _ now: Date) -> HistoryLine {
    let state: HistoryLine.State =
      if let closed = job.closed, closed <= now {
        .closed(closed)
      } else if let gone = job.gone {
        .offTheList(gone)
      } else {
        .open
      }
    return HistoryLine(
      received: job.received, type: configuration.plainType(of: job) ?? HistoryLine.anotherJob,
      state: state, feed: plainFeedName(job.id.feed))
  }

  /// That help was accepted is told where the consent that stands is of this household and reaches the viewer's
  /// service; whoever recorded it has heard it themselves.
  private func line(_ claim: PastClaim, for viewer: Member) -> HolderLine {
    let isReached = team.agency(of: viewer).map { claim.scope.contains($0.kind) } == true
    let isTold = claim.holder == viewer.id || isReached
    let ending: HolderLine.Ending =
      if let why = claim.outcome?.declined {
        .declined(why)
      } else if let outcome = claim.outcome {
        .outcome(outcome.kind, consent: outcome.consent.map { _ in isTold })
      } else {
        switch claim.ended {
        case "lapsed": .lapsed
        case "passed": .passedOn
        case "taken_over": .takenOver
        default: .givenBack
        }
      }
    return HolderLine(
      name: name(claim.holder), from: claim.from, until: claim.until, ending: ending)
  }
}

extension Configuration {
  /// A job's type in plain words: as the job-type table names it, else as the glossary does.
  func plainType(of job: Job) -> String? {
    rules.type(of: job)?.name ?? glossary.words(for: job.type)
  }
}
