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
func sniffDelimiter(
  columns: ColumnMap, open: () throws(ReadTrouble) -> ByteSource
) throws(ReadTrouble) -> Delimiter {
  let rows = 20
  var best = (delimiter: Delimiter.comma, score: -1)
  for delimiter in Delimiter.allCases {
    var reader = CSVReader(try open(), delimiter: delimiter.rawValue)
    guard let header = try readHeader(&reader) else { continue }
    let known = columns.requiredHeadings.count - columns.missing(in: header.fields).count
    var even = 0
    for _ in 0..<rows {
      let event = try reader.next()
      if case .end = event { break }
      if case .row = event, reader.fields.total == header.fields.count { even += 1 }
    }
    let width = header.fields.count
    let score =
      known * 1_000_000 + (width > 1 ? even * 20_000 : 0) + min(width, CSVReader.columnLimit)
    if score > best.score { best = (delimiter, score) }
  }
  return best.delimiter
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
    case .malformedQuotes, .cutOff, .tooLong: return ([], number)
    case .row:
      let row = reader.fields
      if row.count == 1, row.isBlank(0) { continue }
      return ((0..<row.count).map { cells.string(row, $0) }, number)
    }
  }
}
