import Foundation

/// An answer that is asked for again and again and costs something: who asks within a moment gets the same, and who asks
/// while it is made waits for it. So a monitor, or a hundred of them, asks the database no more than once in that time.
actor Recent<Value: Sendable> {
  private let lasts: Duration
  private let make: @Sendable () async throws -> Value
  private var kept: (value: Value, at: ContinuousClock.Instant)?
  private var making: Task<Value, any Error>?

  /// - Parameter lasts: for how long an answer is good.
  init(for lasts: Duration, make: @escaping @Sendable () async throws -> Value) {
    self.lasts = lasts
    self.make = make
  }

  /// - Parameter now: by a clock that is never set.
  /// - Throws: what making it throws, which is kept for nobody.
  func value(now: ContinuousClock.Instant = .now) async throws -> Value {
    if let kept, now - kept.at < lasts { return kept.value }
    if let making { return try await making.value }
    let task = Task { [make] in try await make() }
    making = task
    defer { making = nil }
    let value = try await task.value
    kept = (value, now)
    return value
  }
}
