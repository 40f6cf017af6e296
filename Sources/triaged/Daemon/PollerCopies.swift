import FlareImport
import Foundation
import Storage
import Triage

/// Where the copies of lists lie: in the archive, once their rows are recorded.
extension Poller {
  /// Its rows, or its refusal, are recorded by now. To be called between entering and leaving ``recording``.
  func putAway(
    _ export: Export, _ feed: Feed, _ source: FeedSource, now: Date
  ) async throws {
    var source = source
    source.held = try await store.held(feed: feed.name)
    source.refused = FeedMemory(try await store.feedState(feed.name)).refused
    do {
      let name = try source.keep(export)
      try await watch.end(feed.name, [.notPutAway], now: now)
      if let name { try await noteRefused(export, as: name, feed, now: now) }
      guard let name, var held = try await store.held(feed: feed.name), held.archived.isEmpty,
        held.came(as: export)
      else { return }
      held.archived = name
      try await store.hold(held, feed: feed.name)
    } catch let error as ImportError {
      try await watch.begin(feed.name, .notPutAway, "\(error.why) \(error.next)", now: now)
    }
  }

  /// So that `feeds show` can name the copy of a refused list.
  private func noteRefused(_ export: Export, as name: String, _ feed: Feed, now: Date) async throws
  {
    var memory = FeedMemory(try await store.feedState(feed.name))
    guard let at = memory.refused.lastIndex(where: { $0.came(as: export) && $0.archived == nil })
    else { return }
    memory.refused[at].archived = name
    try await store.unchanged(feed: feed.name, state: memory.data, now: now)
  }

  /// Notes where the copy of a held list lies, if the program ended before that.
  func findCopy(_ feed: Feed, now: Date) async throws {
    // What a person accepts in between must not wait again.
    await recording.enter()
    defer { recording.leave() }
    guard var held = try await store.held(feed: feed.name), held.archived.isEmpty,
      let name = archive.copy(of: held, feed: feed.name, now: now)
    else { return }
    held.archived = name
    try await store.hold(held, feed: feed.name)
  }
}
