import Synchronization

/// Which loops go round. Each says when it begins a round, a further step of it, or a wait, and how long that may take;
/// a loop that is at it for longer hangs.
///
/// Counted by a clock that stands still while the machine sleeps: what slept with it did not hang.
final class LoopPulses: Sendable {
  private struct Pulse {
    var since: SuspendingClock.Instant
    var most: Duration
    var isInRound: Bool
  }

  private let pulses = Mutex<[String: Pulse]>([:])

  /// By so much a wait may be late: the loops share few threads.
  static let lateness = Duration.seconds(60)

  /// - Parameter most: how long the round may take, or the longest of its steps.
  func begins(_ loop: String, most: Duration, at now: SuspendingClock.Instant = .now) {
    pulses.withLock { $0[loop] = Pulse(since: now, most: most, isInRound: true) }
  }

  /// A round has come on: a feed was polled, a mail was handed over.
  func steps(_ loop: String, at now: SuspendingClock.Instant = .now) {
    pulses.withLock { if $0[loop]?.isInRound == true { $0[loop]?.since = now } }
  }

  func waits(_ loop: String, for wait: Duration, at now: SuspendingClock.Instant = .now) {
    pulses.withLock {
      $0[loop] = Pulse(since: now, most: wait + LoopPulses.lateness, isInRound: false)
    }
  }

  /// The loop is over: nothing is expected of it any more.
  func ends(_ loop: String) { pulses.withLock { $0[loop] = nil } }

  /// The loops that hang, by name.
  func hanging(at now: SuspendingClock.Instant = .now) -> [String] {
    pulses.withLock { pulses in
      pulses.filter { now - $0.value.since > $0.value.most }.keys.sorted()
    }
  }
}
