import Foundation

/// What the polls of one feed saw of files on this machine. Forgotten at a restart.
struct FileSightings: Sendable {
  private var files: [String: Sighting] = [:]

  /// How long a file has looked the same to us.
  private struct Sighting {
    var identity: FileIdentity
    var since: Date
  }

  /// Whether a file has stood still: by its own mtime, unless an earlier poll saw it otherwise, or
  /// in our own eyes for as long (a copy may bring an old mtime, a clock may be wrong).
  mutating func isSettled(
    _ name: String, _ identity: FileIdentity, after seconds: Double, now: Date
  ) -> Bool {
    let earlier = files[name]
    if earlier?.identity != identity { files[name] = Sighting(identity: identity, since: now) }
    let changed = earlier.map { $0.identity != identity } ?? false
    if !changed, now.timeIntervalSince(identity.modifiedDate) >= seconds { return true }
    return now.timeIntervalSince(files[name]!.since) >= seconds
  }

  mutating func keep(only names: Set<String>) { files = files.filter { names.contains($0.key) } }
}
