import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Where monitors ask: `/metrics`, `/livez` and `/readyz` on an address of their own, and nothing else.
///
/// Prometheus scrapes no Unix socket, so what the admin socket tells of metrics can be had here too. There is no sign-in:
/// whoever reaches the address may read them, and they hold no personal data.
package final class MonitorSite: Sendable {
  private let responder: MonitorResponder
  private let host: String
  private let port: Int
  private let begun = Atomic<Bool>(false)
  private let logger: Logger
  private let onRunning: @Sendable (_ port: Int) async -> Void

  /// - Parameters:
  ///   - metrics: in Prometheus' text format, with its content type; asked for every scrape.
  ///   - port: 0 lets the system choose.
  ///   - onRunning: told the port once questions are answered.
  package init(
    host: String, port: Int,
    metrics: @escaping @Sendable () async throws -> (text: String, type: String),
    readiness: @escaping @Sendable () async -> Readiness, logger: Logger,
    onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    responder = MonitorResponder(metrics: metrics, readiness: readiness, logger: logger)
    self.host = host
    self.port = port
    self.logger = logger
    self.onRunning = onRunning
  }

  /// Monitors are few; who opens more connections than these waits.
  private static let mostConnections = 32

  /// Ends on graceful shutdown.
  /// - Throws: ``ListenError`` where the address cannot be had.
  package func run() async throws {
    do {
      try await serve(
        responder, by: .http1(configuration: guardedChannels(ConnectionLimits())),
        at: ServerConfiguration(
          address: .hostname(host, port: port),
          availableConnectionsDelegate: MaximumAvailableConnections(
            Self.mostConnections, logger: logger)),
        logger: criticalOnly(logger)
      ) { [self] channel in
        begun.store(true, ordering: .releasing)
        await onRunning(channel.localAddress?.port ?? 0)
      }
    } catch  where !begun.load(ordering: .acquiring) {
      throw ListenError(.monitor, host: host, port: port, error)
    }
  }
}
