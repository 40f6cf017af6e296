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
  private let configuration: Configuration
  private let store: Store
  private let live: LiveInputs
  private let transferrer: Transferrer
  private let logger: Logger
  private var due: [String: Date] = [:]
  /// Feeds in trouble, with the sentence that was logged: an episode is told once.
  private var trouble: [String: String] = [:]
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
    logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.live = live
    self.transferrer = transferrer
    self.logger = logger
  }

  private var folders: FeedFolders {
    FeedFolders(
      spool: configuration.state + "/spool",
      archive: configuration.archiveDays > 0 ? configuration.state + "/archive" : nil)
  }

  /// Polls every feed that is due, then judges again if that is due.
  /// - Returns: seconds until something is due again.
  func round(now: Date) async throws -> Double {
    let inputs = await live.look(now: now)
    for feed in configuration.feeds where due[feed.name, default: .distantPast] <= now {
      due[feed.name] = now.addingTimeInterval(feed.cadenceSeconds)
      await pollInTrouble(feed, inputs, now: now)
    }
    if mustJudge(inputs, now: now) { try await judge(inputs, now: now) }
    let next = due.values.min() ?? now.addingTimeInterval(60)
    return max(0.05, min(15, next.timeIntervalSince(now)))
  }

  /// One feed's trouble holds up no other feed, and is said once an episode.
  private func pollInTrouble(
    _ feed: FeedSettings, _ inputs: LiveInputs.InForce, now: Date
  ) async {
    do {
      try await poll(feed, inputs, now: now)
      if trouble.removeValue(forKey: feed.name) != nil {
        logger.notice("The feed works again.", metadata: ["feed": "\(feed.name)"])
      }
    } catch {
      let sentence = "\(error)"
      if trouble[feed.name] != sentence {
        logger.error(
          "The feed could not be read; its last good state stays.",
          metadata: ["feed": "\(feed.name)", "error": "\(sentence)"])
      }
      trouble[feed.name] = sentence
    }
  }

  private func poll(_ feed: FeedSettings, _ inputs: LiveInputs.InForce, now: Date) async throws {
    var memory = FeedMemory(try await store.feedState(feed.name))
    // Other boundaries: rows that were outside may be inside now, so the list is read again.
    if memory.areas != inputs.areasFingerprint { memory.source.forget() }
    let found = try await FeedPoller(settings: feed, folders: folders, transferrer: transferrer)
      .poll(memory.source, now: now)
    memory.source = found.state
    if found.exports.isEmpty, found.changed {
      try await store.unchanged(feed: feed.name, state: memory.data, now: now)
    }
    var failure: (any Error)?
    for export in found.exports {
      memory.source = export.state
      memory.areas = inputs.areasFingerprint
      do {
        try await importExport(export, feed, inputs, memory, now: now)
      } catch let error as ImportError {
        // Remembered as seen, so that it is neither read again and again nor lost.
        try await store.unchanged(feed: feed.name, state: memory.data, now: now)
        failure = error
      }
      try export.keep(in: folders, now: now)
    }
    if let failure { throw failure }
  }

  private func importExport(
    _ export: Export, _ feed: FeedSettings, _ inputs: LiveInputs.InForce, _ memory: FeedMemory,
    now: Date
  ) async throws {
    let projection = try Triaged.projection(from: feed.crs, to: configuration.grid)
    let list = try readExport(
      export, settings: feed, index: inputs.index, projection: projection)
    let known = try await known(now: now)
    let news = News(of: list.jobs, feed: feed, known: known.jobs, rows: list.report.counts.rows, now: now)
    if let held = news.held {
      logger.warning(
        "The list is strange: nothing is closed because of it.",
        metadata: ["feed": "\(feed.name)", "why": "\(held)"])
    }
    let result = try await record(
      feed: feed.name, export: export, report: list.report, memory: memory.data, news: news,
      jobs: news.merged, known, inputs, now: now)
    let counts = list.report.counts
    logger.notice(
      "List read.",
      metadata: [
        "feed": "\(feed.name)", "rows": "\(counts.rows)", "outside": "\(counts.outside)",
        "in_area": "\(counts.inArea)", "not_located": "\(counts.notLocated)",
        "unreadable": "\(counts.unreadable)", "new": "\(result.new)",
        "changed": "\(result.changed)", "gone": "\(result.gone)", "made": "\(result.made)",
        "withdrawn": "\(result.withdrawn)", "offered": "\(result.offered)",
      ])
  }

  // MARK: - Judging

  private func mustJudge(_ inputs: LiveInputs.InForce, now: Date) -> Bool {
    guard let judged else { return true }
    return now.timeIntervalSince(judged.at) >= Poller.judgeEvery || now < judged.at
      || judged.areas != inputs.areasFingerprint || judged.register != inputs.register
  }

  /// Judges what is known once more: a window may have opened or closed, a boundary or the
  /// register may have changed.
  private func judge(_ inputs: LiveInputs.InForce, now: Date) async throws {
    let known = try await known(now: now)
    let result = try await record(
      feed: nil, export: nil, report: nil, memory: nil, news: nil, jobs: known.jobs, known,
      inputs, now: now)
    if result.made + result.withdrawn + result.offered > 0 {
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

  private func record(
    feed: String?, export: Export?, report: ImportReport?, memory: Data?, news: News?,
    jobs: [Job], _ known: KnownState, _ inputs: LiveInputs.InForce, now: Date
  ) async throws -> PassResult {
    // Without a register nothing new is announced; what is open is still judged, so that a claim
    // sees today's facts.
    let register = inputs.register.register
    var team = configuration.team
    if register == nil { for at in team.areas.indices { team.areas[at].weeklyCapacity = 0 } }
    let verdict = triage(
      TriageInput(
        jobs: relocated(jobs, inputs.index), rules: configuration.rules,
        register: register ?? Register(), team: team, now: now, open: known.open,
        answered: known.answered, offeredThisWeek: known.offeredThisWeek))
    var recipients: [String: [Recipient]] = [:]
    for area in configuration.team.areas {
      recipients[area.area] = configuration.team.leaders(of: area.area).map {
        Recipient(member: $0.id, channel: $0.channel)
      }
    }
    let result = try await store.record(
      Pass(
        feed: feed, source: export?.name ?? "", bytes: export?.bytes ?? 0,
        sha256: report?.sha256 ?? "", report: report, feedState: memory,
        changed: news?.changed ?? [], gone: news?.gone ?? [], verdict: verdict,
        recipients: recipients, now: now))
    judged = Judged(at: now, areas: inputs.areasFingerprint, register: inputs.register)
    return result
  }

  /// The mirror keeps a job where it was; which area holds it is asked anew on every pass.
  private func relocated(_ jobs: [Job], _ index: AreaIndex) -> [Job] {
    jobs.compactMap { job in
      guard let point = job.place.point, let position = index.firstPosition(holding: point) else {
        return nil
      }
      let area = index.areas[position].id
      if area == job.area { return job }
      var moved = job
      moved.area = area
      return moved
    }
  }
}

/// What the store keeps for a feed between two polls.
struct FeedMemory: Codable {
  var source = FeedState()
  /// Of the boundary files by which the last list was read.
  var areas = ""

  init(_ data: Data?) {
    if let data, let known = try? JSONDecoder().decode(FeedMemory.self, from: data) { self = known }
  }

  var data: Data { (try? JSONEncoder().encode(self)) ?? Data() }
}
