import Foundation
import Storage
import Triage

/// What the feeds bring, and what is the matter with them.
func feedFamilies(
  _ feeds: [FeedStanding], _ meters: FeedMeters, _ text: inout MetricsText
) {
  func gauge(_ name: String, _ help: String, _ value: (FeedStanding) -> Double?) {
    text.family(
      name, .gauge, help,
      feeds.compactMap { feed in value(feed).map { ([("feed", feed.status.name)], $0) } })
  }
  gauge(
    "triaged_last_export_timestamp_seconds",
    "When the last list was read, in seconds since 1970."
  ) { $0.status.listAt.map(timestamp) }
  text.family(
    "triaged_export_rows", .gauge, "Rows of the last list by where they went.",
    feeds.filter { $0.status.listAt != nil }.flatMap { states($0.status.counts, $0.status.name) })
  text.family(
    "triaged_export_area_rows", .gauge, "Rows of the last list in each pilot area.",
    feeds.flatMap { feed in
      feed.status.inAreaByArea.sorted { $0.key < $1.key }.map {
        ([("feed", feed.status.name), ("area", $0.key)], Double($0.value))
      }
    })
  text.family(
    "triaged_feed_rows_total", .counter,
    "Rows of all lists that were read since the start, by where they went.",
    feeds.flatMap { states(meters.tally(of: $0.status.name).rows, $0.status.name) })
  text.summary(
    "triaged_feed_import_duration_seconds", "Time that reading and recording a list took.",
    feeds.map { feed in
      let tally = meters.tally(of: feed.status.name)
      return ([("feed", feed.status.name)], tally.seconds, tally.lists)
    })
  gauge(
    "triaged_feed_last_poll_timestamp_seconds",
    "When the feed was last looked at to the end, in seconds since 1970."
  ) { $0.status.polled.map(timestamp) }
  gauge(
    "triaged_feed_next_list_due_timestamp_seconds",
    "When the next list is due, in seconds since 1970; absent where the feed's file says nothing."
  ) { $0.nextDue.map(timestamp) }
  gauge("triaged_feed_list_held", "Whether a list waits for a person to accept it.") {
    $0.status.held == nil ? 0 : 1
  }
  gauge("triaged_feed_failing", "Whether the feed cannot be polled for a reason on this machine.") {
    $0.failing == nil ? 0 : 1
  }
  text.family(
    "triaged_feed_trouble", .gauge, "Whether the feed is in this kind of trouble now.",
    feeds.flatMap { feed in
      FeedTrouble.allCases.map { trouble in
        let lasts = feed.status.episodes.contains { $0.trouble == trouble }
        return ([("feed", feed.status.name), ("trouble", trouble.rawValue)], lasts ? 1 : 0)
      }
    })
  text.family(
    "triaged_feed_episode_start_timestamp_seconds", .gauge,
    "When a trouble that lasts began, in seconds since 1970.",
    feeds.flatMap { feed in
      feed.status.episodes.map {
        ([("feed", feed.status.name), ("trouble", $0.trouble.rawValue)], timestamp($0.began))
      }
    })
}

private func states(_ counts: RowCounts, _ feed: String) -> [([(String, String)], Double)] {
  [
    ("outside", counts.outside), ("in_area", counts.inArea), ("not_located", counts.notLocated),
    ("unreadable", counts.unreadable),
  ].map { ([("feed", feed), ("state", $0.0)], Double($0.1)) }
}
