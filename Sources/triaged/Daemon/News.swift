import FlareImport
import Foundation
import Triage

/// A list held against what is known of its feed: what of it is believed, and what that changes.
struct News {
  /// All jobs to judge: what the list changed first, then those known from elsewhere or before.
  private(set) var jobs: [Job]
  /// How many of ``jobs`` are new or say something else than before: the first ones.
  let changed: Int
  let intake: Intake
  /// The instant by which the list takes its place among the others.
  let instant: Date

  /// What is to be written of the feed's ledger.
  var change: LedgerChange { intake.change }
  var doubts: [Doubt] { intake.doubts }
  var report: ImportReport { intake.report }
  var isHistory: Bool { intake.isHistory }

  /// - Parameters:
  ///   - instant: of the list itself.
  ///   - ledger: the feed's, as it is stored.
  ///   - others: jobs of other feeds.
  ///   - usual: data rows of the last lists that were believed.
  ///   - isAccepted: whether a person has looked at it and believes it.
  ///   - waived: what is overlooked in it, see ``Belief``.
  ///   - isReread: see ``Triage/Listing/isReread``.
  ///   - before: the newest list that is believed.
  ///   - standing: see ``Triage/Listing/standing``.
  init(
    of list: ImportedList, at instant: Date, feed: Feed, ledger: Ledger, others: [Job],
    usual: [Int], isAccepted: Bool = false, waived: Set<FeedTrouble> = [],
    isReread: Bool = false, before: ListPrint? = nil, standing: Standing? = nil
  ) {
    var ledger = ledger
    let listing = Listing(
      jobs: list.jobs, unplaced: list.notLocated, at: instant, isComplete: true,
      isReread: isReread,
      isBeginning: before.map { list.print?.isBeginning(of: $0) ?? false } ?? false,
      standing: standing)
    self.instant = listing.at
    intake = ledger.take(
      listing, report: list.report, usual: usual, limits: feed.hold, isAccepted: isAccepted,
      waived: waived)
    let written = intake.change.written
    let references = Set(written.map(\.job.id.reference))
    changed = written.count
    jobs = written.map(\.job) + others
    for (reference, entry) in ledger.entries where !references.contains(reference) {
      jobs.append(entry.job)
    }
  }
}

/// By what the rows of a feed are ordered.
func ledgerOrder(_ settings: FeedSettings) -> Ledger.Order {
  switch settings.kind {
  case .snapshot: .snapshot
  case .updates: .updates(byUpdate: !settings.columns.updated.isEmpty)
  }
}
