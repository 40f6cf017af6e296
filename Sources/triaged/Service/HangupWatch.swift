import ServiceLifecycle
import UnixSignals

/// Reads the configuration again at every SIGHUP, until shutdown is asked for.
struct HangupWatch: Service {
  let reload: @Sendable () async -> Void

  func run() async throws {
    await cancelWhenGracefulShutdown {
      for await _ in await UnixSignalsSequence(trapping: .sighup) { await reload() }
    }
  }
}
