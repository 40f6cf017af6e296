import Foundation
import Logging
import Storage
import Triage

/// Makes backups, lets them go when their time is over, and knows whether one is missing.
///
/// An actor on a thread of its own: copies are read, checked and encrypted there.
actor BackupKeeper {
  private let executor = SerialQueueExecutor(label: "triaged.backups")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  nonisolated let configuration: Configuration
  nonisolated let store: Store
  nonisolated let logger: Logger
  /// A backup, and an erasure that reaches into backups, are one at a time.
  nonisolated let gate: OneAtATime
  private let failure: Remembered<Failure>
  /// Whether what an earlier run of the program left behind was looked for.
  private var hasSwept = false

  /// Of the last backup that the schedule asked for, where it could not be made.
  struct Failure {
    var why: String
    var at: Date
    /// By which it was to be made: with others it is tried at once.
    var settings: BackupSettings
  }

  /// Seconds until a backup that could not be made is tried again.
  private static let triesAgainAfter = 600.0
  /// Seconds after which one that is due and not there is late.
  private static let isLateAfter = 3 * 3600.0

  init(
    _ configuration: Configuration, store: Store, gate: OneAtATime = OneAtATime(),
    failure: Remembered<Failure> = Remembered(), logger: Logger
  ) {
    self.gate = gate
    self.failure = failure
    self.configuration = configuration
    self.store = store
    self.logger = logger
  }

  nonisolated var settings: BackupSettings { configuration.backup }

  // MARK: - One backup

  /// - Parameter folder: `nil` for the configured one.
  /// - Throws: ``BackupError``, or what the store says.
  func make(in folder: String? = nil, now: Date) async throws -> MadeBackup {
    await gate.enter()
    defer { gate.leave() }
    return try await makeAlone(in: folder ?? settings.folder, now: now)
  }

  /// The same, for who has entered the ``gate``.
  func makeAlone(in folder: String, now: Date) async throws -> MadeBackup {
    let start = ContinuousClock.now
    try prepare(folder)
    let path = freePath(in: folder, now: now)
    let name = (path as NSString).lastPathComponent
    // What is not encrypted yet stays in the state folder, wherever the encrypted one goes.
    let plain =
      settings.encryption == nil
      ? partial(folder, name) : partial(configuration.state, name + ".plain")
    defer { unlink(plain) }
    try await store.copy(to: plain)
    let copied = ContinuousClock.now - start
    let checked = try checkCopy(at: plain)
    var finished = plain
    if let encryption = settings.encryption {
      finished = partial(folder, name)
      try encryptBackup(plain, to: finished, for: encryption, in: configuration.state)
    }
    try moveIntoPlace(finished, path)
    try ErasureLog(folder: configuration.state).copy(to: folder)
    guard let file = BackupFile(path: path) else {
      throw BackupError("The backup \(path) was made and is gone again.")
    }
    let made = MadeBackup(
      file: path, made: now, bytes: file.bytes, plainBytes: checked.bytes,
      encryption: settings.encryption?.kind, seconds: rounded(ContinuousClock.now - start),
      copySeconds: rounded(copied))
    logger.notice(
      "A backup was made and checked.",
      metadata: ["file": "\(path)", "bytes": "\(file.bytes)", "seconds": "\(made.seconds)"])
    return made
  }

  private func prepare(_ folder: String) throws {
    do {
      try makePrivateFolder(folder)
    } catch {
      throw BackupError("The folder \(folder) for backups cannot be made.")
    }
    sweep([folder, configuration.state])
    let needed = store.bytesOnDisk + leastBytesLeft
    for place in Set(settings.encryption == nil ? [folder] : [folder, configuration.state]) {
      if let left = bytesLeft(at: place), left < needed {
        throw BackupError(
          "There is no room for a backup in \(place): \(CivilWords.grouped(left >> 20)) MiB are left, and "
            + "\(CivilWords.grouped(needed >> 20)) MiB are needed.")
      }
    }
  }

  /// What a stop has cut short, of us or of a restore: it may be a plain copy of an encrypted one, or the secret key
  /// with which one was opened.
  private func sweep(_ folders: Set<String>) {
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names where name.hasPrefix(Self.partialBeginning) || name == gnuPGHome {
        try? FileManager.default.removeItem(atPath: folder + "/" + name)
      }
    }
    // Whoever restores holds the lock that this process has.
    clearCutRestore(of: store.path)
  }

  private func sweepOnce() async {
    guard !hasSwept else { return }
    await gate.enter()
    defer { gate.leave() }
    sweep([settings.folder, asideFolder, configuration.state])
    hasSwept = true
  }

  private func freePath(in folder: String, now: Date) -> String {
    var number = 1
    while true {
      let path =
        folder + "/"
        + BackupFile.name(now, number: number, encryption: settings.encryption?.kind)
      if !FileManager.default.fileExists(atPath: path) { return path }
      number += 1
    }
  }

  private static let partialBeginning = ".partial-triaged-"

  private func partial(_ folder: String, _ name: String) -> String {
    "\(folder)/\(Self.partialBeginning)\(name.dropFirst("triaged-".count))"
  }

  private func rounded(_ duration: Duration) -> Double {
    (duration / .milliseconds(1)).rounded() / 1000
  }

  // MARK: - By itself

  /// Makes the backup of the day where it is due, and deletes those whose time is over.
  /// - Parameter mayExpire: whether the clock is believed.
  func round(now: Date, mayExpire: Bool) async throws {
    await sweepOnce()
    if isOwed(now), mayTry(now) {
      do {
        _ = try await make(now: now)
        failure.value = nil
      } catch let error as StoreError where error.mustStop {
        throw error
      } catch {
        failure.value = Failure(why: "\(error)", at: now, settings: settings)
        logger.error("The backup could not be made.", metadata: ["why": "\(error)"])
      }
    }
    if mayExpire { expire(now: now) }
    try await endErasures(now: now)
  }

  private func mayTry(_ now: Date) -> Bool {
    guard let failure = failure.value, failure.settings == settings else { return true }
    return now.timeIntervalSince(failure.at) >= Self.triesAgainAfter
  }

  /// What a stop, or a full disk, has left undone of erasures.
  private func endErasures(now: Date) async throws {
    let unfinished = try await store.erasuresWithFiles()
    guard !unfinished.isEmpty else { return }
    await gate.enter()
    defer { gate.leave() }
    // Who erases just now has entered the gate too, and has noted it by now.
    let still = try await store.erasuresWithFiles()
    guard !still.isEmpty else { return }
    try await store.rewrite()
    let left = deleteWholeArchive()
    let cleaned = await cleanBackups(now: now)
    guard left.isEmpty, cleaned.left.isEmpty else {
      logger.error(
        "Backups or archived exports still hold what was erased; it is tried again.",
        metadata: ["why": "\((cleaned.left + left).joined(separator: " "))"])
      return
    }
    for erasure in still { try await store.filesDone(of: erasure) }
    logger.notice("Archive and backups were seen to after an erasure that was cut short.")
  }

  /// The newest one stays until there is a newer one. Of one that was made by a clock that was ahead nobody knows how old
  /// it is: it goes once there is another.
  private func expire(now: Date) {
    let oldest = now.addingTimeInterval(-Double(settings.keepDays) * 86_400)
    let backups = BackupFile.list(in: settings.folder)
    let newest = newest(now)
    let latest = newest == nil ? Date.distantFuture : now.addingTimeInterval(86_400)
    let kept = newest ?? backups.first
    for file in backups + BackupFile.list(in: asideFolder)
    where file != kept && !(oldest...latest).contains(file.made) && remove(file.path) {
      logger.notice("A backup past its time was deleted.", metadata: ["file": "\(file.path)"])
    }
  }

  /// When the last backup was due; `nil` where none is ever.
  private nonisolated func lastDue(_ now: Date) -> Date? {
    guard let minutes = settings.minutes else { return nil }
    let zone = configuration.timeZone
    let today = CivilDay(now, in: zone)
    let due = today.instant(minutes: minutes, in: zone)
    return due <= now ? due : today.plus(-1).instant(minutes: minutes, in: zone)
  }

  private nonisolated func isOwed(_ now: Date) -> Bool {
    guard let due = lastDue(now) else { return false }
    return newest(now).map { $0.made < due } ?? true
  }

  /// One of a time to come was made by a clock that was ahead, and says nothing.
  private nonisolated func newest(_ now: Date) -> BackupFile? {
    BackupFile.list(in: settings.folder).first { $0.made <= now }
  }

  // MARK: - What is said of them

  func matters(now: Date) -> [Matter] {
    guard isOwed(now), let due = lastDue(now) else { return [] }
    let words = CivilWords(zone: configuration.timeZone, now: now)
    let last =
      newest(now).map { "The newest one was made at \(words.fullMoment($0.made))." }
      ?? "There is none."
    if let failure = failure.value {
      return [Matter(.backup, "The daily backup could not be made. \(failure.why) \(last)")]
    }
    guard now.timeIntervalSince(due) > Self.isLateAfter else { return [] }
    return [Matter(.backup, "The backup of \(words.fullMoment(due)) was not made. \(last)")]
  }

  nonisolated func list(now: Date) -> BackupList {
    BackupList(
      folder: settings.folder, timeZone: configuration.timeZone.identifier, now: now,
      keepDays: settings.keepDays, lastDue: lastDue(now), isOwed: isOwed(now),
      backups: BackupFile.list(in: settings.folder).map {
        .init(file: $0.path, made: $0.made, bytes: $0.bytes, encryption: $0.encryption)
      })
  }
}
