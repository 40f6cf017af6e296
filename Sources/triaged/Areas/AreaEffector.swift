import FlareImport
import Foundation
import Geography
import Storage
import Triage

/// Finds out what an edit of the areas changes. One question at a time, on a thread of its own, so that
/// neither the poll loop nor a page waits for the archive.
actor AreaEffector {
  private let executor = SerialQueueExecutor(label: "triaged.area-effects")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let configuration: Configuration
  private let store: Store
  private let live: LiveInputs
  private let judging: Judging
  private let stop: ShutdownFlag
  private let limits: ArchiveRead.Limits
  /// One answer may hold many jobs in memory.
  private let answering = OneAtATime()

  init(
    _ configuration: Configuration, store: Store, live: LiveInputs, stop: ShutdownFlag,
    limits: ArchiveRead.Limits = .init()
  ) {
    self.configuration = configuration
    self.store = store
    self.live = live
    self.stop = stop
    self.limits = limits
    judging = Judging(configuration)
  }

  /// Areas as a question has them; `nil` where it has something else, or areas on another grid.
  func areas(_ bytes: [UInt8]) -> [PilotArea]? { readKeptAreas(bytes, grid: configuration.grid) }

  /// - Parameters:
  ///   - from: the whole set before the edit, also what does not count today.
  ///   - to: the whole set after it.
  ///   - since: what was taken back since then counts as open: the edit may be in force already.
  /// - Throws: `CancellationError` when the program is to end; what the store throws.
  func effects(
    from: [PilotArea], to: [PilotArea], since: Date, now: Date
  ) async throws -> AreaEffects {
    await answering.enter()
    defer { answering.leave() }
    let inputs = await live.inForce(now: now)
    let known = try await judging.known(in: store, now: now)
    let open = try await store.openPlaces(since: since)
    var complete: [String: Date] = [:]
    var held: [String: HeldList] = [:]
    for feed in configuration.feeds {
      complete[feed.name] = try await store.listing(of: feed.name).complete
      held[feed.name] = try await store.held(feed: feed.name)
    }
    let today = CivilDay(now, in: configuration.timeZone)
    // An area that begins later is counted as it will be; one that has ended is not.
    func coming(_ areas: [PilotArea]) -> AreaIndex {
      AreaIndex(areas.filter { $0.until.map { $0 >= today } ?? true })
    }
    let counting = Counting(judging: judging, before: coming(from), after: coming(to))
    var read = ArchiveRead(
      configuration, counting: counting, gazetteer: inputs.gazetteer, held: held, limits: limits,
      now: now)
    try read.run(mustStop: { stop.isSet })
    let jobs = together(known, &read, complete)
    func judged(_ areas: [PilotArea]) -> JudgedAreas {
      var inputs = inputs
      inputs.index = AreaIndex(areas.filter { $0.counts(on: today) })
      return JudgedAreas(
        jobs, by: judging, known, inputs,
        idle: Dictionary(
          areas.compactMap { area in area.idleWords(on: today).map { (area.id, $0) } },
          uniquingKeysWith: { one, _ in one }), now: now)
    }
    let (before, after) = (judged(from), judged(to))
    if stop.isSet { throw CancellationError() }
    let movements = movements(before, after, open: open, judging)
    var effects = AreaEffects(
      from: from, to: to, now: now, timeZone: configuration.timeZone.identifier)
    effects.opportunities = movements
    effects.archive = read.reach
    effects.count(read.words, counting, now: now)
    let updates = Set(configuration.feeds.filter { $0.settings.kind == .updates }.map(\.name))
    let current = Set(jobs.map(\.id))
    for (job, word) in read.words
    where updates.contains(job.feed) && word.after >= 0 && !word.isClosed && !current.contains(job)
    {
      effects.inOlderLists[job.feed, default: 0] += 1
    }
    let picture = effectsPicture(
      from: from, to: to, before, after, open: open, counted: read.words, updates: updates,
      configuration,
      today: today, now: now)
    effects.picture = picture.svg()
    effects.pictureSays = picture.alternative
    return effects
  }

  /// The jobs that the daemon would know: those of the mirror, and of the newest list of each feed what
  /// the mirror lacks or knows from an older list.
  private func together(
    _ known: KnownState, _ read: inout ArchiveRead, _ complete: [String: Date]
  ) -> [Job] {
    let orders = Dictionary(
      configuration.feeds.map { ($0.name, ledgerOrder($0.settings)) },
      uniquingKeysWith: { one, _ in one })
    var mirror: [JobRef: ArchiveRead.Rank] = [:]
    for (job, listed) in zip(known.jobs, known.listed) {
      let order = orders[job.id.feed] ?? .snapshot
      let instant = listed.instant(complete[job.id.feed])
      mirror[job.id] = rank(of: job, at: instant, order)
      read.take(job, listed: instant, order)
    }
    var newer: [JobRef: Job] = [:]
    for (feed, list) in read.newest {
      for job in list.jobs {
        let rank = rank(of: job, at: list.instant, orders[feed] ?? .snapshot)
        if let stated = mirror[job.id], stated >= rank { continue }
        newer[job.id] = job
      }
    }
    return known.jobs.filter { newer[$0.id] == nil }
      + newer.values.sorted { $0.id < $1.id }
  }
}

/// What is known, judged by one set of areas.
struct JudgedAreas {
  let index: AreaIndex
  let jobs: [Job]
  let verdict: Verdict
  /// Above the line.
  let opportunities: [AddressKey: Opportunity]
  /// Of every job in an area.
  private let standings: [JobRef: JobStanding]
  /// By id: since or until when an area of the set does not count.
  private let idle: [String: String]

  init(
    _ jobs: [Job], by judging: Judging, _ known: KnownState, _ inputs: LiveInputs.InForce,
    idle: [String: String], now: Date
  ) {
    self.idle = idle
    index = inputs.index
    self.jobs = judging.relocated(jobs, inputs.index)
    verdict = judging.judge(self.jobs, known, inputs, now: now)
    opportunities = Dictionary(
      verdict.opportunities.map { ($0.address, $0) }, uniquingKeysWith: { one, _ in one })
    standings = Dictionary(
      zip(self.jobs.map(\.id), verdict.standings), uniquingKeysWith: { one, _ in one })
  }

  /// Why the job makes no opportunity here: a sentence.
  /// - Parameter area: the id of the area that held it in the other set.
  func whyNot(_ job: JobRef, of area: String) -> String {
    switch standings[job] {
    case nil: idle[area].map { $0 + "." } ?? "No area holds its place any more."
    case .noOpportunity(let why): why.sentence
    case .belowTheLine: "Its score is below the lowest band of its area."
    case .typeNotInTable: "The rules do not know its type."
    case .inOpportunity: "Another job at its address is the reason."
    }
  }
}
