import Foundation
import Transfer
import Triage

/// Mail relays, and whom bounces go to.
package struct SMTPSettings: Hashable, Sendable {
  /// Tried in this order; one at least.
  package var relays: [MailRelay]
  /// The envelope sender; `nil` is the message's From.
  package var bouncesTo: String?
  /// Whether each message has an envelope sender of its own, `name+<id>@domain`, so that a bounce of whatever form
  /// tells what it is of.
  package var bounceTag: Bool
  /// A Maildir in which bounces arrive; those that are understood are moved to its `cur`.
  package var bounceMaildir: String?
  /// For one attempt at one message, over all relays.
  package var totalSeconds: Double

  package init(
    relays: [MailRelay], bouncesTo: String? = nil, bounceTag: Bool = false,
    bounceMaildir: String? = nil, totalSeconds: Double = 60
  ) {
    self.relays = relays
    self.bouncesTo = bouncesTo
    self.bounceTag = bounceTag
    self.bounceMaildir = bounceMaildir
    self.totalSeconds = totalSeconds
  }

  package init(relay: MailRelay, bouncesTo: String? = nil) {
    self.init(relays: [relay], bouncesTo: bouncesTo, totalSeconds: relay.totalSeconds)
  }

  /// The longest that a part of an address before the `@` may be for a tag to fit behind it (RFC 5321, 4.5.3.1.1:
  /// 64 octets; a plus sign and a UUID take 37).
  package static let longestTagged = 27

  /// The address to which bounces of a message go.
  func envelopeSender(of message: Message) -> String {
    let sender = bouncesTo ?? message.from
    guard bounceTag, let at = sender.lastIndex(of: "@") else { return sender }
    return sender[..<at] + "+" + message.id.prefix { $0 != "@" } + sender[at...]
  }
}

/// Hands a message to the first relay that takes it, through libcurl.
func hand(_ message: Message, to settings: SMTPSettings, via transferrer: Transferrer)
  async throws(DeliveryError) -> Receipt
{
  guard let first = settings.relays.first else {
    throw DeliveryError(why: "The channel has no relay.", permanent: false)
  }
  do {
    let answer = try await transferrer.send(
      MailHandover(
        relay: first, from: settings.envelopeSender(of: message), to: message.to,
        message: message.bytes),
      backups: Array(settings.relays.dropFirst()), totalSeconds: settings.totalSeconds)
    return Receipt(code: answer.code, words: answer.words)
  } catch let error as TransferError {
    throw DeliveryError(
      why: error.why, permanent: error.permanent, retryAfter: error.retryAfter,
      code: error.code == 0 ? nil : error.code)
  } catch {
    throw DeliveryError(
      why: "The handover was stopped from here; the mail is sent again later.", permanent: false)
  }
}
