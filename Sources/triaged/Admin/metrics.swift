import Foundation
import Storage
import Triage

/// The metrics of an instance. Labels are names of the configuration and of our own enums: never a
/// person, an address, a reference or a file's name.
func metrics(_ status: StatusReport, _ meters: FeedMeters) -> String {
  var text = MetricsText()
  if let daemon = status.daemon {
    text.family(
      "triaged_start_time_seconds", .gauge, "When the daemon was started, in seconds since 1970.",
      [([], seconds(daemon.since))])
  }
  feedFamilies(status.feeds.filter(\.isConfigured), meters, &text)
  text.family(
    "triaged_register_in_force", .gauge,
    "Whether the contact register is in force; without it nothing is announced.",
    [([], status.register.ok ? 1 : 0)])
  if let areas = status.areas {
    text.family(
      "triaged_areas", .gauge, "Areas that are in force, by whether they count today.",
      [
        ([("counts", "yes")], Double(areas.areas.count(where: \.countsToday))),
        ([("counts", "no")], Double(areas.areas.count { !$0.countsToday })),
      ])
    text.family(
      "triaged_area_trouble", .gauge,
      "Whether the boundary files cannot take effect, so that the last good areas stay in force.",
      [([], areas.trouble == nil ? 0 : 1)])
  }
  let open = status.opportunities
  text.family(
    "triaged_opportunities", .gauge, "Open opportunities by state.",
    [("waiting", open.waiting), ("offered", open.offered), ("claimed", open.claimed)].map {
      ([("state", $0.0)], Double($0.1))
    })
  text.family(
    "triaged_announcements_owed", .gauge, "Announcements that no mail system has accepted yet.",
    [([], Double(status.mail.owed))])
  text.family(
    "triaged_announcements_oldest_owed_timestamp_seconds", .gauge,
    "Since when the longest of what is owed is owed, in seconds since 1970.",
    status.mail.oldestOwed.map { [([], seconds($0))] } ?? [])
  text.family(
    "triaged_opportunities_mail_refused", .gauge,
    "Open opportunities whose mail was refused for good.", [([], Double(status.mail.refused))])
  text.family(
    "triaged_notices_owed", .gauge,
    "Mails to the admin that are due and that no mail system has accepted yet.",
    [([], Double(status.mail.noticesOwed))])
  if let states = status.mail.states {
    text.family(
      "triaged_outbox_messages", .gauge,
      "Messages that are kept, digests and notices alike, by how far they have come.",
      OutboxMessage.State.allCases.map {
        ([("state", $0.rawValue)], Double(states[$0.rawValue] ?? 0))
      })
  }
  if let retention = status.retention { retentionFamilies(retention, &text) }
  if let count = status.mail.bouncesNotUnderstood {
    text.family(
      "triaged_bounces_not_understood_total", .counter,
      "Mails among the bounces, since the start, that nobody could make sense of.",
      [([], Double(count))])
  }
  return text.text
}

private func retentionFamilies(_ retention: RetentionStanding, _ text: inout MetricsText) {
  text.family(
    "triaged_retention_last_purge_timestamp_seconds", .gauge,
    "When what is past its time was cleared away last, in seconds since 1970.",
    retention.lastPurge.map { [([], seconds($0))] } ?? [])
  text.family(
    "triaged_retention_oldest_timestamp_seconds", .gauge,
    "From when the days of the oldest are counted that is kept of a class, in seconds since 1970.",
    retention.classes.compactMap { line in
      line.oldest.map { ([("class", line.dataClass.rawValue)], seconds($0)) }
    })
  text.family(
    "triaged_retention_overdue", .gauge,
    "Rows and files of a class that should have gone two days ago.",
    retention.classes.map { ([("class", $0.dataClass.rawValue)], Double($0.overdue)) })
}

private func feedFamilies(_ feeds: [FeedStanding], _ meters: FeedMeters, _ text: inout MetricsText)
{
  func gauge(_ name: String, _ help: String, _ value: (FeedStanding) -> Double?) {
    text.family(
      name, .gauge, help,
      feeds.compactMap { feed in value(feed).map { ([("feed", feed.status.name)], $0) } })
  }
  text.family(
    "triaged_feed_list_rows", .gauge, "Rows of the last list by where they went.",
    feeds.filter { $0.status.listAt != nil }.flatMap { places($0.status.counts, $0.status.name) })
  text.family(
    "triaged_feed_list_rows_in_area", .gauge, "Rows of the last list in each pilot area.",
    feeds.flatMap { feed in
      feed.status.inAreaByArea.sorted { $0.key < $1.key }.map {
        ([("feed", feed.status.name), ("area", $0.key)], Double($0.value))
      }
    })
  text.family(
    "triaged_feed_rows_total", .counter,
    "Rows of all lists that were read since the start, by where they went.",
    feeds.flatMap { places(meters.tally(of: $0.status.name).rows, $0.status.name) })
  text.summary(
    "triaged_feed_import_duration_seconds", "Time that reading and recording a list took.",
    feeds.map { feed in
      let tally = meters.tally(of: feed.status.name)
      return ([("feed", feed.status.name)], tally.seconds, tally.lists)
    })
  gauge(
    "triaged_feed_last_list_timestamp_seconds",
    "When the last list was read, in seconds since 1970."
  ) { $0.status.listAt.map(seconds) }
  gauge(
    "triaged_feed_last_poll_timestamp_seconds",
    "When the feed was last looked at to the end, in seconds since 1970."
  ) { $0.status.polled.map(seconds) }
  gauge(
    "triaged_feed_next_list_due_timestamp_seconds",
    "When the next list is due, in seconds since 1970; absent where the feed's file says nothing."
  ) { $0.nextDue.map(seconds) }
  gauge("triaged_feed_list_held", "Whether a list waits for a person to accept it.") {
    $0.status.held == nil ? 0 : 1
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
        ([("feed", feed.status.name), ("trouble", $0.trouble.rawValue)], seconds($0.began))
      }
    })
}

private func places(_ counts: RowCounts, _ feed: String) -> [([(String, String)], Double)] {
  [
    ("outside", counts.outside), ("in_area", counts.inArea), ("not_located", counts.notLocated),
    ("unreadable", counts.unreadable),
  ].map { ([("feed", feed), ("place", $0.0)], Double($0.1)) }
}

private func seconds(_ date: Date) -> Double {
  (date.timeIntervalSince1970 * 1000).rounded() / 1000
}
