import Foundation

/// What became of one list: how much of it is believed, and what that changes.
package struct Intake: Sendable {
  package var change = LedgerChange()
  /// Why the list is not believed, the most telling first; none where a person has accepted it.
  package var doubts: [Doubt]
  /// The list's own account, with what became of each row in area.
  package var report: ImportReport
  /// Whether the list is older than the newest that is believed.
  package var isHistory: Bool

  package var isHeldWhole: Bool { doubts.contains(where: \.isWhole) }
  /// Whether the list says by itself what is gone: it is the newest that is believed to be whole.
  package var isBelieved: Bool { doubts.isEmpty && !isHistory }
}

extension Ledger {
  /// Takes a list as far as it is believed.
  ///
  /// - Parameters:
  ///   - list: as if it were whole; what is doubtful about it is asked here.
  ///   - report: as the reading left it.
  ///   - usual: data rows of the last lists that were believed.
  ///   - isAccepted: whether a person has looked at it and believes it.
  ///   - waived: what a person has said to overlook in it, without having seen it.
  package mutating func take(
    _ list: Listing, report: ImportReport, usual: [Int], limits: HoldLimits,
    isAccepted: Bool = false, waived: Set<FeedTrouble> = []
  ) -> Intake {
    var intake = Intake(
      doubts: isAccepted
        ? []
        : Triage.doubts(about: report, list, ledger: self, usual: usual, limits).filter {
          !waived.contains($0.trouble)
        },
      report: report, isHistory: isHistory(list.at))
    intake.report.listed = list.at
    intake.report.heldBecause = intake.doubts.first?.why ?? ""
    let inArea = report.counts.inArea
    if intake.isHeldWhole {
      intake.report.counts.held = inArea
      return intake
    }
    var list = list
    // A list without rows says nothing for certain, whatever is known: somebody may have to look.
    list.isComplete =
      intake.doubts.isEmpty && (isAccepted || report.counts.rows > report.counts.unreadable)
    // Whoever has looked at it says that what it lacks is gone.
    if isAccepted { list.standing = nil }
    intake.change = take(list)
    intake.report.counts.new = intake.change.new
    intake.report.counts.changed = intake.change.changed
    intake.report.counts.unchanged = intake.change.unchanged
    intake.report.counts.repeated = intake.change.overtaken + inArea - list.jobs.count
    return intake
  }
}
