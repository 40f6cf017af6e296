import FlareImport
import Foundation
import Logging
import Storage
import Triage

/// The retention loop's work: what is kept only for a time goes when its time is over, and offers
/// that nobody came back to are free again. By a clock that is not believed nothing goes.
struct Retention: Sendable {
  let configuration: Configuration
  let store: Store
  let clock: ClockWatch
  let logger: Logger

  func round(now: Date, machine: MachineTime = .now()) async throws {
    guard try await clock.isTrusted(now: now, machine: machine) else { return }
    let day = 86_400.0
    let held = try await store.feedStatuses().compactMap { status in
      status.held.map { (status.name, $0) }
    }
    let exports = Archive(path: configuration.archiveFolder, days: configuration.archiveDays)
      .purge(
        now: now, sparing: Dictionary(held, uniquingKeysWith: { one, _ in one }),
        refused: try await refused(now: now))
    if exports > 0 {
      logger.notice(
        "Archived exports past their time were removed.", metadata: ["count": "\(exports)"])
    }
    let today = CivilDay(now, in: configuration.timeZone)
    let expired = try await store.withdrawExpiredOffers(now: now)
    if expired > 0 {
      logger.notice(
        "Offers whose links have ended were withdrawn.", metadata: ["count": "\(expired)"])
    }
    try await store.forgetPauses(endedBy: today)
    // Twelve months of jobs are shown at an address; two years of what we did are kept.
    let snapshots = configuration.feeds.filter { $0.settings.kind == .snapshot }.map(\.name)
    try await store.purge(
      before: now.addingTimeInterval(-366 * day), endedBefore: now.addingTimeInterval(-731 * day),
      sessionsBefore: now.addingTimeInterval(-7 * day), snapshotFeeds: Set(snapshots))
  }

  /// By feed, the lists that could not be read, for as long as that trouble lasts.
  private func refused(now: Date) async throws -> [String: [RefusedList]] {
    var lists: [String: [RefusedList]] = [:]
    for (feed, episodes) in try await store.openEpisodes() {
      let open = Set(episodes.map(\.trouble))
      lists[feed] = FeedMemory(try await store.feedState(feed)).refused.filter {
        open.contains($0.trouble) && $0.isKept(now)
      }
    }
    return lists
  }
}
