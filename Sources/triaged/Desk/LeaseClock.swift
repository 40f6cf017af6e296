import Foundation
import Storage

/// Says which leases have ended, and takes no clock's word for it.
///
/// A lease has ended where its end has passed at two looks that are a minute apart by a clock that nobody can set
/// (monotonic). Where the wall clock has run ahead of that one by more than an hour since the look before, somebody or
/// something has set it, and nothing ends for an hour: who held something at 09:00 still holds it after a wrong date
/// was put right. A start knows of no look before, so it takes two looks as well.
struct LeaseClock: Sendable {
  private struct Key: Hashable {
    var opportunity: Int64
    var generation: Int
  }

  /// Seconds.
  static let apart = 60.0
  static let jump = 3600.0
  static let quiet = 3600.0

  /// When each was seen past its end first, on the monotonic clock.
  private var past: [Key: Double] = [:]
  private var before: (wall: Date, monotonic: Double)?
  private var quietUntil: Double?

  /// - Parameters:
  ///   - leases: those whose end lies before `now`.
  ///   - monotonic: seconds since any fixed moment.
  /// - Returns: those that have ended; and by how many seconds the wall clock has jumped ahead, where it has.
  mutating func ended(
    _ leases: [Lease], now: Date, monotonic: Double
  ) -> (ended: [Lease], jump: Double?) {
    var jumped: Double?
    if let before {
      let ahead = now.timeIntervalSince(before.wall) - (monotonic - before.monotonic)
      if ahead > Self.jump {
        jumped = ahead
        quietUntil = monotonic + Self.quiet
      }
    }
    before = (now, monotonic)
    if let quietUntil, monotonic < quietUntil {
      past = [:]
      return ([], jumped)
    }
    quietUntil = nil
    var still: [Key: Double] = [:]
    var ended: [Lease] = []
    for lease in leases where lease.until < now {
      let key = Key(opportunity: lease.opportunity, generation: lease.generation)
      let first = past[key] ?? monotonic
      still[key] = first
      if monotonic - first >= Self.apart { ended.append(lease) }
    }
    past = still
    return (ended, jumped)
  }
}
