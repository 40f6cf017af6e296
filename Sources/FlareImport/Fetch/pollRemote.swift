import Foundation
import Glibc
import Transfer
import Triage

/// Files that one poll takes at most; the next one goes on.
private let mostFiles = 50
/// Transfers that may fail before a poll gives up, or before it is said that one file never holds
/// still.
private let mostFailures = 3

extension FeedSource {
  /// Looks what is new in a folder on another machine, and brings it to the spool, oldest first.
  ///
  /// A file is taken when its size and time are the same in two polls that lie the settling time
  /// apart: the other machine's clock is not ours. It is known from then on by name, size and time.
  mutating func pollRemote(
    _ folder: RemoteFolder, _ state: FeedState, _ now: Date
  ) async throws -> FeedNews {
    var news = FeedNews()
    let site = site(folder)
    var state = state
    state.taken = finishSpooled(state, &news)
    let files = try await look(folder, site, &news, now)
    let known = (state.far ?? []).filter { far in files.contains { far.is($0) } }
    state.far = try await clean(known, folder, site, &news)
    var fresh: [RemoteFile] = []
    for file in files where !known.contains(where: { $0.is(file) }) {
      if sightings.stillness(of: file.name, now: now) >= settings.settleSeconds {
        fresh.append(file)
      } else {
        news.settling.append(file.name)
      }
    }
    if !news.settling.isEmpty { news.pollAgainAfter = settings.settleSeconds }
    fresh.sort { ($0.modified ?? 0, $0.name) < ($1.modified ?? 0, $1.name) }
    try await take(fresh, site, state, &news, now)
    return news
  }

  private func site(_ folder: RemoteFolder) -> RemoteSite {
    RemoteSite(
      url: folder.url, user: folder.user, passwordFile: folder.passwordFile,
      keyFile: folder.keyFile, knownHostsFile: folder.knownHostsFile,
      caFile: settings.http.caFile, connectSeconds: settings.http.connectSeconds,
      totalSeconds: settings.http.totalSeconds)
  }

  /// The files that the pattern names, as they are now.
  private mutating func look(
    _ folder: RemoteFolder, _ site: RemoteSite, _ news: inout FeedNews, _ now: Date
  ) async throws -> [RemoteFile] {
    let listing = try await transferrer.list(site)
    if listing.unusableNames > 0 {
      news.alarms.append(
        (
          .unreachable,
          "\(listing.unusableNames) of the names in the folder are no plain file names; those files "
            + "are not taken. Have them renamed."
        ))
    }
    let entries = listing.entries.filter {
      fnmatch(folder.pattern, $0.name, FNM_PERIOD | FeedSource.ignoreCase) == 0
    }
    sightings.keep(only: Set(entries.map(\.name)))
    var files = entries.compactMap { sightings.file($0) }
    let doubtful = entries.filter { sightings.file($0) == nil }
    if !doubtful.isEmpty {
      let lines = Dictionary(
        doubtful.map { ($0.name, $0.line) }, uniquingKeysWith: { one, _ in one })
      for file in try await transferrer.look(at: doubtful.map(\.name), in: site) {
        sightings.saw(file, line: lines[file.name] ?? nil, now: now)
        files.append(file)
      }
    }
    return files
  }

  /// Deletes on the far side what was recorded and lies in the archive, where that is wanted.
  /// - Returns: those that are known to lie there still.
  private mutating func clean(
    _ known: [FeedState.FarFile], _ folder: RemoteFolder, _ site: RemoteSite,
    _ news: inout FeedNews
  ) async throws -> [FeedState.FarFile] {
    guard folder.deletesTaken else { return known }
    var left: [FeedState.FarFile] = []
    for far in known {
      guard archive.holds(far, of: settings.name) else {
        left.append(far)
        continue
      }
      do {
        _ = try await transferrer.delete(far.file, in: site)
        sightings.forget(far.name)
      } catch let error as TransferError {
        left.append(far)
        news.troubles.append(
          ImportError(
            feed: settings.name,
            why: "\(plainName(far.name)) could not be deleted in its folder. \(error)",
            next: "It is recorded and not read again; it is tried again at the next poll."))
      }
    }
    return left
  }

  /// Brings the files here, one after the other. What fails for one file holds up no other.
  private mutating func take(
    _ files: [RemoteFile], _ site: RemoteSite, _ state: FeedState, _ news: inout FeedNews,
    _ now: Date
  ) async throws {
    var state = state
    var bytes = 0
    var passing: [TransferError] = []
    for file in files {
      if news.exports.count >= mostFiles || (bytes > 0 && bytes + file.size > settings.maxBytes) {
        news.pollAgainAfter = 0
        break
      }
      do {
        guard let export = try await bring(file, site, state, now) else {
          tellMoved(file.name, &news)
          continue
        }
        sightings.arrived(file.name)
        state = export.stateOnceRecorded(sha256: "")
        news.exports.append(export)
        bytes += file.size
      } catch let error as TransferError {
        news.alarms.append(
          (
            .unreachable,
            "\(plainName(file.name)) was not taken. \(error) It is tried again at the next poll."
          )
        )
        if !error.permanent { passing.append(error) }
        if passing.count >= mostFailures { break }
      }
    }
    if news.exports.isEmpty, let error = passing.first { throw error }
  }

  /// - Returns: `nil` when it is another file by now.
  private func bring(
    _ file: RemoteFile, _ site: RemoteSite, _ state: FeedState, _ now: Date
  ) async throws -> Export? {
    // The name on the far side is no name here.
    var number = 1
    while FileIdentity(regularFileAt: spoolPath("\(number).download")) != nil { number += 1 }
    let path = spoolPath("\(number).download")
    guard
      try await transferrer.fetch(file, in: site, to: path, maxBytes: settings.maxBytes),
      let identity = FileIdentity(regularFileAt: path)
    else { return nil }
    var export = export(file.name, path, identity, now, .remote, state)
    export.far = FeedState.FarFile(
      name: file.name, size: file.size, modified: file.modified, received: now)
    // Of the copy here, the time may be that of its fetching.
    let changed = file.modified.map { Date(timeIntervalSince1970: Double($0)) }
    export.delivery = .file(export.name, modified: changed)
    return export
  }

  private mutating func tellMoved(_ name: String, _ news: inout FeedNews) {
    news.settling.append(name)
    if sightings.moved(name) < mostFailures {
      news.pollAgainAfter = news.pollAgainAfter ?? settings.settleSeconds
    } else {
      news.alarms.append(
        (
          .unreachable,
          "\(plainName(name)) is another file each time that it was fetched, or has not the size that the "
            + "server tells; it is not taken. It is tried again at the next poll."
        ))
    }
  }

  /// Puts away what was recorded before a crash or a full disk, and removes what was not.
  /// - Returns: those that still lie in the spool.
  private func finishSpooled(
    _ state: FeedState, _ news: inout FeedNews
  ) -> [FeedState.TakenFile] {
    let prefix = Archive.safeName(settings.name) + "."
    let names = (try? FileManager.default.contentsOfDirectory(atPath: spool)) ?? []
    var left: [FeedState.TakenFile] = []
    for name in names.sorted() where name.hasPrefix(prefix) {
      let parts = name.dropFirst(prefix.count).split(separator: ".")
      guard let number = parts.first, Int(number) != nil, parts.dropFirst().first == "download"
      else { continue }
      let path = spool + "/" + name
      guard let identity = FileIdentity(regularFileAt: path),
        let taken = state.taken.first(where: { $0.identity == identity })
      else {
        unlink(path)
        continue
      }
      finish(export(taken.name, path, identity, taken.received, .remote, state), &news)
      if FileIdentity(regularFileAt: path) == identity { left.append(taken) }
    }
    return left
  }
}

extension FeedState.FarFile {
  fileprivate var file: RemoteFile { RemoteFile(name: name, size: size, modified: modified) }

  fileprivate func `is`(_ file: RemoteFile) -> Bool { self.file == file }
}
