import Foundation
import Transfer
import Triage

/// A way for a message to reach a member. A channel is one case here and one file beside it.
package enum Channel: Hashable, Sendable {
  case smtp(SMTPSettings)
  case maildir(MaildirSettings)
  case webhook(WebhookSettings)
  /// Through a flow's address.
  case teams(URLFileSettings)
  /// Through an incoming webhook's address.
  case slack(URLFileSettings)
  case govukNotify(GOVUKNotifySettings)

  /// Returns only after the other side has accepted the message.
  ///
  /// After an error that is not permanent it may have it nevertheless; a second attempt bears the
  /// same id.
  /// - Returns: what the other side said to it.
  @discardableResult
  package func send(
    _ delivery: Delivery, via transferrer: Transferrer
  ) async throws(DeliveryError) -> Receipt {
    switch self {
    case .smtp(let settings):
      try await hand(try delivery.mail(), to: settings, via: transferrer)
    case .maildir(let settings):
      try store(try delivery.mail(), in: settings)
    case .webhook(let settings):
      try await post(delivery, to: settings, via: transferrer)
    case .teams(let settings):
      try await postToTeams(delivery, settings, via: transferrer)
    case .slack(let settings):
      try await postToSlack(delivery, settings, via: transferrer)
    case .govukNotify(let settings):
      try await post(delivery, to: settings, via: transferrer)
    }
  }

  /// When to try again, in the way that the other side expects; as ``Notify/nextAttempt(after:created:now:retryAfter:settings:random:)``
  /// but for webhooks, which have a schedule of their own.
  /// - Returns: `nil`: not any more.
  package func nextAttempt(
    after attempts: Int, created: Date, now: Date, retryAfter: Double? = nil,
    settings: RetrySettings, random: Double
  ) -> Date? {
    switch self {
    case .webhook:
      nextWebhookAttempt(after: attempts, now: now, retryAfter: retryAfter, random: random)
    case .smtp, .maildir, .teams, .slack, .govukNotify:
      Notify.nextAttempt(
        after: attempts, created: created, now: now, retryAfter: retryAfter, settings: settings,
        random: random)
    }
  }
}
