import Glibc
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

/// Until when one transfer may go on: its stop sign, and its last moment.
///
/// libcurl's own time limit does not bind the goodbye on a connection (an SMTP QUIT), but it asks
/// here there too.
final class Watch {
  let stop: StopSign
  private(set) var deadline: Double

  init(seconds: Double, stop: StopSign) {
    self.stop = stop
    deadline = monotonicSeconds() + seconds
  }

  /// Brings the last moment nearer; never puts it off.
  func allow(seconds: Double) { deadline = min(deadline, monotonicSeconds() + seconds) }

  var secondsLeft: Double { deadline - monotonicSeconds() }
  var isOver: Bool { stop.isRaised || secondsLeft <= 0 }
}

/// Not moved by a change of the clock.
private func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
