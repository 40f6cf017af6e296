import Foundation
import Logging
import Storage
import Triage

/// Sees to it that somebody is told when those who are out on a visit are not back in time, and when they are.
///
/// It asks neither the contact register nor whether the clock is to be believed: a false alarm is better than none.
/// Late is who is late by the wall clock or by the machine's own, whichever says so first; after a restart the wall
/// clock alone knows.
actor OutingWatch {
  private let configuration: Configuration
  private let store: Store
  private let live: LiveInputs
  private let logger: Logger
  private var seen: [Int64: Seen] = [:]

  /// When an outing is late by the machine's clock.
  private struct Seen {
    var backBy: Date
    var lateAt: Double
  }

  init(_ configuration: Configuration, store: Store, live: LiveInputs, logger: Logger) {
    self.configuration = configuration
    self.store = store
    self.live = live
    self.logger = logger
  }

  /// - Parameters:
  ///   - now: what the wall clock shows.
  ///   - machine: of the same moment.
  func round(now: Date, machine: MachineTime = .now()) async throws {
    let outings = try await store.outings()
    watch(outings, now: now, machine)
    if outings.isEmpty { return }
    let names = Dictionary(
      await live.inForce(now: now).areas.map { ($0.id, $0.name) },
      uniquingKeysWith: { one, _ in one })
    for outing in outings {
      let late = lateness(of: outing, now: now, machine)
      guard let news = outing.news(isLate: late >= 0, isVeryLate: late >= Outing.untilDuty) else {
        continue
      }
      try await tell(news, outing, names[outing.area] ?? outing.area, now: now)
    }
  }

  private func tell(_ news: Outing.News, _ outing: Outing, _ area: String, now: Date) async throws {
    let notices = OutingNotices(
      instance: configuration.instance, words: CivilWords(zone: configuration.timeZone, now: now),
      team: configuration.team, today: CivilDay(now, in: configuration.timeZone),
      newID: { UUID().uuidString.lowercased() })
    switch news {
    case .back:
      _ = try await store.tellNotLate(outing, now: now) {
        notices.back(outing, area: area, to: $0, by: $1)
      }
    case .later:
      _ = try await store.tellNotLate(outing, now: now) {
        notices.later(outing, area: area, to: $0, by: $1)
      }
    case .late(var told):
      var mails = outing.isTold ? [] : notices.late(outing, area: area)
      // Where nobody leads who is not out there, the line ends at once.
      if mails.isEmpty { told = .duty }
      if told == .duty { mails += notices.lateForDuty(outing, area: area) }
      guard try await store.tellLate(outing, mails, told: told, now: now) else { return }
      if mails.isEmpty {
        logger.error(
          "A visit is late, and there is nobody to tell: ring whoever is out.",
          metadata: ["opportunity": "\(outing.opportunity)"])
      } else {
        logger.warning(
          "A visit is late; those who are to know are sent a mail at once.",
          metadata: ["opportunity": "\(outing.opportunity)", "mails": "\(mails.count)"])
      }
    }
  }

  // MARK: - Clocks

  private func watch(_ outings: [Outing], now: Date, _ machine: MachineTime) {
    var next: [Int64: Seen] = [:]
    for outing in outings where outing.backAt == nil {
      if let known = seen[outing.id], known.backBy == outing.backBy {
        next[outing.id] = known
      } else {
        next[outing.id] = Seen(
          backBy: outing.backBy,
          lateAt: machine.seconds + outing.backBy.timeIntervalSince(now))
      }
    }
    seen = next
  }

  /// Seconds, below zero where there is time left.
  private func lateness(of outing: Outing, now: Date, _ machine: MachineTime) -> Double {
    let byWall = now.timeIntervalSince(outing.backBy)
    return max(byWall, seen[outing.id].map { machine.seconds - $0.lateAt } ?? byWall)
  }
}
