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
    /// With ``BoardAction/back`` the ``Outing/id`` that is meant; the generation does not matter then.
    package var outing: Int64?

    package init(opportunity: Int64, generation: Int, outing: Int64? = nil) {
      self.opportunity = opportunity
      self.generation = generation
      self.outing = outing
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
  /// `second` goes along with them; `nil`: whoever did until now.
  case pass(to: String, why: PassReason, second: String? = nil)
  /// Takes it from its holder, who is told; it is open again.
  case release
  /// Those who were out on these visits have been heard of.
  case back
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
