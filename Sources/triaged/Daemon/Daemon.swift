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
  /// What is not wired anew by a reload.
  private let ground: Ground
  private let live: LiveInputs
  private let areas: AreaKeeper
  private let links: Links
  private let poller: Poller
  private let watch: FeedWatch
  private let effector: AreaEffector
  private let replayer: RuleReplayer
  private let sources: [MatterSource]
  private let retentionWatch: RetentionWatch
  private let audit: AuditWatch
  private let closed = ClosedChannels()
  private let backups: BackupKeeper

  private var store: Store { ground.store }
  private var transferrer: Transferrer { ground.transferrer }
  private var failures: OwnFailures { ground.failures }

  /// Opens the state folder and everything in it.
  ///
  /// Boundary files that cannot be used stop no start where the last good areas were kept.
  /// - Throws: ``StartError``, `ConfigurationError`, or what the store says when it cannot be opened.
  /// - Parameter cannotGoOn: see ``Storage/Store/init(path:cannotGoOn:)``.
  init(
    _ loaded: LoadedConfiguration, logger: Logger, now: Date = .now,
    cannotGoOn: @escaping @Sendable (StoreError) -> Void = { _ in }
  ) async throws {
    let configuration = try loaded.usableWithKeptAreas()
    let database = configuration.state + "/triaged.sqlite"
    // A first start that cannot be leaves nothing behind.
    if !FileManager.default.fileExists(atPath: database) { _ = try loaded.usable() }
    try makePrivateFolder(configuration.state)
    let ground = Ground(try Store(path: database, cannotGoOn: cannotGoOn), logger: logger)
    do {
      // A backup that was put in its place, by whomever, knows nothing of what was erased since.
      let erasedAgain = try await ground.store.eraseAgain(
        ErasureLog(folder: configuration.state).all())
      if erasedAgain > 0 {
        logger.notice(
          "What was erased before was erased again.", metadata: ["erasures": "\(erasedAgain)"])
      }
      try await self.init(loaded, configuration, over: ground, logger: logger, now: now)
    } catch {
      await ground.endTransfers()
      throw error
    }
  }

  /// Wires everything by a configuration, and changes nothing yet.
  private init(
    _ loaded: LoadedConfiguration, _ configuration: Configuration, over ground: Ground,
    logger: Logger, now: Date
  ) async throws {
    for feed in configuration.feeds {
      if case .folder(let path, _) = feed.settings.source,
        path.hasPrefix(configuration.state + "/")
      {
        try makePrivateFolder(path)
      }
    }
    self.configuration = configuration
    self.logger = logger
    self.ground = ground
    let store = ground.store
    areas = try AreaKeeper(
      loaded, configuration, store: store, kept: try await store.areaSet(), now: now,
      logger: logger)
    live = LiveInputs(
      configuration, areas: areas, register: loaded.register,
      gazetteer: loaded.gazetteer, optOuts: { try await store.optOuts().map(\.place) },
      memory: RegisterMemory(store),
      logger: logger)
    links = Links(
      key: try Links.key(at: configuration.state + "/link.key"),
      publicURL: configuration.publicURL)
    effector = AreaEffector(configuration, store: store, live: live, stop: ground.stop)
    replayer = RuleReplayer(configuration, store: store, live: live)
    backups = BackupKeeper(
      configuration, store: store, gate: ground.keeping, logger: logger)
    retentionWatch = RetentionWatch(configuration, store)
    audit = AuditWatch(store, logger: logger)
    sources =
      matterSources(
        configuration, live: live, store: store, backups: backups, retention: retentionWatch,
        audit: audit)
      + [MatterSource { [reloads = ground.reloads] _ in MatterLook(reloads.matters) }]
    watch = feedWatch(configuration, store: store, health: ground.health, logger: logger)
    poller = Poller(
      configuration, store: store, live: live, transferrer: ground.transferrer, watch: watch,
      meters: ground.meters.feeds, failures: ground.failures, turns: ground.turns,
      recording: ground.recording, logger: logger)
  }

  /// Runs until shutdown is asked for (SIGTERM, SIGINT).
  /// - Parameters:
  ///   - manager: who has started this process, and is told how it goes.
  ///   - onRunning: called once the pages and the admin socket can be reached.
  ///   - reading: the configuration as its files are now, for a reload; `nil`: there is none.
  func run(
    manager: ServiceManager = .none, onRunning: @escaping @Sendable () async -> Void = {},
    reading: (@Sendable () -> LoadedConfiguration)? = nil
  ) async throws {
    var places = [(configuration.listenHost, configuration.listenPort)]
    if let monitor = configuration.monitor { places.append((monitor.host, monitor.port)) }
    for (host, port) in places
    where ["127.0.0.1", "localhost"].contains(host) && !isFree(port) {
      throw ListenError(host: host, port: port, why: "another program listens there")
    }
    // What was refused for good is tried once more at every start: often the configuration was mended.
    try await store.renewFailed(now: .now)
    // So that nothing is judged by areas that the files have replaced while nobody looked.
    try await areas.look(now: .now)
    let started = Date.now
    let doors = Doors(2) {
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
    let parts = try parts(started: started, manager: manager)
    let inForce = InForce()
    let loops = inForce.exchange(for: parts.loops)
    let pages = PageServer(
      parts.site, logger: logger, onRunning: { _ in await doors.opened() })
    let admin = try AdminSite(
      desk: parts.desk, socket: configuration.adminSocket, logger: logger,
      onRunning: { await doors.opened() })
    // Before anything is begun, so that a refusal is all that is said.
    try admin.removeLeftover()
    let monitored = Monitored(parts.monitored)
    let reload: Reloads.Ask? = reading.map { read in
      let reloader = Reloader(
        self, .init(inForce: inForce, pages: pages, admin: admin, monitored: monitored),
        started: started,
        manager: manager, read: read)
      return { now in await reloader.reload(now: now) }
    }
    ground.reloads.begin(at: started, ask: reload)
    defer { ground.reloads.end() }
    // The last of them hears of the end first (ServiceGroup).
    var services: [any Service] = [
      Watchdog(manager: manager, pulses: failures.pulses, logger: logger),
      AdminService(site: admin),
      ClosureService { try await pages.run() },
      TransferStop(ground: ground),
      inForce.service(),
    ]
    if let monitor = configuration.monitor {
      services.append(monitored.site(monitor, logger: logger).service())
    }
    services += loops
    if let reload { services.append(HangupWatch { _ = await reload(.now) }) }
    services.append(ShutdownWatch(flag: ground.stop, manager: manager))
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(20)
    try await ServiceGroup(configuration: group).run()
    await ground.endTransfers()
    logger.notice("triaged has stopped.")
  }

  /// What runs by one configuration.
  struct Parts: Sendable {
    var loops: [RepeatingService]
    var site: Site
    var desk: AdminDesk
    var monitored: Monitored.Facts
  }

  /// - Parameter started: when the program was.
  func parts(started: Date, manager: ServiceManager) throws -> Parts {
    let (poller, areas, failures) = (poller, areas, failures)
    let late = LateWatch(configuration, store: store, watch: watch, started: started)
    let gazetteers = GazetteerWatch(configuration, store: store, live: live)
    let matters = MatterWatch(
      configuration, store: store, sources: sources, logger: logger)
    let desk = DeskWatch(
      configuration, store: store, live: live, clock: ground.clock, logger: logger)
    let outings = OutingWatch(configuration, store: store, live: live, logger: logger)
    let deliverer = deliverer
    let bounceWatch = BounceWatch(
      folders: configuration.bounceMaildirs, desk: bounceDesk)
    let (retention, audit) = (retention, audit)
    let areasTold = AreasTold(
      configuration: configuration, store: store, effector: effector, logger: logger)
    let every = configuration.deliverEvery
    let (backups, clock) = (backups, ground.clock)
    let receipts = NotifyReceipts(
      configuration, store: store, transferrer: transferrer, logger: logger)
    let alive = AliveWatch(
      configuration, store: store, transferrer: transferrer, logger: logger,
      notWell: { await notWell(now: $0) })
    let ready = readyNow()
    let office = office(started: started, ready)
    var loops: [RepeatingService] = [
      RepeatingService(
        name: "poll", logger: logger, failures: failures,
        round: {
          let wait = try await poller.round(now: .now)
          try await late.round(now: .now)
          try await gazetteers.round(now: .now)
          return .seconds(wait)
        }, afterFailure: .seconds(10), longest: longestPollStep),
      // Of its own, so that no slow feed holds an edit up.
      RepeatingService(
        name: "areas", logger: logger, failures: failures,
        round: {
          if try await areas.look(now: .now) { try await poller.areasChanged(now: .now) }
          return .seconds(5)
        }, afterFailure: .seconds(10)),
      RepeatingService(
        name: "deliver", logger: logger, failures: failures,
        round: {
          try await deliverer.round(now: .now, mayAnnounce: poller.judgements.hasBegun)
          return .seconds(every)
        }, longest: configuration.longestDelivery),
      RepeatingService(name: "bounces", logger: logger, failures: failures) {
        try await bounceWatch.round(now: .now)
        return .seconds(60)
      },
      RepeatingService(
        name: "areas told", logger: logger, failures: failures,
        round: {
          // What came while it was reckoned is told at once.
          try await areasTold.round(now: .now) ? .seconds(1) : .seconds(5)
        }, longest: longestPollStep),
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
        try await audit.round(now: .now)
        return .seconds(3600)
      },
      RepeatingService(
        name: "backups", logger: logger, failures: failures,
        round: {
          let now = Date.now
          let isTrusted = try await clock.isTrusted(now: now, machine: .now())
          try await backups.round(now: now, mayExpire: isTrusted)
          if isTrusted { try await office.eraseClosedPilots(now: now) }
          return .seconds(60)
        }, longest: longestBackup),
    ]
    loops += alarms.loops(logger: logger, failures: failures)
    if manager.listens {
      loops.append(
        RepeatingService(name: "status line", logger: logger, failures: failures) {
          let report = try await office.status(now: .now, isBrief: true)
          manager.says(statusLine(report, nextPoll: poller.nextPoll.value))
          return .seconds(10)
        })
    }
    let answers = AdminDesk(
      routes: adminDesk(office, clock: { .now }).routes + deskRoutes(office, clock: { .now }))
    return Parts(
      loops: loops, site: try site(office, ready), desk: answers,
      monitored: monitored(office, ready))
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
      await ground.endTransfers()
      throw error
    }
    await ground.endTransfers()
  }

  // MARK: - A reload

  /// The daemon of another configuration over the same ground. It changes nothing yet.
  /// - Throws: `ConfigurationError` where the configuration has errors or wants a restart, ``StartError`` where a file
  ///   cannot be read or made.
  func following(_ loaded: LoadedConfiguration, now: Date) async throws -> Daemon {
    let next = try loaded.usable()
    try loaded.withinReach()
    let fixed = needsRestart(from: configuration, to: next)
    guard fixed.isEmpty else { throw ConfigurationError(problems: loaded.problems + fixed) }
    return try await Daemon(loaded, next, over: ground, logger: logger, now: now)
  }

  func lookAtAreas(now: Date) async throws { try await areas.look(now: now) }

  /// Once it is in force: what other settings have made stale is done anew.
  func takeOver(from earlier: Configuration, now: Date) async {
    ground.reloads.granted(at: now)
    let before = Dictionary(
      earlier.feeds.map { ($0.name, $0.settings) }, uniquingKeysWith: { one, _ in one })
    ground.turns.forget(
      configuration.feeds.filter { before[$0.name] != $0.settings }.map(\.name))
    do {
      // Often the configuration was mended because of it.
      _ = try await store.renewFailed(now: now)
    } catch {
      logger.error(
        "What was refused for good is not tried again.", metadata: ["error": "\(error)"])
    }
  }

  func refused(_ problems: [String], now: Date) { ground.reloads.refused(problems, at: now) }

  // MARK: - The parts

  /// What the command line asks.
  /// - Parameter started: `nil` where no daemon runs: a command has opened the state folder itself.
  func office(
    started: Date?, _ readiness: (@Sendable () async -> Readiness)? = nil
  ) -> AdminOffice {
    AdminOffice(
      configuration: configuration, store: store, live: live, poller: poller,
      meters: ground.meters, effector: effector, replayer: replayer, matterSources: sources,
      started: started, bounces: started == nil ? nil : bounceDesk,
      reloads: started == nil ? nil : ground.reloads, keeper: backups, retention: retention,
      retentionWatch: retentionWatch, audit: audit, readiness: readiness)
  }

  /// Takes up what was open, for a command that does the work itself.
  func openedOffice() async throws -> AdminOffice {
    try await watch.restore()
    try await areas.examine(now: .now)
    return office(started: nil)
  }

  /// Ends what a command has opened, without having run.
  func close() async {
    await ground.endTransfers()
    try? store.close()
  }

  private var retention: Retention {
    Retention(configuration: configuration, store: store, clock: ground.clock, logger: logger)
  }

  private var deliverer: Deliverer {
    Deliverer(
      configuration: configuration, store: store, live: live, transferrer: transferrer,
      links: links, logger: logger, closed: closed,
      step: { [pulses = failures.pulses] in pulses.steps("deliver") },
      sent: ground.meters.deliveries,
      facts: { [office = office(started: nil)] in try await office.digestFacts($0, now: $1) })
  }

  private var bounceDesk: BounceDesk {
    BounceDesk(configuration: configuration, store: store, tally: ground.bounces, logger: logger)
  }

  private var alarms: Alarms {
    Alarms(
      configuration, store: store, links: links, logger: logger, closed: closed,
      threads: ground.lanes, sent: ground.meters.deliveries)
  }

  /// What a monitor would be told, and the loops that have not come round for half an hour.
  /// - Returns: `nil` where nobody knows yet: this process has only begun.
  private func notWell(now: Date) async -> [String]? {
    let loops = ["poll", "deliver"]
    let longest = Duration.seconds(max(1800, 2 * configuration.deliverEvery))
    let hanging = loops.filter { failures.hangs($0, longerThan: longest) }
    guard !hanging.isEmpty || loops.allSatisfy(failures.hasComeRound) else { return nil }
    let checks = await readiness(now: now).checks
    return checks.filter { !$0.ok }.map(\.name) + hanging.map { "loop:\($0)" }
  }

  private func readiness(now: Date) async -> Readiness {
    await triaged.readiness(
      configuration, store: store, live: live, health: ground.health, failures: failures,
      reloads: ground.reloads, now: now)
  }

  /// What monitors are told, worked out once a second at most: anybody may ask the pages for it, and it writes.
  private func readyNow() -> @Sendable () async -> Readiness {
    let recent = Recent<Readiness>(for: .seconds(1)) { await readiness(now: .now) }
    return {
      (try? await recent.value())
        ?? Readiness(checks: [.init(name: "answer", ok: false, sentence: "It could not be asked.")])
    }
  }

  private func monitored(
    _ office: AdminOffice, _ ready: @escaping @Sendable () async -> Readiness
  ) -> Monitored.Facts {
    let recent = Recent<String>(for: .seconds(1)) { try await office.metricsText(now: .now) }
    return Monitored.Facts(metrics: { try await recent.value() }, readiness: ready)
  }

  private func site(
    _ office: AdminOffice, _ ready: @escaping @Sendable () async -> Readiness
  ) throws -> Site {
    try Site(
      desk: claimDesk(configuration, store: store, live: live, clock: { .now })
        .counting(ground.meters.claims),
      board: boardDesk(
        configuration, store: store, live: live, links: links, office: office, readiness: ready,
        logger: logger, clock: { .now }
      ).counting(ground.meters.claims),
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
      counts: ground.meters.pages, logger: logger)
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
    throw StartError("The folder \(path) cannot be made.", .disk)
  }
}
