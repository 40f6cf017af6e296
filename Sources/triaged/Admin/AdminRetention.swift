import Foundation
import Storage
import Triage

/// What is asked for with `purge`.
struct PurgeWish: Codable {
  /// Nothing is deleted; it is told what would be.
  var dryRun: Bool
}

extension AdminOffice {
  /// Deletes what is past its time, or tells what would go.
  func purge(
    _ wish: PurgeWish, now: Date, machine: MachineTime = .now()
  ) async throws -> RetentionReport {
    guard let retention else {
      throw AdminRefusal(.conflict, "Nothing can be cleared away from here.")
    }
    let isTrusted = try await retention.isTrusted(now: now, machine: machine)
    if !isTrusted, !wish.dryRun {
      throw AdminRefusal(
        .conflict,
        "The clock of this machine has jumped and is not believed yet, so nothing is deleted. Set it right, or wait an "
          + "hour; 'triaged purge --dry-run' tells what would go.")
    }
    let last = try await store.lastPurge()
    let purged =
      wish.dryRun
      ? try await retention.kept.wouldPurge(now: now) : try await retention.purge(now: now)
    let ages = try await retention.kept.ages(now: now)
    let limits = configuration.retentionLimits(now: now)
    let zone = configuration.timeZone
    return RetentionReport(
      timeZone: zone.identifier, now: now, isDryRun: wish.dryRun, isClockTrusted: isTrusted,
      lastPurge: last, legalHolds: try await store.legalHolds(),
      classes: DataClass.allCases.map { dataClass in
        let days = configuration.retention[dataClass]
        let oldest = ages[dataClass]?.oldest
        return RetentionReport.Line(
          dataClass: dataClass, days: days, before: limits[dataClass]?.day.description,
          count: purged.aged[dataClass] ?? 0, held: purged.held[dataClass] ?? 0, oldest: oldest,
          goesOn: goesOn(dataClass, oldest, days).map(\.description),
          overdue: ages[dataClass]?.overdue ?? 0)
      })
  }

  /// The day on which something goes: a row in the night behind its last day, a file by the minute.
  private func goesOn(_ dataClass: DataClass, _ oldest: Date?, _ days: Int?) -> CivilDay? {
    guard let oldest, let days else { return nil }
    return CivilDay(oldest, in: configuration.timeZone)
      .plus(dataClass == .archive ? days : days + 1)
  }
}
