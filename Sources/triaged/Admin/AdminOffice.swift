import Foundation
import Storage
import Triage
import Web

/// What the command line can ask of an instance, whether a daemon answers at its socket or the command
/// has opened the database itself.
struct AdminOffice: Sendable {
  let configuration: Configuration
  let store: Store
  let live: LiveInputs
  let poller: Poller
  let meters: Meters
  let effector: AreaEffector
  let replayer: RuleReplayer
  /// As the daemon's own watch asks them.
  let matterSources: [MatterSource]
  /// When the daemon was started; `nil` where none runs.
  let started: Date?
  /// `nil` where no daemon's own journal and counts stand behind it.
  var bounces: BounceDesk?
  /// `nil` where no daemon runs.
  var reloads: Reloads?
  /// `nil` where no daemon's own stands behind it.
  var keeper: BackupKeeper?
  /// `nil` where nothing is deleted from here.
  var retention: Retention?
  /// The same, as `status` tells of it.
  var retentionWatch: RetentionWatch?
  /// Remembers what the last look at the audit showed.
  var audit: AuditWatch?
  /// As monitors are told it; `nil` where no daemon runs.
  var readiness: (@Sendable () async -> Readiness)?

  var backups: BackupKeeper {
    keeper ?? BackupKeeper(configuration, store: store, logger: poller.logger)
  }

  // MARK: - Asking

  /// What it would change if these areas were in force.
  /// - Parameter bytes: areas as they are kept, see ``Geography/writeAreas(_:grid:)``.
  func areasDiff(_ bytes: [UInt8], now: Date) async throws -> AreaDiff {
    guard let areas = await effector.areas(bytes) else {
      throw AdminRefusal(
        .misuse, "To compare areas wants areas on the grid \(configuration.grid.crs).")
    }
    let before = live.areas.inForce(now: now).areas
    do {
      return AreaDiff(
        effects: try await effector.effects(from: before, to: areas, since: now, now: now))
    } catch is CancellationError {
      throw AdminRefusal(.conflict, "The service is about to end; ask again when it runs.")
    }
  }

  /// What other rules would have made of the last weeks. Nothing is recorded.
  func replay(_ wish: ReplayRulesWish, now: Date) async throws -> ReplayAnswer {
    try await replayer.answer(wish, now: now)
  }

  /// The whole story of one opportunity.
  func explain(_ opportunity: Int64, now: Date) async throws -> OpportunityStory {
    try await OpportunityTeller(configuration: configuration, store: store, live: live)
      .story(of: opportunity, now: now)
  }

  func areas(now: Date) -> AreasAccount {
    AreasAccount(
      live.areas.inForce(now: now), trouble: live.areas.trouble, configuration, now: now)
  }

  // MARK: - Doing

  /// Takes an edit of the boundary files that waits for a person's word.
  func acceptAreas(_ mark: String, now: Date) async throws -> Done {
    do {
      let done = try await live.areas.accept(mark, now: now)
      try await poller.areasChanged(now: now)
      return Done(done: done)
    } catch let error as AreasRefusal {
      throw AdminRefusal(.conflict, error.description)
    }
  }

  /// Takes a register that has become much shorter, and judges by it at once.
  func acceptRegister(entries: Int, now: Date) async throws -> Done {
    do {
      let done = try await live.acceptRegister(entries: entries, now: now)
      try await poller.judgeAgain(now: now)
      return Done(done: done)
    } catch let error as RegisterRefusal {
      throw AdminRefusal(.conflict, error.description)
    }
  }

  struct Done: Codable, Hashable {
    var done: String
  }
}
