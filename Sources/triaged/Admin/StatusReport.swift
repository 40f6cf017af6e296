import Foundation
import Storage
import Triage

/// How an instance stands, for a person at a terminal and for scripts. Holds no personal data.
struct StatusReport: Codable, Hashable {
  /// Of the program that answers; `nil` from a daemon of an earlier version.
  var version: String? = nil
  /// The name of the configuration.
  var instance: String
  /// IANA id of the zone of civil times.
  var timeZone: String
  var now: Date
  /// `nil` when no daemon runs and the database was opened by the command itself.
  var daemon: RunningDaemon?
  var feeds: [FeedStanding]
  var register: Finding
  /// Which areas are in force, and what keeps an edit of them from it; `nil` from a daemon of an earlier
  /// version.
  var areas: AreasStanding?
  /// What is wrong with the gazetteer, in sentences; `nil`: nothing, or there is none.
  var gazetteerTrouble: String?
  var opportunities: OpenOpportunities
  var mail: MailStanding
  /// What of the daemon's work fails for a reason on this machine, by the loop's name.
  var failing: [String: OwnFailure] = [:]
  /// Bytes that are left on the disk of the state folder, where they are too few.
  var bytesLeft: Int?
  /// Which conversions stand between lists, boundaries and the grid, a sentence each.
  var coordinates: [String]? = nil
  /// What is the matter with the instance itself; `nil` from a daemon of an earlier version.
  var matters: [MatterStanding]? = nil

  struct MatterStanding: Codable, Hashable {
    var kind: Matter.Kind
    /// Of what; empty where there is one only.
    var subject: String
    var sentence: String
    /// When it was written down; `nil`: not yet.
    var since: Date?
  }
  /// Where nothing new is offered; `nil` from a daemon of an earlier version.
  var paused: [PauseStanding]? = nil
  /// `nil` from a daemon of an earlier version.
  var configuration: ConfigurationStanding? = nil

  struct ConfigurationStanding: Codable, Hashable {
    /// ``configurationFingerprint(_:)`` of what is in force.
    var fingerprint: String
    /// Version of the rules in force.
    var rules: String
    /// When it was put in force; `nil` where no daemon runs.
    var since: Date?
    /// Why the files as they are now are not in force; `nil`: nobody has asked in vain.
    var refusal: Reloads.Refusal?
  }
  /// How what is kept stands against its days; `nil` from a daemon of an earlier version.
  var retention: RetentionStanding? = nil
  /// The end of the audit, to be noted elsewhere; `nil` from a daemon of an earlier version.
  var audit: AuditStanding? = nil

  struct RunningDaemon: Codable, Hashable {
    var process: Int32
    var since: Date
    /// Whole seconds since then; `nil` from a daemon of an earlier version.
    var uptimeSeconds: Int? = nil
  }

  struct Finding: Codable, Hashable {
    var ok: Bool
    var sentence: String
  }

  struct OpenOpportunities: Codable, Hashable {
    var waiting = 0, offered = 0, claimed = 0
  }

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

extension AuditStanding {
  fileprivate func line(_ words: CivilWords) -> String {
    guard let verified else { return "Audit: its head is \(head)." }
    return "Audit: its head is \(head); "
      + (fault == nil ? "it was whole" : "IT DID NOT FIT") + " \(words.moment(verified))."
  }
}

/// One feed as `status` and `feeds` tell of it.
struct FeedStanding: Codable, Hashable {
  var status: FeedStatus
  /// IANA id of the zone of the feed's own times.
  var timeZone: String
  /// Of the areas that are in force, by id.
  var areaNames: [String: String]
  /// When the next list is due; `nil` where the feed's file says nothing of that.
  var nextDue: Date?
  /// Whether it is in the configuration; else only the database knows it.
  var isConfigured: Bool
  /// What a person has said of its next list, for as long as that holds.
  var belief: Belief?
  /// Since when no poll has come to its end, where that is longer than it may take; `nil`: all is well, or
  /// an episode says why.
  var stalledSince: Date?
  /// Why it cannot be polled, where that is for a reason on this machine.
  var failing: OwnFailure?
  /// Why it is not polled, where that is meant: its agreement has ended. A sentence.
  var paused: String? = nil
}

extension StatusReport {
  /// What is wrong, one sentence each; empty when all is well.
  var problems: [String] {
    var problems = feeds.filter { !$0.status.episodes.isEmpty }.map { feed in
      let names = feed.status.episodes.map(\.trouble.predicate).joined(separator: ", ")
      return "The feed \(feed.status.name) \(names)."
    }
    let words = words(of: timeZone, at: now)
    for feed in feeds {
      if let failure = feed.failing {
        problems.append(
          "The feed \(feed.status.name) cannot be polled for a reason on this machine, since "
            + "\(words.moment(failure.since)): \(failure.why)")
      }
      guard let since = feed.stalledSince else { continue }
      problems.append(
        "The feed \(feed.status.name) has not been polled since \(words.moment(since)).")
    }
    for (loop, failure) in failing.sorted(by: { $0.key < $1.key }) {
      problems.append(
        "\(nameOfLoop(loop)) has failed since \(words.moment(failure.since)): \(failure.why)")
    }
    if let bytesLeft {
      problems.append(
        "The disk of the state folder is full: \(CivilWords.grouped(bytesLeft >> 10)) KiB are left."
      )
    }
    if daemon == nil { problems.append("The daemon is not running.") }
    if !register.ok { problems.append(register.sentence) }
    if let trouble = areas?.trouble {
      problems.append(
        "The boundary files cannot take effect since \(words.moment(trouble.since)); the last good areas "
          + "stay in force.")
    }
    if let gazetteerTrouble { problems.append(gazetteerTrouble) }
    // That the register is not in force is said above.
    problems += (matters ?? []).filter { $0.kind != .register && $0.kind.isWrong }.map(\.sentence)
    if let oldest = mail.oldestOwed, now.timeIntervalSince(oldest) >= 3600 {
      let age = CivilWords.duration(now.timeIntervalSince(oldest))
      problems.append("Mail has been owed for \(age).")
    }
    // A dead letter is a matter, told above.
    let isTold = (matters ?? []).contains { $0.kind == .deadLetter }
    if mail.refused > 0, !isTold {
      let those = mail.refused == 1 ? "opportunity has" : "opportunities have"
      problems.append("\(mail.refused) open \(those) a mail that was refused for good.")
    }
    if let oldest = mail.oldestRetriedNotice, now.timeIntervalSince(oldest) >= 3600 {
      problems.append("A mail to the admin is not accepted.")
    }
    if let untold = mail.otherDoorRefused, untold > 0 {
      problems.append(
        "Of \(CivilWords.counted(untold, "job")) that may be for safeguarding the mail was "
          + "refused for good: tell those who lead the area yourself. It is tried again every hour."
      )
    }
    if mail.noticesRefused > 0, !isTold {
      problems.append("A mail that brings no offer was refused for good.")
    }
    return problems
  }

  var plainText: String {
    let words = words(of: timeZone, at: now)
    var lines = [head(words)]
    for feed in feeds { lines += [""] + feed.lines(at: now) }
    lines.append("")
    if let configuration { lines.append(configuration.line(words)) }
    lines += areas?.lines(at: now) ?? []
    lines.append("Register: \(register.sentence)")
    for matter in matters ?? [] where matter.kind != .register {
      let since = matter.since.map { " (since \(words.moment($0)))" } ?? ""
      lines.append("Matter: \(matter.sentence)\(since)")
    }
    if let gazetteerTrouble {
      lines.append("Gazetteer: \(gazetteerTrouble) Make it anew: triaged gazetteer import --help")
    }
    let open = opportunities
    lines.append(
      "Opportunities: \(open.offered) offered, \(open.claimed) claimed, \(open.waiting) waiting for "
        + "their turn.")
    lines += (paused ?? []).map { $0.line(words) }
    lines.append("Mail: \(mailLine(words))")
    if let line = mail.outboxLine { lines.append(line) }
    if let last = retention?.lastPurge {
      lines.append("Retention: what is past its time was cleared away \(words.moment(last)).")
    }
    if let audit { lines.append(audit.line(words)) }
    for sentence in coordinates ?? [] { lines.append("Coordinates: \(sentence)") }
    let problems = problems
    lines.append("")
    lines.append(
      problems.isEmpty ? "Nothing is wrong." : "Wrong: " + problems.joined(separator: " "))
    return lines.joined(separator: "\n")
  }

  private func head(_ words: CivilWords) -> String {
    guard let daemon else { return "\(instance): the daemon is not running." }
    let age = CivilWords.duration(now.timeIntervalSince(daemon.since))
    let version = version.map { ", version \($0)" } ?? ""
    return "\(instance): running since \(words.moment(daemon.since)) (\(age)), process "
      + "\(daemon.process)\(version)."
  }

  private func mailLine(_ words: CivilWords) -> String {
    var parts: [String] = []
    if mail.owed > 0 {
      let since = mail.oldestOwed.map { ", the oldest since \(words.moment($0))" } ?? ""
      parts.append(CivilWords.counted(mail.owed, "announcement") + " owed\(since)")
    }
    if let held = mail.heldBack, held > 0 {
      parts.append(
        CivilWords.counted(held, "announcement") + " held until the end of a pause")
    }
    if let waiting = mail.awaitingSlot, waiting > 0 {
      let verb = waiting == 1 ? "waits" : "wait"
      parts.append(
        CivilWords.counted(waiting, "announcement") + " \(verb) for the time of the area")
    }
    if mail.noticesOwed > 0 {
      parts.append(CivilWords.counted(mail.noticesOwed, "notice") + " to the admin owed")
    }
    if mail.refused > 0 { parts.append("\(mail.refused) refused for good") }
    if parts.isEmpty { parts = ["nothing is owed"] }
    let admin = mail.hasAdmin ? "" : " No admin is named, so nobody is told of a feed in trouble."
    return parts.joined(separator: "; ") + "." + admin
  }
}

extension StatusReport.MailStanding {
  /// "Outbox: 2 deferred, 1 failed; to see them: triaged outbox list"; `nil` where nothing waits and nothing failed.
  fileprivate var outboxLine: String? {
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

extension StatusReport.ConfigurationStanding {
  /// "Configuration: 3f2a9c01d7e4, rules 3, in force since 08:00 today."
  fileprivate func line(_ words: CivilWords) -> String {
    let since = since.map { " in force since \(words.moment($0))" } ?? " as it is on the disk"
    let refused =
      refusal.map { " The files as they are now are refused since \(words.moment($0.since))." }
      ?? ""
    return "Configuration: \(fingerprint), rules \(rules),\(since).\(refused)"
  }
}

extension FeedStanding {
  /// The feed's paragraph.
  func lines(at now: Date) -> [String] {
    let words = words(of: timeZone, at: now)
    var lines = ["Feed \(status.name): \(listLine(words))"]
    if status.listAt != nil { lines.append("  " + accountLine) }
    if let again = status.again {
      let what =
        switch again.why {
        case .replayed: "Read again on request"
        case .accepted: "Accepted as it is"
        case .redrawn: "Read again by the areas that are in force now"
        }
      lines.append("  \(what) \(words.moment(again.at)): \(again.name).")
    }
    if let nextDue {
      let due = nextDue < now ? "A list was due by" : "Next expected by"
      lines.append("  \(due) \(words.moment(nextDue)).")
    }
    if let failing {
      lines.append("  TROUBLE on this machine since \(words.moment(failing.since)): \(failing.why)")
    }
    if let stalledSince {
      lines.append(
        "  It has not been polled since \(words.moment(stalledSince)); the journal says why.")
    }
    if let paused { lines.append("  PAUSED: \(paused)") }
    if !isConfigured { lines.append("  It is not in the configuration any more.") }
    for episode in status.episodes {
      lines.append("  TROUBLE since \(words.moment(episode.began)): \(episode.why)")
    }
    if let held = status.held {
      let what =
        held.isWhole ? "Nothing of it was taken" : "Its rows were taken, nothing was closed"
      lines.append("  HELD: \(held.name), received \(words.moment(held.received)). \(what).")
      if let belief {
        let about = CivilWords.counted(belief.rows, "row")
        lines.append(
          "    It was accepted: the next list of about \(about) will be believed until "
            + "\(words.moment(belief.until)).")
      } else if held.trouble.canBeAccepted {
        lines.append("    To take it as it is: \(held.acceptCommand(feed: status.name))")
      }
    }
    return lines
  }

  private func listLine(_ words: CivilWords) -> String {
    guard let at = status.listAt else {
      guard let polled = status.polled else { return "not polled yet." }
      return "no list has come yet; last looked \(words.moment(polled))."
    }
    let name = status.listName.isEmpty ? "" : " (\(status.listName))"
    return "list came \(words.moment(at))\(name)."
  }

  /// "312 rows: 296 outside, 14 in area (New Cross 9, Stanton Hill 5), 2 not located."
  var accountLine: String {
    let counts = status.counts
    var parts = ["\(CivilWords.grouped(counts.outside)) outside"]
    let areas = status.inAreaByArea.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      "\(areaNames[$0.key] ?? $0.key) \(CivilWords.grouped($0.value))"
    }
    parts.append(
      "\(CivilWords.grouped(counts.inArea)) in area"
        + (areas.isEmpty ? "" : " (\(areas.joined(separator: ", ")))"))
    parts.append("\(CivilWords.grouped(counts.notLocated)) not located")
    if counts.unreadable > 0 { parts.append("\(CivilWords.grouped(counts.unreadable)) unreadable") }
    return "\(CivilWords.counted(counts.rows, "row")): \(parts.joined(separator: ", "))."
  }
}

/// The civil words of a zone, or of UTC where this machine does not know it.
func words(of zone: String, at now: Date) -> CivilWords {
  CivilWords(zone: TimeZone(identifier: zone) ?? .gmt, now: now)
}
