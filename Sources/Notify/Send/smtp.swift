import Transfer
import Triage

/// A mail relay, and whom bounces go to.
package struct SMTPSettings: Hashable, Sendable {
  package var relay: MailRelay
  /// The envelope sender; `nil` is the message's From.
  package var bouncesTo: String?

  package init(relay: MailRelay, bouncesTo: String? = nil) {
    self.relay = relay
    self.bouncesTo = bouncesTo
  }
}

/// Hands a message to the relay, through libcurl.
func hand(_ message: Message, to settings: SMTPSettings, via transferrer: Transferrer)
  async throws(DeliveryError) -> Receipt
{
  let mail = MailHandover(
    relay: settings.relay, from: settings.bouncesTo ?? message.from, to: message.to,
    message: message.bytes)
  do {
    try await transferrer.send(mail)
    return Receipt(code: 250)
  } catch let error as TransferError {
    throw DeliveryError(
      why: error.why, permanent: error.permanent, retryAfter: error.retryAfter,
      code: error.code == 0 ? nil : error.code)
  } catch {
    throw DeliveryError(
      why: "The handover was stopped from here; the mail is sent again later.", permanent: false)
  }
}
