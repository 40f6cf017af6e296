import Synchronization
import Transfer

/// The threads by which alarms go out, some for each channel: what hangs on one holds no other up.
final class AlarmLanes: Sendable {
  private let lanes = Mutex<[String: Transferrer]>([:])

  /// Made when it is asked for first.
  func transferrer(of channel: String) -> Transferrer {
    lanes.withLock { lanes in
      if let known = lanes[channel] { return known }
      let fresh = Transferrer(threads: 4)
      lanes[channel] = fresh
      return fresh
    }
  }

  /// Cuts short what is on the wire. To be called before the last reference is let go.
  func shutdown() async {
    for lane in lanes.withLock({ Array($0.values) }) { await lane.shutdown() }
  }
}
