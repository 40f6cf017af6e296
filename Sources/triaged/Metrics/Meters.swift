import Triage
import Web

/// What is counted since the daemon's start, for monitors.
struct Meters: Sendable {
  var feeds = FeedMeters()
  /// Of messages, by channel and by what came of an attempt.
  let deliveries = Tally<DeliveryCount>()
  /// Of presses on "claim", at links and on the board.
  let claims = Tally<ClaimCount>()
  let pages = Tally<WebCount>()
}

/// What came of an attempt to send something.
struct DeliveryCount: Hashable, Sendable {
  /// As the configuration calls it.
  var channel: String
  var result: Result

  enum Result: String, Hashable, Sendable, CaseIterable {
    case accepted
    /// It is tried again.
    case deferred
    /// Refused for good, or given up.
    case failed
  }
}

/// What came of a press on "claim".
enum ClaimCount: String, Hashable, Sendable, CaseIterable {
  case won
  /// It was the member's already.
  case reopened
  /// Somebody else holds it.
  case lost
  /// Withdrawn, done, or the link has ended.
  case gone
  /// The page was too old.
  case stale
  /// The member or the agency holds as many as they may.
  case tooMany = "too_many"
  /// The contact register is not in force, or forbids it; or the disk is full.
  case onHold = "on_hold"
  case pin
  /// By the rules of the team: not theirs, somebody is asked first, a second person is missing.
  case refused

  init(_ error: ClaimError) {
    self =
      switch error {
      case .heldBy: .lost
      case .withdrawn, .done, .unknown, .expired: .gone
      case .stale: .stale
      case .tooMany: .tooMany
      case .onHold, .forbidden, .noRoom: .onHold
      case .wrongPIN, .pinLocked: .pin
      case .notInTeam, .askedFirst, .needsSecond, .passedEnough, .triedEnough, .notThatDay,
        .outsideConsent, .notUndoable, .noteMade:
        .refused
      }
  }

  init(_ answer: DeskAnswer) {
    // What is opened again comes without a receipt.
    if case .claimed(_, after: .some) = answer { self = .won } else { self = .reopened }
  }
}

extension ClaimDesk {
  /// The same desk, of which each press on "claim" is counted.
  func counting(_ claims: Tally<ClaimCount>) -> ClaimDesk {
    let press = press
    return ClaimDesk(look: look) { token, what in
      guard case .claim = what.action else { return try await press(token, what) }
      do {
        let answer = try await press(token, what)
        claims.count(ClaimCount(answer))
        return answer
      } catch let error as ClaimError {
        claims.count(ClaimCount(error))
        throw error
      }
    }
  }
}

extension BoardDesk {
  /// The same desk, of which each claim in somebody's name is counted.
  func counting(_ claims: Tally<ClaimCount>) -> BoardDesk {
    var desk = self
    let press = press
    desk.press = { person, what in
      let receipt = try await press(person, what)
      guard case .claim = what.action else { return receipt }
      claims.count(.won, times: receipt.done.count)
      for refused in receipt.refused { claims.count(ClaimCount(refused.why)) }
      return receipt
    }
    return desk
  }
}
