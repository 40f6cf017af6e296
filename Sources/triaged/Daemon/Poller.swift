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

  let configuration: Configuration
  let store: Store
  let live: LiveInputs
  let logger: Logger
  let watch: FeedWatch
  let meters: FeedMeters
  let archive: Archive
  let judging: Judging
  var sources: [String: FeedSource] = [:]
  private let turns: FeedTurns
  private var isRestored = false
  /// What fails on our side (the disk, the database); said in the journal once.
  let failures: OwnFailures
  /// Feeds of which it was said that not all that was remembered could be read back.
  private var toldOfLoss: Set<String> = []
  var judged: Judged? {
    didSet { judgements.begin() }
  }
  /// For the deliver loop, which waits for no round of this one.
  nonisolated let judgements = Judgements()
  /// For the line of the service manager.
  nonisolated let nextPoll = NextPoll()
  /// By feed, the areas by which it was last asked whether its list is to be read again.
  var redrawn: [String: String] = [:]
  /// Jobs that showed the other door when it was judged last.
  var shown: [OtherDoorJob] = []
  /// What one list that is recorded reads of the store, another may change.
  let recording: OneAtATime
  private let floor: DiskFloor
  /// Heard between feeds and between lists: what is left is found again at the next start.
  private let stop: ShutdownFlag

  /// What the last pass was judged by.
  struct Judged {
    var at: Date
    var areas: String
    var register: RegisterState
  }

  /// Judged again after this time even if nothing came: windows open and close.
  static let judgeEvery = 900.0
  /// Seconds to wait where the program is to end: nobody waits for them.
  private static let untilTheEnd = 60.0

  init(
    _ configuration: Configuration, store: Store, live: LiveInputs, transferrer: Transferrer,
    watch: FeedWatch, meters: FeedMeters = FeedMeters(), failures: OwnFailures = OwnFailures(),
    turns: FeedTurns = FeedTurns(), recording: OneAtATime = OneAtATime(),
    floor: DiskFloor? = nil, stop: ShutdownFlag = ShutdownFlag(), logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.live = live
    self.watch = watch
    self.meters = meters
    self.failures = failures
    self.turns = turns
    self.recording = recording
    self.floor = floor ?? DiskFloor(folder: configuration.state)
    self.stop = stop
    self.logger = logger
    archive = Archive(path: configuration.archiveFolder, days: configuration.archiveDays)
    judging = Judging(configuration)
    for feed in configuration.feeds {
      sources[feed.name] = FeedSource(
        settings: feed.settings, spool: configuration.state + "/spool", archive: archive,
        transferrer: transferrer)
    }
  }

  /// Polls every feed that is due, then judges again if that is due.
  /// - Returns: seconds until something is due again; where the program is to end, it ends before all is done.
  /// - Throws: among others ``NoRoom``, before anything was begun.
  func round(now: Date) async throws -> Double {
    try floor.check()
    if !isRestored {
      let feeds = configuration.feeds.map(\.name)
      try await watch.restore()
      try await watch.forget(allBut: Set(feeds), now: now)
      try await watch.tellOfHeld(of: feeds, now: now)
      isRestored = true
    }
    let inputs = await live.look(now: now)
    try await readAgainWhereRedrawn(inputs, now: now)
    let ended = configuration.endedFeeds(on: CivilDay(now, in: configuration.timeZone))
    for feed in configuration.feeds where !ended.contains(feed.name) {
      var turn = turns[feed] ?? Turn()
      guard turn.isDue(now) else { continue }
      if stop.isSet { break }
      turn.goOn(from: now, cadence: feed.settings.cadenceSeconds)
      turns[feed] = turn
      nextPoll.set(nil)
      step()
      try await pollInTrouble(feed, now: now)
    }
    step()
    if stop.isSet { return Self.untilTheEnd }
    // Fetching takes its time, and an edit of the areas waits for no feed.
    if mustJudge(await live.inForce(now: now), now: now) { try await judgeAgain(now: now) }
    try await tellOtherDoor(now: now)
    let next =
      turns.first(of: configuration.feeds)?.next ?? now.addingTimeInterval(60)
    nextPoll.set(next)
    // A register that is being saved takes effect when it has been still for some seconds.
    let most = inputs.isRegisterBeingSaved ? RegisterStillness.settles : 15
    return max(0.05, min(most, next.timeIntervalSince(now)))
  }

  private func step() { failures.pulses.steps(LoopName.poll.rawValue) }

  /// A feed is polled at the next round, whatever its cadence.
  func comeBack(to feed: Feed, now: Date) {
    // Who has asked for patience, or fails, is left in peace: its next list is read by the new areas anyway.
    guard let turn = turns[feed], turn.failures == 0 else { return }
    turns[feed]?.comeBack(in: 0, at: now)
  }

  /// One feed's trouble holds up no other feed, and is said once an episode.
  private func pollInTrouble(_ feed: Feed, now: Date) async throws {
    do {
      try await poll(feed, now: now)
      if failures.works(.feed(feed.name)) {
        logger.notice("The feed is polled again.", metadata: ["feed": "\(feed.name)"])
      }
    } catch let error as StoreError where error.mustStop {
      throw error
    } catch {
      if failures.fails(.feed(feed.name), "\(error)", at: now) {
        logger.error(
          "The feed could not be polled; it is tried again.",
          metadata: ["feed": "\(feed.name)", "why": "\(error)"])
      }
      turns.fail(feed, at: now)
    }
  }

  private func poll(_ feed: Feed, now: Date) async throws {
    guard var source = sources[feed.name] else { return }
    let inputs = await live.inForce(now: now)
    var memory = FeedMemory(try await store.feedState(feed.name))
    tellOfLoss(memory, feed)
    if memory.knownSince == nil {
      memory.knownSince = now
      try await store.unchanged(feed: feed.name, state: memory.data, now: now)
    }
    // Other boundaries or settings: rows may be read otherwise now, so the list is read again.
    if memory.ground != ground(inputs.areasFingerprint, feed.settings) {
      memory.forgetList(of: feed.settings)
    }
    source.held = try await store.held(feed: feed.name)
    source.refused = memory.refused
    let found: FeedNews
    do {
      found = try await source.poll(memory.source, now: now)
    } catch {
      try await notReached(feed, error, now: now)
      return
    }
    sources[feed.name] = source
    try await noteReached(found, feed, now: now)
    try await findCopy(feed, now: now)
    var outcome = Taking.done
    var done = 0
    for export in found.exports {
      if stop.isSet { return }
      step()
      outcome = try await takeAndPutAway(export, feed, source, now: now)
      guard outcome == .done else { break }
      done += 1
    }
    if outcome != .unread { turns[feed]?.failures = 0 }
    // What waits to be read may be what could not be.
    if outcome == .done, found.settling.isEmpty || done > 0 {
      try await watch.end(feed.name, [.notRead], now: now)
    }
    if found.exports.isEmpty, turns[feed]?.mustNote(now) == true {
      try await store.unchanged(feed: feed.name, state: nil, now: now)
    }
  }

  private func noteReached(_ found: FeedNews, _ feed: Feed, now: Date) async throws {
    // An alarm that lasts does not end and begin at every poll.
    let over = FeedWatch.told(by: .reaching).subtracting(found.alarms.map(\.0))
    try await watch.end(feed.name, over, now: now)
    // The list that was read last is there again, whatever stood in its place meanwhile.
    if found.isSameAsTaken { try await watch.end(feed.name, [.unreadable], now: now) }
    if let soon = found.pollAgainAfter { turns[feed]?.comeBack(in: soon, at: now) }
    try await watch.noteAlarms(found.alarms, of: feed.name, now: now)
    for trouble in found.troubles {
      try await watch.begin(feed.name, .notPutAway, "\(trouble.why) \(trouble.next)", now: now)
    }
  }

  private func notReached(_ feed: Feed, _ error: any Error, now: Date) async throws {
    let transfer = error as? TransferError
    turns.fail(feed, at: now, retryAfter: transfer?.retryAfter)
    if let error = error as? ImportError, error.trouble != .unreachable {
      // It answers, and with something else.
      try await watch.end(feed.name, FeedWatch.told(by: .reaching), now: now)
      try await watch.begin(
        feed.name, error.trouble, "No list came: \(error.why) \(error.next)", now: now)
      return
    }
    let why =
      (error as? ImportError).map { "\($0.why) \($0.next)" } ?? transfer?.why ?? "\(error)"
    let next = turns[feed]?.next.timeIntervalSince(now) ?? 0
    try await watch.begin(
      feed.name, .unreachable, "No list came: \(why)", now: now,
      patience: feed.settings.source.isFar ? FeedWatch.patience(untilNextPoll: next) : 0)
  }

  /// What became of an export.
  private enum Taking {
    /// Recorded, or refused.
    case done
    /// It is still being written: it and what came after it wait for the next poll.
    case waits
    /// This machine could not read it: it waits likewise, and that is told.
    case unread
  }

  /// One behind the other, so that an erasure finds a list neither read nor put away, or both: else what it has erased
  /// would be put away after it.
  private func takeAndPutAway(
    _ export: Export, _ feed: Feed, _ source: FeedSource, now: Date
  ) async throws -> Taking {
    await recording.enter()
    defer { recording.leave() }
    let outcome = try await take(export, feed, now: now)
    if outcome == .done { try await putAway(export, feed, source, now: now) }
    return outcome
  }

  /// To be called between entering and leaving ``recording``.
  private func take(
    _ export: Export, _ feed: Feed, now: Date
  ) async throws -> Taking {
    var inputs = await live.inForce(now: now)
    do {
      if try await isSameAgain(export, feed, inputs, now: now) { return .done }
      var reading = try await read(export, feed, inputs, now: now)
      // A list that was read by areas that are in force no more would offer what lies outside.
      while true {
        let latest = await live.inForce(now: now)
        let isRedrawn = latest.areasFingerprint != inputs.areasFingerprint
        inputs = latest
        guard isRedrawn else { break }
        reading = try await read(export, feed, inputs, now: now)
      }
      try await record(reading, feed, inputs, now: now)
      return .done
    } catch is StillBeingWritten {
      return .waits
    } catch let error as ImportError where error.trouble == .notRead {
      turns.fail(feed, at: now)
      try await watch.begin(
        feed.name, .notRead, "\(export.name): \(error.why) \(error.next) It is tried again.",
        now: now)
      return .unread
    } catch let error as ImportError {
      try await refuse(export, error, feed, inputs, now: now)
      return .done
    }
  }

  /// Remembers an export that cannot be read as seen, so that it is neither read again and again nor lost.
  private func refuse(
    _ export: Export, _ error: ImportError, _ feed: Feed, _ inputs: LiveInputs.InForce, now: Date
  ) async throws {
    var memory = FeedMemory(try await store.feedState(feed.name))
    memory.take(export.stateOnceRecorded(sha256: ""), isBelieved: false)
    memory.stand(on: inputs.areasFingerprint, feed.settings)
    if watch.health.why(feed.name, error.trouble) == nil {
      memory.refused.removeAll { $0.trouble == error.trouble }
    }
    memory.refused.add(RefusedList(export, error.trouble), now: now)
    try await watch.begin(
      feed.name, error.trouble, "\(export.name): \(error.why) \(error.next)", now: now,
      state: memory.data)
  }

  /// Says once what of a feed's memory begins anew.
  private func tellOfLoss(_ memory: FeedMemory, _ feed: Feed) {
    guard !memory.lost.isEmpty, toldOfLoss.insert(feed.name).inserted else { return }
    logger.error(
      "Of what was remembered of the feed some parts cannot be read; they begin anew.",
      metadata: ["feed": "\(feed.name)", "parts": "\(memory.lost.joined(separator: ", "))"])
  }
}
