import Synchronization

/// Runs something once all doors are open.
final class Doors: Sendable {
  private let shut: Mutex<Int>
  private let whenOpen: @Sendable () async -> Void

  init(_ count: Int, whenOpen: @escaping @Sendable () async -> Void) {
    shut = Mutex(count)
    self.whenOpen = whenOpen
  }

  /// To be called once for each door.
  func opened() async {
    let isLast = shut.withLock { shut in
      shut -= 1
      return shut == 0
    }
    if isLast { await whenOpen() }
  }
}
