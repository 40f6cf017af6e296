import Foundation
import Transfer

/// What the polls of one ``RemoteFolder`` saw of its files. Forgotten at a restart, which costs one
/// look at each file.
struct FarSightings: Sendable {
  private var files: [String: Sighting] = [:]
  private var restless: [String: Int] = [:]

  private struct Sighting {
    var file: RemoteFile
    /// Since when it has looked so.
    var since: Date
    /// The server's line on it when it was last looked at.
    var line: String?
    /// It looked so for longer than the line's time is exact: another change shows in the line.
    var isQuiet = false
  }

  /// The file as it must be still, going by the server's line; `nil`: it has to be looked at.
  func file(_ entry: RemoteListing.Entry) -> RemoteFile? {
    guard let sighting = files[entry.name], sighting.isQuiet, let line = entry.line,
      line == sighting.line
    else { return nil }
    return sighting.file
  }

  mutating func saw(_ file: RemoteFile, line: String?, now: Date) {
    var sighting = files[file.name] ?? Sighting(file: file, since: now)
    // A clock that went back must not make it wait for ever.
    if sighting.file != file || sighting.since > now {
      sighting = Sighting(file: file, since: now)
    }
    sighting.line = line
    // Lines tell minutes.
    sighting.isQuiet = now.timeIntervalSince(sighting.since) >= 120
    files[file.name] = sighting
  }

  /// For how many seconds the file has looked as it does.
  func stillness(of name: String, now: Date) -> Double {
    files[name].map { now.timeIntervalSince($0.since) } ?? 0
  }

  mutating func forget(_ name: String) { files[name] = nil }

  /// A file was another one when it had been fetched than before.
  /// - Returns: how often that has been so in a row.
  mutating func moved(_ name: String) -> Int {
    files[name] = nil
    restless[name, default: 0] += 1
    return restless[name] ?? 1
  }

  mutating func arrived(_ name: String) { restless[name] = nil }

  mutating func keep(only names: Set<String>) {
    files = files.filter { names.contains($0.key) }
    restless = restless.filter { names.contains($0.key) }
  }
}
