import Foundation
import Triage

@testable import Web

extension Offer {
  static func invented(
    issuedTo: String = "Ann", since: Date = .thursday - 3 * 86_400, needsSecond: Bool = false
  ) -> Offer {
    var offer = Offer(
      issuedTo: issuedTo, areaName: "New Cross",
      areaReason: "Many repeat reports, few replies to letters.", offer: .visit,
      jobType: "Bulky waste quote",
      street: "Mill Lane", outwardCode: "NG17", since: since, band: "high",
      score: Score(reasons: [
        Reason(
          code: "type:bulky-quote", points: 40, sentence: "A bulky waste quote is still open."),
        Reason(
          code: "repeat", points: 15, sentence: "There were 3 jobs at the address in 12 months."),
        Reason(code: "late", points: -5, sentence: "The job is more than two days old."),
        Reason(
          code: "edge", points: 0,
          sentence: "On the edge: about 10 m inside New Cross; beyond it lies Stanton Hill."),
      ]),
      members: [TestDesk.ann, TestDesk.bob], generation: 0, needsSecond: needsSecond)
    offer.questions.consentWording = ConsentWording(
      version: "2026-05", text: ["We would like to tell those who can help.", "May we?"])
    offer.questions.days = .aMonth
    offer.questions.offDays = Set([2, 3, 9, 10].map { ClosedRange.aMonth.lowerBound.plus($0) })
    return offer
  }
}

extension ClaimedView {
  static func invented(_ offer: Offer = .invented(), flags: Set<Register.Flag> = []) -> ClaimedView
  {
    ClaimedView(
      offer: offer,
      claim: Claim(opportunity: 1, generation: 1, holder: TestDesk.ann, since: .thursday),
      households: [.invented(flags: flags)],
      contact: "Invented Person, 01632 960014", notes: "Sofa in front garden.\nDog.",
      undoUntil: .thursday + 600,
      card: PromptCard(
        opening: "We come about the sofa.", ask: ["How long has it been there?"],
        avoid: ["Anything about rent."]),
      checklist: ["Open cases at the address"],
      emergency: [
        EmergencyNumber(name: "Safeguarding, out of hours", number: "01632 960 999"),
        EmergencyNumber(name: "Police", number: "999"),
      ]
    ).proposing(.morning)
  }

  /// Four days later another try is proposed.
  private func proposing(_ part: PartOfDay) -> ClaimedView {
    var view = self
    view.offer.questions.nextTry = VisitTry(
      at: .thursday, nextOn: ClosedRange.aMonth.lowerBound.plus(4), nextAt: part)
    return view
  }

  /// Complaints went both ways between number 14 and number 9.
  static func joint(flags: Set<Register.Flag> = []) -> ClaimedView {
    var offer = Offer.invented()
    offer.isJoint = true
    offer.jobType = "Complaints between two households"
    var second = HouseholdView.invented(flags: flags)
    second.address = "9 Church Hill, Sutton in Ashfield"
    second.uprn = ""
    second.history.removeFirst(2)
    second.holders = []
    return ClaimedView(
      offer: offer,
      claim: Claim(opportunity: 1, generation: 1, holder: TestDesk.ann, since: .thursday),
      households: [.invented(), second],
      complaints: [3.0, 40].map { days in
        HistoryLine(
          received: .thursday - days * 86_400, type: "Noise from a neighbour", state: .open,
          feed: "Street scene")
      }, contact: "", notes: "", undoUntil: .thursday + 600
    ).proposing(.evening)
  }
}

extension HouseholdView {
  static func invented(flags: Set<Register.Flag> = []) -> HouseholdView {
    func days(_ days: Double) -> Date { .thursday - days * 86_400 }
    return HouseholdView(
      address: "14 Mill Lane, Sutton in Ashfield", postcode: "NG17 9ZZ", uprn: "100030000014",
      flags: flags,
      history: [
        HistoryLine(
          received: days(3), type: "Bulky waste quote", state: .open, feed: "Street scene"),
        HistoryLine(
          received: days(200), type: "Missed bin", state: .closed(days(190)), feed: "Street scene"),
        HistoryLine(
          received: nil, type: HistoryLine.anotherJob, state: .offTheList(days(100)),
          feed: "Housing"),
      ],
      holders: [
        HolderLine(
          name: "Bob", from: days(120), until: days(118), ending: .outcome(.noAnswer, consent: nil)),
        HolderLine(name: "Ann", from: days(180), until: days(173), ending: .lapsed),
      ])
  }
}

extension ClosedRange where Bound == CivilDay {
  static var aMonth: ClosedRange<CivilDay> {
    let zone = TimeZone(identifier: "Europe/London")!
    return CivilDay(.thursday, in: zone)...CivilDay(.thursday, in: zone).plus(28)
  }
}
