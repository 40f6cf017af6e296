import FlareImport

/// What must hold of every list of comma-separated values.
///
/// The first byte says how the rest is taken: its two lowest bits the delimiter; where the next bit is
/// set the rest is the whole file, else rows under a header that the feed knows, which mere chance would
/// hardly ever write; the bit behind that says which of two feeds it is.
package final class CSVInvariants {
  private let lists = [ListInvariants(.fuzzed), ListInvariants(.fuzzedWide)]
  private let cells = CellInvariants()
  private let readers = (UInt8(0)..<4).map {
    ReaderInvariants(.csv, delimiter: CellInvariants.delimiter($0))
  }
  private let headers: [[UInt8]]
  private let everything: Bool

  /// - Parameter everything: the whole import with every input, and not with some only.
  package init(everything: Bool = false) {
    self.everything = everything
    headers = [FeedSettings.fuzzedHeadings, FeedSettings.fuzzedWideHeadings].flatMap { headings in
      (UInt8(0)..<4).map { choice in
        let delimiter = [CellInvariants.delimiter(choice)]
        return Array(headings.map { Array($0.utf8) }.joined(separator: delimiter)) + [0x0A]
      }
    }
  }

  /// - Returns: a sentence on the first promise that is broken.
  package func broken(by bytes: UnsafeRawBufferPointer) -> String? {
    guard let first = bytes.first else { return nil }
    let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    let (choice, feed) = (Int(first & 3), Int(first >> 3 & 1))
    if let why = readers[choice].broken(by: rest) { return why }
    guard everything || isChosen(bytes) else { return nil }
    let why =
      first & 4 == 0
      ? lists[feed].broken(by: headers[feed * 4 + choice] + rest) : lists[feed].broken(by: rest)
    // One of these in four is written again as CSV; which of them, the bytes themselves say.
    guard why == nil, checksum(bytes) & 0x300 == 0 else { return why }
    return cells.broken(by: rest, delimiter: CellInvariants.delimiter(first & 3))
  }
}

/// Whether the whole import is tried, and not the reader alone: one input in 64.
func isChosen(_ bytes: UnsafeRawBufferPointer) -> Bool { checksum(bytes) & 63 == 0 }

/// A number that chooses among inputs, the same for the same bytes.
func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
  bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
}
