import FlareImport
import Foundation
import Geography
import Logging
import Storage
import Triage

/// What a list and all else that is known was judged to be, and what the judgement was told of before.
struct Judgement {
  var verdict: Verdict
  var past: PastOffers
  var rekeyed: Rekeyed
}

extension Poller {
  func read(
    _ export: Export, _ feed: Feed, _ inputs: LiveInputs.InForce, now: Date
  ) async throws -> ListReading {
    var clock = Stopwatch()
    let projection = try Triaged.projection(
      from: feed.settings.crs, to: configuration.grid,
      dataFolder: configuration.areaSettings.dataFolder)
    var list = try readExport(
      export, settings: feed.settings, index: inputs.index, projection: projection,
      gazetteer: inputs.gazetteer, spool: configuration.state + "/spool", now: now)
    if let refused = try await store.refusals() { list = withoutRefused(list, refused) }
    // A clock that is ahead must not make every later list look old.
    let instant = min(list.report.listed ?? export.modified, export.received)
    clock.lap("read_seconds")
    return ListReading(
      list: list, name: export.name, bytes: export.byteCount, received: export.received,
      instant: instant, isDated: export.isDated || feed.settings.dateInName != nil,
      state: export.stateOnceRecorded(sha256: list.sha256), delivery: export.delivery,
      seconds: clock.total)
  }

  /// Holds a list against what is known, judges, and writes it all in one transaction. To be called
  /// between entering and leaving ``recording``.
  @discardableResult
  func record(
    _ reading: ListReading, _ feed: Feed, _ inputs: LiveInputs.InForce, now: Date
  ) async throws -> News {
    var clock = Stopwatch()
    var memory = FeedMemory(try await store.feedState(feed.name))
    let isRereading = memory.isReread(
      reading.list.sha256, on: ground(inputs.areasFingerprint, feed.settings))
    let known = try await known(now: now, allOf: feed.name)
    let waived =
      memory.belief?.waives(reading.list.report.counts, at: reading.instant, now: now) ?? []
    let news = try await news(
      of: reading, feed, known, inputs, usual: memory.usual,
      before: memory.listBefore(reading, isReread: isRereading),
      standing: memory.standing?.standing(reading.list.lost), isAccepted: reading.isAccepted,
      waived: waived, isReread: isRereading, now: now)
    clock.lap("compare_seconds")
    let judgement = judge(news, known, inputs, now: now)
    clock.lap("judge_seconds")

    memory.stand(on: inputs.areasFingerprint, feed.settings)
    memory.take(news, reading, isWaived: !waived.isEmpty, isReread: isRereading, now: now)
    let before = try await store.held(feed: feed.name)
    let held = held(reading, news, before: before)
    let shown = memory.shown(by: before)
    if case .some(.some(let held)) = held {
      memory.held = .init(
        sha256: held.sha256, troubles: Set(news.doubts.map(\.trouble)),
        rows: readableRows(news.report.counts))
    }
    let result = try await write(
      news, of: reading, feed, judgement, state: memory.data, held: held, inputs, now: now)
    clock.lap("record_seconds")
    meters.imported(
      feed.name, news.report.counts, seconds: reading.seconds + clock.total)
    tell(news, result, reading, feed, clock)
    if reading.isAccepted {
      // What came after it may be in a trouble of its own.
      try await watch.end(feed.name, shown, now: now)
      return news
    }
    try await noteTroubles(news, memory, feed, isReread: isRereading, now: now)
    return news
  }

  /// Judges what a list says together with all else that is known.
  func judge(
    _ news: News, _ known: KnownState, _ inputs: LiveInputs.InForce, now: Date
  ) -> Judgement {
    let jobs = Array(
      news.jobs.prefix(news.changed) + relocated(Array(news.jobs[news.changed...]), inputs.index))
    let verdict = judge(jobs, known, inputs, now: now)
    return Judgement(
      verdict: verdict, past: known.past,
      rekeyed: Rekeyed(known, jobs, verdict, changed: news.changed))
  }

  /// Writes what a list says, with its verdict and the feed's memory, in one transaction.
  /// - Parameter held: what waits for a person now; outer `nil` leaves what does.
  func write(
    _ news: News, of reading: ListReading, _ feed: Feed, _ judgement: Judgement, state: Data,
    held: HeldList??, _ inputs: LiveInputs.InForce, now: Date
  ) async throws -> PassResult {
    let change = news.change
    let result = try await store.record(
      Pass(
        feed: feed.name, source: reading.name, bytes: reading.bytes, sha256: reading.list.sha256,
        report: news.report, feedState: state, changed: change.written.map(\.job),
        addressKeys: Array(judgement.verdict.addresses.prefix(news.changed)),
        listed: change.written.map(\.listed), relisted: change.relisted,
        unplaced: change.unplaced, complete: change.complete, held: held,
        verdict: judgement.verdict, past: judgement.past, rekeyed: judgement.rekeyed,
        recipients: recipients(now: now), leading: leading(now: now), now: now))
    judged = Judged(at: now, areas: inputs.areasFingerprint, register: inputs.register)
    return result
  }

  func news(
    of reading: ListReading, _ feed: Feed, _ known: KnownState, _ inputs: LiveInputs.InForce,
    usual: [Int], before: ListPrint?, standing: Standing?, isAccepted: Bool,
    waived: Set<FeedTrouble>, isReread: Bool, now: Date
  ) async throws -> News {
    let (complete, unplaced) = try await store.listing(of: feed.name)
    // A clock that was ahead has dated what it saw: without a bound every list that comes until then
    // would be an old one.
    var entries: [LedgerEntry] = []
    var others: [Job] = []
    for (job, listed) in zip(known.jobs, known.listed) {
      if job.id.feed == feed.name {
        entries.append(
          LedgerEntry(
            job: job, listed: listed.capped(at: now),
            isInArea: relocated(job, inputs.index) != nil))
      } else {
        others.append(job)
      }
    }
    let ledger = Ledger(
      order: ledgerOrder(feed.settings), entries: entries, unplaced: unplaced,
      complete: complete.map { min($0, now) })
    return News(
      of: try await withoutPast(reading.list, feed, ledger, now: now), at: reading.instant,
      feed: feed, ledger: ledger, others: others,
      usual: usual, isAccepted: isAccepted, waived: waived, isReread: isReread, before: before,
      standing: standing)
  }

  /// Of a list that goes back for years, without the jobs that the next purge would delete: what is not known yet and
  /// is past its time already is not taken in. By a clock that is not believed everything is.
  private func withoutPast(
    _ list: ImportedList, _ feed: Feed, _ ledger: Ledger, now: Date
  ) async throws -> ImportedList {
    guard let limit = configuration.retentionLimits(now: now)[.jobs],
      try await store.clockTrust()?.isTrusted != false
    else { return list }
    let isSnapshot = feed.settings.kind == .snapshot
    var list = list
    list.jobs.removeAll { job in
      let over = [job.closed, isSnapshot ? nil : job.received].compactMap(\.self).min()
      return over.map { $0 < limit.instant } == true && ledger.entries[job.id.reference] == nil
    }
    return list
  }

  /// What waits for a person once this list is recorded.
  /// - Parameter before: what waits until then.
  private func held(
    _ reading: ListReading, _ news: News, before: HeldList?
  ) -> HeldList?? {
    if let doubt = news.doubts.first {
      // An old list that is strange says nothing about today, unless nothing of it was taken.
      if news.isHistory, !doubt.isWhole { return nil }
      var archived = reading.archived
      // A copy of these very bytes that is known already is not lost sight of.
      if archived.isEmpty, let before, before.sha256 == reading.list.sha256,
        archive.holds(before.archived)
      {
        archived = before.archived
      }
      return .some(
        HeldList(
          name: reading.name, sha256: reading.list.sha256, received: reading.received,
          trouble: doubt.trouble, why: doubt.why, isWhole: doubt.isWhole,
          archived: archived, listed: news.instant))
    }
    return news.isHistory && !reading.isAccepted ? nil : .some(nil)
  }

  private func noteTroubles(
    _ news: News, _ memory: FeedMemory, _ feed: Feed, isReread: Bool, now: Date
  ) async throws {
    if news.isHistory, !news.intake.isHeldWhole { return }
    try await watch.noteDoubts(news.doubts, of: feed.name, now: now)
    try await noteSameness(memory, feed, isReread: isReread, now: now)
  }

  private func noteSameness(
    _ memory: FeedMemory, _ feed: Feed, isReread: Bool, now: Date
  ) async throws {
    let limit = feed.hold.sameAfter
    guard !isReread, limit > 0, let since = memory.sameSince else { return }
    if now.timeIntervalSince(since) > limit {
      try await watch.begin(
        feed.name, .sameAgain,
        "The list that comes is, byte for byte, the one of more than \(Int(limit / 3600)) hours ago.",
        now: now)
    } else if since == now {
      try await watch.end(feed.name, [.sameAgain], now: now)
    }
  }

  private func tell(
    _ news: News, _ result: PassResult, _ reading: ListReading, _ feed: Feed,
    _ clock: Stopwatch
  ) {
    let counts = news.report.counts
    var account: Logger.Metadata = [
      "feed": "\(feed.name)", "rows": "\(counts.rows)", "outside": "\(counts.outside)",
      "in_area": "\(counts.inArea)", "not_located": "\(counts.notLocated)",
      "unreadable": "\(counts.unreadable)", "held": "\(counts.held)", "new": "\(result.new)",
      "changed": "\(result.changed)", "gone": "\(result.gone)", "made": "\(result.made)",
      "read_seconds": "\((reading.seconds * 1000).rounded() / 1000)",
      "reopened": "\(result.reopened)", "withdrawn": "\(result.withdrawn)",
      "offered": "\(result.offered)", "believed": "\(news.doubts.isEmpty)",
    ]
    if !news.report.heldBecause.isEmpty { account["held_because"] = "\(news.report.heldBecause)" }
    logger.notice("List read.", metadata: account.merging(clock.laps) { one, _ in one })
  }

  // MARK: - The same list again

  /// Whether an export is, byte for byte, the newest list that is believed: then its hash is all that is
  /// read of it, and it is recorded as a list without news.
  func isSameAgain(
    _ export: Export, _ feed: Feed, _ inputs: LiveInputs.InForce, now: Date
  ) async throws -> Bool {
    var clock = Stopwatch()
    var memory = FeedMemory(try await store.feedState(feed.name))
    let instant = Listing(
      jobs: [], at: min(export.modified, export.received), isComplete: true
    ).at
    guard memory.isNewest, memory.belief?.isInForce(now) != true, memory.bytes == export.byteCount,
      memory.ground == ground(inputs.areasFingerprint, feed.settings),
      feed.settings.kind == .snapshot, feed.settings.dateInName == nil,
      instant >= memory.newestList ?? .distantPast, fileHash(of: export) == memory.sha256,
      let last = try await store.reports(feed: feed.name, limit: 1).first,
      last.sha256 == memory.sha256, last.report.heldBecause.isEmpty
    else { return false }
    var report = last.report
    report.source = export.name
    report.again = nil
    report.listed = instant
    report.counts.unchanged += report.counts.new + report.counts.changed
    (report.counts.new, report.counts.changed) = (0, 0)
    memory.take(export.stateOnceRecorded(sha256: memory.sha256), isBelieved: true)
    // Without a date of its own it may be the list of last week, and the next one is still awaited.
    if export.isDated { memory.newestList = instant }
    memory.standing?.seen(at: instant)
    memory.noteUsual(report)
    try await store.recordSame(
      feed: feed.name, source: export.name, bytes: export.byteCount, sha256: memory.sha256,
      report: report, complete: instant, state: memory.data, now: now)
    clock.lap("record_seconds")
    meters.imported(feed.name, report.counts, seconds: clock.total)
    logger.info("The same list came again.", metadata: ["feed": "\(feed.name)"])
    try await watch.noteDoubts([], of: feed.name, now: now)
    try await noteSameness(memory, feed, isReread: false, now: now)
    return true
  }
}
