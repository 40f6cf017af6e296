import Foundation

/// All that the pages behind a sign-in can ask and do. Handed to Web as a value.
///
/// A session is told by its secret, of which the store knows the SHA-256 alone, or by the name that a trusted
/// proxy gives (``Visitor/proxyMember``).
package struct BoardDesk: Sendable {
  /// Somebody asks for a link to sign in. Says nothing about whether the address is known.
  ///
  /// - Parameter browser: the secret that the browser has from asking before.
  /// - Returns: the secret by which the browser is known again that asked: the link needs nothing else there.
  package var ask:
    @Sendable (_ email: String, _ browser: String?, _ visitor: Visitor) async throws -> String
  /// Whether a link to sign in is good. Changes nothing.
  package var look: @Sendable (_ token: String) async throws -> SignInLink
  /// Uses it up, on a press of its button. Refuses with ``BoardError/badLink``, and with ``BoardError/needsAddress`` in
  /// another browser than the one that asked: a mail scanner that presses every button comes no further.
  package var enter:
    @Sendable (_ token: String, _ from: SignInPress, _ visitor: Visitor) async throws -> NewSession
  /// Whose session it is; refuses with ``BoardError/signedOut``, and with ``BoardError/notYours`` where a proxy names
  /// somebody who leads nothing. Used within the idle time it goes on.
  package var who: @Sendable (_ session: String?, _ visitor: Visitor) async throws -> SignedIn
  package var leave: @Sendable (_ session: String) async throws -> Void
  /// For admins: ends every session and every link to sign in. - Returns: how many sessions ended.
  package var signEverybodyOut: @Sendable (_ by: SignedIn) async throws -> Int
  package var board: @Sendable (_ by: SignedIn, _ area: String) async throws -> BoardView
  package var press: @Sendable (_ by: SignedIn, _ press: BoardPress) async throws -> BoardReceipt
  /// For admins.
  package var status: @Sendable (_ by: SignedIn) async throws -> BoardStatus

  package init(
    ask: @escaping @Sendable (String, String?, Visitor) async throws -> String,
    look: @escaping @Sendable (String) async throws -> SignInLink,
    enter: @escaping @Sendable (String, SignInPress, Visitor) async throws -> NewSession,
    who: @escaping @Sendable (String?, Visitor) async throws -> SignedIn,
    leave: @escaping @Sendable (String) async throws -> Void,
    signEverybodyOut: @escaping @Sendable (SignedIn) async throws -> Int,
    board: @escaping @Sendable (SignedIn, String) async throws -> BoardView,
    press: @escaping @Sendable (SignedIn, BoardPress) async throws -> BoardReceipt,
    status: @escaping @Sendable (SignedIn) async throws -> BoardStatus
  ) {
    self.ask = ask
    self.look = look
    self.enter = enter
    self.who = who
    self.leave = leave
    self.signEverybodyOut = signEverybodyOut
    self.board = board
    self.press = press
    self.status = status
  }
}

package enum BoardError: Error, Hashable, Sendable {
  /// No session, or one that has ended.
  case signedOut
  /// The link was used, has ended, or never was: told alike.
  case badLink
  /// It is good, and this is not the browser that asked for it: whose it is types their address once more.
  case needsAddress
  /// Signed in, and this area (or the admin's page) is not theirs.
  case notYours
  case onHold(why: String)
}

/// Who presses the button of a link to sign in.
package struct SignInPress: Hashable, Sendable {
  /// What ``BoardDesk/ask`` gave the browser.
  package var browser: String?
  /// As it was typed, in another browser.
  package var email: String
  /// The secret of the session that the browser has had until now: it ends.
  package var former: String?

  package init(browser: String? = nil, email: String = "", former: String? = nil) {
    self.browser = browser
    self.email = email
    self.former = former
  }
}

package struct SignInLink: Hashable, Sendable {
  /// The name of whoever it was made for.
  package var name: String
  package var until: Date

  package init(name: String, until: Date) {
    self.name = name
    self.until = until
  }
}

package struct NewSession: Hashable, Sendable {
  /// For the cookie: 128 bits or more, in base64url.
  package var secret: String
  package var until: Date

  package init(secret: String, until: Date) {
    self.secret = secret
    self.until = until
  }
}

/// Somebody with a session. Forms are bound to `session`.
package struct SignedIn: Hashable, Sendable {
  /// A member's id; the admin's is ``admin``.
  package var member: String
  package var name: String
  /// Ids and names of the areas that they lead.
  package var areas: [Area]
  package var isAdmin: Bool
  /// The SHA-256 of the session's secret as hexadecimal digits, or `proxy:` and the member.
  package var session: String
  /// From where this request comes.
  package var network: Visitor.Network

  /// Of an admin who is no member. No member's id begins like it.
  package static let admin = "(admin)"

  package struct Area: Hashable, Sendable {
    package var id: String
    package var name: String

    package init(id: String, name: String) {
      self.id = id
      self.name = name
    }
  }

  package init(
    member: String, name: String, areas: [Area], isAdmin: Bool, session: String,
    network: Visitor.Network = .unknown
  ) {
    self.network = network
    self.member = member
    self.name = name
    self.areas = areas
    self.isAdmin = isAdmin
    self.session = session
  }
}

/// What a leader does on the board, for one opportunity or for many.
package struct BoardPress: Hashable, Sendable {
  package var area: String
  package var items: [Item]
  package var action: BoardAction
  package var visitor: Visitor

  package struct Item: Hashable, Sendable {
    package var opportunity: Int64
    /// Of the page that was used.
    package var generation: Int

    package init(opportunity: Int64, generation: Int) {
      self.opportunity = opportunity
      self.generation = generation
    }
  }

  package init(area: String, items: [Item], action: BoardAction, visitor: Visitor = Visitor()) {
    self.area = area
    self.items = items
    self.action = action
    self.visitor = visitor
  }
}

package enum BoardAction: Hashable, Sendable {
  /// After a meeting: claimed in the name of a member, who is told.
  case claim(for: String, second: String?)
  case pass(to: String, why: PassReason)
  /// Takes it from its holder, who is told; it is open again.
  case release
  /// Ends the links of these, whoever has them.
  case revokeLinks
}

/// What came of each.
package struct BoardReceipt: Hashable, Sendable {
  package var done: [Int64]
  /// Why not.
  package var refused: [Refusal]

  package struct Refusal: Hashable, Sendable {
    package var opportunity: Int64
    package var why: ClaimError

    package init(opportunity: Int64, why: ClaimError) {
      self.opportunity = opportunity
      self.why = why
    }
  }

  package init(done: [Int64], refused: [Refusal]) {
    self.done = done
    self.refused = refused
  }
}

/// An area as its leader sees it: streets, never a house number.
package struct BoardView: Hashable, Sendable {
  package var area: SignedIn.Area
  package var now: Date
  /// Why nothing can be claimed or told at the moment; `nil`: the contact register is in force.
  package var onHold: String?
  package var paused: String?
  package var open: [BoardLine]
  package var held: [BoardLine]
  /// Above the line, without a place this week.
  package var waiting: [BoardLine]
  package var belowTheLine: [BoardLine]
  /// Of the last 14 days.
  package var done: [BoardLine]
  package var capacity: Int
  package var usedThisWeek: Int
  package var feeds: [FeedLine]
  /// An SVG without words but the names of areas, in which the lines stand at the numbers of ``BoardLine/number``;
  /// `nil`: none could be drawn.
  package var map: String?
  /// Those who may claim.
  package var members: [Member]
  package var needsSecond: Bool

  package init(
    area: SignedIn.Area, now: Date, onHold: String?, paused: String?, open: [BoardLine],
    held: [BoardLine], waiting: [BoardLine], belowTheLine: [BoardLine], done: [BoardLine],
    capacity: Int, usedThisWeek: Int, feeds: [FeedLine], map: String?, members: [Member],
    needsSecond: Bool
  ) {
    self.area = area
    self.now = now
    self.onHold = onHold
    self.paused = paused
    self.open = open
    self.held = held
    self.waiting = waiting
    self.belowTheLine = belowTheLine
    self.done = done
    self.capacity = capacity
    self.usedThisWeek = usedThisWeek
    self.feeds = feeds
    self.map = map
    self.members = members
    self.needsSecond = needsSecond
  }
}

package struct BoardLine: Hashable, Sendable {
  /// `nil`: not stored yet, or below the line.
  package var opportunity: Int64?
  package var generation: Int
  /// Of its square on the map, which lines nearby share; `nil`: not on it.
  package var number: Int?
  package var whereabouts: String
  package var jobType: String
  package var offer: OfferKind
  package var since: Date
  package var points: Int
  package var band: String
  package var isDrawn: Bool
  package var isJoint: Bool
  package var reasons: [Reason]
  package var holder: Member?
  package var second: Member?
  package var heldSince: Date?
  package var heldUntil: Date?
  package var snoozedUntil: CivilDay?
  /// Only of what says nothing of what somebody at the door has said; `nil` of all else that is done.
  package var outcome: OutcomeKind?
  package var endedAt: Date?
  /// Why it stands where it stands, where that is not plain.
  package var why: String?

  package init(
    opportunity: Int64?, generation: Int = 0, number: Int? = nil, whereabouts: String,
    jobType: String, offer: OfferKind, since: Date, points: Int, band: String,
    isDrawn: Bool = false, isJoint: Bool = false, reasons: [Reason] = [], holder: Member? = nil,
    second: Member? = nil, heldSince: Date? = nil, heldUntil: Date? = nil,
    snoozedUntil: CivilDay? = nil, outcome: OutcomeKind? = nil, endedAt: Date? = nil,
    why: String? = nil
  ) {
    self.opportunity = opportunity
    self.generation = generation
    self.number = number
    self.whereabouts = whereabouts
    self.jobType = jobType
    self.offer = offer
    self.since = since
    self.points = points
    self.band = band
    self.isDrawn = isDrawn
    self.isJoint = isJoint
    self.reasons = reasons
    self.holder = holder
    self.second = second
    self.heldSince = heldSince
    self.heldUntil = heldUntil
    self.snoozedUntil = snoozedUntil
    self.outcome = outcome
    self.endedAt = endedAt
    self.why = why
  }
}

/// "The list came at 07:55: 312 rows, 14 in New Cross, 2 not located."
package struct FeedLine: Hashable, Sendable {
  package var name: String
  /// When the newest list came; `nil`: none yet.
  package var cameAt: Date?
  package var rows: Int
  /// In the board's area; on the admin's page, in any.
  package var inArea: Int
  package var notLocated: Int
  package var unreadable: Int
  /// What is wrong with it, as sentences.
  package var troubles: [String]

  package init(
    name: String, cameAt: Date?, rows: Int, inArea: Int, notLocated: Int, unreadable: Int,
    troubles: [String]
  ) {
    self.name = name
    self.cameAt = cameAt
    self.rows = rows
    self.inArea = inArea
    self.notLocated = notLocated
    self.unreadable = unreadable
    self.troubles = troubles
  }
}

/// The instance as its admin sees it.
package struct BoardStatus: Hashable, Sendable {
  package var now: Date
  package var startedAt: Date?
  package var isReady: Bool
  /// What is the matter, as sentences; empty: nothing.
  package var matters: [String]
  package var feeds: [FeedLine]
  package var areas: [AreaLine]
  /// How many are signed in.
  package var sessions: Int
  /// What was owed and not accepted yet, and what was refused for good.
  package var mailsPending: Int
  package var mailsFailed: Int
  package var rulesVersion: String

  package struct AreaLine: Hashable, Sendable {
    package var area: SignedIn.Area
    package var open: Int
    package var held: Int
    package var waiting: Int
    package var paused: String?

    package init(area: SignedIn.Area, open: Int, held: Int, waiting: Int, paused: String?) {
      self.area = area
      self.open = open
      self.held = held
      self.waiting = waiting
      self.paused = paused
    }
  }

  package init(
    now: Date, startedAt: Date?, isReady: Bool, matters: [String], feeds: [FeedLine],
    areas: [AreaLine], sessions: Int, mailsPending: Int, mailsFailed: Int, rulesVersion: String
  ) {
    self.sessions = sessions
    self.now = now
    self.startedAt = startedAt
    self.isReady = isReady
    self.matters = matters
    self.feeds = feeds
    self.areas = areas
    self.mailsPending = mailsPending
    self.mailsFailed = mailsFailed
    self.rulesVersion = rulesVersion
  }
}
