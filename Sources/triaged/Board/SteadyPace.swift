/// Answers at full steps of time only, so that how long an answer took tells nothing of what was found.
struct SteadyPace: Sendable {
  /// Well above what a transaction takes on a slow disk.
  var step: Duration = .milliseconds(500)
  var now: @Sendable () -> ContinuousClock.Instant = { .now }
  var rest: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

  /// Does the work, and comes back at the end of a step that is not over.
  func run(_ work: () async throws -> Void) async throws {
    let start = now()
    let result: Result<Void, any Error>
    do { result = .success(try await work()) } catch { result = .failure(error) }
    let took = start.duration(to: now())
    try await rest(step - took % step)
    try result.get()
  }
}

private func % (_ duration: Duration, _ step: Duration) -> Duration {
  duration - step * Int(duration / step)
}
