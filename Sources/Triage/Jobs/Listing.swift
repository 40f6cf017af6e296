import Foundation

/// When a list last had something.
package enum Listed: Hashable, Sendable {
  /// The newest list that is believed to be whole has it. Said in this way, so that a list that only
  /// says again what is known changes nothing.
  case newestComplete
  /// The instant of the newest list that had it.
  case at(Date)

  /// The same, and not after a moment: a clock that was ahead may have dated it.
  package func capped(at latest: Date) -> Listed {
    if case .at(let instant) = self { .at(min(instant, latest)) } else { self }
  }

  /// - Parameter complete: the instant of the newest list that is believed to be whole.
  package func instant(_ complete: Date?) -> Date {
    switch self {
    case .newestComplete: complete ?? .distantPast
    case .at(let instant): instant
    }
  }
}

/// One list as far as a ``Ledger`` is concerned.
package struct Listing: Sendable {
  /// Those in an area, one for each reference.
  package var jobs: [Job]
  /// References of rows without a usable place.
  package var unplaced: Set<String>
  /// The instant of the list itself, in whole milliseconds.
  package let at: Date
  /// Whether it is believed to have every job there is: a job that it lacks is gone.
  package var isComplete: Bool
  /// The very bytes that were read last, read anew because boundaries or settings have changed: what
  /// they say now replaces what they said.
  package var isReread: Bool
  /// Whether its file is the beginning of the newest complete list's: it may have been cut off between
  /// two rows.
  package var isBeginning: Bool
  /// Its unreadable rows, where every one of them was in the lists before as well.
  package var standing: Standing?

  package init(
    jobs: [Job], unplaced: Set<String> = [], at: Date, isComplete: Bool, isReread: Bool = false,
    isBeginning: Bool = false, standing: Standing? = nil
  ) {
    self.jobs = jobs
    self.unplaced = unplaced
    self.at = Date(
      timeIntervalSince1970: (at.timeIntervalSince1970 * 1000).rounded(.down) / 1000)
    self.isComplete = isComplete
    self.isReread = isReread
    self.isBeginning = isBeginning
    self.standing = standing
  }
}
