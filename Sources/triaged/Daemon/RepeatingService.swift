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
  var round: @Sendable () async throws -> Duration
  /// The wait after a round that threw.
  var afterFailure = usualPause
  /// What takes longer hangs: a round, or a step of it where it tells of its steps (``LoopPulses``).
  var longest = usualLongest
  /// Counts the configurations of this process.
  var generation = 0
  /// The same loop by the configuration in force (``InForce``); without it this one stays.
  var latest: (@Sendable () -> RepeatingService?)?
  /// Waits until another configuration than this one is in force, or the task is cancelled.
  var changed: (@Sendable (_ generation: Int) async -> Void)?

  static let usualPause = Duration.seconds(30)
  static let usualLongest = Duration.seconds(600)

  func run() async throws {
    failures.begins(name)
    let pulses = failures.pulses
    defer { pulses.ends(name) }
    try await cancelWhenGracefulShutdown {
      var tally = FailureTally()
      while !Task.isCancelled {
        let now = latest?() ?? self
        var wait = now.afterFailure
        pulses.begins(name, most: now.longest)
        do {
          // A round that has begun is finished: what it owes is in the database anyway.
          wait = try await Task { try await now.round() }.value
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
        await rest(for: wait, after: now.generation)
      }
    }
  }

  /// Waits for the next round, or until another configuration is in force, which may want it sooner.
  private func rest(for wait: Duration, after generation: Int) async {
    failures.pulses.waits(name, for: wait)
    // Nobody is woken in between: an idle daemon is to cost nothing.
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await Task.sleep(for: wait) }
      if let changed { group.addTask { await changed(generation) } }
      await group.next()
      group.cancelAll()
    }
  }
}
