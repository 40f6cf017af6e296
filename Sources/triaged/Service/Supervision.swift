import Foundation
import Logging
import ServiceLifecycle
import Storage
import Triage
import UnixSignals
import Web

/// Starts a daemon's loops, pages and admin socket, and watches over them until shutdown is asked for
/// (SIGTERM, SIGINT).
struct Supervision: Sendable {
  let daemon: Daemon
  /// Who has started this process, and is told how it goes.
  let manager: ServiceManager
  /// Called once the pages and the admin socket can be reached.
  let onRunning: @Sendable () async -> Void
  /// The configuration as its files are now, for a reload; `nil`: there is none.
  let reading: (@Sendable () -> LoadedConfiguration)?

  private var configuration: Configuration { daemon.configuration }
  private var ground: Ground { daemon.ground }
  private var logger: Logger { daemon.logger }

  func run() async throws {
    try checkAddresses()
    // What was refused for good is tried once more at every start: often the configuration was mended.
    try await ground.store.renewFailed(now: .now)
    // So that nothing is judged by areas that the files have replaced while nobody looked.
    try await daemon.lookAtAreas(now: .now)
    let started = Date.now
    let parts = try daemon.parts(started: started, manager: manager)
    let inForce = InForce()
    let loops = inForce.exchange(for: parts.loops)
    let (doors, monitor) = try open(parts, inForce)
    let reload: Reloads.Ask? = reading.map { read in
      let reloader = Reloader(daemon, doors, started: started, manager: manager, read: read)
      return { now in await reloader.reload(now: now) }
    }
    ground.reloads.begin(at: started, ask: reload)
    defer { ground.reloads.end() }
    var group = ServiceGroupConfiguration(
      services: services(doors, monitor, loops, reload),
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(20)
    try await ServiceGroup(configuration: group).run()
    await ground.endTransfers()
    logger.notice("triaged has stopped.")
  }

  /// Before anything is begun, so that a refusal is all that is said.
  private func checkAddresses() throws {
    var places = [(ListenError.Door.pages, configuration.listenHost, configuration.listenPort)]
    if let monitor = configuration.monitor { places.append((.monitor, monitor.host, monitor.port)) }
    for (door, host, port) in places {
      if case .impossible(let why) = tryToListen(at: host, port) {
        throw ListenError(door, host: host, port: port, why: why)
      }
    }
  }

  /// What a reload exchanges, and where monitors ask. Nothing is begun yet.
  private func open(
    _ parts: Daemon.Parts, _ inForce: InForce
  ) throws -> (Reloader.Doors, MonitorSite?) {
    let doors = Doors(configuration.monitor == nil ? 2 : 3, whenOpen: tellThatItRuns)
    let pages = PageServer(
      parts.site, logger: logger, onRunning: { _ in await doors.opened() })
    let admin = try AdminSite(
      desk: parts.desk, socket: configuration.adminSocket, logger: logger,
      onRunning: { await doors.opened() })
    // Before anything is begun, so that a refusal is all that is said.
    try admin.removeLeftover()
    let monitored = Monitored(parts.monitored)
    let monitor = configuration.monitor.map {
      monitored.site($0, logger: logger, onRunning: { await doors.opened() })
    }
    return (
      Reloader.Doors(inForce: inForce, pages: pages, admin: admin, monitored: monitored), monitor
    )
  }

  private func tellThatItRuns() async {
    logger.notice(
      "triaged is running.",
      metadata: [
        "instance": "\(configuration.instance)", "feeds": "\(configuration.feeds.count)",
        "pages": "\(configuration.publicURL)",
        "configuration": "\(configuration.fingerprint)",
      ])
    manager.ready()
    await onRunning()
  }

  /// The last of them hears of the end first (`ServiceGroup`).
  private func services(
    _ doors: Reloader.Doors, _ monitor: MonitorSite?, _ loops: [RepeatingService],
    _ reload: Reloads.Ask?
  ) -> [any Service] {
    var services: [any Service] = [
      Watchdog(manager: manager, pulses: ground.failures.pulses, logger: logger),
      ClosureService { try await doors.admin.run() },
      ClosureService { try await doors.pages.run() },
      TransferStop(ground: ground),
      doors.inForce.service(),
    ]
    if let monitor { services.append(ClosureService { try await monitor.run() }) }
    services += loops
    if let reload { services.append(HangupWatch { _ = await reload(.now) }) }
    services.append(ShutdownWatch(flag: ground.stop, manager: manager))
    return services
  }
}

/// Cuts short what is on the wire when shutdown is asked for, so that no slow peer holds it up; the
/// loops try again after the next start.
private struct TransferStop: Service {
  let ground: Ground

  func run() async throws {
    try? await gracefulShutdown()
    await ground.endTransfers()
  }
}
