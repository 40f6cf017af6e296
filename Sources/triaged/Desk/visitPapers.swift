import Foundation
import Notify
import Storage
import Triage

/// What is taken along: the sheet, the calendar file, the note for another agency.
extension LinkDesk {
  func papers(_ press: DeskPress, _ member: Member, _ opened: Opened) async throws -> DeskAnswer {
    let register = try await register(opened)
    let stored = opened.stored
    switch press.action {
    case .sheet:
      try checkHolds(member, stored)
      try checkNotForbidden(opened, register)
      let papers = try await households(opened, register, for: member)
      return .sheet(
        VisitSheet(
          households: papers.households.map(bare), isVisit: opened.offer.offer == .visit,
          holder: member, second: stored.claim?.second.flatMap(team.member), made: opened.now,
          emergency: configuration.cards.emergency))
    case .calendar(let day, let part):
      try checkHolds(member, stored)
      try checkNotForbidden(opened, register)
      guard days(opened.today).contains(day) else { throw ClaimError.notThatDay }
      return .calendar(
        calendarText(
          uid: "visit-\(stored.id)@\(configuration.mail.messageIDDomain)",
          sequence: stored.generation, made: opened.now,
          from: day.instant(minutes: part.hours.lowerBound * 60, in: zone),
          to: day.instant(minutes: part.hours.upperBound * 60, in: zone),
          places: stored.opportunity.places.map { place in
            [place.address, place.postcode].filter { !$0.isEmpty }.joined(separator: ", ")
          }))
    case .handOff(let name):
      return .handOff(try await handOff(to: name, member, opened, register))
    default:
      throw ClaimError.stale
    }
  }

  private func checkHolds(_ member: Member, _ stored: StoredOpportunity) throws {
    guard stored.state == .claimed, stored.holder == member.id else { throw ClaimError.stale }
  }

  /// What may be left behind by mistake has no history, no number of the address, and no former visitor.
  private func bare(_ household: HouseholdView) -> HouseholdView {
    HouseholdView(
      address: household.address, postcode: household.postcode, uprn: "", flags: household.flags,
      history: [])
  }

  /// Made by whoever recorded the consent, for an agency whose class the resident agreed to and whose agreement is in
  /// force today. Of two households it has those that agreed, and says nothing of where the other is. Who has asked
  /// since not to be contacted is on none.
  private func handOff(
    to name: String, _ member: Member, _ opened: Opened, _ register: Register
  ) async throws -> HandOffNote {
    let stored = opened.stored
    guard stored.state == .done, stored.holder == member.id else {
      throw ClaimError.stale
    }
    guard !opened.isForConsentAlone else { throw ClaimError.expired }
    guard let agency = team.agencies.first(where: { $0.name == name }) else {
      throw ClaimError.outsideConsent(agency: "")
    }
    guard let consent = stored.claim?.consent, consent.allows(agency.kind),
      agency.isActive(on: opened.today)
    else { throw ClaimError.outsideConsent(agency: agency.name) }
    let papers = try await households(opened, register, for: member)
    let agreed = papers.households.enumerated().filter { at, _ in
      !opened.offer.isJoint || consent.answers.households.contains(at + 1)
    }.map(\.element)
    guard !agreed.isEmpty else { throw ClaimError.outsideConsent(agency: agency.name) }
    let told = agreed.filter { !$0.flags.contains(.doNotContact) }
    guard !told.isEmpty else { throw ClaimError.forbidden }
    return HandOffNote(
      to: agency.name, from: member, made: opened.now, consent: consent,
      households: told.map(bare), contact: papers.contact,
      jobType: stored.opportunity.jobType, since: stored.opportunity.since)
  }
}
