/// The header that comes again: on a report's second page.
struct RepeatedHeader: ~Copyable {
  private let header: [String]
  /// Of its first cell, where that is ASCII.
  private let start: UInt8?
  /// Decodes as the header was decoded, with no words for "nothing".
  private var headings = CellText(nullWords: [])

  init(_ header: [String]) {
    self.header = header
    start = header.first?.utf8.first.flatMap { $0 < 0x80 ? $0 : nil }
  }

  /// Whether a row says what the header says. Nearly every row differs in its first byte.
  @inline(__always)
  mutating func isRepeated(by row: RowFields) -> Bool {
    let first = CellText.trimmed(row[0]).first
    guard first == start || first.map({ $0 >= 0x80 }) ?? false else { return false }
    return saysTheSame(row)
  }

  /// Decoded as the header was.
  @inline(never)
  private mutating func saysTheSame(_ row: RowFields) -> Bool {
    guard row.count >= header.count else { return false }
    for (column, heading) in header.enumerated() {
      var cell = headings.string(row, column)
      if column == 0, cell.unicodeScalars.first == "\u{FEFF}" {
        cell = CellText.trimmed(String(cell.unicodeScalars.dropFirst()))
      }
      if cell != heading { return false }
    }
    return true
  }
}
