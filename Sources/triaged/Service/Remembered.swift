import Synchronization

/// What a part that a reload wires anew goes on knowing of. Nothing of it outlasts the process.
final class Remembered<Value: Sendable>: Sendable {
  private let state = Mutex<Value?>(nil)

  /// `nil`: nothing yet.
  var value: Value? {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
