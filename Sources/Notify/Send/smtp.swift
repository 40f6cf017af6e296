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
  /// A Maildir in which bounces arrive; read, and moved to its `cur`, by the deliver loop.
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
///
/// Another relay is asked only where the one before has a passing trouble and cannot have the message: after its
/// body was begun without an answer a second relay might make two mails of it.
func hand(_ message: Message, to settings: SMTPSettings, via transferrer: Transferrer)
  async throws(DeliveryError) -> Receipt
{
  let clock = ContinuousClock()
  let end = clock.now + .seconds(settings.totalSeconds)
  var failures: [TransferError] = []
  for (position, relay) in settings.relays.enumerated() {
    // A relay that hangs leaves those behind it their share of the time.
    let left = (end - clock.now) / .seconds(1)
    var relay = relay
    relay.totalSeconds = min(
      relay.totalSeconds, max(left, 0.1) / Double(settings.relays.count - position))
    relay.connectSeconds = min(relay.connectSeconds, relay.totalSeconds)
    do {
      let answer = try await transferrer.send(
        MailHandover(
          relay: relay, from: settings.envelopeSender(of: message), to: message.to,
          message: message.bytes))
      return Receipt(code: answer.code, words: answer.words)
    } catch let error as TransferError {
      failures.append(error)
      if error.permanent || error.mayBeTaken || left <= 0 { break }
    } catch {
      throw DeliveryError(
        why: "The handover was stopped from here; the mail is sent again later.", permanent: false)
    }
  }
  guard let last = failures.last else {
    throw DeliveryError(why: "The channel has no relay.", permanent: false)
  }
  throw DeliveryError(
    why: failures.map(\.why).joined(separator: " "), permanent: last.permanent,
    retryAfter: last.retryAfter, code: last.code == 0 ? nil : last.code)
}
