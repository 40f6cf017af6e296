import Synchronization

/// Who may go when: the next one to the same place after so many seconds.
final class Pacer: Sendable {
  private let next = Mutex<[String: ContinuousClock.Instant]>([:])

  /// Takes the next free moment of a place.
  /// - Returns: how long it is until then.
  func wait(for place: String, seconds: Double) -> Duration {
    next.withLock { next in
      let now = ContinuousClock.now
      next = next.filter { $0.value > now }
      let turn = next[place] ?? now
      next[place] = turn + .seconds(seconds)
      return turn - now
    }
  }
}
