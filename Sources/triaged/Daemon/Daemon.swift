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
  private let clock: ClockWatch
  private let areas: AreaKeeper
  private let links: Links
  private let transferrer: Transferrer
  private let health = FeedHealth()
  private let poller: Poller
  private let meters = Meters()
  private let failures = OwnFailures()
  private let watch: FeedWatch
  private let effector: AreaEffector
  private let replayer: RuleReplayer
  private let sources: [MatterSource]
  private let closed = ClosedChannels()
  private let bounces = BounceTally()
  /// What asks for a long answer hears of the end between its parts.
  private let stop = ShutdownFlag()

  /// Opens the state folder and everything in it.
  ///
  /// Boundary files that cannot be used stop no start where the last good areas were kept.
  /// - Throws: ``StartError``, `ConfigurationError`, or what the store says when it cannot be opened.
  init(_ loaded: LoadedConfiguration, logger: Logger, now: Date = .now) async throws {
    configuration = try loaded.usableWithKeptAreas()
    self.logger = logger
    let database = configuration.state + "/triaged.sqlite"
    // A first start that cannot be leaves nothing behind.
    if !FileManager.default.fileExists(atPath: database) { _ = try loaded.usable() }
    try makePrivateFolder(configuration.state)
    for feed in configuration.feeds {
      if case .folder(let path, _) = feed.settings.source,
        path.hasPrefix(configuration.state + "/")
      {
        try makePrivateFolder(path)
      }
    }
    store = try Store(path: database)
    clock = ClockWatch(store, logger: logger)
    areas = try AreaKeeper(
      loaded, configuration, store: store, kept: try await store.areaSet(), now: now,
      logger: logger)
    live = LiveInputs(
      configuration, areas: areas, register: loaded.register,
      gazetteer: loaded.gazetteer, optOuts: { [store] in try await store.optOuts().map(\.place) },
      memory: RegisterMemory(store),
      logger: logger)
    links = Links(
      key: try Links.key(at: configuration.state + "/link.key"),
      publicURL: configuration.publicURL)
    transferrer = Transferrer(threads: 4)
    effector = AreaEffector(configuration, store: store, live: live, stop: stop)
    replayer = RuleReplayer(configuration, store: store, live: live)
    sources = matterSources(configuration, live: live, store: store)
    watch = feedWatch(configuration, store: store, health: health, logger: logger)
    poller = Poller(
      configuration, store: store, live: live, transferrer: transferrer, watch: watch,
      meters: meters.feeds, failures: failures, logger: logger)
  }

  /// Runs until shutdown is asked for (SIGTERM, SIGINT).
  /// - Parameter onRunning: called once the pages can be reached.
  func run(onRunning: @escaping @Sendable () async -> Void = {}) async throws {
    var places = [(configuration.listenHost, configuration.listenPort)]
    if let monitor = configuration.monitor { places.append((monitor.host, monitor.port)) }
    for (host, port) in places
    where ["127.0.0.1", "localhost"].contains(host) && !isFree(port) {
      throw StartError("The port \(port) of \(host) is in use by another program.")
    }
    // What was refused for good is tried once more at every start: often the configuration was mended.
    try await store.renewFailed(now: .now)
    // So that nothing is judged by areas that the files have replaced while nobody looked.
    try await areas.look(now: .now)
    let (poller, areas, started) = (poller, areas, Date.now)
    let late = LateWatch(configuration, store: store, watch: watch, started: started)
    let gazetteers = GazetteerWatch(configuration, store: store, live: live)
    let matters = MatterWatch(
      configuration, store: store, sources: sources, logger: logger)
    let desk = DeskWatch(
      configuration, store: store, live: live, clock: clock, logger: logger)
    let outings = OutingWatch(configuration, store: store, live: live, logger: logger)
    let deliverer = deliverer
    let bounceWatch = BounceWatch(
      folders: configuration.bounceMaildirs, desk: bounceDesk)
    let retention = retention
    let areasTold = AreasTold(
      configuration: configuration, store: store, effector: effector, logger: logger)
    let every = configuration.deliverEvery
    let receipts = NotifyReceipts(
      configuration, store: store, transferrer: transferrer, logger: logger)
    let alive = AliveWatch(
      configuration, store: store, transferrer: transferrer, logger: logger,
      notWell: { await notWell(now: $0) })
    let readyNow = readyNow()
    var office = office(started: started)
    office.readiness = readyNow
    let site = try site(office, readyNow) {
      logger.notice(
        "triaged is running.",
        metadata: [
          "instance": "\(configuration.instance)", "feeds": "\(configuration.feeds.count)",
          "pages": "\(configuration.publicURL)",
        ])
      await onRunning()
    }
    let admin = AdminService(
      site: try AdminSite(
        desk: AdminDesk(
          routes: adminDesk(office, clock: { .now }).routes
            + deskRoutes(office, clock: { .now })),
        socket: configuration.adminSocket, logger: logger))
    let alarms = alarms
    var services: [any Service] = [
      admin,
      site.service(),
      TransferStop(transferrer: transferrer, alarms: alarms),
      ShutdownWatch(flag: stop),
      RepeatingService(name: "poll", logger: logger, failures: failures) {
        let wait = try await poller.round(now: .now)
        try await late.round(now: .now)
        try await gazetteers.round(now: .now)
        return .seconds(wait)
      },
      // Of its own, so that no slow feed holds an edit up.
      RepeatingService(
        name: "areas", logger: logger, failures: failures,
        round: {
          if try await areas.look(now: .now) { try await poller.areasChanged(now: .now) }
          return .seconds(5)
        }, afterFailure: .seconds(10)),
      RepeatingService(name: "deliver", logger: logger, failures: failures) {
        try await deliverer.round(now: .now, mayAnnounce: poller.judgements.hasBegun)
        return .seconds(every)
      },
      RepeatingService(name: "bounces", logger: logger, failures: failures) {
        try await bounceWatch.round(now: .now)
        return .seconds(60)
      },
      RepeatingService(name: "areas told", logger: logger, failures: failures) {
        // What came while it was reckoned is told at once.
        try await areasTold.round(now: .now) ? .seconds(1) : .seconds(5)
      },
      RepeatingService(name: "matters", logger: logger, failures: failures) {
        try await matters.round(now: .now)
        return .seconds(20)
      },
      // Of its own, so that nothing that goes wrong elsewhere holds an alarm up; its mails have loops of their own too.
      RepeatingService(
        name: "visits", logger: logger, failures: failures,
        round: {
          try await outings.round(now: .now)
          return .seconds(20)
        }, afterFailure: .seconds(10)),
      RepeatingService(name: "desk", logger: logger, failures: failures) {
        try await desk.round(now: .now)
        return .seconds(20)
      },
      RepeatingService(name: "receipts", logger: logger, failures: failures) {
        try await receipts.round(now: .now)
        return .seconds(60)
      },
      RepeatingService(name: "alive", logger: logger, failures: failures) {
        try await alive.round(now: .now)
        return .seconds(10)
      },
      RepeatingService(name: "retention", logger: logger, failures: failures) {
        try await retention.round(now: .now)
        return .seconds(3600)
      },
    ]
    services += alarms.services(logger: logger, failures: failures)
    if let monitor = configuration.monitor {
      services.append(monitorSite(monitor, office, readyNow).service())
    }
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(20)
    try await ServiceGroup(configuration: group).run()
    await transferrer.shutdown()
    await alarms.shutdown()
    logger.notice("triaged has stopped.")
  }

  /// Polls every feed once, delivers what is due once, and ends.
  func runOnce(now: Date) async throws {
    try await areas.look(now: now)
    _ = try await poller.round(now: now)
    try await GazetteerWatch(configuration, store: store, live: live).round(now: now)
    let alarms = alarms
    do {
      try await alarms.round(now: now)
      try await deliverer.round(now: now)
    } catch {
      await alarms.shutdown()
      throw error
    }
    await alarms.shutdown()
    await transferrer.shutdown()
  }

  // MARK: - The parts

  /// What the command line asks.
  /// - Parameter started: `nil` where no daemon runs: a command has opened the state folder itself.
  func office(started: Date?) -> AdminOffice {
    AdminOffice(
      configuration: configuration, store: store, live: live, poller: poller, meters: meters,
      effector: effector, replayer: replayer, matterSources: sources, started: started,
      bounces: started == nil ? nil : bounceDesk)
  }

  /// Takes up what was open, for a command that does the work itself.
  func openedOffice() async throws -> AdminOffice {
    try await watch.restore()
    try await areas.examine(now: .now)
    return office(started: nil)
  }

  /// Ends what a command has opened, without having run.
  func close() async {
    await transferrer.shutdown()
    try? store.close()
  }

  private var retention: Retention {
    Retention(configuration: configuration, store: store, clock: clock, logger: logger)
  }

  private var deliverer: Deliverer {
    Deliverer(
      configuration: configuration, store: store, live: live, transferrer: transferrer,
      links: links, logger: logger, closed: closed, sent: meters.deliveries,
      facts: { [office = office(started: nil)] in try await office.digestFacts($0, now: $1) })
  }

  private var bounceDesk: BounceDesk {
    BounceDesk(configuration: configuration, store: store, tally: bounces, logger: logger)
  }

  private var alarms: Alarms {
    Alarms(
      configuration, store: store, links: links, logger: logger, closed: closed,
      sent: meters.deliveries)
  }

  /// What a monitor would be told, and the loops that have not come round for half an hour.
  /// - Returns: `nil` where nobody knows yet: this process has only begun.
  private func notWell(now: Date) async -> [String]? {
    let loops = ["poll", "deliver"]
    let longest = Duration.seconds(max(1800, 2 * configuration.deliverEvery))
    let hanging = loops.filter { failures.hangs($0, longerThan: longest) }
    guard !hanging.isEmpty || loops.allSatisfy(failures.hasComeRound) else { return nil }
    let checks = await readiness(
      configuration, store: store, live: live, health: health, failures: failures, now: now
    ).checks
    return checks.filter { !$0.ok }.map(\.name) + hanging.map { "loop:\($0)" }
  }

  /// What monitors are told, worked out once a second at most: anybody may ask the pages for it, and it writes.
  private func readyNow() -> @Sendable () async -> Readiness {
    let recent = Recent<Readiness>(for: .seconds(1)) {
      await readiness(
        configuration, store: store, live: live, health: health, failures: failures, now: .now)
    }
    return {
      (try? await recent.value())
        ?? Readiness(checks: [.init(name: "answer", ok: false, sentence: "It could not be asked.")])
    }
  }

  /// Where monitors ask that can speak to no Unix socket.
  private func monitorSite(
    _ monitor: MonitorSettings, _ office: AdminOffice,
    _ ready: @escaping @Sendable () async -> Readiness
  ) -> MonitorSite {
    let recent = Recent<String>(for: .seconds(1)) { try await office.metricsText(now: .now) }
    return MonitorSite(
      host: monitor.host, port: monitor.port,
      metrics: { (try await recent.value(), MetricsText.type) }, readiness: ready, logger: logger)
  }

  private func site(
    _ office: AdminOffice, _ ready: @escaping @Sendable () async -> Readiness,
    onRunning: @escaping @Sendable () async -> Void
  ) throws -> Site {
    try Site(
      desk: claimDesk(configuration, store: store, live: live, clock: { .now })
        .counting(meters.claims),
      board: boardDesk(
        configuration, store: store, live: live, links: links, office: office, readiness: ready,
        logger: logger, clock: { .now }
      ).counting(meters.claims),
      readiness: ready,
      settings: WebSettings(
        host: configuration.listenHost, port: configuration.listenPort,
        publicURL: URL(string: configuration.publicURL)!,
        serviceName: configuration.mail.serviceName, timeZone: configuration.timeZone,
        formKey: links.formKey, undoMinutes: Int(configuration.desk.undo / 60),
        languages: configuration.web.languages, wording: configuration.pages,
        pictureStyle: AreaPicture.styleText,
        trustedProxies: configuration.web.trustedProxies,
        proxyNameHeader: configuration.web.proxyNameHeader,
        proxyMember: { [team = configuration.team] name in
          team.members.first {
            $0.id == name || $0.email.lowercased() == name.lowercased()
          }?.id
        }, limits: configuration.web.limits,
        connections: ConnectionLimits(connections: connectionsThatFit(files: raiseFileLimit()))),
      counts: meters.pages, logger: logger, onRunning: { _ in await onRunning() })
  }
}

/// Cuts short what is on the wire when shutdown is asked for, so that no slow peer holds it up; the
/// loops try again after the next start.
private struct TransferStop: Service {
  let transferrer: Transferrer
  let alarms: Alarms

  func run() async throws {
    try? await gracefulShutdown()
    await transferrer.shutdown()
    await alarms.shutdown()
  }
}

/// Answers the command line until shutdown is asked for.
private struct AdminService: Service {
  let site: AdminSite

  func run() async throws { try await site.run() }
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
