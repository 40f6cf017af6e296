import Foundation

/// When to try a webhook again, by the schedule that Standard Webhooks 1.0.0 proposes: ten attempts over three days,
/// each pause a fifth shorter or longer by chance.
/// - Parameters:
///   - attempts: made so far, the one that just failed among them.
///   - retryAfter: the other side's wish in seconds; never sooner than that.
///   - random: from 0 up to 1.
/// - Returns: `nil` after the tenth attempt.
package func nextWebhookAttempt(
  after attempts: Int, now: Date, retryAfter: Double? = nil, random: Double
) -> Date? {
  let made = max(attempts, 1)
  guard made <= pauses.count else { return nil }
  return now + max(pauses[made - 1] * (0.8 + 0.4 * random), retryAfter ?? 0)
}

/// Seconds after the first attempt, the second …: 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 hours.
private let pauses: [Double] = [
  5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400,
]
