import Foundation
import Logging
import Storage
import Triage
import Web

/// How an instance is, as monitors and the watcher outside are told.
struct InstanceHealth: Sendable {
  let configuration: Configuration
  let ground: Ground
  let live: LiveInputs

  /// What a monitor would be told, and the loops that have not come round for half an hour.
  /// - Returns: `nil` where nobody knows yet: this process has only begun.
  func notWell(now: Date) async -> [String]? {
    let failures = ground.failures
    let loops = [LoopName.poll, .deliver].map(\.rawValue)
    let longest = Duration.seconds(max(1800, 2 * configuration.deliverEvery))
    let hanging = loops.filter { failures.hangs($0, longerThan: longest) }
    guard !hanging.isEmpty || loops.allSatisfy(failures.hasComeRound) else { return nil }
    let checks = await readiness(now: now).checks
    return checks.filter { !$0.ok }.map(\.name) + hanging.map { "loop:\($0)" }
  }

  private func readiness(now: Date) async -> Readiness {
    await triaged.readiness(
      configuration, store: ground.store, live: live, health: ground.health,
      failures: ground.failures, reloads: ground.reloads, now: now)
  }

  /// What monitors are told, worked out once a second at most: anybody may ask the pages for it, and it writes.
  func readyNow() -> @Sendable () async -> Readiness {
    let recent = Recent<Readiness>(for: .seconds(1)) { await readiness(now: .now) }
    return {
      (try? await recent.value())
        ?? Readiness(checks: [.init(name: "answer", ok: false, sentence: "It could not be asked.")])
    }
  }
}
