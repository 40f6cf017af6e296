import Foundation
import Triage

/// One change at the claim desk: who wants what, by which rules, and what is owed with it.
package struct DeskChange: Sendable {
  package var opportunity: Int64
  /// The generation of the page that was used.
  package var seen: Int
  /// A member's id.
  package var by: String
  package var action: DeskAction
  package var now: Date
  /// How the press came in, for the audit.
  package var mark: AuditMark
  /// To whom the link was sent that was used; a member's id.
  package var issuedTo: String
  /// When the lease ends that this gives.
  package var until: Date?
  /// What whoever would hold it then, and their agency, may hold.
  package var limits: ClaimLimits
  /// The same of whoever would hold it again after an undo.
  package var limitsOf: @Sendable (_ member: String) -> ClaimLimits
  /// How often one may be passed on before it goes to ``leaders`` alone.
  package var mostPasses: Int
  /// Tries at the door.
  package var mostTries: Int
  package var leaders: Set<String>
  /// Somebody who leads the area: may pass on and give back what others hold, and withdraw a consent.
  package var isByLeader: Bool
  /// Of a claim by a leader: for whom. ``issuedTo`` is theirs too, and whoever claims for them may take it back.
  package var holder: String?
  /// The channel of the one to whom it is passed, or for whom it is claimed: they get a link of their own.
  package var channel: String?
  /// Owed if it is done.
  package var tells: [Notice]
  /// For how long it can be taken back, in seconds.
  package var undoWindow: Double
  /// The mail that takes back what a mail has told that may have gone out, to the same recipient.
  package var takesBack: @Sendable (_ told: Notice) -> Notice
  /// The same of a link that was sent to a member.
  package var takesBackLink: @Sendable (_ member: String) -> Notice?

  package init(
    opportunity: Int64, seen: Int, by: String, action: DeskAction, now: Date,
    mark: AuditMark = AuditMark(), issuedTo: String? = nil, until: Date? = nil,
    limits: ClaimLimits = ClaimLimits(), mostPasses: Int = 2, mostTries: Int = 3,
    leaders: Set<String> = [], isByLeader: Bool = false, holder: String? = nil,
    channel: String? = nil,
    tells: [Notice] = [], undoWindow: Double = 600,
    takesBack: @escaping @Sendable (Notice) -> Notice = { $0 },
    takesBackLink: @escaping @Sendable (String) -> Notice? = { _ in nil },
    limitsOf: @escaping @Sendable (String) -> ClaimLimits = { _ in ClaimLimits() }
  ) {
    self.limitsOf = limitsOf
    self.opportunity = opportunity
    self.seen = seen
    self.by = by
    self.action = action
    self.now = now
    self.mark = mark
    self.issuedTo = issuedTo ?? by
    self.until = until
    self.limits = limits
    self.mostPasses = mostPasses
    self.mostTries = mostTries
    self.leaders = leaders
    self.isByLeader = isByLeader
    self.holder = holder
    self.channel = channel
    self.tells = tells
    self.undoWindow = undoWindow
    self.takesBack = takesBack
    self.takesBackLink = takesBackLink
  }
}

/// What came of a change. Nothing is written of a refused one but its row in the audit.
package enum DeskResult: Hashable, Sendable {
  case done(DeskDone)
  case refused(DeskRefusal)
}

package struct DeskDone: Hashable, Sendable {
  /// ``DeskAction/name``.
  package var action: String
  /// Of the opportunity, afterwards.
  package var generation: Int
  /// When it was done: of what was sent twice, the first time.
  package var at: Date
  /// The end of the lease that it gave.
  package var until: Date?
  /// It had been done before, or the member holds it already: nothing was changed.
  package var isRepeat: Bool
  /// Of an undo: what was taken back.
  package var undone: String?
}

package enum DeskRefusal: Hashable, Sendable {
  case heldBy(member: String, since: Date)
  /// The page is older than what it speaks of, or it is not the member's.
  case stale
  /// Waiting, done or withdrawn. What is not there at all is told as withdrawn.
  case notOpen(OpportunityState)
  /// The member holds as many as one may hold, or (with its name) the member's agency does.
  case tooMany(limit: Int, agency: String?)
  case passedEnough
  case triedEnough
  /// There is none that could be withdrawn.
  case noConsent
  case notUndoable
  /// The outcome cannot be undone: another service has a note of it.
  case noteMade

  /// For the audit.
  package var name: String {
    switch self {
    case .heldBy: "held"
    case .stale: "stale"
    case .notOpen: "not open"
    case .tooMany: "too many"
    case .passedEnough: "passed enough"
    case .triedEnough: "tried enough"
    case .noConsent: "no consent"
    case .notUndoable: "not undoable"
    case .noteMade: "note made"
    }
  }
}

extension DeskAction {
  /// What a member can take back for a while.
  package static let undoable: Set<String> = [
    "claim", "release", "pass", "take-over", "snooze", "renew", "visit-again", "decline",
    "outcome", "withdraw-consent",
  ]
}
