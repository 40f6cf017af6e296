import Logging
import Synchronization
import Triage

/// Counts what is refused before any desk is asked, and tells the journal of it, at most once a minute: who floods
/// the pages must not flood the journal too.
final class RefusalTally: Sendable {
  /// What somebody may do to us on purpose, and the journal tells of.
  enum Refusal: String, CaseIterable {
    case tooOften = "over the limits"
    case foreign = "forms from elsewhere"

    var reason: WebCount.Reason {
      switch self {
      case .tooOften: .tooOften
      case .foreign: .foreignForm
      }
    }
  }

  private let logger: Logger
  /// Of all that is refused, for monitors.
  let counts: Tally<WebCount>
  /// Seconds of a clock that is never set.
  private let ticks: @Sendable () -> Double
  private let state = Mutex<(counts: [Refusal: Int], next: Double)>(([:], -.infinity))

  /// Seconds between two lines.
  static let apart = 60.0

  init(_ logger: Logger, counts: Tally<WebCount>, ticks: @escaping @Sendable () -> Double) {
    self.logger = logger
    self.counts = counts
    self.ticks = ticks
  }

  /// The first is told at once, those of the minute behind it together with the next one.
  func count(_ refusal: Refusal) {
    counts.count(.refused(refusal.reason))
    let now = ticks()
    let told: [Refusal: Int]? = state.withLock { state in
      state.counts[refusal, default: 0] += 1
      guard now >= state.next else { return nil }
      state.next = now + Self.apart
      defer { state.counts = [:] }
      return state.counts
    }
    guard let told else { return }
    let counts = Refusal.allCases.compactMap { refusal in
      told[refusal].map { "\($0) \(refusal.rawValue)" }
    }
    logger.notice(
      "Requests to the pages were refused. What is refused within the next minute is told with the first behind it.",
      metadata: ["requests": "\(counts.joined(separator: ", "))"])
  }
}
