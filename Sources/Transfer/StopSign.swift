import Synchronization

/// Raised from any thread, looked at by a transfer about once a second and whenever bytes move.
final class StopSign: Sendable {
  private let raised = Atomic<Bool>(false)
  /// A sign over this one: raised, it stops this one too.
  private let over: StopSign?

  init(under over: StopSign? = nil) {
    self.over = over
  }

  func raise() { raised.store(true, ordering: .relaxed) }

  var isRaised: Bool { raised.load(ordering: .relaxed) || (over?.isRaised ?? false) }
}
