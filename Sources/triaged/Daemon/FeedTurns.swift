import FlareImport
import Foundation
import Synchronization

/// When each feed is polled next, by its name. Kept over a reload: who has asked for patience is not asked again because
/// somebody has edited a file.
final class FeedTurns: Sendable {
  private let turns = Mutex<[String: Turn]>([:])

  subscript(feed: String) -> Turn? {
    get { turns.withLock { $0[feed] } }
    set { turns.withLock { $0[feed] = newValue } }
  }

  /// After a failure it is polled again sooner than its cadence has it, or later where the other side wishes so.
  /// - Parameter retryAfter: that wish, in seconds.
  func fail(_ feed: Feed, at now: Date, retryAfter: Double? = nil) {
    turns.withLock {
      $0[feed.name]?.fail(
        at: now, cadence: feed.settings.cadenceSeconds, retryAfter: retryAfter,
        random: .random(in: 0..<1))
    }
  }

  /// Of those feeds the one that comes first.
  func first(of feeds: [String]) -> Turn? {
    turns.withLock { turns in feeds.compactMap { turns[$0] }.min { $0.next < $1.next } }
  }

  /// They are polled at the next round.
  func forget(_ feeds: [String]) {
    turns.withLock { turns in for feed in feeds { turns[feed] = nil } }
  }
}
