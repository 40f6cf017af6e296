import Foundation
import Notify
import Synchronization
import Triage

/// Channels whose other side has said that it is gone for good (HTTP 410): nothing more is said to them until the
/// next start or reload. Kept in memory alone, since whoever mends the configuration reloads the service. What is owed
/// through it meanwhile waits as it does for a channel that is out of reach.
final class ClosedChannels: Sendable {
  private let names = Mutex<Set<String>>([])

  func close(_ channel: String) { _ = names.withLock { $0.insert(channel) } }

  /// What every message through a closed channel meets; `nil` for one that is open.
  func error(_ channel: String) -> DeliveryError? {
    guard names.withLock({ $0.contains(channel) }) else { return nil }
    return DeliveryError(
      why:
        "The channel's other side is gone for good; it is not asked again before the next start or reload.",
      permanent: false)
  }
}

extension Configuration {
  /// When a message is tried again, in the way of its channel.
  func nextAttempt(
    through channel: String, after attempts: Int, created: Date, now: Date, retryAfter: Double?
  ) -> Date? {
    let random = Double.random(in: 0..<1)
    guard let channel = channels[channel] else {
      return Notify.nextAttempt(
        after: attempts, created: created, now: now, retryAfter: retryAfter, settings: retry,
        random: random)
    }
    return channel.nextAttempt(
      after: attempts, created: created, now: now, retryAfter: retryAfter, settings: retry,
      random: random)
  }
}
