import Logging

/// How long the steps of a poll took, for the journal.
struct Stopwatch {
  private var last = ContinuousClock.now
  /// In seconds, to the millisecond.
  private(set) var laps: Logger.Metadata = [:]

  mutating func lap(_ name: String) {
    let now = ContinuousClock.now
    let milliseconds = Int((now - last) / .milliseconds(1))
    laps[name] = "\(Double(milliseconds) / 1000)"
    last = now
  }
}
