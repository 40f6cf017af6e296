import Foundation
import Triage

/// One offer behind a few links, kept in memory: the desk's contract in small, so that a test can
/// say in which state a page finds it.
actor TestDesk {
  /// 128 bits as a link carries them.
  static let token = "pYb2lG1xv0mN4q8sT7aQeA"
  /// The same offer, sent to somebody else.
  static let otherToken = "Z0c9WkR3dUo1hN5jX2bVfg"
  static let expiredToken = "AAAAAAAAAAAAAAAAAAAAAA"

  enum State {
    case open
    case held(Claim)
    case done(by: String, at: Date)
    case withdrawn
  }

  private(set) var state: State = .open
  /// How often something was changed.
  private(set) var changes = 0
  private(set) var outcome: Outcome?
  private var generation = 0
  private var onHold = false
  private var full: ClaimError?
  private var broken = false
  private var now: Date
  private let offer: Offer
  private let view: ClaimedView

  static let ann = Member(
    id: "ann", name: "Ann", agency: "Support team", email: "ann@example.org", channel: "smtp")
  static let bob = Member(
    id: "bob", name: "Bob", agency: "Fire service", email: "bob@example.org", channel: "smtp")

  init(offer: Offer = .invented(), view: ClaimedView? = nil, now: Date = .thursday) {
    self.offer = offer
    self.view = view ?? .invented(offer)
    self.now = now
  }

  func withdraw() { state = .withdrawn }
  func hold() { onHold = true }
  func fill(_ error: ClaimError) { full = error }
  func breakDown() { broken = true }
  func pass(minutes: Double) { now += minutes * 60 }

  nonisolated var desk: ClaimDesk {
    ClaimDesk(look: { try await self.look($0) }, press: { try await self.press($0, $1) })
  }

  private func press(_ token: String, _ press: DeskPress) throws -> DeskAnswer {
    let (member, generation) = (press.member, press.generation)
    switch press.action {
    case .claim: return .claimed(try claim(token, member, generation), after: nil)
    case .undo: try undo(token, member, generation)
    case .release: try release(token, member, generation)
    case .record(let answers):
      try record(token, member, generation, answers.kind, answers.consent?.isGiven)
    default: throw ClaimError.stale
    }
    return .done(Receipt(action: press.action.name))
  }

  private struct Breakdown: Error {
    let secret = "14 Mill Lane"
  }

  private func check(_ token: String) throws {
    if broken { throw Breakdown() }
    if token == Self.expiredToken { throw ClaimError.expired }
    guard [Self.token, Self.otherToken].contains(token) else { throw ClaimError.unknown }
  }

  private func look(_ token: String) throws -> LinkView {
    try check(token)
    var offer = offer
    offer.generation = generation
    return switch state {
    case .open: .open(offer)
    case .held(let claim):
      .held(offer, by: claim.holder.name, since: claim.since, until: claim.until)
    case .done(let by, let at): .done(offer, by: by, at: at)
    case .withdrawn: .withdrawn(offer)
    }
  }

  private func claim(_ token: String, _ id: String, _ seen: Int) throws -> ClaimedView {
    try check(token)
    if onHold { throw ClaimError.onHold(why: "The register is three days old.") }
    guard let member = offer.members.first(where: { $0.id == id }) else {
      throw ClaimError.notInTeam
    }
    if case .open = state, let full { throw full }
    let claim: Claim
    switch state {
    case .open where seen != generation: throw ClaimError.stale
    case .open:
      generation += 1
      changes += 1
      claim = Claim(opportunity: 1, generation: generation, holder: member, since: now)
      state = .held(claim)
    case .held(let held) where held.holder.id == id: claim = held
    case .held(let held): throw ClaimError.heldBy(name: held.holder.name, since: held.since)
    case .done(let by, let at): throw ClaimError.done(name: by, at: at)
    case .withdrawn: throw ClaimError.withdrawn
    }
    var view = view
    view.claim = claim
    view.undoUntil = claim.since + 600
    return view
  }

  private func held(_ token: String, _ id: String, _ generation: Int) throws -> Claim {
    try check(token)
    switch state {
    case .held(let claim) where claim.generation != generation: throw ClaimError.stale
    case .held(let claim) where claim.holder.id == id: return claim
    case .held(let claim):
      throw ClaimError.heldBy(name: claim.holder.name, since: claim.since)
    case .done(let by, let at): throw ClaimError.done(name: by, at: at)
    case .withdrawn: throw ClaimError.withdrawn
    case .open: throw ClaimError.stale
    }
  }

  private func undo(_ token: String, _ id: String, _ generation: Int) throws {
    guard now < (try held(token, id, generation)).since + 600 else { throw ClaimError.stale }
    changes += 1
    state = .open
  }

  private func release(_ token: String, _ id: String, _ generation: Int) throws {
    _ = try held(token, id, generation)
    changes += 1
    state = .open
  }

  private func record(
    _ token: String, _ id: String, _ generation: Int, _ kind: OutcomeKind, _ consent: Bool?
  ) throws {
    let claim = try held(token, id, generation)
    changes += 1
    outcome = Outcome(kind: kind, consent: consent, by: claim.holder.id, at: now)
    state = .done(by: claim.holder.name, at: now)
  }
}

extension Date {
  /// Thursday 19 November 2026, 14:05 in London, where it is winter time.
  static var thursday: Date { Date(timeIntervalSince1970: 1_795_097_100) }
}

extension Offer {
  static func invented(issuedTo: String = "Ann", since: Date = .thursday - 3 * 86_400) -> Offer {
    Offer(
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
      members: [TestDesk.ann, TestDesk.bob], generation: 0)
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
      undoUntil: .thursday + 600, days: .aMonth)
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
      }, contact: "", notes: "", undoUntil: .thursday + 600, days: .aMonth)
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
