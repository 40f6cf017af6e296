import FlareImport
import Foundation
import Storage
import Triage

/// What is kept for a time, in the database and in the archive. Deletes nothing.
struct KeptData: Sendable {
  let configuration: Configuration
  let store: Store

  /// What ``Retention/purge(now:)`` would delete.
  func wouldPurge(now: Date) async throws -> PurgeResult {
    let (archive, held, refused) = try await lists(now: now)
    var result = try await store.purgeWouldDelete(
      configuration.retentionLimits(now: now), snapshotFeeds: configuration.snapshotFeeds, now: now)
    let exports = archive.look(now: now, sparing: held, refused: refused).due.count
    if exports > 0 { result.aged[.archive] = exports }
    return result
  }

  /// How old what is kept is, by class; overdue is what should have gone two days ago.
  func ages(now: Date) async throws -> [DataClass: DataAge] {
    let (archive, held, refused) = try await lists(now: now)
    let patience = now.addingTimeInterval(-2 * 86_400)
    var ages = try await store.dataAges(
      past: configuration.retentionLimits(now: patience),
      snapshotFeeds: configuration.snapshotFeeds, now: now)
    let look = archive.look(now: now, sparing: held, refused: refused)
    ages[.archive] = DataAge(oldest: look.oldest, overdue: look.overdue)
    return ages
  }

  /// The archive, the lists of it that wait for a person, and those that could not be read, for as long as that
  /// trouble lasts; both by feed.
  func lists(
    now: Date
  ) async throws -> (Archive, held: [String: HeldList], refused: [String: [RefusedList]]) {
    let held = try await store.feedStatuses().compactMap { status in
      status.held.map { (status.name, $0) }
    }
    var refused: [String: [RefusedList]] = [:]
    for (feed, episodes) in try await store.openEpisodes() {
      let open = Set(episodes.map(\.trouble))
      refused[feed] = FeedMemory(try await store.feedState(feed)).refused.filter {
        open.contains($0.trouble) && $0.isKept(now)
      }
    }
    return (
      Archive(path: configuration.archiveFolder, days: configuration.archiveDays),
      Dictionary(held, uniquingKeysWith: { one, _ in one }), refused
    )
  }
}
