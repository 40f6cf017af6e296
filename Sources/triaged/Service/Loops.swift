import Foundation
import Logging

/// What goes round by one configuration, each loop for itself: they meet in the database alone.
struct Loops: Sendable {
  let daemon: Daemon
  /// When the program was started.
  let started: Date
  /// What the status line and closed pilots ask.
  let office: AdminOffice
  let manager: ServiceManager

  private var configuration: Configuration { daemon.configuration }
  private var ground: Ground { daemon.ground }
  private var logger: Logger { daemon.logger }

  var all: [RepeatingService] {
    let always = [
      poll, areas, deliver, bounces, areasTold, matters, visits, desk, receipts, alive, retention,
      backups,
    ]
    return always + daemon.alarms.loops(logger: logger, failures: ground.failures)
      + (manager.listens ? [statusLoop] : [])
  }

  private func loop(
    _ name: LoopName, afterFailure: Duration = RepeatingService.usualPause,
    longest: Duration = RepeatingService.usualLongest,
    round: @escaping @Sendable () async throws -> Duration
  ) -> RepeatingService {
    RepeatingService(
      name: name.rawValue, logger: logger, failures: ground.failures, round: round,
      afterFailure: afterFailure, longest: longest)
  }

  // MARK: - Lists and areas

  private var poll: RepeatingService {
    let poller = daemon.poller
    let late = LateWatch(
      configuration, store: ground.store, watch: daemon.watch, started: started)
    let gazetteers = daemon.gazetteers
    return loop(.poll, afterFailure: .seconds(10), longest: longestPollStep) {
      let wait = try await poller.round(now: .now)
      try await late.round(now: .now)
      try await gazetteers.round(now: .now)
      return .seconds(wait)
    }
  }

  /// Of its own, so that no slow feed holds an edit up. It reads the newest lists again, and waits for one that is just
  /// recorded.
  private var areas: RepeatingService {
    let (areas, poller) = (daemon.areas, daemon.poller)
    return loop(.areas, afterFailure: .seconds(10), longest: longestPollStep) {
      if try await areas.look(now: .now) { try await poller.areasChanged(now: .now) }
      return .seconds(5)
    }
  }

  private var areasTold: RepeatingService {
    let told = AreasTold(
      configuration: configuration, store: ground.store, effector: daemon.effector, logger: logger)
    return loop(.areasTold, longest: longestPollStep) {
      // What came while it was reckoned is told at once.
      try await told.round(now: .now) ? .seconds(1) : .seconds(5)
    }
  }

  // MARK: - Mail

  private var deliver: RepeatingService {
    let (deliverer, judgements) = (daemon.deliverer, daemon.poller.judgements)
    let every = configuration.deliverEvery
    return loop(.deliver, longest: configuration.longestDelivery) {
      try await deliverer.round(now: .now, mayAnnounce: judgements.hasBegun)
      return .seconds(every)
    }
  }

  private var bounces: RepeatingService {
    let watch = BounceWatch(folders: configuration.bounceMaildirs, desk: daemon.bounceDesk)
    return loop(.bounces) {
      try await watch.round(now: .now)
      return .seconds(60)
    }
  }

  private var receipts: RepeatingService {
    let receipts = NotifyReceipts(
      configuration, store: ground.store, transferrer: ground.transferrer, logger: logger)
    return loop(.receipts) {
      try await receipts.round(now: .now)
      return .seconds(60)
    }
  }

  // MARK: - The desk

  private var desk: RepeatingService {
    let desk = DeskWatch(
      configuration, store: ground.store, live: daemon.live, clock: ground.clock, logger: logger)
    return loop(.desk) {
      try await desk.round(now: .now)
      return .seconds(20)
    }
  }

  /// Of its own, so that nothing that goes wrong elsewhere holds an alarm up; its mails have loops of their own too.
  private var visits: RepeatingService {
    let outings = OutingWatch(
      configuration, store: ground.store, live: daemon.live, logger: logger)
    return loop(.visits, afterFailure: .seconds(10)) {
      try await outings.round(now: .now)
      return .seconds(20)
    }
  }

  // MARK: - The instance itself

  private var matters: RepeatingService {
    let matters = MatterWatch(
      configuration, store: ground.store, sources: daemon.sources, logger: logger)
    return loop(.matters) {
      try await matters.round(now: .now)
      return .seconds(20)
    }
  }

  private var alive: RepeatingService {
    let alive = AliveWatch(
      configuration, store: ground.store, transferrer: ground.transferrer, logger: logger,
      notWell: { [health = daemon.health] in await health.notWell(now: $0) })
    return loop(.alive) {
      try await alive.round(now: .now)
      return .seconds(10)
    }
  }

  /// Nothing is deleted while a list is recorded.
  private var retention: RepeatingService {
    let (retention, audit) = (daemon.retention, daemon.audit)
    return loop(.retention, longest: longestPollStep) {
      try await retention.round(now: .now)
      try await audit.round(now: .now)
      return .seconds(3600)
    }
  }

  private var backups: RepeatingService {
    let (backups, clock, office) = (daemon.backups, ground.clock, office)
    return loop(.backups, longest: longestBackup) {
      let now = Date.now
      let isTrusted = try await clock.isTrusted(now: now, machine: .now())
      try await backups.round(now: now, mayExpire: isTrusted)
      if isTrusted { try await office.eraseClosedPilots(now: now) }
      return .seconds(60)
    }
  }

  private var statusLoop: RepeatingService {
    let (office, manager, nextPoll) = (office, manager, daemon.poller.nextPoll)
    return loop(.statusLine) {
      let report = try await office.status(now: .now, isBrief: true)
      manager.says(statusLine(report, nextPoll: nextPoll.value))
      return .seconds(30)
    }
  }
}
