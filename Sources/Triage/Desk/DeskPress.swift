/// One press of a button at a claim link.
package struct DeskPress: Hashable, Sendable {
  /// Whose name was picked, or whom a trusted proxy names: a member's id.
  package var member: String
  /// As it was typed, where the team file gives the member one.
  package var pin: String
  /// Of the page that was used: ``Offer/generation`` for a claim or a take-over, ``Receipt/Undo/generation`` or
  /// ``Claim/generation`` for an undo, else ``Claim/generation``. A page that is older changes nothing.
  package var generation: Int
  package var action: DeskAction
  package var visitor: Visitor
  /// The page that was used came to this member alone, after their name (and PIN): its form says so, and no PIN is
  /// asked again.
  package var isProven = false

  package init(
    member: String, pin: String = "", generation: Int, action: DeskAction,
    visitor: Visitor = Visitor()
  ) {
    self.member = member
    self.pin = pin
    self.generation = generation
    self.action = action
    self.visitor = visitor
  }
}

/// What is known of whoever sends a request, for the audit and for limits.
package struct Visitor: Hashable, Sendable {
  /// Who it is by a reverse proxy's word: a member's id; `nil` where no trusted proxy says so.
  package var proxyMember: String?
  /// The kind of network only: an address would say where somebody lives.
  package var network: Network

  package enum Network: String, Hashable, Sendable, CaseIterable {
    case thisMachine = "this machine"
    case `private` = "a private network"
    case `public` = "the internet"
    case unknown
  }

  package init(proxyMember: String? = nil, network: Network = .unknown) {
    self.proxyMember = proxyMember
    self.network = network
  }
}

/// All that can be done at a claim link. But for ``claim(second:)`` and ``takeOver(why:second:)`` it is the holder's; who
/// leads the area may take a consent back. What else a leader does with what others hold, they do on the board.
package enum DeskAction: Hashable, Sendable {
  /// Takes it, or opens again what this member holds. `second` goes along.
  case claim(second: String?)
  /// Takes back this member's last change here, as if it had not been, within the undo window.
  case undo
  case release
  /// Holds it until the end of the next working day from now.
  case renew
  /// `second` goes along with the other; `nil`: whoever went along until now, where that is somebody else.
  case pass(to: String, why: PassReason, second: String? = nil)
  /// From whoever holds it, who is told.
  case takeOver(why: TakeOverReason, second: String?)
  /// Held, and nothing is due before the day.
  case snooze(until: CivilDay)
  case decline(why: DeclineReason)
  /// Nobody answered: again on a day, at another time of day.
  case visitAgain(on: CivilDay, at: PartOfDay)
  /// On the way to the visit: back in so many minutes, one of ``Outing/minutes``. Whoever is out already gives
  /// another time.
  case setOut(minutes: Int)
  /// Back from a visit, one ``Outing/id``: whatever has become of the claim since.
  case back(outing: Int64)
  /// Seen that the council has closed the job; the claim goes on.
  case keepAlthoughClosed
  case record(OutcomeAnswers)
  /// The resident has taken the consent back, also after the outcome.
  case withdrawConsent
  /// A note for one agency, inside the consent's scope only. The agency's name.
  case handOff(to: String)
  /// To print.
  case sheet
  /// A calendar file (RFC 5545) for the visit.
  case calendar(on: CivilDay, at: PartOfDay)

  /// For audit and journal.
  package var name: String {
    switch self {
    case .claim: "claim"
    case .undo: "undo"
    case .release: "release"
    case .renew: "renew"
    case .pass: "pass"
    case .takeOver: "take-over"
    case .snooze: "snooze"
    case .decline: "decline"
    case .visitAgain: "visit-again"
    case .setOut: "set-out"
    case .back: "back"
    case .keepAlthoughClosed: "keep"
    case .record: "outcome"
    case .withdrawConsent: "withdraw-consent"
    case .handOff: "hand-off"
    case .sheet: "sheet"
    case .calendar: "calendar"
    }
  }
}

extension DeskAction {
  /// The action with all its answers, by which the same press is told from another one. Of an outcome it has what was
  /// said at the door: it is kept for as long as the outcome, and goes with it when that is undone.
  package var request: String {
    func line(_ parts: String?...) -> String {
      ([name] + parts.map { $0 ?? "-" }).joined(separator: " ")
    }
    return switch self {
    case .claim(let second): line(second)
    case .pass(let to, let why, let second): line(to, why.rawValue, second)
    case .takeOver(let why, let second): line(why.rawValue, second)
    case .snooze(let until): line(until.description)
    case .decline(let why): line(why.rawValue)
    case .visitAgain(let on, let at), .calendar(let on, let at): line(on.description, at.rawValue)
    case .record(let answers):
      line(
        answers.kind.rawValue, answers.consent?.line, answers.knownBefore?.rawValue,
        answers.lineThatMattered)
    case .setOut(let minutes): line(String(minutes))
    case .back(let outing): line(String(outing))
    case .handOff(let to): line(to)
    case .undo, .release, .renew, .keepAlthoughClosed, .withdrawConsent, .sheet: name
    }
  }
}

extension ConsentAnswers {
  fileprivate var line: String {
    let classes = scope.map(\.rawValue).sorted().joined(separator: ",")
    let homes = households.sorted().map(String.init).joined(separator: ",")
    return [isGiven ? "yes" : "no", classes, on.description, how.rawValue, wording, homes]
      .joined(separator: " ")
  }
}

package enum PassReason: String, Hashable, Sendable, Codable, CaseIterable {
  /// Works or lives nearer by.
  case nearer
  /// Has been there before.
  case knowsThem = "knows_them"
  case otherService = "other_service"
  case tooMuch = "too_much"
  case away

  package var inWords: String {
    switch self {
    case .nearer: "you are nearer"
    case .knowsThem: "you have been there before"
    case .otherService: "it is for your service"
    case .tooMuch: "too much at a time"
    case .away: "away"
    }
  }
}

package enum TakeOverReason: String, Hashable, Sendable, Codable, CaseIterable {
  case holderAway = "holder_away"
  case agreed
  case knowsThem = "knows_them"
  case urgent

  package var inWords: String {
    switch self {
    case .holderAway: "you are away"
    case .agreed: "as agreed with you"
    case .knowsThem: "they have been there before"
    case .urgent: "it is urgent"
    }
  }
}

package enum DeclineReason: String, Hashable, Sendable, Codable, CaseIterable {
  /// Another service is in touch already.
  case inTouch = "in_touch"
  case wrongAddress = "wrong_address"
  case notADwelling = "not_a_dwelling"
  case notSafe = "not_safe"
  case noReason = "no_reason"

  package var inWords: String {
    switch self {
    case .inTouch: "another service is in touch already"
    case .wrongAddress: "wrong address"
    case .notADwelling: "nobody lives there"
    case .notSafe: "not safe"
    case .noReason: "no reason to call"
    }
  }
}

/// When on a day; hours are of civil time.
package enum PartOfDay: String, Hashable, Sendable, Codable, CaseIterable {
  /// 09:00 to 12:00.
  case morning
  /// 12:00 to 17:00.
  case afternoon
  /// 17:00 to 19:00.
  case evening

  package init(hour: Int) {
    self = hour < 12 ? .morning : hour < 17 ? .afternoon : .evening
  }

  package var hours: Range<Int> {
    switch self {
    case .morning: 9..<12
    case .afternoon: 12..<17
    case .evening: 17..<19
    }
  }
}

/// What was answered on the outcome's pages.
package struct OutcomeAnswers: Hashable, Sendable {
  package var kind: OutcomeKind
  /// Only with ``OutcomeKind/accepted``.
  package var consent: ConsentAnswers?
  package var knownBefore: KnownBefore?
  /// The code of the reason that mattered most, or ``noLine``.
  package var lineThatMattered: String?

  package static let noLine = "none"

  package init(
    kind: OutcomeKind, consent: ConsentAnswers? = nil, knownBefore: KnownBefore? = nil,
    lineThatMattered: String? = nil
  ) {
    self.kind = kind
    self.consent = consent
    self.knownBefore = knownBefore
    self.lineThatMattered = lineThatMattered
  }
}

/// Whether the holder's own service knew the household before.
package enum KnownBefore: String, Hashable, Sendable, Codable, CaseIterable {
  case yes, no
  case notSure = "not_sure"
}
