import Crypto
import Triage

/// Keeps book of the rows of a list that were there and could not be read, for ``Triage/StandingRows``.
struct LostRowsBook: ~Copyable {
  private var lost = LostRows()
  /// Rows that could be read when a row broke off that the end of the file left open.
  private var readBeforeCut: Int?
  private var cells = CellText(nullWords: [])

  /// A row whose cells do not fit the list.
  /// - Parameter reference: as the feed's settings have it read, where it has one.
  mutating func add(_ row: RowFields, reference: String) {
    // What lies behind the last column that is kept is not known.
    guard row.total == row.count else { return lost.addUnknown() }
    guard lost.isComparable else { return }
    var hash = SHA256()
    var texts = [reference]
    for column in 0..<row.count {
      hash.update(bufferPointer: UnsafeRawBufferPointer(row[column]))
      hash.update(data: [UInt8(0x1F)])
      texts.append(cells.string(row, column))
    }
    lost.add(LostRowsBook.digest(hash), cells: texts)
  }

  /// A row that is no row.
  /// - Parameter bytes: `nil` where they are not at hand.
  mutating func add(_ bytes: UnsafeRawBufferPointer?) {
    guard let bytes else { return lost.addUnknown() }
    guard lost.isComparable else { return }
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    // A cell is looked for in it whatever the delimiter is.
    let marks = Array(",;\t|\"".utf8)
    let texts = bytes.split(whereSeparator: marks.contains).lazy.map {
      CellText.trimmed(String(decoding: $0, as: UTF8.self))
    }
    lost.add(LostRowsBook.digest(hash), cells: texts)
  }

  /// A row that the end of the file left open. Where rows that can be read come behind it, it was a quote
  /// without its partner and nothing was cut.
  mutating func addCut(_ bytes: UnsafeRawBufferPointer?, behind counts: RowCounts) {
    readBeforeCut = counts.rows - counts.unreadable
    add(bytes)
  }

  /// - Parameter counts: of the whole list.
  func rows(of counts: RowCounts) -> LostRows {
    var lost = lost
    if readBeforeCut == counts.rows - counts.unreadable { lost.addUnknown() }
    return lost
  }

  /// The first eight bytes.
  private static func digest(_ hash: SHA256) -> UInt64 {
    hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
