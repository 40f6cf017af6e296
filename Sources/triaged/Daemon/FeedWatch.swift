import Foundation
import Logging
import Storage
import Triage

/// Keeps the episodes of feeds: told when one begins and when it is over, and not at every poll.
struct FeedWatch: Sendable {
  let store: Store
  let health: FeedHealth
  /// Seconds that a trouble must stay away before its end is told.
  let quiet: @Sendable (_ feed: String) -> Double
  /// The mails to the admin; `nil` where nobody is to be told.
  var begins: @Sendable (FeedEpisode, HeldList?) -> Notice? = { _, _ in nil }
  var over: @Sendable (FeedEpisode) -> Notice? = { _ in nil }
  let logger: Logger

  /// Takes up what was open when the program ended.
  func restore() async throws {
    health.restore(try await store.openEpisodes())
  }

  /// Ends what is open of feeds that are not configured any more; nobody is told, since whoever took the
  /// feed out knows.
  func forget(allBut feeds: Set<String>, now: Date) async throws {
    for feed in health.feeds where !feeds.contains(feed) {
      let open = health.open(feed, of: Set(FeedTrouble.allCases))
      _ = try await store.end(feed: feed, troubles: open, now: now) { _ in nil }
      health.end(feed, open)
    }
  }

  /// Begins the episodes of held lists of which nobody was told, and ends those of lists that wait no more: the program
  /// ended in between.
  func tellOfHeld(of feeds: [String], now: Date) async throws {
    for feed in feeds {
      guard let held = try await store.held(feed: feed) else {
        try await end(feed, FeedWatch.ofHeldLists, now: now)
        continue
      }
      guard health.why(feed, held.trouble) == nil else { continue }
      try await begin(feed, held.trouble, held.why, now: now)
    }
  }

  /// - Parameters:
  ///   - patience: seconds that it must last before it is mailed; the journal has it at once.
  ///   - state: the feed's memory, to be written in the same transaction.
  func begin(
    _ feed: String, _ trouble: FeedTrouble, _ why: String, now: Date, patience: Double = 0,
    state: Data? = nil
  ) async throws {
    if state == nil, health.why(feed, trouble) == why { return }
    let episode = FeedEpisode(feed: feed, trouble: trouble, why: why, began: now)
    let held = try await store.held(because: episode)
    let isNew = try await store.begin(
      episode, notice: begins(episode, held), patience: patience, state: state)
    health.begin(feed, trouble, why)
    if isNew {
      logger.error(
        "The feed is in trouble; its last good state stays.",
        metadata: ["feed": "\(feed)", "trouble": "\(trouble.rawValue)", "why": "\(why)"])
    }
  }

  func end(_ feed: String, _ troubles: Set<FeedTrouble>, now: Date) async throws {
    let open = health.open(feed, of: troubles)
    guard !open.isEmpty else { return }
    let ended = try await store.end(
      feed: feed, troubles: open, now: now, quiet: quiet(feed), notice: over)
    health.end(feed, open)
    for episode in ended {
      logger.notice(
        "The feed's trouble is over.",
        metadata: ["feed": "\(feed)", "trouble": "\(episode.trouble.rawValue)"])
    }
  }

  /// Brings the episodes in line with a list that was read.
  func noteDoubts(_ doubts: [Doubt], of feed: String, now: Date) async throws {
    try await end(
      feed, FeedWatch.told(by: .reading).subtracting(doubts.map(\.trouble)), now: now)
    guard let doubt = doubts.first else { return }
    try await begin(feed, doubt.trouble, doubt.why, now: now)
  }

  /// Brings the episodes in line with what a poll said of a source that answered.
  func noteAlarms(_ alarms: [(FeedTrouble, String)], of feed: String, now: Date) async throws {
    try await end(feed, Set([.atLimit]).subtracting(alarms.map(\.0)), now: now)
    for (trouble, why) in alarms { try await begin(feed, trouble, why, now: now) }
  }

  /// Seconds that a server must have been out of reach before that is mailed: a quarter of an hour, and
  /// over another poll at least. One that is started anew refuses for a moment.
  static func patience(untilNextPoll next: Double) -> Double {
    max(shortestPatience, next + timeForPoll)
  }

  private static let shortestPatience = 900.0
  /// A poll may wait for its connection.
  private static let timeForPoll = 300.0

  /// What shows that a trouble is over.
  enum Sign {
    /// The source could be looked at.
    case reaching
    /// A list was read.
    case reading
  }

  static func told(by sign: Sign) -> Set<FeedTrouble> {
    switch sign {
    case .reaching: [.unreachable]
    case .reading: ofHeldLists.union([.unreadable, .missingColumns])
    }
  }

  /// What is the matter with a list only while it waits for a person.
  static let ofHeldLists: Set<FeedTrouble> = [
    .incomplete, .empty, .shrunk, .grown, .vanished, .futureDates,
  ]
}
