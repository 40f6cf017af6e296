import Synchronization
import Triage

/// What was imported since the daemon started, counted for monitors.
final class FeedMeters: Sendable {
  struct Tally: Hashable, Sendable {
    var lists = 0
    var rows = RowCounts()
    /// Of all imports together.
    var seconds = 0.0
  }

  private let tallies = Mutex<[String: Tally]>([:])

  func imported(_ feed: String, _ counts: RowCounts, seconds: Double) {
    tallies.withLock { tallies in
      var tally = tallies[feed] ?? Tally()
      tally.lists += 1
      tally.seconds += seconds
      for part in [
        \RowCounts.rows, \.outside, \.inArea, \.notLocated, \.unreadable, \.new, \.changed,
        \.unchanged, \.repeated, \.held,
      ] { tally.rows[keyPath: part] += counts[keyPath: part] }
      tallies[feed] = tally
    }
  }

  func tally(of feed: String) -> Tally { tallies.withLock { $0[feed] ?? Tally() } }
}
