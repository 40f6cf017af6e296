import Foundation
import Logging
import Notify
import Storage
import Transfer
import Triage

/// Tells a watcher outside once on each civil day that all is well, and only where it is: where the service is down,
/// or reads no lists, or delivers nothing, that watcher hears nothing and rings by itself.
actor AliveWatch {
  private let configuration: Configuration
  private let store: Store
  private let transferrer: Transferrer
  private let logger: Logger
  /// Names what is not well; `nil`: nobody knows yet.
  private let notWell: @Sendable (_ now: Date) async -> [String]?
  /// The day on which the journal was told last that nothing is said, so that it is told once.
  private var silentOn: CivilDay?

  /// Seconds from one try to the next; then an hour each.
  private static let pauses = [300.0, 600, 900, 1500]
  /// Tries in vain after which it is a matter: those of the first hour.
  static let triesUntilMatter = pauses.count + 1

  init(
    _ configuration: Configuration, store: Store, transferrer: Transferrer, logger: Logger,
    notWell: @escaping @Sendable (_ now: Date) async -> [String]?
  ) {
    self.configuration = configuration
    self.store = store
    self.transferrer = transferrer
    self.logger = logger
    self.notWell = notWell
  }

  func round(now: Date) async throws {
    guard let settings = configuration.alive else { return }
    let today = CivilDay(now, in: configuration.timeZone)
    guard now >= today.instant(minutes: settings.minutes, in: configuration.timeZone) else {
      return
    }
    let known = try await store.aliveDay(today)
    if let known, known.heardAt != nil || known.nextTry > now { return }
    guard let troubles = await notWell(now) else { return }
    guard troubles.isEmpty else { return say(troubles, on: today) }
    let tries = known?.tries ?? 0
    let pause = tries < AliveWatch.pauses.count ? AliveWatch.pauses[tries] : 3600
    let next = now.addingTimeInterval(pause)
    // Noted before it is sent: where the disk takes no note, all is not well.
    try await store.aliveTrying(today, next: next)
    do throws(DeliveryError) {
      try await sayAlive(settings, via: transferrer)
    } catch {
      try await store.aliveFailed(today, why: error.why)
      logger.warning(
        "The watcher outside could not be told that all is well; it is tried again.",
        metadata: ["why": "\(error.why)", "next": "\(next.formatted(.iso8601))"])
      return
    }
    try await store.aliveHeard(today, now: now)
    logger.notice("The watcher outside was told that all is well.")
  }

  private func say(_ troubles: [String], on today: CivilDay) {
    if silentOn == today { return }
    silentOn = today
    logger.warning(
      "All is not well, so the watcher outside is told nothing until it is.",
      metadata: ["not_well": "\(troubles.joined(separator: ", "))"])
  }
}

/// What is the matter with telling the watcher outside, where that was tried for an hour.
func aliveMatters(_ store: Store, _ settings: AliveSettings?) async throws -> [Matter] {
  guard settings != nil,
    let last = try await store.lastAliveDay(tries: AliveWatch.triesUntilMatter),
    last.heardAt == nil
  else { return [] }
  return [
    Matter(
      .alive,
      "The watcher outside could not be told on \(last.day.inWords) that all is well."
        + (last.why.map { " \($0)" } ?? "") + " It is tried again every hour.")
  ]
}
