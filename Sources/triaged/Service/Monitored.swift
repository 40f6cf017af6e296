import Foundation
import Logging
import Synchronization
import Web

/// What monitors are told, by the configuration in force.
final class Monitored: Sendable {
  struct Facts: Sendable {
    /// In Prometheus' text format.
    var metrics: @Sendable () async throws -> String
    var readiness: @Sendable () async -> Readiness
  }

  private let facts: Mutex<Facts>

  init(_ facts: Facts) { self.facts = Mutex(facts) }

  func exchange(for facts: Facts) { self.facts.withLock { $0 = facts } }

  /// Where monitors ask that can speak to no Unix socket.
  /// - Parameter onRunning: called once they are answered.
  func site(
    _ settings: MonitorSettings, logger: Logger, onRunning: @escaping @Sendable () async -> Void
  ) -> MonitorSite {
    MonitorSite(
      host: settings.host, port: settings.port,
      metrics: { (try await self.inForce.metrics(), MetricsText.type) },
      readiness: { await self.inForce.readiness() }, logger: logger,
      onRunning: { _ in await onRunning() })
  }

  private var inForce: Facts { facts.withLock { $0 } }
}

extension Monitored.Facts {
  /// The metrics are worked out once a second at most.
  init(_ office: AdminOffice, readiness: @escaping @Sendable () async -> Readiness) {
    let recent = Recent<String>(for: .seconds(1)) { try await office.metricsText(now: .now) }
    self.init(metrics: { try await recent.value() }, readiness: readiness)
  }
}
