/// The delimiters that lists come with, the likeliest first.
enum Delimiter: UInt8, CaseIterable {
  case comma = 0x2C
  case semicolon = 0x3B
  case tab = 0x09
  case bar = 0x7C

  /// As the report says it.
  var name: String { "\(self)" }
}

/// Finds the delimiter of a list from its first rows; a file's extension says nothing about it.
///
/// The one under which most of the mapped headings are found; among equals, the one that gives the
/// most rows as many fields as the header, then the one with more fields, then the likeliest.
/// - Parameter headerRow: where the feed's settings say that the headings are.
/// - Returns: with the headings that it finds under it; `nil` where there are none.
func sniffDelimiter(
  columns: ColumnMap, headerRow: Int? = nil, open: () throws(ReadTrouble) -> ByteSource
) throws(ReadTrouble) -> (delimiter: Delimiter, header: HeaderPlace?) {
  let rows = 20
  var best = (delimiter: Delimiter.comma, header: HeaderPlace?.none)
  var bestScore = -1
  for delimiter in Delimiter.allCases {
    var search = CSVReader(try open(), delimiter: delimiter.rawValue)
    guard let header = try findHeader(&search, columns: columns, row: headerRow) else { continue }
    var reader = CSVReader(try open(), delimiter: delimiter.rawValue)
    try skip(&reader, rows: header.number)
    var even = 0
    for _ in 0..<rows {
      let event = try reader.next()
      if case .end = event { break }
      if case .row = event, reader.fields.total == header.fields.count { even += 1 }
    }
    let width = header.fields.count
    let score =
      header.known * 1_000_000 + (width > 1 ? even * 20_000 : 0)
      + min(width, CSVReader.columnLimit)
    if score > bestScore { (best, bestScore) = ((delimiter, header), score) }
  }
  return best
}

/// Goes past the rows above the first row of data.
func skip(
  _ reader: inout some RowReader & ~Copyable, rows: Int
) throws(ReadTrouble) {
  for _ in 0..<rows { _ = try reader.next() }
}

/// The first row that is not blank, trimmed, and its number; `nil` when the file has none.
func readHeader(
  _ reader: inout CSVReader
) throws(ReadTrouble) -> (fields: [String], number: Int)? {
  var number = 0
  var cells = CellText(nullWords: [])
  while true {
    number += 1
    switch try reader.next() {
    case .end: return nil
    case .malformedQuotes, .malformed, .cutOff, .tooLong: return ([], number)
    case .row:
      let row = reader.fields
      if row.count == 1, row.isBlank(0) { continue }
      return ((0..<row.count).map { cells.string(row, $0) }, number)
    }
  }
}
