import Synchronization

/// How the feeds are, told by the poll loop and asked by monitors.
final class FeedHealth: Sendable {
  private let troubles = Mutex<[String: String]>([:])

  /// - Returns: whether this is news: an episode is told once.
  func begins(_ feed: String, _ sentence: String) -> Bool {
    troubles.withLock { troubles in
      defer { troubles[feed] = sentence }
      return troubles[feed] != sentence
    }
  }

  /// - Returns: whether the feed was in trouble until now.
  func isOver(_ feed: String) -> Bool {
    troubles.withLock { $0.removeValue(forKey: feed) != nil }
  }

  func trouble(of feed: String) -> String? { troubles.withLock { $0[feed] } }
}
