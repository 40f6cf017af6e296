import Foundation

/// When a feed is polled next.
struct Turn {
  private(set) var next = Date.distantPast
  /// Failures in a row.
  var failures = 0
  private var isSet = Date.distantPast
  private var noted = Date.distantPast

  /// The longest wait that a server may ask for.
  static let longestWish = 6 * 3600.0
  /// The wait after the first failure, where the cadence is longer.
  private static let firstPause = 60.0
  /// How often the store is told that a poll found nothing.
  private static let noteEvery = 300.0

  /// A turn that was given later than now was given before the clock went back.
  func isDue(_ now: Date) -> Bool { next <= now || isSet > now }

  mutating func goOn(from now: Date, cadence: Double) {
    isSet = now
    next = now.addingTimeInterval(cadence)
  }

  /// Another poll is worth while sooner than the cadence has it.
  mutating func comeBack(in seconds: Double, at now: Date) {
    next = min(next, now.addingTimeInterval(max(0, seconds)))
  }

  /// After a failure it is tried again sooner than the cadence has it, and less and less soon; later
  /// where the other side wishes so.
  /// - Parameters:
  ///   - retryAfter: the other side's wish, in seconds.
  ///   - random: from 0 up to 1: so that not all come back at the same instant.
  mutating func fail(at now: Date, cadence: Double, retryAfter: Double?, random: Double) {
    failures += 1
    let pause = Turn.firstPause * pow(2, Double(min(failures, 20) - 1)) * (0.75 + random / 2)
    let wish = min(max(retryAfter ?? 0, 0), Turn.longestWish)
    isSet = now
    next = now.addingTimeInterval(max(min(cadence, pause), wish))
  }

  /// Whether the store is to be told of a poll that found nothing.
  mutating func mustNote(_ now: Date) -> Bool {
    guard now.timeIntervalSince(noted) >= Turn.noteEvery || now < noted else { return false }
    noted = now
    return true
  }
}
