import Foundation
import Geography
import Logging
import Storage
import Synchronization
import Triage

/// Why a person's request about the areas was not done: a sentence.
struct AreasRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Keeps the areas that are in force: a good edit of the boundary files takes effect, a bad one never.
///
/// The set in force lies in the database, so that a bad edit changes nothing even across a restart. A set is
/// written there before it is in force in memory; while the database takes nothing the old one stays. What
/// cannot take effect is told once (``Storage/Store/beginAreaTrouble(_:notice:now:)``).
actor AreaKeeper {
  private let executor = SerialQueueExecutor(label: "triaged.areas")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let configuration: Configuration
  private let store: Store
  private let logger: Logger
  private let notices: AreaNotices
  private let state: Mutex<State>

  /// Of the files that were read last.
  private var seen: String
  /// Of the files as the last look saw them.
  private var settling = ""
  /// When files that cannot take effect were read last.
  private var refusedAt: Date?
  /// What was read and could not yet be brought to its end.
  private var unjudged: LoadedAreas?
  /// Whether the set in force lies in the database.
  private var isKept: Bool
  /// What one look reads and writes, a person's word may change.
  private let looking = OneAtATime()

  private struct State {
    var inForce: AreasInForce
    var trouble: AreaTrouble?
    /// Of the OSTN15 shifts by which lists come onto the grid, too.
    var shifts: String
  }

  /// - Parameters:
  ///   - loaded: with the boundary files as they are.
  ///   - kept: the set that was in force last.
  /// - Throws: `ConfigurationError` where there is neither a kept set on this grid nor files that can be used,
  ///   and where neither has an area that another file names.
  init(
    _ loaded: LoadedConfiguration, _ configuration: Configuration, store: Store,
    kept: StoredAreaSet?, now: Date, logger: Logger
  ) throws {
    self.configuration = configuration
    self.store = store
    self.logger = logger
    notices = AreaNotices(configuration: configuration)
    seen = loaded.areas.stamp
    unjudged = loaded.areas
    let day = CivilDay(now, in: configuration.timeZone)
    let inForce: AreasInForce
    if let kept, let areas = readKeptAreas([UInt8](kept.areas), grid: configuration.grid) {
      // What only the files have may be about to take effect.
      let ids = Set((areas + loaded.areas.areas).map(\.id)).sorted()
      let missing = namedAreaProblems(
        folder: configuration.folder, rules: configuration.rules, team: configuration.team, ids: ids
      ).filter { $0.severity == .error }
      guard missing.isEmpty else {
        let known = Set(loaded.problems)
        throw ConfigurationError(problems: loaded.problems + missing.filter { !known.contains($0) })
      }
      inForce = AreasInForce(
        areas, setFingerprint: kept.fingerprint, since: kept.since, day: day)
      isKept = true
    } else {
      _ = try loaded.usable()
      let written = WrittenAreas(loaded.areas.areas, grid: configuration.grid)
      inForce = AreasInForce(
        written.areas, setFingerprint: written.fingerprint, since: nil, day: day)
      isKept = false
    }
    state = Mutex(
      State(inForce: inForce, trouble: nil, shifts: shiftsStamp(configuration)))
  }

  /// Seconds after which files that cannot take effect are read again though nobody has touched them.
  private static let patience = 300.0

  // MARK: - Asking, which waits for nothing

  /// The areas in force, with those in the index that count on the day of `now`.
  nonisolated func inForce(now: Date) -> AreasInForce {
    let day = CivilDay(now, in: configuration.timeZone)
    return state.withLock { state in
      state.inForce.turn(to: day)
      return state.inForce
    }
  }

  /// By what a reading of a list depends on the areas and on the way onto their grid.
  nonisolated func fingerprint(now: Date) -> String {
    let areas = inForce(now: now).fingerprint
    return state.withLock { areas + " " + $0.shifts }
  }

  /// What keeps the boundary files from taking effect.
  nonisolated var trouble: AreaTrouble? { state.withLock { $0.trouble } }

  // MARK: - Looking

  /// Looks at the boundary files. What was read at the start is judged at the first look.
  /// - Returns: whether other areas are in force now.
  /// - Throws: what the store says where it takes nothing; the next look tries again.
  @discardableResult
  func look(now: Date) async throws -> Bool {
    await looking.enter()
    defer { looking.leave() }
    let stamp = areasStamp(configuration.areasFolder, configuration.areaSettings)
    if stamp != seen {
      // An editor may be between two files: only what two looks have seen alike is read.
      guard stamp == settling else {
        settling = stamp
        return false
      }
      let loaded = load()
      // It was changed while it was read.
      guard loaded.stamp == stamp else { return false }
      (seen, unjudged) = (stamp, loaded)
    } else if let refusedAt, !(0..<AreaKeeper.patience).contains(now.timeIntervalSince(refusedAt)) {
      // What kept them from being read may lie on this machine, and leave no trace on the files.
      let loaded = load()
      guard loaded.stamp == stamp else { return false }
      unjudged = loaded
    }
    settling = ""
    guard let loaded = unjudged else { return false }
    let isChanged = try await judge(loaded, now: now)
    unjudged = nil
    let shifts = shiftsStamp(configuration)
    state.withLock { $0.shifts = shifts }
    return isChanged
  }

  /// Says how the files stand that were read at the start, and changes nothing: for a command that finds no
  /// daemon.
  func examine(now: Date) async throws {
    guard let loaded = unjudged else { return }
    let open = try await store.openAreaTrouble()
    let trouble: AreaTrouble?
    switch verdict(on: loaded, now: now) {
    case .same, .good: trouble = nil
    case .bad(let sentences, _):
      trouble = AreaTrouble(since: open?.began ?? now, sentences: sentences)
    case .slip(let set, let sentences):
      trouble = AreaTrouble(
        since: open?.began ?? now, sentences: sentences, mark: set.mark)
    }
    state.withLock { $0.trouble = trouble }
  }

  /// Takes an edit that leaves next to nothing of an area, because a person says that it is meant.
  /// - Parameter mark: the first digits of the set's SHA-256, as the mail and `status` give them.
  /// - Returns: a sentence that says what is in force.
  /// - Throws: ``AreasRefusal`` where nothing waits, or other files than are meant, or files with errors.
  func accept(_ mark: String, now: Date) async throws -> String {
    await looking.enter()
    defer { looking.leave() }
    let loaded = load()
    switch verdict(on: loaded, now: now) {
    case .slip(let set, let sentences):
      guard mark.utf8.count >= WrittenAreas.markLength,
        set.fingerprint.hasPrefix(mark.lowercased())
      else {
        throw AreasRefusal(
          "The edit \(mark) does not wait: the one that does is \(set.mark). "
            + sentences.joined(separator: " "))
      }
      try await take(set, now: now)
      (seen, settling, unjudged) = (loaded.stamp, "", nil)
      return "The edit \(set.mark) is accepted. \(standing(now: now).inForceSentence(at: now))"
    case .bad(let sentences, _):
      throw AreasRefusal(
        "Boundary files with errors cannot be accepted; mend them. "
          + sentences.joined(separator: " "))
    case .good:
      throw AreasRefusal(
        "Nothing waits to be accepted: the boundary files are good and take effect by themselves.")
    case .same:
      throw AreasRefusal("Nothing waits to be accepted: the boundary files say what is in force.")
    }
  }

  /// How the areas stand, for a person.
  nonisolated func standing(now: Date) -> AreasStanding {
    AreasStanding(
      inForce(now: now), trouble: trouble, timeZone: configuration.timeZone.identifier)
  }

  // MARK: - Doing

  private func load() -> LoadedAreas {
    loadAreas(
      folder: configuration.areasFolder, grid: configuration.grid,
      settings: configuration.areaSettings)
  }

  private func verdict(on loaded: LoadedAreas, now: Date) -> EditVerdict {
    judgeEdit(
      loaded, inForce: isKept ? state.withLock { $0.inForce.areas } : nil, configuration,
      today: CivilDay(now, in: configuration.timeZone))
  }

  private func judge(_ loaded: LoadedAreas, now: Date) async throws -> Bool {
    switch verdict(on: loaded, now: now) {
    case .same:
      refusedAt = nil
      try await end(now: now)
      return false
    case .good(let set):
      try await take(set, now: now)
      return true
    case .bad(let sentences, let pictures):
      try await refuse(AreaTrouble(since: now, sentences: sentences), pictures, now: now)
      return false
    case .slip(let set, let sentences):
      try await refuse(
        AreaTrouble(since: now, sentences: sentences, mark: set.mark), [], now: now)
      return false
    }
  }

  /// Written down, then in force.
  private func take(_ set: WrittenAreas, now: Date) async throws {
    let fresh = AreasInForce(
      set.areas, setFingerprint: set.fingerprint, since: now,
      day: CivilDay(now, in: configuration.timeZone))
    let over = notices.usable(
      AreasStanding(fresh, trouble: nil, timeZone: configuration.timeZone.identifier), now: now)
    _ = try await store.takeAreas(
      set.data, fingerprint: set.fingerprint, isTold: !isKept, now: now, over: over)
    (isKept, refusedAt) = (true, nil)
    state.withLock { ($0.inForce, $0.trouble) = (fresh, nil) }
    logger.notice(
      "The areas are in force.",
      metadata: ["areas": "\(set.areas.map(\.id).joined(separator: ","))", "set": "\(set.mark)"])
  }

  private func end(now: Date) async throws {
    let ended = try await store.endAreaTrouble(
      now: now, over: notices.usable(standing(now: now), now: now))
    state.withLock { $0.trouble = nil }
    if ended { logger.notice("The boundary files say what is in force again.") }
  }

  private func refuse(
    _ trouble: AreaTrouble, _ pictures: [(sentence: String, svg: String)], now: Date
  ) async throws {
    refusedAt = now
    // What this process has told already needs no pictures, which take a child process each.
    let isKnown = state.withLock { $0.trouble?.sentences == trouble.sentences }
    let notice = notices.refused(
      trouble, isKnown ? [] : pictures, standing(now: now), now: now)
    let kept = trouble.told + (trouble.acceptCommand.map { [$0] } ?? [])
    _ = try await store.beginAreaTrouble(kept, notice: notice, now: now)
    var told = trouble
    told.since = try await store.openAreaTrouble()?.began ?? now
    let isNew = state.withLock { state in
      defer { state.trouble = told }
      return state.trouble?.sentences != told.sentences
    }
    if isNew {
      logger.error(
        "The boundary files cannot take effect; the last good areas stay in force.",
        metadata: ["problems": "\(trouble.told.joined(separator: " "))"])
    }
  }
}

private func shiftsStamp(_ configuration: Configuration) -> String {
  configuration.areaSettings.dataFolder.map { fileStamp($0 + "/" + shiftsFileName) } ?? ""
}
