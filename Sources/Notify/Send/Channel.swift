import Foundation
import Transfer
import Triage

/// A way for a message to reach a member. A channel is one case here and one file beside it.
package enum Channel: Hashable, Sendable {
  case smtp(SMTPSettings)
  case maildir(MaildirSettings)

  /// Returns only after the other side has accepted the message.
  ///
  /// After an error that is not permanent it may have it nevertheless; a second attempt bears the
  /// same Message-ID.
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
    }
  }
}
