import Synchronization

/// Lets one through at a time, in the order in which they came: an actor goes on with other work while it
/// waits for the database, so what belongs together stands between ``enter()`` and ``leave()``.
final class OneAtATime: Sendable {
  private struct State {
    var isBusy = false
    /// Who came first is at the end.
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// How many have come and are not let through yet.
  var waiting: Int { state.withLock { $0.waiting.count } }

  /// Waits until all that came before have left.
  func enter() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        if state.isBusy {
          state.waiting.insert(continuation, at: 0)
          return false
        }
        state.isBusy = true
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  /// To be called once for each ``enter()``.
  func leave() {
    let next = state.withLock { state in
      let next = state.waiting.popLast()
      if next == nil { state.isBusy = false }
      return next
    }
    next?.resume()
  }
}
