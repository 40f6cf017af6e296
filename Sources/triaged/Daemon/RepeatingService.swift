import Foundation
import Logging
import ServiceLifecycle
import Storage

/// The one kind of loop: poll, deliver and retention are each one of these.
///
/// A round that throws is logged and the loop goes on. What fails in the same way again and again is said
/// less and less often (``FailureTally``), and that it works again is said too. Shutdown is heard between
/// rounds and while waiting, never in the middle of a round.
struct RepeatingService: Service {
  let name: String
  let logger: Logger
  let failures: OwnFailures
  /// Does one round. - Returns: how long to wait before the next.
  let round: @Sendable () async throws -> Duration
  /// The wait after a round that threw.
  var afterFailure: Duration = .seconds(30)

  func run() async throws {
    failures.begins(name)
    try await cancelWhenGracefulShutdown {
      var tally = FailureTally()
      while !Task.isCancelled {
        var wait = afterFailure
        do {
          // A round that has begun is finished: what it owes is in the database anyway.
          wait = try await Task { try await round() }.value
          failures.works(.loop(name))
          failures.roundEnded(of: name)
          if let times = tally.worked() {
            logger.notice("The \(name) loop works again.", metadata: ["failures": "\(times)"])
          }
        } catch is CancellationError {
          break
        } catch let error as StoreError where error.mustStop {
          // The disk cannot be relied on: stop, rather than guess what is on it.
          logger.critical(
            "The database cannot be relied on; triaged stops.", metadata: ["error": "\(error)"])
          throw error
        } catch {
          failures.fails(.loop(name), "\(error)", at: .now)
          if let times = tally.failed("\(error)") {
            logger.error(
              "The \(name) loop failed and tries again.",
              metadata: ["error": "\(error)", "times": "\(times)", "again_in": "\(wait)"])
          }
        }
        try? await Task.sleep(for: wait)
      }
    }
  }
}
