import FlareImport
import Foundation
import Geography
import Storage
import Triage

/// The lists of the archive read once more, by the areas of before and of after an edit together.
///
/// What lies outside of both is not looked at. Nothing of it is kept: it is known for as long as an answer
/// takes. Of each job that any list has a few numbers are held, and whole jobs of the newest list of
/// each feed only.
struct ArchiveRead {
  /// What one answer may cost.
  struct Limits: Sendable {
    /// Of reading, in seconds; a list that has been begun is finished.
    var seconds = 60.0
    var lists = 2000
    /// Different jobs, over all lists.
    var jobs = 500_000
    /// Jobs of one list.
    var jobsOfList = 100_000
  }

  /// What the newest word says of a job.
  struct Word {
    var received: Date?
    var point: GridPoint?
    /// Whether that word says that it is closed, or off the list.
    var isClosed: Bool
    /// Positions in the areas of before and of after; −1 for none.
    var before: Int32
    var after: Int32
    var rank: Rank
  }

  /// By which of two words about a job the newer one is told: the list's instant, or in a feed of updates
  /// that tells it the instant of the change, and the other one where these tie.
  struct Rank: Comparable {
    var first: Date
    var second: Date

    static func < (one: Rank, other: Rank) -> Bool {
      one.first == other.first ? one.second < other.second : one.first < other.first
    }
  }

  struct NewestList {
    var instant: Date
    var jobs: [Job]
  }

  private let configuration: Configuration
  private let archive: Archive
  private let counting: Counting
  private let index: AreaIndex
  private let gazetteer: Gazetteer
  private let held: [String: HeldList]
  private let limits: Limits
  private let now: Date
  private(set) var reach: ArchiveReach
  private(set) var words: [JobRef: Word] = [:]
  /// By feed.
  private(set) var newest: [String: NewestList] = [:]

  init(
    _ configuration: Configuration, counting: Counting, gazetteer: Gazetteer,
    held: [String: HeldList], limits: Limits, now: Date
  ) {
    self.configuration = configuration
    archive = Archive(path: configuration.archiveFolder, days: configuration.archiveDays)
    self.counting = counting
    index = AreaIndex(counting.before.areas + counting.after.areas)
    self.gazetteer = gazetteer
    self.held = held
    self.limits = limits
    self.now = now
    reach = ArchiveReach(days: configuration.archiveDays)
  }

  /// Reads, the newest list first. Blocks on the disk.
  /// - Parameter mustStop: asked between two lists.
  /// - Throws: `CancellationError` where it must.
  mutating func run(mustStop: () -> Bool) throws {
    guard configuration.archiveDays > 0 else { return }
    let feeds = Dictionary(
      configuration.feeds.map { ($0.name, $0.settings) }, uniquingKeysWith: { one, _ in one })
    let found = archive.lists(of: feeds.keys.sorted())
    reach.ofOtherFeeds = found.ofOtherFeeds
    // A job of a list that is older than the days that are counted is older than they are.
    let oldest = now.addingTimeInterval(-Double(AreaEffects.days) * 86_400)
    let lists = found.lists.filter { $0.received >= oldest }
    // Only what has the length of another list may have its bytes.
    struct Length: Hashable {
      var feed: String
      var bytes: Int
    }
    var lengths: [Length: Int] = [:]
    for list in lists { lengths[Length(feed: list.feed, bytes: list.bytes), default: 0] += 1 }
    var seen: Set<String> = []
    let deadline = ContinuousClock.now + .seconds(limits.seconds)
    for (at, list) in lists.enumerated() {
      if mustStop() { throw CancellationError() }
      if at >= limits.lists || ContinuousClock.now >= deadline {
        reach.left = lists.count - at
        break
      }
      // What was purged in between is no list any more.
      guard let export = archive.export(list.file, feed: list.feed, now: now),
        let settings = feeds[list.feed]
      else { continue }
      reach.lists += 1
      if let held = held[list.feed], held.isWhole, held.archived == list.file {
        reach.held += 1
        continue
      }
      if lengths[Length(feed: list.feed, bytes: list.bytes), default: 0] > 1,
        let hash = fileHash(of: export), !seen.insert(list.feed + " " + hash).inserted
      {
        reach.same += 1
        reach.since = list.received
        continue
      }
      // What is doubted of a list is not what the daemon knows today.
      let isDoubted = held[list.feed]?.archived == list.file
      if read(export, settings, isDoubted: isDoubted) {
        reach.since = list.received
      } else {
        reach.unreadable += 1
      }
    }
  }

  private mutating func read(
    _ export: Export, _ settings: FeedSettings, isDoubted: Bool
  ) -> Bool {
    guard
      let projection = try? Triaged.projection(
        from: settings.crs, to: configuration.grid,
        dataFolder: configuration.areaSettings.dataFolder),
      let list = try? readExport(
        export, settings: settings, index: index, projection: projection, gazetteer: gazetteer,
        spool: configuration.state + "/spool", keeping: limits.jobsOfList, now: now)
    else { return false }
    // As the poll loop dates it.
    let instant = inMilliseconds(min(list.report.listed ?? export.modified, export.received))
    if list.jobs.count == limits.jobsOfList { reach.isCut = true }
    let order = ledgerOrder(settings)
    for job in list.jobs { note(job, rank(of: job, at: instant, order)) }
    if !isDoubted, instant > newest[settings.name]?.instant ?? .distantPast {
      newest[settings.name] = NewestList(instant: instant, jobs: list.jobs)
    }
    return true
  }

  private mutating func note(_ job: Job, _ rank: Rank) {
    if let known = words[job.id] {
      if rank > known.rank { words[job.id] = counting.word(job, rank) }
    } else if words.count < limits.jobs {
      words[job.id] = counting.word(job, rank)
    } else {
      reach.isCut = true
    }
  }

  /// Adds what the mirror says. - Parameter listed: the instant of the newest list that had the job.
  mutating func take(_ job: Job, listed: Date, _ order: Ledger.Order) {
    let rank = rank(of: job, at: listed, order)
    if let known = words[job.id], known.rank > rank { return }
    words[job.id] = counting.word(job, rank)
  }
}

/// The areas of before and of after an edit, by which jobs are counted.
struct Counting: Sendable {
  let judging: Judging
  let before: AreaIndex
  let after: AreaIndex

  func word(_ job: Job, _ rank: ArchiveRead.Rank) -> ArchiveRead.Word {
    func position(_ index: AreaIndex) -> Int32 {
      judging.placing(job.place, of: job.id.feed, index).map { Int32($0.position) } ?? -1
    }
    return ArchiveRead.Word(
      received: job.received, point: job.place.point,
      isClosed: job.closed != nil || job.gone != nil, before: position(before),
      after: position(after), rank: rank)
  }
}

func rank(of job: Job, at instant: Date, _ order: Ledger.Order) -> ArchiveRead.Rank {
  switch order {
  case .updates(byUpdate: true):
    ArchiveRead.Rank(first: eventTime(of: job), second: instant)
  case .snapshot, .updates(byUpdate: false):
    ArchiveRead.Rank(first: instant, second: eventTime(of: job))
  }
}

/// Rounded down, as the store keeps it.
private func inMilliseconds(_ date: Date) -> Date {
  Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded(.down) / 1000)
}
