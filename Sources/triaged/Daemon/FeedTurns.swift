import FlareImport
import Foundation
import Synchronization

/// When each feed is polled next. Kept over a reload: who has asked for patience is not asked again because somebody has
/// edited a file.
///
/// A turn is of a feed's settings: a round that has begun by others, and ends behind the reload, gives no turn to these.
final class FeedTurns: Sendable {
  private let turns = Mutex<[FeedSettings: Turn]>([:])

  subscript(feed: Feed) -> Turn? {
    get { turns.withLock { $0[feed.settings] } }
    set { turns.withLock { $0[feed.settings] = newValue } }
  }

  /// After a failure it is polled again sooner than its cadence has it, or later where the other side wishes so.
  /// - Parameter retryAfter: that wish, in seconds.
  func fail(_ feed: Feed, at now: Date, retryAfter: Double? = nil) {
    turns.withLock {
      $0[feed.settings]?.fail(
        at: now, cadence: feed.settings.cadenceSeconds, retryAfter: retryAfter,
        random: .random(in: 0..<1))
    }
  }

  /// Of those feeds the one that comes first.
  func first(of feeds: [Feed]) -> Turn? {
    turns.withLock { turns in
      feeds.compactMap { turns[$0.settings] }.min { $0.next < $1.next }
    }
  }

  /// Feeds that have other settings now, or are new, are polled at the next round.
  func exchange(_ earlier: [Feed], for feeds: [Feed]) {
    let stay = Set(earlier.map(\.settings)).intersection(feeds.map(\.settings))
    turns.withLock { turns in turns = turns.filter { stay.contains($0.key) } }
  }
}
