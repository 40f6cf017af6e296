import Foundation
import Storage

/// Says which leases have ended, by a clock that is believed (``ClockWatch``): those whose end has passed at two looks
/// that are a minute apart by the machine's own clock. A clock that was wrong for a moment ends none, and a start
/// knows of no look before, so it takes two looks as well.
struct LeaseClock: Sendable {
  private struct Key: Hashable {
    var opportunity: Int64
    var generation: Int
    var until: Date
  }

  /// Seconds.
  static let apart = 60.0

  /// When each was seen past its end first, in seconds of the machine's clock.
  private var past: [Key: Double] = [:]

  /// - Parameters:
  ///   - leases: those whose end lies before `now`; others are passed over.
  ///   - seconds: of the machine's clock.
  mutating func ended(_ leases: [Lease], now: Date, seconds: Double) -> [Lease] {
    var still: [Key: Double] = [:]
    var ended: [Lease] = []
    for lease in leases where lease.until < now {
      let key = Key(
        opportunity: lease.opportunity, generation: lease.generation, until: lease.until)
      let first = past[key] ?? seconds
      still[key] = first
      if seconds - first >= Self.apart { ended.append(lease) }
    }
    past = still
    return ended
  }

  /// The clock is not believed: what was seen by it counts for nothing.
  mutating func forget() { past = [:] }
}
