import FlareImport
import Foundation
import Storage
import Triage

/// How the feeds stand: out of what was remembered of each, and what this process knows.
struct FeedStandings {
  let configuration: Configuration
  let store: Store
  let failures: OwnFailures
  /// When the daemon was started; `nil` where none runs.
  let started: Date?

  /// Every feed of the configuration in its order, then those that only the database knows.
  func all(_ inputs: LiveInputs.InForce, now: Date) async throws -> [FeedStanding] {
    let names = Dictionary(
      inputs.areas.map { ($0.id, $0.name) }, uniquingKeysWith: { one, _ in one })
    var known: [String: FeedStatus] = [:]
    for status in try await store.feedStatuses() { known[status.name] = status }
    var standings: [FeedStanding] = []
    for feed in configuration.feeds {
      let memory = FeedMemory(try await store.feedState(feed.name))
      let paused = feed.whyPaused(on: CivilDay(now, in: configuration.timeZone))
      let due = paused == nil ? nextDue(feed, memory, now: now) : nil
      let status = known.removeValue(forKey: feed.name) ?? FeedStatus(name: feed.name)
      standings.append(
        FeedStanding(
          status: status, timeZone: feed.zone.identifier, areaNames: names, nextDue: due,
          isConfigured: true, belief: memory.belief.flatMap { $0.isInForce(now) ? $0 : nil },
          stalledSince: paused == nil ? stalledSince(feed, status, now: now) : nil,
          failing: failures[.feed(feed.name)], paused: paused))
    }
    for status in known.values.sorted(by: { $0.name < $1.name }) {
      standings.append(
        FeedStanding(
          status: status, timeZone: configuration.timeZone.identifier, areaNames: names,
          nextDue: nil, isConfigured: false))
    }
    return standings
  }

  /// Since when no poll of a running daemon has come to its end, where it should have long ago: a full disk
  /// keeps even the trouble itself from being written down.
  private func stalledSince(_ feed: Feed, _ status: FeedStatus, now: Date) -> Date? {
    guard let started, !status.episodes.contains(where: { $0.trouble == .unreachable })
    else { return nil }
    let last = max(status.polled ?? started, started)
    let patience = max(3 * feed.settings.cadenceSeconds, FeedStandings.shortestPatience)
    return now.timeIntervalSince(last) > patience ? status.polled ?? started : nil
  }

  /// Seconds; more than the time between two notes in the store that a poll found nothing.
  private static let shortestPatience = 600.0

  private func nextDue(_ feed: Feed, _ memory: FeedMemory, now: Date) -> Date? {
    guard let expected = feed.expected else { return nil }
    let last = memory.newestList ?? memory.knownSince ?? started ?? now
    return expected.deadline(after: min(last, now), zone: feed.zone, configuration.holidays)?.due
  }
}
