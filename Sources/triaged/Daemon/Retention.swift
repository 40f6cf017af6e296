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
  /// A pass speaks of the jobs that it has read: none of them goes until it is recorded.
  let recording: OneAtATime
  let logger: Logger

  func round(now: Date, machine: MachineTime = .now()) async throws {
    guard try await clock.isTrusted(now: now, machine: machine) else { return }
    let expired = try await store.withdrawExpiredOffers(now: now)
    if expired > 0 {
      logger.notice(
        "Offers whose links have ended were withdrawn.", metadata: ["count": "\(expired)"])
    }
    try await store.forgetPauses(endedBy: CivilDay(now, in: configuration.timeZone))
    try await purge(now: now)
  }

  var kept: KeptData { KeptData(configuration: configuration, store: store) }

  /// Whether anything may be deleted by this clock.
  func isTrusted(now: Date, machine: MachineTime) async throws -> Bool {
    try await clock.isTrusted(now: now, machine: machine)
  }

  /// Deletes what is past its time, in the archive and in the database.
  @discardableResult
  func purge(now: Date) async throws -> PurgeResult {
    let (archive, held, refused) = try await kept.lists(now: now)
    let exports = archive.purge(now: now, sparing: held, refused: refused)
    await recording.enter()
    defer { recording.leave() }
    var result = try await store.purge(
      configuration.retentionLimits(now: now), snapshotFeeds: configuration.snapshotFeeds, now: now)
    if exports > 0 { result.aged[.archive] = exports }
    for (dataClass, count) in result.aged.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      logger.notice(
        "What was past its time was deleted.",
        metadata: ["class": "\(dataClass.rawValue)", "count": "\(count)"])
    }
    return result
  }
}

extension Configuration {
  func retentionLimits(now: Date) -> RetentionLimits {
    RetentionLimits(retention, now: now, zone: timeZone)
  }

  /// Feeds whose lists say by themselves what is gone.
  var snapshotFeeds: Set<String> {
    Set(feeds.filter { $0.settings.kind == .snapshot }.map(\.name))
  }
}
