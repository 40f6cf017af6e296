import Foundation
import Storage
import Triage

/// All that is held of a subject, for a data protection officer.
struct SubjectReport: Codable, Hashable, Sendable {
  var instance: String
  var timeZone: String
  var made: Date
  var finding: SubjectFinding
  /// Exports as they were received that have rows of theirs.
  var archived: [String]
  /// Those of which it cannot be told.
  var unreadable: [String]
  /// Backups, which may hold more than is held now.
  var backups: [String]
  /// Where this program does not look.
  var elsewhere: [String]

  static let elsewhere = [
    "The contact register (register.csv and its boundary files) is the council's own: look there yourself.",
    "Mails that were sent have street, outward postcode and kind of job; they lie in the mailboxes of who got them, "
      + "and in the folder of a channel of the kind maildir.",
    "The journal, metrics and the audit name no resident and no address.",
    "Exports that come later lie in the archive as they are received, until their days are over.",
    "Backups that were taken to another machine, and reports like this one, are where somebody has put them.",
  ]

  var page: PlainPage {
    var page = PlainPage(title: "What \(instance) holds of a person or address")
    page.lead = [
      .text(
        "Made at \(CivilWords(zone: TimeZone(identifier: timeZone) ?? .gmt, now: made).fullMoment(made)). "
          + summary),
      .warning(
        "This is for a data protection officer. It names members of the team, and it may name other households: go "
          + "through it before any of it is handed to anybody."),
    ]
    page.sections = finding.classes.map { each in
      PlainPage.Section(
        each.name.replacing("_", with: " "),
        [.quiet(each.what)]
          + each.rows.flatMap { row -> [PlainPage.Block] in
            [
              .facts(
                row.sorted { $0.key < $1.key }.map {
                  (name: $0.key.replacing("_", with: " "), value: $0.value)
                })
            ]
          })
    }
    if !archived.isEmpty || !unreadable.isEmpty {
      page.sections.append(
        PlainPage.Section(
          "exports as received",
          [.list(archived + unreadable.map { "\($0) (cannot be read, so it may)" })]))
    }
    if !backups.isEmpty {
      page.sections.append(PlainPage.Section("backups", [.list(backups)]))
    }
    page.sections.append(PlainPage.Section("elsewhere", [.list(elsewhere)]))
    return page
  }

  /// Counts, without anything of theirs: what a terminal shows.
  var plainText: String {
    var lines = [summary]
    for each in finding.classes {
      lines.append("  \(each.name): \(each.rows.count)")
    }
    let references = finding.classes.first { $0.name == "jobs" }?.rows.compactMap { row in
      row["feed"].flatMap { feed in row["reference"].map { "\(feed):\($0)" } }
    }
    if let references, !references.isEmpty {
      lines.append("Jobs: \(references.joined(separator: ", "))")
    }
    if !archived.isEmpty {
      lines.append(
        "Exports in the archive with rows of theirs: \(archived.joined(separator: ", "))")
    }
    if !unreadable.isEmpty {
      lines.append(
        "Exports in the archive that cannot be read, and may have some: "
          + unreadable.joined(separator: ", "))
    }
    if !backups.isEmpty {
      lines.append("Backups, which may hold them too: \(backups.joined(separator: ", "))")
    }
    if !finding.uprnsThere.isEmpty {
      lines.append(
        "At this written address stand \(finding.uprnsThere.count) UPRNs "
          + "(\(finding.uprnsThere.joined(separator: ", "))): ask for one of them.")
    }
    if !finding.sameBuilding.isEmpty {
      lines.append(
        "Of the same building under another unit or none, and not counted: "
          + "\(finding.sameBuilding.joined(separator: ", ")). Look whether they are theirs (--ref)."
      )
    }
    if !finding.held.isEmpty {
      lines.append("Held just now: \(finding.held.joined(separator: ", "))")
    }
    for hold in finding.holds { lines.append("A legal hold names them: \(hold)") }
    return (lines + elsewhere).joined(separator: "\n")
  }

  private var summary: String {
    finding.classes.isEmpty
      ? "The database holds nothing of them."
      : "The database holds \(CivilWords.counted(finding.count, "row")) of \(CivilWords.counted(finding.classes.count, "kind"))."
  }
}

/// The report as its two files, byte for byte, with what the audit says of them.
struct SubjectExport: Codable, Sendable {
  var report: String
  var page: String
  /// Of the report's bytes, in hexadecimal.
  var sha256: String
}

/// What `subject erase` did, or would do.
struct ErasureAnswer: Codable, Sendable {
  var isDone: Bool
  /// `nil` where it is not done.
  var erased: ErasedRows?
  var report: SubjectReport
  /// Exports that were deleted from the archive, backups that were written anew, and that were deleted.
  var deletedExports: [String] = []
  var rewrittenBackups: [String] = []
  var deletedBackups: [String] = []
  /// What could not be seen to, in sentences.
  var left: [String] = []

  var plainText: String {
    guard isDone, let erased else {
      let isNothing = report.finding.classes.isEmpty && report.archived.isEmpty
      return report.plainText
        + (isNothing
          ? "\nThere is nothing to erase."
          : "\nNothing was erased. To erase it: the same with --yes")
    }
    var lines = [
      "Erased: \(CivilWords.counted(erased.sum, "row")), of them \(CivilWords.counted(erased.jobs, "job")), "
        + "\(CivilWords.counted(erased.opportunities, "opportunity", "opportunities")) and "
        + "\(CivilWords.counted(erased.claims, "claim"))."
    ]
    if erased.complaintsAbout > 0 {
      lines.append(
        "Of \(CivilWords.counted(erased.complaintsAbout, "job")) of others it is not known any more that they were about "
          + "this address.")
    }
    if erased.keptOptOuts > 0 {
      lines.append(
        "Kept: that somebody there asked not to be contacted again. Without it they would be; --and-refuse erases it, "
          + "and stores nothing of them any more.")
    }
    func add(_ files: [String], _ words: String) {
      if !files.isEmpty { lines.append("\(words): \(files.joined(separator: ", "))") }
    }
    add(deletedExports, "Deleted from the archive")
    add(rewrittenBackups, "Backups that were written anew without them")
    add(deletedBackups, "Backups that were deleted")
    return (lines + left + report.elsewhere).joined(separator: "\n")
  }
}
