import Logging

/// How long the steps of a poll took, for the journal.
struct Stopwatch {
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now
  /// In seconds, to the millisecond.
  private(set) var laps: Logger.Metadata = [:]

  /// Seconds from the start to the last lap.
  var total: Double { (last - start) / .seconds(1) }

  mutating func lap(_ name: String) {
    let now = ContinuousClock.now
    let milliseconds = Int((now - last) / .milliseconds(1))
    laps[name] = "\(Double(milliseconds) / 1000)"
    last = now
  }
}
