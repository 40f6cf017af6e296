import Logging
import ServiceLifecycle

/// Tells the service manager that the loops go round, for as long as every one of them does (``LoopPulses``). Where one
/// hangs nothing is said, and the service manager starts triaged anew.
///
/// It shares the threads of the loops: where those are all held up, it is held up too.
struct Watchdog: Service {
  let manager: ServiceManager
  let pulses: LoopPulses
  let logger: Logger

  /// Between two looks where the service manager does not want to hear.
  private static let usual = Duration.seconds(30)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var told: [String] = []
      while !Task.isCancelled {
        let hanging = pulses.hanging()
        if hanging.isEmpty { manager.alive() }
        if hanging != told { tell(hanging) }
        told = hanging
        try? await Task.sleep(for: every)
      }
    }
  }

  /// Half of what the service manager allows is wanted (sd_watchdog_enabled(3)); a look that comes late stays below.
  var every: Duration { manager.watchdog.map { $0 / 4 } ?? Self.usual }

  private func tell(_ hanging: [String]) {
    guard !hanging.isEmpty else {
      logger.notice("Every loop goes round again.")
      return
    }
    let names = hanging.joined(separator: ", ")
    let next =
      manager.watchdog == nil
      ? "Start triaged anew." : "The service manager is told nothing more and starts triaged anew."
    logger.critical(
      "A loop hangs: a round of it, or a wait, takes longer than it ever may. \(next)",
      metadata: ["loops": "\(names)"])
    manager.says("A loop hangs: \(names).")
  }
}
