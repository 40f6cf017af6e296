import Foundation
import Triage

/// One attempt to tell one person one thing. A channel makes of it what its other side takes: a mail, a card, a thin
/// message.
package struct Delivery: Sendable {
  package enum Content: Hashable, Sendable {
    case digest(Digest)
    /// - Parameter isToAdmin: to who runs the service; else it goes to somebody who leads an area.
    case notice(Notice, isToAdmin: Bool)
  }

  package var content: Content
  package var identity: MailIdentity
  package var wording: Wording
  /// The moment of the round, to which the other side's wishes are added.
  package var now: Date
  /// To whom a notice is, where the team's file names them: a channel that many read says so.
  package var member: Member?
  /// The time when something is sent. An attempt may have waited long behind others since its round began.
  package var clock: @Sendable () -> Date

  package init(
    _ content: Content, identity: MailIdentity, wording: Wording, now: Date, member: Member? = nil,
    clock: @escaping @Sendable () -> Date = { .now }
  ) {
    self.content = content
    self.identity = identity
    self.wording = wording
    self.now = now
    self.member = member
    self.clock = clock
  }

  /// The same on every attempt: a UUID, lower case.
  package var id: String {
    switch content {
    case .digest(let digest): digest.id
    case .notice(let notice, _): notice.id
    }
  }

  /// The e-mail address of whom it is to.
  var address: String {
    switch content {
    case .digest(let digest): digest.recipient.email
    case .notice(let notice, _): notice.recipient
    }
  }

  /// Attempts before this one.
  var attempts: Int {
    switch content {
    case .digest(let digest): digest.attempts
    case .notice(let notice, _): notice.attempts
    }
  }

  /// The whole mail: the same bytes from the same content. Its Message-ID is the same on every attempt; what was taken
  /// or withdrawn between two attempts is not in the second.
  /// - Throws: a permanent error where it cannot be made.
  package func mail() throws(DeliveryError) -> Message {
    switch content {
    case .digest(let digest): try render(digest, identity: identity, wording: wording)
    case .notice(let notice, let isToAdmin):
      try renderNotice(notice, identity: identity, isToAdmin: isToAdmin)
    }
  }
}

/// What the other side said when it accepted. Holds no personal data.
package struct Receipt: Hashable, Sendable {
  /// An SMTP reply code or an HTTP status; `nil` where there is none.
  package var code: Int?
  package var words: String

  package init(code: Int? = nil, words: String = "") {
    self.code = code
    self.words = words
  }
}
