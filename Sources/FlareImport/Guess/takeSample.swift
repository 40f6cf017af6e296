/// Reads a list to its end and keeps a sample of it, whatever it is written in.
///
/// Memory does not grow with the list: the first rows are kept, the last ones, and of those between
/// every so-manieth.
/// - Parameter header: where the format itself names the columns (JSON, XML); else the header is
///   looked for among the first rows.
func takeSample(
  _ reader: inout some RowReader & ~Copyable, header: [String]? = nil
) throws(ReadTrouble) -> ListSample {
  var gathering = SampleGathering()
  var number = 0
  reading: while true {
    number += 1
    switch try reader.next() {
    case .end: break reading
    case .row: gathering.add(reader.fields, number)
    case .malformedQuotes, .malformed, .cutOff, .tooLong: gathering.unreadable += 1
    }
  }
  return gathering.sample(reader.account, header: header)
}

/// One row as text with its number.
struct SampledRow {
  var number: Int
  var cells: [String]
  /// How many fields the row had, with those beyond ``ListSample/mostColumns``.
  var total: Int

  var filled: Int { cells.count { !$0.isEmpty } }
}

private struct SampleGathering: ~Copyable {
  private var head: [SampledRow] = []
  private var kept: [SampledRow] = []
  private var tail: [SampledRow] = []
  /// Every so-manieth row is kept; doubled whenever too many are.
  private var step = 1
  private var seen = 0
  private var blank = 0
  private var widest = 0
  private var cells = CellText(nullWords: [])
  var unreadable = 0

  private static let tailRows = 12

  mutating func add(_ row: RowFields, _ number: Int) {
    seen += 1
    let columns = min(row.count, ListSample.mostColumns)
    let filled = (0..<columns).count { !row.isBlank($0) }
    if filled == 0 {
      blank += 1
      return
    }
    widest = max(widest, columns)
    // Totals and printed feet have little in them; a row of a job ends any run of them.
    let isSparse = filled <= 2 || filled * 2 <= widest
    if !isSparse { tail.removeAll(keepingCapacity: true) }
    let isKept = seen % step == 0
    guard isKept || isSparse || head.count < ListSample.headRows else { return }
    let taken = sampled(row, number)
    if head.count < ListSample.headRows { head.append(taken) }
    if isSparse {
      if tail.count == SampleGathering.tailRows { tail.removeFirst() }
      tail.append(taken)
    }
    guard isKept else { return }
    kept.append(taken)
    if kept.count > max(100, min(2000, ListSample.mostCells / max(1, columns))) {
      step *= 2
      kept = kept.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }
  }

  private mutating func sampled(_ row: RowFields, _ number: Int) -> SampledRow {
    var texts: [String] = []
    for column in 0..<min(row.count, ListSample.mostColumns) {
      let bytes = cells.bytes(row, column)
      texts.append(
        String(
          decoding: UnsafeBufferPointer(rebasing: bytes.prefix(ListSample.longestCell)),
          as: UTF8.self))
    }
    return SampledRow(number: number, cells: texts, total: row.total)
  }

  func sample(_ account: ReaderAccount, header: [String]?) -> ListSample {
    let found = header.map { HeaderFinding(named: $0) } ?? guessHeader(head, among: kept)
    // Records are counted from 1, and have no row of headings above them.
    let width = found.header.count
    let totals = totalLines(tail.filter { $0.number > found.row }, width: width)
    let lastJob = totals.first.map { $0.number - 1 } ?? Int.max
    let body = kept.filter {
      $0.number > found.row && $0.number <= lastJob && !repeats(found.header, $0.cells)
    }
    let rows = body.map { row in
      (0..<width).map { $0 < row.cells.count ? row.cells[$0] : "" }
    }
    let above = found.row > 0 ? head.count { $0.number <= found.row } : 0
    return ListSample(
      format: account.format, encoding: account.encoding, delimiter: account.delimiter,
      header: found.header, headerRow: found.isNamed ? max(1, found.row) : 0,
      titleLines: max(0, above - 1), totalLines: totals.count, rows: rows,
      rowCount: max(0, seen - blank - above - totals.count),
      unreadableRows: unreadable)
  }
}

private func repeats(_ header: [String], _ cells: [String]) -> Bool {
  cells.count >= header.count && zip(cells, header).allSatisfy { $0 == $1 }
}

/// The totals and printed feet at the end of a list: rows with little in them, of which one says that
/// it is a total, or that have no first cell where nearly all others do.
private func totalLines(_ tail: [SampledRow], width: Int) -> [SampledRow] {
  guard width >= 3 else { return [] }
  var from = tail.count
  for at in tail.indices.reversed() {
    let row = tail[at]
    let says = row.cells.contains { cell in
      let text = cell.lowercased()
      return footWords.contains { text.hasPrefix($0) }
    }
    guard says, row.filled * 2 <= width || row.filled <= 2 else { break }
    from = at
  }
  return Array(tail[from...])
}

private let footWords = [
  "total", "grand total", "sub total", "subtotal", "sum", "count", "number of", "records", "rows:",
  "end of report", "end of list", "page ", "printed", "report run", "report ends", "generated",
  "produced", "*** end", "run by", "run on",
]
