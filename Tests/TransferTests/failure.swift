import TestServers
import Testing
import Transfer

/// The error that `body` must throw.
func failure<Value>(
  isolation: isolated (any Actor)? = #isolation, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Value
) async throws -> TransferError {
  do {
    _ = try await body()
  } catch let error as TransferError {
    return error
  }
  throw NothingThrown(at: sourceLocation)
}

private struct NothingThrown: Error {
  var at: SourceLocation
}

/// Looks again and again until the condition holds, at most half a minute.
func eventually(
  isolation: isolated (any Actor)? = #isolation, sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(30 * patience)
  while try !condition() {
    try #require(ContinuousClock.now < deadline, sourceLocation: sourceLocation)
    await Task.yield()
  }
}
