import Foundation
import Storage
import Triage

extension StatusReport {
  /// What is owed and what was refused of mail.
  struct MailStanding: Codable, Hashable {
    /// Announcements owed, and since when the longest.
    var owed = 0
    var oldestOwed: Date?
    /// Announcements that wait for the end of a pause; `nil` from a daemon of an earlier version.
    var heldBack: Int? = nil
    /// Announcements that wait for their time; `nil` from a daemon of an earlier version.
    var awaitingSlot: Int? = nil
    /// Open opportunities whose mail was refused for good.
    var refused = 0
    /// Mails to the admin that are owed; when the oldest was made of those that were tried in vain; and
    /// those that were refused for good within a week.
    var noticesOwed = 0
    var oldestRetriedNotice: Date?
    var noticesRefused = 0
    /// Jobs that may be for safeguarding of which nobody could be told; `nil` from a daemon of an earlier
    /// version.
    var otherDoorRefused: Int? = nil
    /// Who runs the service is named in the configuration.
    var hasAdmin = true
    /// Messages by state, digests and notices alike; `nil` from a daemon of an earlier version.
    var states: [String: Int]? = nil
    /// Mails among the bounces, since the daemon's start, that nobody could make sense of; `nil`: no daemon runs.
    var bouncesNotUnderstood: Int? = nil
  }
}

extension StatusReport.MailStanding {
  /// - Parameter areDeadLettersTold: a dead letter is a matter, which is told by itself.
  func problems(now: Date, areDeadLettersTold: Bool) -> [String] {
    var problems: [String] = []
    if let oldestOwed, now.timeIntervalSince(oldestOwed) >= 3600 {
      let age = CivilWords.duration(now.timeIntervalSince(oldestOwed))
      problems.append("Mail has been owed for \(age).")
    }
    if refused > 0, !areDeadLettersTold {
      let those = refused == 1 ? "opportunity has" : "opportunities have"
      problems.append("\(refused) open \(those) a mail that was refused for good.")
    }
    if let oldestRetriedNotice, now.timeIntervalSince(oldestRetriedNotice) >= 3600 {
      problems.append("A mail to the admin is not accepted.")
    }
    if let otherDoorRefused, otherDoorRefused > 0 {
      problems.append(
        "Of \(CivilWords.counted(otherDoorRefused, "job")) that may be for safeguarding the mail was "
          + "refused for good: tell those who lead the area yourself. It is tried again every hour."
      )
    }
    if noticesRefused > 0, !areDeadLettersTold {
      problems.append("A mail that brings no offer was refused for good.")
    }
    return problems
  }

  /// "Mail: 2 announcements owed, the oldest since 08:00 today."
  func line(_ words: CivilWords) -> String {
    var parts: [String] = []
    if owed > 0 {
      let since = oldestOwed.map { ", the oldest since \(words.moment($0))" } ?? ""
      parts.append(CivilWords.counted(owed, "announcement") + " owed\(since)")
    }
    if let heldBack, heldBack > 0 {
      parts.append(
        CivilWords.counted(heldBack, "announcement") + " held until the end of a pause")
    }
    if let awaitingSlot, awaitingSlot > 0 {
      let verb = awaitingSlot == 1 ? "waits" : "wait"
      parts.append(
        CivilWords.counted(awaitingSlot, "announcement") + " \(verb) for the time of the area")
    }
    if noticesOwed > 0 {
      parts.append(CivilWords.counted(noticesOwed, "notice") + " to the admin owed")
    }
    if refused > 0 { parts.append("\(refused) refused for good") }
    if parts.isEmpty { parts = ["nothing is owed"] }
    let admin = hasAdmin ? "" : " No admin is named, so nobody is told of a feed in trouble."
    return "Mail: \(parts.joined(separator: "; ")).\(admin)"
  }

  /// "Outbox: 2 deferred, 1 failed; to see them: triaged outbox list"; `nil` where nothing waits and nothing failed.
  var outboxLine: String? {
    let told = [OutboxMessage.State.pending, .sending, .deferred, .failed].compactMap { state in
      states?[state.rawValue].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
    }
    let unread = bouncesNotUnderstood ?? 0
    if told.isEmpty, unread == 0 { return nil }
    var parts: [String] = []
    if !told.isEmpty { parts.append(told.joined(separator: ", ") + " (triaged outbox list)") }
    if unread > 0 {
      parts.append(
        "\(CivilWords.counted(unread, "mail")) among the bounces \(unread == 1 ? "is" : "are") not understood"
      )
    }
    return "Outbox: " + parts.joined(separator: "; ") + "."
  }
}
