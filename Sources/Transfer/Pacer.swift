import Synchronization

/// Who may go when: the next one to the same place after so many seconds.
final class Pacer: Sendable {
  private let next = Mutex<[String: ContinuousClock.Instant]>([:])

  /// Takes this moment of a place where it is free. Asked by whoever can go at once, so that those who were held up
  /// elsewhere do not go all together afterwards.
  /// - Returns: `nil` where it was taken; else how long to wait before asking again.
  func take(_ place: String, seconds: Double) -> Duration? {
    next.withLock { next in
      let now = ContinuousClock.now
      next = next.filter { $0.value > now }
      if let turn = next[place] { return turn - now }
      next[place] = now + .seconds(seconds)
      return nil
    }
  }
}
