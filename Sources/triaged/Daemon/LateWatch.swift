import FlareImport
import Foundation
import Storage
import Triage

/// Tells when a list should have come and has not, and when it is there.
///
/// It runs behind the poll loop, so that after a start what lies waiting is taken first.
actor LateWatch {
  private let configuration: Configuration
  private let store: Store
  private let watch: FeedWatch
  private let started: Date
  private var looked: Date?

  /// Seconds.
  private static let lookEvery = 15.0

  /// - Parameter started: since when a feed is known of which nothing else says so.
  init(_ configuration: Configuration, store: Store, watch: FeedWatch, started: Date) {
    self.configuration = configuration
    self.store = store
    self.watch = watch
    self.started = started
  }

  func round(now: Date) async throws {
    if let looked, now >= looked, now.timeIntervalSince(looked) < LateWatch.lookEvery { return }
    looked = now
    for feed in configuration.feeds {
      // A feed of which nothing is expected any more is not late any more.
      if let late = try await lateness(of: feed, now) {
        let words = CivilWords(zone: feed.zone, now: now)
        try await watch.begin(feed.name, .late, late.sentence(words), now: now)
      } else {
        try await watch.end(feed.name, [.late], now: now)
      }
    }
  }

  private func lateness(of feed: Feed, _ now: Date) async throws -> LateSince? {
    // Nobody waits for the list of a feed that is paused.
    guard let expected = feed.expected, !feed.isEnded(on: CivilDay(now, in: configuration.timeZone))
    else { return nil }
    let memory = FeedMemory(try await store.feedState(feed.name))
    return isLate(
      expected, lastList: memory.newestList, since: memory.knownSince ?? started, now: now,
      zone: feed.zone, holidays: configuration.holidays)
  }
}

extension Feed {
  var zone: TimeZone { TimeZone(identifier: settings.timeZone) ?? .gmt }
}
