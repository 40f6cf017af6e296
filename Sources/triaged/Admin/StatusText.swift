import Foundation
import Triage

/// What `status` says to a person at a terminal.
struct StatusText {
  private let report: StatusReport
  private let words: CivilWords

  init(_ report: StatusReport) {
    self.report = report
    words = triaged.words(of: report.timeZone, at: report.now)
  }

  var lines: [String] {
    [head] + report.feeds.flatMap { [""] + $0.lines(at: report.now) } + [""] + inputs
      + [opportunities] + (report.paused ?? []).map { $0.line(words) }
      + [report.mail.line(words), report.mail.outboxLine, retention, audit].compactMap { $0 }
      + (report.coordinates ?? []).map { "Coordinates: \($0)" } + ["", verdict]
  }

  private var head: String {
    guard let daemon = report.daemon else {
      return "\(report.instance): the daemon is not running."
    }
    let age = CivilWords.duration(report.now.timeIntervalSince(daemon.since))
    let version = report.version.map { ", version \($0)" } ?? ""
    return "\(report.instance): running since \(words.moment(daemon.since)) (\(age)), process "
      + "\(daemon.process)\(version)."
  }

  /// What is in force of the files of a configuration, and what is the matter with them.
  private var inputs: [String] {
    var lines = report.configuration.map { [$0.line(words)] } ?? []
    lines += report.areas?.lines(at: report.now) ?? []
    lines.append("Register: \(report.register.sentence)")
    for matter in report.matters ?? [] where matter.kind != .register {
      let since = matter.since.map { " (since \(words.moment($0)))" } ?? ""
      lines.append("Matter: \(matter.sentence)\(since)")
    }
    if let trouble = report.gazetteerTrouble {
      lines.append("Gazetteer: \(trouble) Make it anew: triaged gazetteer import --help")
    }
    return lines
  }

  private var opportunities: String {
    let open = report.opportunities
    return
      "Opportunities: \(open.offered) offered, \(open.claimed) claimed, \(open.waiting) waiting for "
      + "their turn."
  }

  private var retention: String? {
    report.retention?.lastPurge.map {
      "Retention: what is past its time was cleared away \(words.moment($0))."
    }
  }

  private var audit: String? {
    guard let audit = report.audit else { return nil }
    guard let verified = audit.verified else { return "Audit: its head is \(audit.head)." }
    let whole =
      audit.acknowledged == 0
      ? "it was whole"
      : "it was whole but for \(CivilWords.counted(audit.acknowledged, "acknowledged break"))"
    return "Audit: its head is \(audit.head); "
      + (audit.fault == nil ? whole : "IT DID NOT FIT") + " \(words.moment(verified))."
  }

  private var verdict: String {
    let problems = report.problems
    return problems.isEmpty ? "Nothing is wrong." : "Wrong: " + problems.joined(separator: " ")
  }
}

extension StatusReport {
  var plainText: String { StatusText(self).lines.joined(separator: "\n") }
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
