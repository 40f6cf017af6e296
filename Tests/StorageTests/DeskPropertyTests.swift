import Foundation
import GRDB
import TestSeeds
import Testing
import Triage

@testable import Storage

/// The desk as its rules say it is, by brute force: it keeps every state that ever was.
private struct Model {
  struct Standing: Equatable {
    var state = OpportunityState.offered
    var holder: String?
    var since: Date?
    var second: String?
    var until: Date?
    var snoozed: CivilDay?
    var passes = 0
    var isClosedSeen = false
    var tries: [CivilDay] = []
    var outcome: OutcomeKind?
    var isGiven: Bool?
    var isWithdrawn = false
    var optOuts = 0
  }

  struct Event {
    var actor: String
    var action: String
    var request: String
    var seen: Int
    var at: Date
    var before: Standing
    var isUndone = false
  }

  enum Answer: Equatable {
    case done, again
    case refused(String)
  }

  var now = Standing()
  var generation = 0
  var events: [Event] = []

  mutating func press(
    _ actor: String, _ seen: Int, _ action: DeskAction, until: Date, at: Date
  ) -> Answer {
    var next = now
    switch action {
    case .claim(let second):
      if now.state == .claimed { return now.holder == actor ? .again : .refused("held") }
      if now.state != .offered { return .refused("not open") }
      guard seen == generation else { return .refused("stale") }
      next = Standing(tries: now.tries, outcome: nil, optOuts: now.optOuts)
      next.state = .claimed
      (next.holder, next.since, next.second, next.until) = (actor, at, second, until)
    case .undo:
      if isRepeat(actor, seen, action) { return .again }
      guard seen == generation,
        let last = events.lastIndex(where: { !$0.isUndone && $0.action != "undo" }),
        events[last].actor == actor, !["keep", "lapse"].contains(events[last].action),
        at.timeIntervalSince(events[last].at) <= 600
      else { return .refused("not undoable") }
      events[last].isUndone = true
      next = events[last].before
    case .withdrawConsent:
      if isRepeat(actor, seen, action) { return .again }
      guard now.state == .done, seen == generation, now.holder == actor else {
        return .refused("stale")
      }
      guard now.isGiven == true, !now.isWithdrawn else { return .refused("no consent") }
      next.isWithdrawn = true
    case .takeOver(_, let second):
      if now.state == .claimed, now.holder == actor { return .again }
      if isRepeat(actor, seen, action) { return .again }
      guard now.state == .claimed else { return .refused("not open") }
      guard seen == generation else { return .refused("stale") }
      (next.holder, next.since, next.second, next.until) = (actor, at, second, until)
      next.snoozed = nil
    default:
      if isRepeat(actor, seen, action) { return .again }
      guard now.state == .claimed, seen == generation, now.holder == actor else {
        return .refused("stale")
      }
      switch action {
      case .release:
        next = Standing(tries: now.tries, optOuts: now.optOuts)
      case .renew: (next.until, next.snoozed) = (until, nil)
      case .snooze(let day): (next.until, next.snoozed) = (until, day)
      case .visitAgain(let day, _):
        guard now.tries.count + 1 < 3 else { return .refused("tried enough") }
        next.tries.append(day)
        (next.until, next.snoozed) = (until, nil)
      case .pass(let to, _, _):
        if to == actor { return .refused("stale") }
        guard now.passes < 2 || to == "ann" else { return .refused("passed enough") }
        (next.holder, next.since, next.until, next.snoozed) = (to, at, until, nil)
        next.passes += 1
        if next.second == to { next.second = nil }
      case .keepAlthoughClosed: next.isClosedSeen = true
      case .decline: (next.state, next.outcome) = (.done, .declined)
      case .record(let answers):
        (next.state, next.outcome) = (.done, answers.kind)
        next.isGiven = answers.consent?.isGiven
        if answers.kind == .doNotContact { next.optOuts += 1 }
      default: return .refused("stale")
      }
    }
    note(actor, action.name, action.request, seen, at, next)
    return .done
  }

  mutating func lapse(at: Date) {
    guard now.state == .claimed, let until = now.until, until < at else { return }
    note("", "lapse", "lapse", generation, at, Standing(tries: now.tries, optOuts: now.optOuts))
  }

  private mutating func note(
    _ actor: String, _ action: String, _ request: String, _ seen: Int, _ at: Date, _ next: Standing
  ) {
    events.append(
      Event(
        actor: actor, action: action, request: request, seen: seen, at: at, before: now))
    now = next
    generation += 1
  }

  private func isRepeat(_ actor: String, _ seen: Int, _ action: DeskAction) -> Bool {
    let at = events.firstIndex {
      !$0.isUndone && $0.actor == actor && $0.seen == seen && $0.request == action.request
    }
    guard let at else { return false }
    let isPast = events[(at + 1)...].contains { !$0.isUndone && $0.action != "undo" }
    return !(isPast && now.holder == actor)
  }
}

@Suite("The desk, whatever three people press")
struct DeskPropertyTests {
  /// Law 6, one holder, what is stale changes nothing, what is sent twice changes nothing, an undo restores exactly,
  /// and the audit has a row for each press and each lapse.
  @Test("It does what its rules say, press by press")
  func model() async throws {
    var reached: [String: Int] = [:]
    for seed in 0..<48 {
      let trial = Trial(seed: UInt64(seed))
      try await withStore { try await trial.run($0) }
      reached.merge(trial.reached) { $0 + $1 }
    }
    for word in [
      "claim ok", "release ok", "renew ok", "pass ok", "take-over ok", "snooze ok",
      "visit-again ok", "decline ok", "outcome ok", "withdraw-consent ok", "undo ok", "keep ok",
      "lapse", "again", "claim held", "claim stale", "undo not undoable", "pass passed enough",
      "visit-again tried enough", "withdraw-consent no consent", "undone pass", "undone take-over",
      "undone outcome", "undone decline", "undone release", "undone claim", "undone snooze",
      "undone visit-again", "undone renew", "undone withdraw-consent",
    ] {
      #expect(reached[word, default: 0] > 0, "never reached: \(word)")
    }
  }
}

/// One run of presses on one opportunity, of one household or of two.
private final class Trial {
  private let people = ["ann", "bob", "dee"]
  private let seed: UInt64
  /// Two households, so that what is undone opens with both again.
  private let isJoint: Bool
  private var random: Seeded
  private var model = Model()
  private var now = noon
  private var presses = 0
  private(set) var reached: [String: Int] = [:]

  init(seed: UInt64) {
    self.seed = seed
    isJoint = seed % 3 == 0
    random = Seeded(seed)
  }

  func run(_ store: Store) async throws {
    let one = job("A1")
    var offer = opportunity([one])
    if isJoint {
      let other = job("A2", uprn: "20002").place
      offer.second = Household(address: AddressKey(other)!, place: other)
    }
    try await store.record(pass([one], verdict([offer])))
    try await bundleAll(store)
    for _ in 0..<80 {
      now += Double([1, 5, 20, 90, 700].randomElement(using: &random)!)
      if Int.random(in: 0..<60, using: &random) == 0 { now += 2 * day }
      if Int.random(in: 0..<25, using: &random) == 0 { try await lapse(store) }
      try await press(store)
    }
    let audit = try await store.audit(of: 1)
    #expect(audit.count == presses)
  }

  private func lapse(_ store: Store) async throws {
    let before = model.events.count
    model.lapse(at: now)
    let leases = try await store.leases(endingBefore: now)
    let lapsed = try await store.lapse(leases, now: now, tells: { _ in [] })
    #expect(lapsed.count == model.events.count - before)
    presses += lapsed.count
    reached["lapse", default: 0] += lapsed.count
  }

  private func press(_ store: Store) async throws {
    // Most often whoever holds it.
    let anybody = people.randomElement(using: &random)!
    var actor = Bool.random(using: &random) ? model.now.holder ?? anybody : anybody
    let generations = [
      model.generation, model.generation, model.generation, model.generation - 1, 0,
    ]
    let seen = generations.randomElement(using: &random)!
    var action = anyAction()
    // After an end little else can happen.
    if model.now.state == .done, Int.random(in: 0..<3, using: &random) == 0 { action = .undo }
    // Who passed it on does not hold it any more, and may take that back.
    let last = model.events.last { !$0.isUndone && $0.action != "undo" }
    if action == .undo, Bool.random(using: &random), let last, !last.actor.isEmpty {
      actor = last.actor
    }
    let until = now + Double(Int.random(in: 1...20, using: &random)) * hour
    let expected = model.press(actor, seen, action, until: until, at: now)
    let result = try await store.change(
      DeskChange(
        opportunity: 1, seen: seen, by: actor, action: action, now: now, until: until,
        leaders: ["ann"], channel: "smtp"))
    presses += 1
    let said: Model.Answer =
      switch result {
      case .done(let done): done.isRepeat ? .again : .done
      case .refused(let refusal): .refused(refusal.name)
      }
    if case .done(let done) = result, let undone = done.undone {
      reached["undone \(undone)", default: 0] += 1
    }
    #expect(said == expected, "seed \(seed): \(actor) \(seen) \(action)")
    switch said {
    case .done: reached["\(action.name) ok", default: 0] += 1
    case .again: reached["again", default: 0] += 1
    case .refused(let why): reached["\(action.name) \(why)", default: 0] += 1
    }
    try await compare(store, "seed \(seed), after \(actor) \(action)")
  }

  private func anyAction() -> DeskAction {
    let second = [nil, "gil"].randomElement(using: &random)!
    let today = CivilDay(noon, in: .gmt)
    let day = today.plus(Int.random(in: 1...2, using: &random))
    func consent(_ isGiven: Bool) -> ConsentAnswers {
      ConsentAnswers(
        isGiven: isGiven, scope: isGiven ? [.partner] : [], on: today, how: .byPhone, wording: "1")
    }
    // What ends it is rare, so that much happens before.
    let endings: [DeskAction] = [
      .release, .decline(why: .notSafe), .decline(why: .inTouch), .decline(why: .noReason),
      .record(OutcomeAnswers(kind: .doNotContact)),
      .record(OutcomeAnswers(kind: .accepted, consent: consent(true), knownBefore: .no)),
      .record(OutcomeAnswers(kind: .accepted, consent: consent(false))),
    ]
    if Int.random(in: 0..<12, using: &random) == 0 {
      return endings.randomElement(using: &random)!
    }
    let actions: [DeskAction] = [
      .claim(second: second), .claim(second: second), .undo, .undo, .renew,
      .pass(to: people.randomElement(using: &random)!, why: .nearer),
      .pass(to: people.randomElement(using: &random)!, why: .away),
      .takeOver(why: .agreed, second: second), .snooze(until: day),
      .visitAgain(on: day, at: .evening), .visitAgain(on: day, at: .morning),
      .keepAlthoughClosed, .withdrawConsent,
    ]
    return actions.randomElement(using: &random)!
  }

  private func compare(_ store: Store, _ what: String) async throws {
    let stored = try #require(try await store.opportunity(1))
    let claim = stored.claim
    var found = Model.Standing()
    found.state = stored.state
    found.holder = stored.holder
    found.since = stored.claimedAt
    (found.second, found.until) = (claim?.second, claim?.until)
    (found.snoozed, found.passes) = (claim?.snoozedUntil, claim?.passes ?? 0)
    found.isClosedSeen = claim?.closedSeenAt != nil
    found.outcome = stored.outcome?.kind
    found.isGiven = claim?.consent?.answers.isGiven
    found.isWithdrawn = claim?.consent?.withdrawnAt != nil
    let (tries, optOuts, open, joint) = try await store.read { db in
      (
        try String.fetchAll(db, sql: "SELECT next_on FROM visit_try ORDER BY number"),
        try Int.fetchOne(db, sql: "SELECT count(*) FROM opt_out")!,
        try Int.fetchOne(db, sql: "SELECT count(*) FROM claim WHERE ended_at IS NULL")!,
        try Int.fetchOne(db, sql: "SELECT count(*) FROM second_household")!
      )
    }
    found.tries = tries.compactMap { CivilDay($0) }
    found.optOuts = optOuts / (isJoint ? 2 : 1)
    #expect(found == model.now, "\(what)")
    #expect(stored.generation == model.generation, "\(what)")
    #expect(open == (model.now.state == .claimed ? 1 : 0), "\(what)")
    #expect(joint == (isJoint ? 1 : 0), "\(what)")
    #expect(claim == nil || claim?.holder == stored.holder, "\(what)")
  }
}
