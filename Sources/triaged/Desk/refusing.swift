import Storage
import Triage

/// Why a press was not done.
extension LinkDesk {
  func error(
    _ refusal: DeskRefusal, _ member: Member, _ opened: Opened
  ) async -> ClaimError {
    switch refusal {
    case .heldBy(let other, let since): .heldBy(name: name(other), since: since)
    case .stale: .stale
    case .notOpen(.done):
      .done(name: name(opened.stored.holder ?? ""), at: opened.stored.endedAt ?? opened.now)
    case .notOpen: .withdrawn
    case .tooMany(let limit, let agency): .tooMany(limit: limit, agency: agency)
    case .passedEnough: .passedEnough(leaders: leaders(opened).sorted().map(name))
    case .triedEnough: .triedEnough
    case .noConsent: .outsideConsent(agency: "")
    case .notUndoable: .notUndoable
    case .noteMade: .noteMade
    }
  }
}

extension ClaimError {
  /// For the audit.
  var name: String {
    switch self {
    case .heldBy: "held"
    case .withdrawn: "withdrawn"
    case .done: "done"
    case .unknown: "unknown"
    case .expired: "expired"
    case .stale: "stale"
    case .notInTeam: "not in team"
    case .tooMany: "too many"
    case .onHold: "on hold"
    case .noRoom: "no room"
    case .askedFirst: "asked first"
    case .needsSecond: "needs second"
    case .wrongPIN: "wrong pin"
    case .pinLocked: "pin locked"
    case .passedEnough: "passed enough"
    case .triedEnough: "tried enough"
    case .notThatDay: "not that day"
    case .outsideConsent: "outside consent"
    case .notUndoable: "not undoable"
    case .noteMade: "note made"
    case .forbidden: "forbidden"
    }
  }
}
