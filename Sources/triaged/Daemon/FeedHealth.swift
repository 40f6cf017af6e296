import Synchronization
import Triage

/// How the feeds are, told by the poll loop and asked by monitors: the episodes that are open, as the
/// store has them.
final class FeedHealth: Sendable {
  private let open = Mutex<[String: [FeedTrouble: String]]>([:])

  /// What was open when the program ended.
  func restore(_ episodes: [String: [FeedEpisode]]) {
    open.withLock { open in
      open = episodes.mapValues { episodes in
        Dictionary(episodes.map { ($0.trouble, $0.why) }, uniquingKeysWith: { one, _ in one })
      }
    }
  }

  /// The sentence of an open episode.
  func why(_ feed: String, _ trouble: FeedTrouble) -> String? {
    open.withLock { $0[feed]?[trouble] }
  }

  func begin(_ feed: String, _ trouble: FeedTrouble, _ why: String) {
    open.withLock { $0[feed, default: [:]][trouble] = why }
  }

  func end(_ feed: String, _ troubles: Set<FeedTrouble>) {
    open.withLock { open in
      for trouble in troubles { open[feed]?[trouble] = nil }
    }
  }

  /// Those of which something is known.
  var feeds: [String] { open.withLock { Array($0.keys) } }

  /// Those of the troubles that are open.
  func open(_ feed: String, of troubles: Set<FeedTrouble>) -> Set<FeedTrouble> {
    open.withLock { troubles.intersection(($0[feed] ?? [:]).keys) }
  }

  /// Why the feed gives nothing new to rely on, if so. A list of which some rows are lost is told to
  /// the admin and is no reason to wake anybody.
  func trouble(of feed: String) -> FeedTrouble? {
    let open = open.withLock { $0[feed] ?? [:] }
    let telling = FeedTrouble.allCases.filter { ![.incomplete, .atLimit].contains($0) }
    return telling.first { open[$0] != nil }
  }
}
