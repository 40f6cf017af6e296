import Foundation
import Logging
import Notify
import ServiceLifecycle
import Storage
import Transfer
import Triage

/// Sends the mails about who is not back from a visit: each channel in a loop of its own, on threads of its own. What
/// hangs on another channel, or waits in the deliver loop, holds none of them up.
struct Alarms: Sendable {
  private struct Lane: Sendable {
    var channel: String
    var deliverer: NoticeDeliverer

    var loop: String { "alarms by \(channel)" }
  }

  private let lanes: [Lane]
  private let threads: AlarmLanes

  /// Seconds between two looks.
  static let every = 10.0

  /// ``shutdown()`` must be called before the last reference is let go.
  init(
    _ configuration: Configuration, store: Store, links: Links, logger: Logger,
    closed: ClosedChannels, threads: AlarmLanes = AlarmLanes(),
    sent: Tally<DeliveryCount> = Tally()
  ) {
    self.threads = threads
    lanes = configuration.channels.keys.sorted().map { channel in
      Lane(
        channel: channel,
        deliverer: NoticeDeliverer(
          configuration: configuration, store: store,
          transferrer: threads.transferrer(of: channel), links: links, logger: logger,
          closed: closed, sent: sent, lane: .alarms(by: channel)))
    }
  }

  /// A loop for each channel.
  func loops(logger: Logger, failures: OwnFailures) -> [RepeatingService] {
    lanes.map { lane in
      RepeatingService(
        name: lane.loop, logger: logger, failures: failures,
        round: {
          var deliverer = lane.deliverer
          deliverer.step = { failures.pulses.steps(lane.loop) }
          _ = try await deliverer.round(now: .now)
          return .seconds(Self.every)
        }, afterFailure: .seconds(Self.every),
        longest: lane.deliverer.configuration.longestDelivery)
    }
  }

  /// One look at every channel, side by side.
  func round(now: Date) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for lane in lanes { group.addTask { _ = try await lane.deliverer.round(now: now) } }
      try await group.waitForAll()
    }
  }

  /// Cuts short what is on the wire.
  func shutdown() async { await threads.shutdown() }
}

/// How patiently an alarm is tried again, whatever its channel: after half a minute, then every minute for half an hour.
/// Behind that it goes as every other mail.
private let alarmRetry = RetrySettings(firstSeconds: 30, mostSeconds: 60)
private let alarmAttempts = 30

extension NoticeDeliverer {
  private var isOfAlarms: Bool {
    if case .alarms = lane { true } else { false }
  }

  /// Seconds after which a mail is tried again of whose attempt nothing was heard.
  var firstPause: Double {
    isOfAlarms ? alarmRetry.firstSeconds : configuration.retry.firstSeconds
  }

  /// When a mail is tried again that was not taken just now; `nil`: not any more.
  func nextAttempt(_ notice: Notice, _ error: DeliveryError, now: Date) -> Date? {
    let attempts = notice.attempts + 1
    if isOfAlarms, attempts <= alarmAttempts {
      // Who is asked to wait for an hour waits for a minute: somebody may lie in a hall.
      return Notify.nextAttempt(
        after: attempts, created: notice.created, now: now,
        retryAfter: error.retryAfter.map { min($0, alarmRetry.mostSeconds) }, settings: alarmRetry,
        random: Double.random(in: 0..<1))
    }
    return configuration.nextAttempt(
      through: notice.channel, after: isOfAlarms ? attempts - alarmAttempts : attempts,
      created: notice.created, now: now, retryAfter: error.retryAfter)
  }
}
