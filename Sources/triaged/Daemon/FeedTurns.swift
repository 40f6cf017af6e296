import Synchronization

/// When each feed is polled next, by its name. Kept over a reload: who has asked for patience is not asked again because
/// somebody has edited a file.
final class FeedTurns: Sendable {
  private let turns = Mutex<[String: Turn]>([:])

  subscript(feed: String) -> Turn? {
    get { turns.withLock { $0[feed] } }
    set { turns.withLock { $0[feed] = newValue } }
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
