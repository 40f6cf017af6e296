import FlareImport
import Foundation
import Logging
import Notify
import ServiceLifecycle
import Storage
import Transfer
import Triage
import UnixSignals
import Web

/// The whole program as one value: wired here, started by `run`, by `demo` and by tests alike.
struct Daemon: Sendable {
  let configuration: Configuration
  let logger: Logger
  private let store: Store
  private let live: LiveInputs
  private let links: Links
  private let transferrer: Transferrer

  /// Opens the state folder and everything in it.
  /// - Throws: ``StartError`` or what the store says when it cannot be opened.
  init(_ loaded: LoadedConfiguration, logger: Logger) throws {
    configuration = try loaded.usable()
    self.logger = logger
    try makePrivateFolder(configuration.state)
    store = try Store(path: configuration.state + "/triaged.sqlite")
    live = LiveInputs(
      configuration, areas: loaded.areas, register: loaded.register, logger: logger)
    links = Links(
      key: try Links.key(at: configuration.state + "/link.key"),
      publicURL: configuration.publicURL)
    transferrer = Transferrer(threads: 4)
  }

  /// Runs until shutdown is asked for (SIGTERM, SIGINT).
  /// - Parameter onRunning: called once the pages can be reached.
  func run(onRunning: @escaping @Sendable () async -> Void = {}) async throws {
    let poller = poller
    let deliverer = deliverer
    let every = configuration.deliverEvery
    let services: [any Service] = [
      try site(onRunning: onRunning).service(),
      RepeatingService(name: "poll", logger: logger) {
        .seconds(try await poller.round(now: .now))
      },
      RepeatingService(name: "deliver", logger: logger) {
        try await deliverer.round(now: .now)
        return .seconds(every)
      },
      RepeatingService(name: "retention", logger: logger) {
        retain(now: .now)
        return .seconds(3600)
      },
    ]
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(20)
    logger.notice(
      "triaged is running.",
      metadata: [
        "instance": "\(configuration.instance)", "feeds": "\(configuration.feeds.count)",
        "pages": "\(configuration.publicURL)",
      ])
    try await ServiceGroup(configuration: group).run()
    await transferrer.shutdown()
    logger.notice("triaged has stopped.")
  }

  /// Polls every feed once, delivers what is due once, and ends.
  func runOnce(now: Date) async throws {
    _ = try await poller.round(now: now)
    try await deliverer.round(now: now)
    await transferrer.shutdown()
  }

  // MARK: - The parts

  private var poller: Poller {
    Poller(configuration, store: store, live: live, transferrer: transferrer, logger: logger)
  }

  private var deliverer: Deliverer {
    Deliverer(
      configuration: configuration, store: store, live: live, transferrer: transferrer,
      links: links, logger: logger)
  }

  private func site(onRunning: @escaping @Sendable () async -> Void) throws -> Site {
    try Site(
      desk: claimDesk(configuration, store: store, live: live, clock: { .now }),
      readiness: { await readiness(now: .now) },
      settings: WebSettings(
        host: configuration.listenHost, port: configuration.listenPort,
        publicURL: URL(string: configuration.publicURL)!,
        serviceName: configuration.mail.serviceName, timeZone: configuration.timeZone,
        formKey: links.formKey, undoMinutes: Int(configuration.undoWindow / 60)),
      logger: logger, onRunning: { _ in await onRunning() })
  }

  /// What a monitor asks: may the pages and the loops be relied on now?
  private func readiness(now: Date) async -> Readiness {
    var checks: [Readiness.Check] = []
    switch await live.inForce(now: now).register {
    case .inForce:
      checks.append(
        .init(name: "register", ok: true, sentence: "The contact register is in force."))
    case .notInForce(let why):
      checks.append(.init(name: "register", ok: false, sentence: why))
    }
    do {
      let owed = try await store.oldestOwed()
      let age = owed.map { now.timeIntervalSince($0) } ?? 0
      checks.append(.init(name: "store", ok: true, sentence: "The database answers."))
      checks.append(
        .init(
          name: "mail", ok: age < 3600,
          sentence: owed == nil
            ? "Nothing is owed." : "The oldest mail owed is \(Int(age)) seconds old."))
    } catch {
      checks.append(.init(name: "store", ok: false, sentence: "The database does not answer."))
    }
    return Readiness(checks: checks)
  }

  /// Archived exports past their time are removed.
  private func retain(now: Date) {
    let removed = Archive(path: configuration.archiveFolder, days: configuration.archiveDays)
      .purge(now: now)
    if removed > 0 {
      logger.notice(
        "Archived exports past their time were removed.", metadata: ["count": "\(removed)"])
    }
  }
}

/// Makes a folder that only its owner can enter, unless it is there.
func makePrivateFolder(_ path: String) throws {
  do {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  } catch {
    throw StartError("The folder \(path) cannot be made.")
  }
}
