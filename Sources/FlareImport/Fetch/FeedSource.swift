import Foundation
import Glibc
import Transfer
import Triage

/// One feed's end of the wire: looks whether there is something new, and puts away what was taken.
///
/// A poll that finds nothing new costs a `stat` a file, or a 304. The order of work is: poll, read,
/// record rows and ``Export/stateOnceRecorded(sha256:)`` in one transaction, then ``keep(_:)``. After
/// a crash before the transaction the export is found again; after one between the transaction and
/// `keep`, the next poll knows the file by its identity and only puts it away.
///
/// The source's clean-up on the other side (``RemoteFolder/deletesTaken``) is part of the next poll,
/// which knows from the state what was recorded.
package struct FeedSource: Sendable {
  package let settings: FeedSettings
  /// Where a download lies until it is put away: a folder of the daemon's own.
  let spool: String
  let archive: Archive
  let transferrer: Transferrer
  /// What a ``RemoteFolder`` was seen to hold.
  var sightings = FarSightings()
  private var files = FileSightings()
  private var hasLookedForLostCopy = false
  /// The feed's list that waits for a person: it is kept whatever the archive's days are.
  package var held: HeldList?
  /// Those of its lists that could not be read: kept likewise.
  package var refused: [RefusedList] = []

  package init(
    settings: FeedSettings, spool: String, archive: Archive, transferrer: Transferrer
  ) {
    self.settings = settings
    self.spool = spool
    self.archive = archive
    self.transferrer = transferrer
  }

  /// - Parameter state: as it was last recorded, or a new one for a feed never taken.
  /// - Throws: `ImportError` when the folder or file cannot be looked at, `TransferError` when the
  ///   download fails.
  package mutating func poll(_ state: FeedState, now: Date) async throws -> FeedNews {
    switch settings.source {
    case .folder(let path, let pattern): return try pollFolder(path, pattern, state, now)
    case .file(let path): return try pollFile(path, state, now)
    case .url(let url): return try await pollURL(url, state, now)
    case .remoteFolder(let folder): return try await pollRemote(folder, state, now)
    case .open311(let server): return try await pollOpen311(server, state, now)
    }
  }

  /// Puts an export away, once its rows (or its refusal) and its state are recorded: a folder's
  /// file and a download are moved to the archive, a `file:` is copied there.
  ///
  /// A file that is another one by now stays: the next poll takes it.
  /// - Returns: its name in the archive; `nil` where it is not kept.
  /// - Throws: `ImportError`; the export is not read again all the same.
  @discardableResult
  package func keep(_ export: Export) throws(ImportError) -> String? {
    do {
      let waits =
        held?.came(as: export) ?? false || refused.contains { $0.came(as: export) }
      return try archive.keep(export, isHeld: waits)
    } catch {
      throw ImportError(
        feed: settings.name,
        why: "\(export.name) could not be put into the archive: \(error.why).",
        next: "Its rows are recorded and it is not read again; see who may write where.",
        trouble: .notPutAway)
    }
  }

  // MARK: - Folders and files; the others are in files of their own

  private mutating func pollFolder(
    _ folder: String, _ pattern: String, _ state: FeedState, _ now: Date
  ) throws -> FeedNews {
    var fresh: [(name: String, identity: FileIdentity)] = []
    var stillThere: [FeedState.TakenFile] = []
    var news = FeedNews()
    var seen: Set<String> = []
    for name in try names(in: folder) {
      guard fnmatch(pattern, name, FNM_PERIOD | FeedSource.ignoreCase) == 0,
        let identity = FileIdentity(regularFileAt: folder + "/" + name)
      else { continue }
      let path = folder + "/" + name
      if let taken = state.taken.first(where: { $0.identity == identity }) {
        finish(export(name, path, identity, taken.received, .folder, state), &news)
        if FileIdentity(regularFileAt: path) == identity { stillThere.append(taken) }
        continue
      }
      seen.insert(name)
      if files.isSettled(name, identity, after: settings.settleSeconds, now: now) {
        fresh.append((name, identity))
      } else {
        news.settling.append(name)
      }
    }
    files.keep(only: seen)
    fresh = oldestFirst(fresh, name: \.name, modified: \.identity.modifiedDate)
    var state = state
    state.taken = stillThere
    for (name, identity) in fresh {
      let export = export(name, folder + "/" + name, identity, now, .folder, state)
      news.exports.append(export)
      state = export.stateOnceRecorded(sha256: "")
    }
    return news
  }

  private mutating func pollFile(
    _ path: String, _ state: FeedState, _ now: Date
  ) throws -> FeedNews {
    let name = FeedSource.lastPart(path)
    var status = stat()
    guard stat(path, &status) == 0 else { throw unreadable(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw unreadable(path, EINVAL) }
    let identity = FileIdentity(status)
    var news = FeedNews()
    if let taken = state.taken.first(where: { $0.identity == identity }) {
      if !hasLookedForLostCopy, archive.stillKeeps(taken.received, now: now) {
        finish(export(name, path, identity, taken.received, .file, state), &news)
      }
      hasLookedForLostCopy = true
      return news
    }
    hasLookedForLostCopy = true
    guard files.isSettled(name, identity, after: settings.settleSeconds, now: now) else {
      return FeedNews(settling: [name])
    }
    var state = state
    state.taken = []
    return FeedNews(exports: [export(name, path, identity, now, .file, state)])
  }

  // MARK: - What they share

  /// By the instant that a name tells, else by the last change.
  func oldestFirst<File>(
    _ files: [File], name: (File) -> String, modified: (File) -> Date
  ) -> [File] {
    files.map { (listInstant(name($0), settings) ?? modified($0), name($0), $0) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
      .map(\.2)
  }

  /// Where a download lies, in a folder that is there from then on.
  func spoolPath(_ ending: String = "download") -> String {
    try? FileManager.default.createDirectory(
      atPath: spool, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return spool + "/" + Archive.safeName(settings.name) + "." + ending
  }

  /// Puts away a download that was recorded before a crash, and removes one that was not.
  func finishDownload(_ name: String, _ path: String, _ state: FeedState, _ news: inout FeedNews) {
    guard let left = FileIdentity(regularFileAt: path) else { return }
    if let taken = state.taken.first(where: { $0.identity == left }) {
      finish(export(name, path, left, taken.received, .download, state), &news)
    } else {
      unlink(path)
    }
  }

  /// Puts away what a crash left behind.
  func finish(_ export: Export, _ news: inout FeedNews) {
    do {
      try keep(export)
    } catch {
      news.troubles.append(error)
    }
  }

  /// - Parameter changed: of a download, when its server says that it was changed last.
  func export(
    _ name: String, _ path: String, _ identity: FileIdentity, _ received: Date,
    _ origin: Export.Origin, _ state: FeedState, changed: Date? = nil
  ) -> Export {
    let modified = origin == .download ? changed ?? received : identity.modifiedDate
    var export = Export(
      feed: settings.name, name: name, path: path, identity: identity, received: received,
      modified: modified,
      isOlderThanTaken: state.newest.map { modified < $0 && $0 <= received } ?? false,
      origin: origin, before: state)
    if [.folder, .file].contains(origin) {
      export.delivery = .file(export.name, modified: modified)
    }
    return export
  }

  private func names(in folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw ImportError(
        feed: settings.name, why: "The folder \(folder) cannot be read.",
        next: "It is tried again at the next poll; see that it is there and may be read.",
        trouble: .unreachable)
    }
  }

  func unreadable(_ path: String, _ code: Int32) -> ImportError {
    let why = code == EINVAL ? "It is no regular file" : String(cString: strerror(code))
    return ImportError(
      feed: settings.name, why: "The file \(path) cannot be read: \(why).",
      next: "It is tried again at the next poll.", trouble: .unreachable)
  }

  /// The name behind the last slash; "export" where there is none.
  static func lastPart(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? "export"
  }

  /// FNM_CASEFOLD of glibc: `*.csv` finds `LIST.CSV` too.
  static let ignoreCase: Int32 = 1 << 4
}
