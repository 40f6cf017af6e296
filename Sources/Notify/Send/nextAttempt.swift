import Foundation

/// How patiently a message is tried again.
package struct RetrySettings: Hashable, Sendable {
  package var firstSeconds: Double
  package var mostSeconds: Double
  package var lifetimeSeconds: Double
  /// How long a message over a channel is tried in vain before that is somebody's matter.
  package var troubleSeconds: Double

  package init(
    firstSeconds: Double = 300, mostSeconds: Double = 14_400, lifetimeSeconds: Double = 432_000,
    troubleSeconds: Double = 14_400
  ) {
    self.troubleSeconds = troubleSeconds
    self.firstSeconds = firstSeconds
    self.mostSeconds = mostSeconds
    self.lifetimeSeconds = lifetimeSeconds
  }
}

/// When to try again: the pause doubles from attempt to attempt up to its most, a fifth shorter or
/// longer by chance so that what failed together does not come back together.
/// - Parameters:
///   - attempts: made so far, the one that just failed among them.
///   - retryAfter: the other side's wish in seconds; never sooner than that.
///   - random: from 0 up to 1.
/// - Returns: `nil` where that would be after the message's lifetime, unless hardly anything has been
///   tried yet: a daemon that was down for days still tries five times.
package func nextAttempt(
  after attempts: Int, created: Date, now: Date, retryAfter: Double? = nil,
  settings: RetrySettings, random: Double
) -> Date? {
  let doubled = settings.firstSeconds * pow(2, Double(min(max(attempts, 1), 64) - 1))
  let pause = min(doubled, settings.mostSeconds) * (0.8 + 0.4 * random)
  let next = now + max(pause, retryAfter ?? 0)
  if next <= created + settings.lifetimeSeconds { return next }
  let wish = retryAfter ?? 0
  return attempts < leastAttempts && wish <= settings.lifetimeSeconds ? next : nil
}

/// Attempts before a message is given up, however old it is.
private let leastAttempts = 5
