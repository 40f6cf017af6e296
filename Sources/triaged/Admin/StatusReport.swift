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
}

extension StatusReport {
  /// What is wrong, one sentence each; empty when all is well.
  var problems: [String] {
    let words = words(of: timeZone, at: now)
    let matters = matters ?? []
    // That the register is not in force is said of the inputs.
    let ofMatters = matters.filter { $0.kind != .register && $0.kind.isWrong }.map(\.sentence)
    return feeds.compactMap(\.episodesTold) + feeds.flatMap { $0.standstill(words) }
      + problemsOfMachine(words) + problemsOfInputs(words) + ofMatters
      + mail.problems(
        now: now, areDeadLettersTold: matters.contains { $0.kind == .deadLetter })
  }

  private func problemsOfMachine(_ words: CivilWords) -> [String] {
    var problems = failing.sorted { $0.key < $1.key }.map { loop, failure in
      "\(nameOfLoop(loop)) has failed since \(words.moment(failure.since)): \(failure.why)"
    }
    if let bytesLeft {
      problems.append(
        "The disk of the state folder is full: \(CivilWords.grouped(bytesLeft >> 10)) KiB are left."
      )
    }
    if daemon == nil { problems.append("The daemon is not running.") }
    return problems
  }

  private func problemsOfInputs(_ words: CivilWords) -> [String] {
    var problems: [String] = []
    if !register.ok { problems.append(register.sentence) }
    if let trouble = areas?.trouble {
      problems.append(
        "The boundary files cannot take effect since \(words.moment(trouble.since)); the last good areas "
          + "stay in force.")
    }
    if let gazetteerTrouble { problems.append(gazetteerTrouble) }
    return problems
  }
}

/// The civil words of a zone, or of UTC where this machine does not know it.
func words(of zone: String, at now: Date) -> CivilWords {
  CivilWords(zone: TimeZone(identifier: zone) ?? .gmt, now: now)
}
