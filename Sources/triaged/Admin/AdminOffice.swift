import FlareImport
import Foundation
import Storage
import Triage
import Web

/// What the command line can ask of an instance, whether a daemon answers at its socket or the command
/// has opened the database itself.
struct AdminOffice: Sendable {
  let configuration: Configuration
  let store: Store
  let live: LiveInputs
  let poller: Poller
  let meters: Meters
  let effector: AreaEffector
  let replayer: RuleReplayer
  /// As the daemon's own watch asks them.
  let matterSources: [MatterSource]
  /// When the daemon was started; `nil` where none runs.
  let started: Date?
  /// `nil` where no daemon's own journal and counts stand behind it.
  var bounces: BounceDesk?
  /// `nil` where no daemon runs.
  var reloads: Reloads?
  /// `nil` where no daemon's own stands behind it.
  var keeper: BackupKeeper?

  var backups: BackupKeeper {
    keeper ?? BackupKeeper(configuration, store: store, logger: poller.logger)
  }
  /// `nil` where nothing is deleted from here.
  var retention: Retention?
  /// The same, as `status` tells of it.
  var retentionWatch: RetentionWatch?
  /// Remembers what the last look at the audit showed.
  var audit: AuditWatch?
  /// As monitors are told it; `nil` where no daemon runs.
  var readiness: (@Sendable () async -> Readiness)?

  // MARK: - Asking

  /// - Parameter isBrief: without how coordinates are converted: PROJ thinks about that for longer than all else takes,
  ///   and who asks again and again does not read it.
  func status(now: Date, isBrief: Bool = false) async throws -> StatusReport {
    let inputs = await live.inForce(now: now)
    let pauses = try await store.pauses()
    let today = CivilDay(now, in: configuration.timeZone)
    let counts = try await store.counts(
      paused: configuration.team.paused(pauses, on: today).pausedAreas,
      scheduled: configuration.team.scheduledAreas,
      quiet: configuration.team.quietAreas(at: now))
    let notices = try await store.noticeCounts(now: now)
    let outbox = try await store.outboxCounts()
    let register: StatusReport.Finding =
      switch inputs.register {
      case .inForce: .init(ok: true, sentence: registerInForce(entries: inputs.registerEntries))
      case .notInForce(let why): .init(ok: false, sentence: "\(why) Nothing is announced.")
      }
    return StatusReport(
      version: programVersion, instance: configuration.instance,
      timeZone: configuration.timeZone.identifier, now: now,
      daemon: started.map {
        .init(process: getpid(), since: $0, uptimeSeconds: max(0, Int(now.timeIntervalSince($0))))
      },
      feeds: try await standings(inputs, now: now), register: register,
      areas: live.areas.standing(now: now), gazetteerTrouble: inputs.gazetteerTrouble,
      opportunities: .init(
        waiting: counts.open[.waiting] ?? 0, offered: counts.open[.offered] ?? 0,
        claimed: counts.open[.claimed] ?? 0),
      mail: .init(
        owed: counts.owed, oldestOwed: counts.oldestOwed, heldBack: counts.heldBack,
        awaitingSlot: counts.awaitingSlot,
        refused: counts.failedOpen,
        noticesOwed: notices.owed, oldestRetriedNotice: notices.oldestRetried,
        noticesRefused: notices.failed,
        otherDoorRefused: notices.otherDoorFailed, hasAdmin: configuration.admin != nil,
        states: Dictionary(
          uniqueKeysWithValues: outbox.map { ($0.key.rawValue, $0.value) }),
        bouncesNotUnderstood: bounces?.tally.counts.notUnderstood),
      failing: poller.failures.loops, bytesLeft: tooFewBytesLeft,
      coordinates: isBrief ? nil : conversionsInForce(configuration),
      matters: try await matters(now: now),
      paused: pauseStandings(pauses, inputs, now: now), configuration: configurationStanding(),
      retention: try await retentionWatch?.look(now: now), audit: try await auditStanding())
  }

  /// What is the matter now, since when as far as it is written down.
  private func matters(now: Date) async throws -> [StatusReport.MatterStanding] {
    let written = try await store.openMatters()
    var standings: [StatusReport.MatterStanding] = []
    for source in matterSources {
      let look = try await source.look(now)
      for matter in look.matters {
        let since = written.first {
          $0.matter.kind == matter.kind && $0.matter.subject == matter.subject
        }?.began
        standings.append(
          .init(
            kind: matter.kind, subject: matter.subject, sentence: matter.sentence, since: since))
      }
      // What cannot be seen just now is as it was.
      for stored in written where look.unseen.contains(stored.matter.kind) {
        standings.append(
          .init(
            kind: stored.matter.kind, subject: stored.matter.subject,
            sentence: stored.matter.sentence, since: stored.began))
      }
    }
    return standings
  }

  private var tooFewBytesLeft: Int? {
    bytesLeft(at: configuration.state).flatMap { $0 < leastBytesLeft ? $0 : nil }
  }

  /// Every feed of the configuration in its order, then those that only the database knows.
  private func standings(_ inputs: LiveInputs.InForce, now: Date) async throws -> [FeedStanding] {
    let names = Dictionary(
      inputs.areas.map { ($0.id, $0.name) }, uniquingKeysWith: { one, _ in one })
    var known: [String: FeedStatus] = [:]
    for status in try await store.feedStatuses() { known[status.name] = status }
    var standings: [FeedStanding] = []
    for feed in configuration.feeds {
      let memory = FeedMemory(try await store.feedState(feed.name))
      let paused = feed.whyPaused(on: CivilDay(now, in: configuration.timeZone))
      let due = paused == nil ? nextDue(feed, memory, now: now) : nil
      let status = known.removeValue(forKey: feed.name) ?? FeedStatus(name: feed.name)
      standings.append(
        FeedStanding(
          status: status, timeZone: feed.zone.identifier, areaNames: names, nextDue: due,
          isConfigured: true, belief: memory.belief.flatMap { $0.isInForce(now) ? $0 : nil },
          stalledSince: paused == nil ? stalledSince(feed, status, now: now) : nil,
          failing: poller.failures[.feed(feed.name)], paused: paused))
    }
    for status in known.values.sorted(by: { $0.name < $1.name }) {
      standings.append(
        FeedStanding(
          status: status, timeZone: configuration.timeZone.identifier, areaNames: names,
          nextDue: nil, isConfigured: false))
    }
    return standings
  }

  /// Since when no poll of a running daemon has come to its end, where it should have long ago: a full disk
  /// keeps even the trouble itself from being written down.
  private func stalledSince(_ feed: Feed, _ status: FeedStatus, now: Date) -> Date? {
    guard let started, !status.episodes.contains(where: { $0.trouble == .unreachable })
    else { return nil }
    let last = max(status.polled ?? started, started)
    let patience = max(3 * feed.settings.cadenceSeconds, AdminOffice.shortestPatience)
    return now.timeIntervalSince(last) > patience ? status.polled ?? started : nil
  }

  /// Seconds; more than the time between two notes in the store that a poll found nothing.
  private static let shortestPatience = 600.0

  private func nextDue(_ feed: Feed, _ memory: FeedMemory, now: Date) -> Date? {
    guard let expected = feed.expected else { return nil }
    let last = memory.newestList ?? memory.knownSince ?? started ?? now
    return expected.deadline(after: min(last, now), zone: feed.zone, configuration.holidays)?.due
  }

  func metricsText(now: Date) async throws -> String {
    let out = try await store.outings().filter { $0.backAt == nil }
    return metrics(
      MetricFacts(
        status: try await status(now: now, isBrief: true), meters: meters,
        readiness: await readiness?(),
        channels: Array(configuration.channels.keys), loops: poller.failures.loopTallies,
        machine: MachineFacts(state: configuration.state, database: store.path),
        registerSaved: savedAt(configuration.registerFile),
        visits: .init(out: out.count, late: out.count { $0.backBy < now }),
        lastBackup: backups.list(now: now).backups.map(\.made).filter { $0 <= now }.max()))
  }

  /// - Parameter limit: so many of its last imports and episodes.
  func account(of name: String, limit: Int, now: Date) async throws -> FeedAccount {
    let inputs = await live.inForce(now: now)
    guard
      let standing = try await standings(inputs, now: now).first(where: { $0.status.name == name })
    else { throw unknown(name) }
    return FeedAccount(
      now: now, feed: standing,
      imports: try await store.reports(feed: name, limit: limit).map {
        .init(
          at: $0.at, name: $0.source, bytes: $0.bytes, sha256: $0.sha256, report: $0.report)
      },
      episodes: try await store.episodes(feed: name, limit: limit),
      refused: FeedMemory(try await store.feedState(name)).refused.reversed().prefix(limit).map {
        .init(name: $0.name, received: $0.received, trouble: $0.trouble, archived: $0.archived)
      })
  }

  /// What it would change if these areas were in force.
  /// - Parameter bytes: areas as they are kept, see ``Geography/writeAreas(_:grid:)``.
  func areasDiff(_ bytes: [UInt8], now: Date) async throws -> AreaDiff {
    guard let areas = await effector.areas(bytes) else {
      throw AdminRefusal(
        .misuse, "To compare areas wants areas on the grid \(configuration.grid.crs).")
    }
    let before = live.areas.inForce(now: now).areas
    do {
      return AreaDiff(
        effects: try await effector.effects(from: before, to: areas, since: now, now: now))
    } catch is CancellationError {
      throw AdminRefusal(.conflict, "The service is about to end; ask again when it runs.")
    }
  }

  /// What other rules would have made of the last weeks. Nothing is recorded.
  func replay(_ wish: ReplayRulesWish, now: Date) async throws -> ReplayAnswer {
    try await replayer.answer(wish, now: now)
  }

  /// The whole story of one opportunity.
  func explain(_ opportunity: Int64, now: Date) async throws -> OpportunityStory {
    try await OpportunityTeller(configuration: configuration, store: store, live: live)
      .story(of: opportunity, now: now)
  }

  func areas(now: Date) -> AreasAccount {
    AreasAccount(
      live.areas.inForce(now: now), trouble: live.areas.trouble, configuration, now: now)
  }

  // MARK: - Doing

  /// Takes an edit of the boundary files that waits for a person's word.
  func acceptAreas(_ mark: String, now: Date) async throws -> Done {
    do {
      let done = try await live.areas.accept(mark, now: now)
      try await poller.areasChanged(now: now)
      return Done(done: done)
    } catch let error as AreasRefusal {
      throw AdminRefusal(.conflict, error.description)
    }
  }

  /// Takes a register that has become much shorter, and judges by it at once.
  func acceptRegister(entries: Int, now: Date) async throws -> Done {
    do {
      let done = try await live.acceptRegister(entries: entries, now: now)
      try await poller.judgeAgain(now: now)
      return Done(done: done)
    } catch let error as RegisterRefusal {
      throw AdminRefusal(.conflict, error.description)
    }
  }

  /// Takes the list that is held. - Returns: what it did, as a sentence.
  /// - Parameter list: which one is meant, see ``Poller/accept(_:list:now:)``.
  func accept(_ name: String, list: String?, now: Date) async throws -> Done {
    try known(name)
    return Done(done: try await asked { try await poller.accept(name, list: list, now: now) })
  }

  /// Reads a file again that was archived, or that somebody has brought.
  /// - Parameter file: a name in the feed's archive, or an absolute path.
  func replay(_ file: String, feed name: String, now: Date) async throws -> Done {
    try known(name)
    let isPath = file.contains("/")
    if isPath, !file.hasPrefix("/") {
      throw AdminRefusal(.misuse, "The path of the list must begin with a slash.")
    }
    if isPath, !FileManager.default.isReadableFile(atPath: file) {
      throw AdminRefusal(
        .unknown, "The list \(file) is not there, or the daemon's user may not read it.")
    }
    let report = try await asked { try await poller.replay(file, feed: name, now: now) }
    // Its rows were taken.
    let held = report.heldBecause.isEmpty ? "" : " It is held: \(report.heldBecause)"
    return Done(done: "\(report.source) was read again for \(name): \(sentence(report))\(held)")
  }

  /// What the poll loop refuses is a sentence for who asked.
  private func asked<Value: Sendable>(
    _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    do {
      return try await body()
    } catch let error as FeedRefusal {
      throw AdminRefusal(.conflict, error.description)
    } catch let error as ImportError {
      throw AdminRefusal(.conflict, "\(error.why) \(error.next)")
    }
  }

  struct Done: Codable, Hashable {
    var done: String
  }

  private func known(_ name: String) throws {
    if !configuration.feeds.contains(where: { $0.name == name }) { throw unknown(name) }
  }

  private func unknown(_ name: String) -> AdminRefusal {
    let names = configuration.feeds.map(\.name)
    return AdminRefusal(
      .unknown,
      "There is no feed '\(name)'\(Section.suggestion(for: name, among: names)); there is "
        + "\(names.joined(separator: ", ")).")
  }
}
