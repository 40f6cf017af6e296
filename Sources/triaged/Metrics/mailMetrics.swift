import Foundation
import Storage
import Triage

/// What is owed, what was sent, and what was not.
func mailFamilies(_ facts: MetricFacts, _ text: inout MetricsText) {
  let mail = facts.status.mail
  let oldest = [mail.oldestOwed, mail.oldestRetriedNotice].compactMap { $0 }.min()
  text.family(
    "triaged_outbox_oldest_age_seconds", .gauge,
    "Seconds since the longest of what is due and not accepted is owed; 0 where nothing is.",
    [([], oldest.map { age(of: $0, facts) } ?? 0)])
  if let states = mail.states {
    text.family(
      "triaged_outbox_messages", .gauge,
      "Messages that are kept, digests and notices alike, by how far they have come.",
      OutboxMessage.State.allCases.map {
        ([("state", $0.rawValue)], Double(states[$0.rawValue] ?? 0))
      })
  }
  text.family(
    "triaged_notifications_total", .counter,
    "Attempts to send a message since the start, by channel and by what came of them.",
    facts.channels.sorted().flatMap { channel in
      DeliveryCount.Result.allCases.map { result in
        (
          [("channel", channel), ("result", result.rawValue)],
          Double(facts.meters.deliveries[DeliveryCount(channel: channel, result: result)])
        )
      }
    })
  text.family(
    "triaged_announcements_owed", .gauge, "Announcements that no mail system has accepted yet.",
    [([], Double(mail.owed))])
  text.family(
    "triaged_opportunities_mail_refused", .gauge,
    "Open opportunities whose mail was refused for good.", [([], Double(mail.refused))])
  text.family(
    "triaged_notices_owed", .gauge,
    "Mails to the admin that are due and that no mail system has accepted yet.",
    [([], Double(mail.noticesOwed))])
  if let untold = mail.otherDoorRefused {
    text.family(
      "triaged_safeguarding_jobs_untold", .gauge,
      "Jobs that may be for safeguarding of which nobody could be told.", [([], Double(untold))])
  }
  if let count = mail.bouncesNotUnderstood {
    text.family(
      "triaged_bounces_not_understood_total", .counter,
      "Mails among the bounces, since the start, that nobody could make sense of.",
      [([], Double(count))])
  }
}
