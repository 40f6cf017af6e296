import FlareImport
import Foundation
import Logging
import Storage
import Transfer
import Triage

/// The poll loop's work: export → jobs → opportunities and announcements owed, one transaction.
///
/// Reading and judging happen before the transaction is opened, so a claim never waits for them.
actor Poller {
  private let executor = SerialQueueExecutor(label: "triaged.poll")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let configuration: Configuration
  private let store: Store
  private let live: LiveInputs
  private let logger: Logger
  private var sources: [String: FeedSource] = [:]
  private var due: [String: Date] = [:]
  private let health: FeedHealth
  private var judged: Judged?

  /// What the last pass was judged by.
  private struct Judged {
    var at: Date
    var areas: String
    var register: RegisterState
  }

  /// Judged again after this time even if nothing came: windows open and close.
  private static let judgeEvery = 900.0

  init(
    _ configuration: Configuration, store: Store, live: LiveInputs, transferrer: Transferrer,
    health: FeedHealth, logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.live = live
    self.health = health
    self.logger = logger
    let archive = Archive(path: configuration.archiveFolder, days: configuration.archiveDays)
    for feed in configuration.feeds {
      sources[feed.name] = FeedSource(
        settings: feed.settings, spool: configuration.state + "/spool", archive: archive,
        transferrer: transferrer)
    }
  }

  /// Polls every feed that is due, then judges again if that is due.
  /// - Returns: seconds until something is due again.
  func round(now: Date) async throws -> Double {
    let inputs = await live.look(now: now)
    for feed in configuration.feeds {
      let cadence = feed.settings.cadenceSeconds
      let next = due[feed.name] ?? .distantPast
      // A date beyond the cadence was set before the clock went back.
      guard next <= now || next > now.addingTimeInterval(max(cadence, Poller.afterFailure)) else {
        continue
      }
      due[feed.name] = now.addingTimeInterval(cadence)
      try await pollInTrouble(feed, inputs, now: now)
    }
    if mustJudge(inputs, now: now) { try await judgeAgain(inputs, now: now) }
    let next = due.values.min() ?? now.addingTimeInterval(60)
    return max(0.05, min(15, next.timeIntervalSince(now)))
  }

  /// One feed's trouble holds up no other feed, and is said once an episode.
  private func pollInTrouble(
    _ feed: Feed, _ inputs: LiveInputs.InForce, now: Date
  ) async throws {
    do {
      let recorded = try await poll(feed, inputs, now: now)
      // A list that was refused is over only when a good one was recorded.
      if recorded || health.trouble(of: feed.name)?.hasPrefix(Poller.access) == true,
        health.isOver(feed.name)
      {
        logger.notice("The feed works again.", metadata: ["feed": "\(feed.name)"])
      }
    } catch let error as StoreError where error.mustStop {
      throw error
    } catch {
      if !(error is ImportError) && !(error is TransferError) {
        due[feed.name] = now.addingTimeInterval(Poller.afterFailure)
      }
      tell(feed, "\(Poller.access)\(error)")
    }
  }

  /// Begins the sentences of a source that cannot be reached, which are over when it can.
  private static let access = "No list came: "
  /// Seconds until a feed is polled again after a fault that is not its own.
  private static let afterFailure = 60.0

  private func tell(_ feed: Feed, _ sentence: String) {
    if health.begins(feed.name, sentence) {
      logger.error(
        "The feed is in trouble; its last good state stays.",
        metadata: ["feed": "\(feed.name)", "why": "\(sentence)"])
    }
  }

  /// - Returns: whether a list was recorded.
  private func poll(
    _ feed: Feed, _ inputs: LiveInputs.InForce, now: Date
  ) async throws -> Bool {
    guard var source = sources[feed.name] else { return false }
    var memory = FeedMemory(try await store.feedState(feed.name))
    // Other boundaries: rows that were outside may be inside now, so the list is read again.
    if memory.areas != inputs.areasFingerprint { memory.forgetList(of: feed.settings) }
    let found = try await source.poll(memory.source, now: now)
    sources[feed.name] = source
    for trouble in found.troubles { tell(feed, "\(trouble)") }
    var recorded = false
    for export in found.exports {
      memory.areas = inputs.areasFingerprint
      do {
        memory.rows = try await take(export, feed, inputs, memory, now: now)
        recorded = true
      } catch is StillBeingWritten {
        break  // This one and what came after it wait for the next poll.
      } catch let error as ImportError {
        // Remembered as seen, so that it is neither read again and again nor lost.
        memory.source = export.stateOnceRecorded(sha256: "")
        try await store.unchanged(feed: feed.name, state: memory.data, now: now)
        recorded = false
        tell(feed, "\(error)")
      }
      try source.keep(export)
    }
    return recorded
  }

  /// - Returns: the data rows of the list that is believed now.
  private func take(
    _ export: Export, _ feed: Feed, _ inputs: LiveInputs.InForce, _ memory: FeedMemory,
    now: Date
  ) async throws -> Int {
    // Law 9: yesterday's snapshot, put in again, says nothing about today.
    if export.isOlderThanTaken, feed.settings.kind == .snapshot {
      throw ImportError(
        feed: feed.name, why: "\(export.name) is older than the list that was taken last.",
        next: "It is put into the archive unread.")
    }
    return try await importExport(export, feed, inputs, memory, now: now)
  }

  private func importExport(
    _ export: Export, _ feed: Feed, _ inputs: LiveInputs.InForce, _ memory: FeedMemory,
    now: Date
  ) async throws -> Int {
    var watch = Stopwatch()
    let projection = try Triaged.projection(from: feed.settings.crs, to: configuration.grid)
    let list = try readExport(
      export, settings: feed.settings, index: inputs.index, projection: projection,
      gazetteer: inputs.gazetteer, now: now)
    var memory = memory
    memory.source = export.stateOnceRecorded(sha256: list.sha256)
    watch.lap("read_seconds")
    let known = try await known(now: now)
    let news = News(
      of: list, feed: feed, known: relocated(known.jobs, inputs.index), rowsBefore: memory.rows,
      now: now)
    // A strange list is no measure for the next one.
    if news.held == nil { memory.rows = list.report.counts.rows }
    if let held = news.held {
      logger.warning(
        "The list is strange: nothing is closed because of it.",
        metadata: ["feed": "\(feed.name)", "why": "\(held)"])
    }
    watch.lap("compare_seconds")
    let verdict = judge(news.jobs, known, inputs, now: now)
    watch.lap("judge_seconds")
    let result = try await store.record(
      Pass(
        feed: feed.name, source: export.name, bytes: export.byteCount, sha256: list.sha256,
        report: list.report, feedState: memory.data, changed: news.changed.map { news.jobs[$0] },
        addressKeys: news.changed.map { verdict.addresses[$0] },
        relisted: news.gone.map {
          Relisting(id: $0, listed: .at(now), gone: now, isNewlyGone: true)
        },
        verdict: verdict, recipients: recipients, now: now))
    judged = Judged(at: now, areas: inputs.areasFingerprint, register: inputs.register)
    watch.lap("record_seconds")
    let counts = list.report.counts
    let account: Logger.Metadata = [
      "feed": "\(feed.name)", "rows": "\(counts.rows)", "outside": "\(counts.outside)",
      "in_area": "\(counts.inArea)", "not_located": "\(counts.notLocated)",
      "unreadable": "\(counts.unreadable)", "new": "\(result.new)",
      "changed": "\(result.changed)", "gone": "\(result.gone)", "made": "\(result.made)",
      "reopened": "\(result.reopened)", "withdrawn": "\(result.withdrawn)",
      "offered": "\(result.offered)",
    ]
    logger.notice("List read.", metadata: account.merging(watch.laps) { one, _ in one })
    return memory.rows
  }

  // MARK: - Judging

  private func mustJudge(_ inputs: LiveInputs.InForce, now: Date) -> Bool {
    guard let judged else { return true }
    return now.timeIntervalSince(judged.at) >= Poller.judgeEvery || now < judged.at
      || judged.areas != inputs.areasFingerprint || judged.register != inputs.register
  }

  /// Judges what is known once more: a window may have opened or closed, a boundary or the
  /// register may have changed.
  private func judgeAgain(_ inputs: LiveInputs.InForce, now: Date) async throws {
    let known = try await known(now: now)
    let verdict = judge(relocated(known.jobs, inputs.index), known, inputs, now: now)
    let result = try await store.record(
      Pass(feed: nil, verdict: verdict, recipients: recipients, now: now))
    judged = Judged(at: now, areas: inputs.areasFingerprint, register: inputs.register)
    if result.made + result.reopened + result.withdrawn + result.offered > 0 {
      logger.notice(
        "Judged again.",
        metadata: [
          "made": "\(result.made)", "withdrawn": "\(result.withdrawn)",
          "offered": "\(result.offered)",
        ])
    }
  }

  private func known(now: Date) async throws -> KnownState {
    try await store.known(
      since: now.addingTimeInterval(-365 * 86_400),
      weekStart: weekStart(of: now, in: configuration.timeZone))
  }

  private func judge(
    _ jobs: [Job], _ known: KnownState, _ inputs: LiveInputs.InForce, now: Date
  ) -> Verdict {
    // Without a register nothing new is announced; what is open is still judged, so that a claim
    // sees today's facts.
    let register = inputs.register.register
    var team = configuration.team
    if register == nil { for at in team.areas.indices { team.areas[at].weeklyCapacity = 0 } }
    return triage(
      TriageInput(
        jobs: jobs, rules: configuration.rules, register: register ?? Register(), team: team,
        now: now, open: known.open, answered: known.answered,
        offeredThisWeek: known.offeredThisWeek))
  }

  /// By area id: to whom a newly offered opportunity is owed.
  private var recipients: [String: [Pass.Recipient]] {
    Dictionary(
      configuration.team.areas.map { area in
        let leaders = configuration.team.leaders(of: area.area)
        return (area.area, leaders.map { Pass.Recipient(member: $0.id, channel: $0.channel) })
      }, uniquingKeysWith: { one, _ in one })
  }

  /// The mirror keeps a job where it was; which area holds it is asked anew on every pass.
  private func relocated(_ jobs: [Job], _ index: AreaIndex) -> [Job] {
    let margins = Dictionary(
      configuration.feeds.map { ($0.name, $0.settings.approximateMetres) },
      uniquingKeysWith: { one, _ in one })
    return jobs.compactMap { job in
      let margin = margins[job.id.feed] ?? 250
      guard let point = job.place.point,
        let (position, grade) = index.placing(
          point, grade: job.place.location, approximateMetres: margin)
      else { return nil }
      let area = index.areas[position].id
      if area == job.area, grade == job.place.location { return job }
      var moved = job
      moved.area = area
      moved.place.location = grade
      return moved
    }
  }
}
