import Logging
import ServiceLifecycle
import Synchronization

/// The loops of the configuration in force. A loop asks here before each round, so that a round is of one configuration
/// from its beginning to its end, and the one behind it of the next.
final class InForce: Sendable {
  private struct State {
    var generation = 0
    var loops: [String: RepeatingService] = [:]
    /// Loops that rest, by a number that each wait has of its own.
    var resting: [Int: CheckedContinuation<Void, Never>] = [:]
    var waits = 0
  }

  private let state = Mutex(State())
  private let (added, adding) = AsyncStream.makeStream(of: [RepeatingService].self)

  /// Puts loops in force, all at once. A loop of the name that runs already goes on by them; one that is not among them
  /// rests.
  /// - Returns: those that do not run yet, each to be run for as long as the program does.
  func exchange(for loops: [RepeatingService]) -> [RepeatingService] {
    let (fresh, resting) = put(loops)
    for loop in resting { loop.resume() }
    return fresh
  }

  private func put(
    _ loops: [RepeatingService]
  ) -> (fresh: [RepeatingService], resting: [CheckedContinuation<Void, Never>]) {
    state.withLock { state in
      defer { state.resting = [:] }
      let known = Set(state.loops.keys)
      state.generation += 1
      var kept: [String: RepeatingService] = state.loops.mapValues { earlier in
        var resting = earlier
        (resting.generation, resting.round) = (state.generation, { .seconds(10) })
        return resting
      }
      for var loop in loops {
        loop.generation = state.generation
        kept[loop.name] = loop
      }
      state.loops = kept
      let fresh = loops.filter { !known.contains($0.name) }.map { loop in
        var loop = loop
        loop.generation = state.generation
        loop.latest = { [name = loop.name] in self.latest(name) }
        loop.changed = { await self.changed(since: $0) }
        return loop
      }
      return (fresh, Array(state.resting.values))
    }
  }

  /// Waits until another configuration than that one is in force, or the task is cancelled.
  func changed(since generation: Int) async {
    let wait = state.withLock { state in
      state.waits += 1
      return state.waits
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.generation != generation || Task.isCancelled { return true }
          state.resting[wait] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.resting.removeValue(forKey: wait) }?.resume()
    }
  }

  /// Runs loops that came with a reload.
  func run(_ loops: [RepeatingService]) { if !loops.isEmpty { adding.yield(loops) } }

  private func latest(_ name: String) -> RepeatingService? { state.withLock { $0.loops[name] } }

  /// Runs what ``run(_:)`` is given.
  func service() -> some Service {
    ClosureService { [added] in
      try await withThrowingDiscardingTaskGroup { group in
        for await loops in added.cancelOnGracefulShutdown() {
          for loop in loops { group.addTask { try await loop.run() } }
        }
      }
    }
  }
}
