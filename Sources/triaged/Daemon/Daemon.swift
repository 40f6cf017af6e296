import FlareImport
import Foundation
import Logging
import Storage
import Transfer
import Triage
import Web

/// The whole program as one value: wired here, started by `run`, by `demo` and by tests alike.
struct Daemon: Sendable {
  let configuration: Configuration
  let logger: Logger
  /// What is not wired anew by a reload.
  let ground: Ground
  let live: LiveInputs
  let areas: AreaKeeper
  let poller: Poller
  let watch: FeedWatch
  let effector: AreaEffector
  /// What the matters of this instance are asked of.
  let sources: [MatterSource]
  let audit: AuditWatch
  let backups: BackupKeeper
  private let links: Links
  private let replayer: RuleReplayer
  private let retentionWatch: RetentionWatch
  private let closed = ClosedChannels()

  private var store: Store { ground.store }

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
      erased: { try await store.erasedDwellings() },
      memory: RegisterMemory(store),
      logger: logger)
    links = Links(
      key: try Links.key(at: configuration.state + "/link.key"),
      publicURL: configuration.publicURL)
    effector = AreaEffector(configuration, store: store, live: live, stop: ground.stop)
    replayer = RuleReplayer(configuration, store: store, live: live)
    backups = BackupKeeper(
      configuration, store: store, gate: ground.keeping, failure: ground.backupFailure,
      logger: logger)
    retentionWatch = RetentionWatch(
      configuration, store, seen: ground.retentionSeen,
      hasPurged: { [failures = ground.failures] in
        failures.hasComeRound(LoopName.retention.rawValue)
      })
    audit = ground.audit
    sources =
      matterSources(
        configuration, live: live, store: store, backups: backups, retention: retentionWatch,
        audit: audit)
      + [MatterSource { [reloads = ground.reloads] _ in MatterLook(reloads.matters) }]
    watch = feedWatch(configuration, store: store, health: ground.health, logger: logger)
    poller = Poller(
      configuration, store: store, live: live, transferrer: ground.transferrer, watch: watch,
      meters: ground.meters.feeds, failures: ground.failures, turns: ground.turns,
      recording: ground.recording, stop: ground.stop, logger: logger)
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
    try await Supervision(
      daemon: self, manager: manager, onRunning: onRunning, reading: reading
    ).run()
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
    let readiness = health.readyNow()
    let office = office(started: started, readiness)
    let answers = AdminDesk(
      routes: adminDesk(office, clock: { .now }).routes + deskRoutes(office, clock: { .now }))
    return Parts(
      loops: Loops(daemon: self, started: started, office: office, manager: manager).all,
      site: try site(office, readiness), desk: answers,
      monitored: Monitored.Facts(office, readiness: readiness))
  }

  /// Polls every feed once, delivers what is due once, and ends.
  func runOnce(now: Date) async throws {
    try await areas.look(now: now)
    _ = try await poller.round(now: now)
    try await gazetteers.round(now: now)
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
    var loaded = loaded
    // Its grid is the same: only a start changes that.
    if next.gazetteerFile == configuration.gazetteerFile {
      loaded.gazetteer = loaded.gazetteer.keeping(await live.gazetteer)
    }
    return try await Daemon(loaded, next, over: ground, logger: logger, now: now)
  }

  func lookAtAreas(now: Date) async throws { try await areas.look(now: now) }

  /// Once it is in force: what other settings have made stale is done anew.
  func takeOver(from earlier: Configuration, now: Date) async {
    ground.reloads.granted(at: now)
    ground.turns.exchange(earlier.feeds, for: configuration.feeds)
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

  var retention: Retention {
    Retention(
      configuration: configuration, store: store, clock: ground.clock,
      recording: ground.recording, logger: logger)
  }

  var deliverer: Deliverer {
    Deliverer(
      configuration: configuration, store: store, live: live, transferrer: ground.transferrer,
      links: links, logger: logger, closed: closed,
      step: { [pulses = ground.failures.pulses] in pulses.steps(LoopName.deliver.rawValue) },
      sent: ground.meters.deliveries,
      facts: { [office = office(started: nil)] in try await office.digestFacts($0, now: $1) })
  }

  var bounceDesk: BounceDesk {
    BounceDesk(configuration: configuration, store: store, tally: ground.bounces, logger: logger)
  }

  var alarms: Alarms {
    Alarms(
      configuration, store: store, links: links, logger: logger, closed: closed,
      threads: ground.lanes, sent: ground.meters.deliveries)
  }

  var gazetteers: GazetteerWatch {
    GazetteerWatch(configuration, store: store, live: live)
  }

  var health: InstanceHealth {
    InstanceHealth(configuration: configuration, ground: ground, live: live)
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
      settings: webSettings(configuration, links),
      counts: ground.meters.pages, logger: logger)
  }
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
