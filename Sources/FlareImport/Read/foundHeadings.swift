import Triage

/// "Found instead: 'Job no', 'Raised on' and 3 more.": the headings of a list that lacks mapped ones, as far
/// as they can be told for headings.
///
/// What comes without its headings begins with a row of somebody's particulars. So where fewer than half
/// of the mapped headings are there, only cells in the words of a known kind of column are shown, and
/// never one with a number, a date or a postcode in it.
/// - Returns: `nil` where nothing can be shown.
func foundHeadings(_ header: [String], mapped: ColumnMap) -> String? {
  let wanted = mapped.requiredHeadings.map { headingKey($0.heading) }
  let there = Set(header.map(headingKey))
  let found = wanted.count { there.contains($0) }
  let isHeader = found > 0 && found * 2 >= wanted.count
  let others = header.filter { !$0.isEmpty && !wanted.contains(headingKey($0)) }
  let shown = others.filter { isHeadingWord($0) && (isHeader || isKnownHeading($0)) }
    .prefix(mostShown)
  guard !shown.isEmpty else { return nil }
  let more = others.count - shown.count
  return "Found instead: " + shown.map { "'\($0)'" }.joined(separator: ", ")
    + (more > 0 ? " and \(more) more." : ".")
}

private let mostShown = 20

/// Some words, with at most two digits behind the first letter ("Address 2").
private func isHeadingWord(_ cell: String) -> Bool {
  cell.count <= 40 && cell.first?.isLetter == true && !cell.contains("@")
    && cell.unicodeScalars.allSatisfy(isPlain) && cell.count(where: \.isNumber) <= 2
    && postcodeKey(cell).isEmpty
}

private func isKnownHeading(_ cell: String) -> Bool {
  ColumnMeaning.best(for: cell).map { $0.weight >= 70 } ?? false
}
