/// The row of a list that holds its headings, and what stands above it.
struct HeaderPlace {
  /// Trimmed.
  var fields: [String] = []
  /// As a spreadsheet counts: 1 unless there are blank lines or titles above it.
  var number = 0
  /// How many of the mapped headings it has.
  var known = 0
  /// The lines above it, as ``footerText(_:)`` writes them: they may come again on every page.
  var titles: Set<String> = []

  /// So many rows are looked at.
  static let searched = 50
}

/// Finds the headings: of the first 50 rows, the first that holds the most mapped headings; where
/// none holds any, the first that is not blank.
///
/// - Parameter row: where the feed's settings say that they are.
/// - Returns: `nil` when there is no such row.
func findHeader(
  _ reader: inout some RowReader & ~Copyable, columns: ColumnMap, row: Int? = nil
) throws(ReadTrouble) -> HeaderPlace? {
  let wanted = columns.requiredHeadings.map { headingKey($0.heading) }
  var best: HeaderPlace?
  var titles: [(number: Int, text: String)] = []
  var cells = CellText(nullWords: [])
  let rows = row ?? HeaderPlace.searched
  for number in 1...max(1, rows) {
    let event = try reader.next()
    if case .end = event { break }
    guard case .row = event else { continue }
    let fields = reader.fields
    if isBlank(fields) { continue }
    if let text = footerText(fields), titles.count < HeaderPlace.searched {
      titles.append((number, text))
    }
    if let row, number != row { continue }
    let header = (0..<fields.count).map { cells.string(fields, $0) }
    let keys = Set(header.map(headingKey))
    let known = wanted.count { keys.contains($0) }
    if known > best?.known ?? -1 {
      best = HeaderPlace(fields: header, number: number, known: known)
    }
    if known == wanted.count { break }
  }
  if let found = best {
    best?.titles = Set(titles.filter { $0.number < found.number }.map(\.text))
  }
  return best
}

/// Whether no cell of a row holds anything: such a row is no news, and counted nowhere.
func isBlank(_ row: RowFields) -> Bool {
  if let isFilled = row.isFilled { return !isFilled }
  return (0..<row.count).allSatisfy(row.isBlank)
}
