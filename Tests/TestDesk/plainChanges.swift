import Foundation
import Storage
import Triage

/// What came of an attempt to claim.
package enum ClaimAttempt: Hashable, Sendable {
  case claimed(generation: Int, since: Date)
  case alreadyYours(generation: Int, since: Date)
  case heldBy(member: String, since: Date)
  case stale
  case tooMany(limit: Int, agency: String?)
  case notOpen(OpportunityState)
}

/// The changes that most tests need, without what only the desk adds.
extension Store {
  package func claim(
    opportunity: Int64, member: String, issuedTo: String, generation seen: Int,
    limits: ClaimLimits = ClaimLimits(), now: Date
  ) async throws -> ClaimAttempt {
    let result = try await change(
      DeskChange(
        opportunity: opportunity, seen: seen, by: member, action: .claim(second: nil), now: now,
        issuedTo: issuedTo, until: now.addingTimeInterval(30 * 86_400), limits: limits))
    switch result {
    case .done(let done) where done.isRepeat:
      return .alreadyYours(generation: done.generation, since: done.at)
    case .done(let done): return .claimed(generation: done.generation, since: done.at)
    case .refused(.heldBy(let member, let since)): return .heldBy(member: member, since: since)
    case .refused(.tooMany(let limit, let agency)): return .tooMany(limit: limit, agency: agency)
    case .refused(.notOpen(let state)): return .notOpen(state)
    case .refused: return .stale
    }
  }

  package func undo(
    opportunity: Int64, generation: Int, member: String, claimedSince: Date, now: Date
  ) async throws -> Bool {
    try await isDone(
      .undo, opportunity, generation, member, now: now,
      undoWindow: now.timeIntervalSince(claimedSince))
  }

  package func release(
    opportunity: Int64, generation: Int, member: String, now: Date
  ) async throws -> Bool {
    try await isDone(.release, opportunity, generation, member, now: now)
  }

  package func record(outcome: Outcome, opportunity: Int64, generation: Int) async throws -> Bool {
    let consent = outcome.consent.map {
      ConsentAnswers(
        isGiven: $0, scope: $0 ? [.support] : [], on: CivilDay(outcome.at, in: .gmt),
        how: .inPerson, wording: "1")
    }
    return try await isDone(
      .record(OutcomeAnswers(kind: outcome.kind, consent: consent)), opportunity, generation,
      outcome.by, now: outcome.at)
  }

  /// What has been held since before a moment goes back.
  package func lapse(claimedBefore: Date, now: Date) async throws -> [Int64] {
    var old: [Lease] = []
    for lease in try await leases(endingBefore: .distantFuture) {
      let stored = try await opportunity(lease.opportunity)
      if let since = stored?.claimedAt, since < claimedBefore { old.append(lease) }
    }
    return try await lapse(old, now: now, tells: { _ in [] }).map(\.opportunity)
  }

  private func isDone(
    _ action: DeskAction, _ opportunity: Int64, _ generation: Int, _ member: String, now: Date,
    undoWindow: Double = 600
  ) async throws -> Bool {
    let result = try await change(
      DeskChange(
        opportunity: opportunity, seen: generation, by: member, action: action, now: now,
        undoWindow: undoWindow))
    if case .done = result { return true }
    return false
  }
}
