import Foundation
import Triage

extension AdminOffice {
  /// How the lists stand, for the board of one area or, with `nil`, for the admin's page.
  func feedLines(area: String?, now: Date) async throws -> [FeedLine] {
    try await status(now: now).feedLines(area: area)
  }
}

extension StatusReport {
  func feedLines(area: String?) -> [FeedLine] {
    feeds.filter(\.isConfigured).map { feed in
      let status = feed.status
      return FeedLine(
        name: plainFeedName(status.name), cameAt: status.listAt, rows: status.counts.rows,
        inArea: area.map { status.inAreaByArea[$0] ?? 0 } ?? status.counts.inArea,
        notLocated: status.counts.notLocated, unreadable: status.counts.unreadable,
        troubles: feed.troubles(words(of: feed.timeZone, at: now)))
    }
  }
}

extension FeedStanding {
  /// What is wrong with it, without names of files and paths.
  fileprivate func troubles(_ words: CivilWords) -> [String] {
    var troubles = status.episodes.map { "It \($0.trouble.predicate)." }
    if failing != nil {
      troubles.append("It cannot be polled for a reason on the machine of the service.")
    } else if let stalledSince {
      troubles.append("It has not been polled since \(words.moment(stalledSince)).")
    }
    if let paused { troubles.append(paused) }
    if let nextDue, nextDue < words.now {
      troubles.append("A list was due by \(words.moment(nextDue)).")
    }
    return troubles
  }
}
