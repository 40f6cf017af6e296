/// Where the headings of a list are.
struct HeaderFinding {
  /// The row's number; 0 where the format names the columns itself, or nothing does.
  var row: Int
  var header: [String]
  /// Whether the list names its columns.
  var isNamed: Bool

  /// The format itself names the columns.
  init(named header: [String]) {
    (row, self.header, isNamed) = (0, header, true)
  }

  fileprivate init(row: SampledRow) {
    (self.row, header, isNamed) = (row.number, row.cells, true)
  }

  fileprivate init(columns: Int) {
    row = 0
    header = (0..<columns).map { "column \($0 + 1)" }
    isNamed = false
  }
}

/// Finds the row with the headings among the first rows of a list.
///
/// It is as wide as the rows below it, its cells are words that differ from each other, and it comes
/// before the first row that looks like a job. A row in which several headings of known systems stand
/// is one wherever it is, but for rows below something that could be the headings already: a job may
/// say "Closed" and "Street" too, and is no wider than its headings. Where no row is so, the list has
/// no headings.
func guessHeader(_ head: [SampledRow], among kept: [SampledRow]) -> HeaderFinding {
  let widths = (kept.isEmpty ? head : kept).map(\.filled).sorted()
  let usual = widths.isEmpty ? 0 : widths[widths.count / 2]
  let longest = (head + kept).map(\.cells.count).max() ?? 0
  var best: (row: SampledRow, score: Int)?
  var jobsAbove = 0
  for row in head {
    let score = headingScore(row, usual: usual)
    if score > 0, jobsAbove == 0 || score >= 100, score > best?.score ?? 0,
      row.filled > best?.row.filled ?? 0
    {
      best = (row, score)
    }
    if row.filled * 2 > usual, row.filled > 1, score == 0 { jobsAbove += 1 }
  }
  guard let best else { return HeaderFinding(columns: longest) }
  var finding = HeaderFinding(row: best.row)
  while finding.header.last?.isEmpty == true { finding.header.removeLast() }
  return finding
}

/// How much a row looks like headings; 0: not at all; from 100 on: known headings stand in it.
private func headingScore(_ row: SampledRow, usual: Int) -> Int {
  let cells = row.cells.filter { !$0.isEmpty }
  // Headings stand over columns that are mostly empty too, so there are seldom fewer than usual.
  guard cells.count >= 2, cells.count * 2 >= usual else { return 0 }
  let different = Set(cells.map { $0.lowercased() })
  let distinct = different.count
  // Flags and words that come again and again are a job's.
  guard distinct * 10 >= cells.count * 6 else { return 0 }
  let known = knownMeanings(cells, among: different)
  let words = cells.count { isWording($0) }
  if known >= 2, known * 5 >= cells.count, words * 10 >= cells.count * 8 {
    return 100 + 100 * known / cells.count
  }
  guard words * 10 >= cells.count * 9, distinct * 10 >= cells.count * 9 else { return 0 }
  return 10 + 80 * cells.count / max(1, row.cells.count)
}

/// How many different meanings the cells have as headings. A single letter has one beside its partner
/// only: "N" is a northing next to "E", and else says no.
private func knownMeanings(_ cells: [String], among different: Set<String>) -> Int {
  let partners = ["x": "y", "y": "x", "e": "n", "n": "e"]
  var meanings: Set<ColumnMeaning> = []
  for cell in cells {
    if let partner = partners[cell.lowercased()], !different.contains(partner) { continue }
    if let best = ColumnMeaning.best(for: cell), best.weight >= 70 { meanings.insert(best.meaning) }
  }
  return meanings.count
}

/// Whether a cell could be a heading: some words, and no number, date, postcode or address of any kind.
private func isWording(_ cell: String) -> Bool {
  guard cell.count <= 60, cell.contains(where: \.isLetter), !cell.contains("@") else {
    return false
  }
  if let first = cell.first, first.isNumber { return false }
  return DateShape(cell) == nil && !CellTest.isPostcode(cell) && !CellTest.isLink(cell)
    && CellTest.point(cell) == nil
}
