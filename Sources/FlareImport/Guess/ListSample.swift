/// So much of an unknown list as is needed to guess what it holds: its shape, and some of its rows
/// as text, evenly from its beginning to its end.
package struct ListSample: Hashable, Sendable {
  package var format: ListFormat
  /// "zip/" or "gz/" for a list that is packed.
  package var wrapping = ""
  /// The sheet's name, for a spreadsheet.
  package var sheet = ""
  /// As ``TextEncoding/name`` says it.
  package var encoding: String
  /// As ``Delimiter/name`` says it; empty where the format has none.
  package var delimiter: String
  /// The headings, trimmed; "column 1" and on for a list that has none.
  package var header: [String]
  /// As a spreadsheet counts; 0 for a list without headings.
  package var headerRow: Int
  /// Rows with something in them above the header, and totals and printed feet below the last job.
  package var titleLines: Int
  package var totalLines: Int
  /// Rows of jobs, as long as the header.
  package var rows: [[String]]
  /// Rows of jobs in the whole list, and rows that are no rows of its format.
  package var rowCount: Int
  package var unreadableRows: Int

  package init(
    format: ListFormat, encoding: String = "utf-8", delimiter: String = "", header: [String],
    headerRow: Int = 1, titleLines: Int = 0, totalLines: Int = 0, rows: [[String]],
    rowCount: Int? = nil, unreadableRows: Int = 0
  ) {
    self.format = format
    self.encoding = encoding
    self.delimiter = delimiter
    self.header = header
    self.headerRow = headerRow
    self.titleLines = titleLines
    self.totalLines = totalLines
    self.rows = rows
    self.rowCount = rowCount ?? rows.count
    self.unreadableRows = unreadableRows
  }

  package var hasHeader: Bool { headerRow > 0 }

  /// What there is to say of a list without headings and without rows.
  var nothing: String {
    if unreadableRows > 0 { return "No row of it can be read" }
    return sheet.isEmpty ? "The list is empty" : "The sheet '\(sheet)' is empty"
  }

  /// More columns than this are not looked at.
  static let mostColumns = 400
  /// Cells kept of one list.
  static let mostCells = 100_000
  /// Bytes kept of one cell.
  static let longestCell = 240
  /// Rows from the first on, among which the header is looked for.
  static let headRows = 50
}
