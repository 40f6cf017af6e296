import Synchronization

/// Counts since the process began, for monitors: each only ever goes up, and a restart begins at nought.
///
/// Keys are of a closed set or out of the configuration, never what somebody has sent.
package final class Tally<Key: Hashable & Sendable>: Sendable {
  private let counted = Mutex<[Key: Int]>([:])

  package init() {}

  package func count(_ key: Key, times: Int = 1) {
    counted.withLock { $0[key, default: 0] += times }
  }

  package subscript(key: Key) -> Int { counted.withLock { $0[key] ?? 0 } }
}
