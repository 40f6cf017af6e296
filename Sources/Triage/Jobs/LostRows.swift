import Foundation

/// The rows of one list that were there and could not be read, as far as the next list can be compared
/// with it. It lives for one reading; what is kept of it is ``StandingRows``.
package struct LostRows: Hashable, Sendable {
  /// How often each row comes, by a digest of its bytes.
  package private(set) var digests: [UInt64: Int] = [:]
  /// Of every cell that can be told in them: ``referencePrint(_:)``. Never kept: a name or a telephone
  /// number could be guessed from its print.
  package private(set) var cells: Set<Int64> = []
  /// Whether these are all: of a row that was cut off nobody knows what it would have said, nor what
  /// would have come behind it.
  package private(set) var isComparable = true

  /// So many rows, and so many cells in them, are looked at: of a list with more of them nobody could say
  /// that it is as it always is.
  private static let mostRows = 1000
  private static let mostCells = 100_000

  package init() {}

  package var count: Int { digests.values.reduce(0, +) }

  /// - Parameter cells: as texts, without white space round them.
  package mutating func add(_ digest: UInt64, cells texts: some Sequence<String>) {
    guard isComparable else { return }
    digests[digest, default: 0] += 1
    for text in texts where !text.isEmpty {
      cells.insert(referencePrint(text))
      if cells.count > LostRows.mostCells { return addUnknown() }
    }
    if digests.count > LostRows.mostRows { addUnknown() }
  }

  /// A row that cannot be compared with anything.
  package mutating func addUnknown() {
    isComparable = false
    cells = []
  }
}

/// Rows that could not be read in any of the last lists, and since when they stand in them: the memory of
/// a feed that has such rows for good.
///
/// A row that nobody can read is no trouble of the list alone if the list before had it too, byte for byte.
/// Nor does it say that a job is there still: a job that was read in a list beside the unreadable row is
/// not that row. So a list with nothing but such rows is believed, and of the jobs that it lacks those are
/// gone that were read in some list since **all** of its unreadable rows stand in every one. Any other
/// could be one of the rows, and stays (law 9).
///
/// Of a row nothing is kept but eight bytes of a digest.
package struct StandingRows: Codable, Hashable, Sendable {
  private struct Run: Codable, Hashable {
    /// How often the row came in each list at least.
    var count: Int
    /// The instant of the first list of those, without a break, that had it so often.
    var since: Date
  }

  /// Decimal digits of the digest: JSON has no other keys.
  private var runs: [String: Run] = [:]
  /// The instant of the newest list of which anything was taken.
  private var newest: Date?

  /// Instants of lists are whole milliseconds.
  private static let instant = 0.001

  package init() {}

  /// The newest list came once more, as of a later instant: what is older than that is history now.
  package mutating func seen(at instant: Date) {
    newest = newest.map { max($0, instant) } ?? instant
  }

  /// A clock that was ahead rules nothing for long: no instant stays behind `now`.
  package mutating func limit(to now: Date) {
    newest = newest.map { min($0, now) }
    runs = runs.mapValues { Run(count: $0.count, since: min($0.since, now)) }
  }

  /// What may be overlooked in a list.
  /// - Returns: `nil` where some of its unreadable rows were not in the list before.
  package func standing(_ lost: LostRows) -> Standing? {
    guard lost.isComparable, !lost.digests.isEmpty else { return nil }
    var since = Date.distantPast
    for (digest, count) in lost.digests {
      guard let run = runs["\(digest)"], run.count >= count else { return nil }
      since = max(since, run.since)
    }
    return Standing(rows: lost.count, since: since, cells: lost.cells)
  }

  /// Takes note of a list of which jobs were taken.
  /// - Parameters:
  ///   - instant: of the list itself.
  ///   - isReread: see ``Listing/isReread``: what cannot be read now was perhaps read then, and is no
  ///     witness for the jobs that were read beside it.
  package mutating func take(_ lost: LostRows, at instant: Date, isReread: Bool) {
    if let newest, instant < newest {
      // What an older list tells of a job was not read beside a row that it lacks.
      for (digest, run) in runs
      where UInt64(digest).flatMap({ lost.digests[$0] }) ?? 0 < run.count {
        runs[digest]?.since = max(run.since, instant + StandingRows.instant)
      }
      return
    }
    let isLater = newest.map { instant > $0 } ?? false
    let begin = isLater && !isReread ? instant : instant + StandingRows.instant
    runs = Dictionary(
      uniqueKeysWithValues: lost.digests.map { digest, count in
        let known = runs["\(digest)"].flatMap { $0.count >= count ? $0.since : nil }
        return ("\(digest)", Run(count: count, since: known ?? begin))
      })
    newest = instant
  }
}

/// Rows of a list that nobody can read, all of which were in the lists before too.
package struct Standing: Hashable, Sendable {
  package var rows: Int
  /// Since when all of them are in every list.
  package var since: Date
  /// See ``LostRows/cells``: a job that is named in one of the rows has perhaps two rows.
  package var cells: Set<Int64>

  package init(rows: Int, since: Date, cells: Set<Int64>) {
    self.rows = rows
    self.since = since
    self.cells = cells
  }

  /// Whether one of the rows could be a job's.
  /// - Parameter listed: the newest list in which the job was read.
  func mayHide(_ reference: String, listed: Date) -> Bool {
    listed < since || cells.contains(referencePrint(reference))
  }
}
