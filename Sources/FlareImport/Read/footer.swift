/// The filled cells of a row in small letters, one space between them, where they are few enough
/// to be a title, a total or a page's foot; else `nil`.
func footerText(_ row: RowFields) -> String? {
  var text = ""
  var filled = 0
  for column in 0..<row.count where !row.isBlank(column) {
    filled += 1
    let cell = CellText.trimmed(row[column])
    if filled > 6 || cell.count > 200 { return nil }
    if !text.isEmpty { text += " " }
    text += String(decoding: cell, as: UTF8.self).lowercased()
  }
  return text.isEmpty ? nil : text
}

/// Whether a row is what a report prints below its rows or at the foot of a page ("Page 2 of 7",
/// "Grand total: 312", "Printed 13/03/2026 10:15", "312 rows selected", a ruled line), or a title
/// that comes again on each page. Asked only of rows without coordinates.
///
/// - Parameter titles: the lines above the header.
func isFooter(_ row: RowFields, titles: Set<String>) -> Bool {
  guard let text = footerText(row) else { return isRule(row) }
  if titles.contains(text) || isRule(row) { return true }
  var words = text.split { !($0.isLetter || $0.isNumber) }
  guard words.count <= 14 else { return false }
  let hasNumber = words.contains(where: isDigits)
  // "Report printed on …", "Date printed: …"
  while let first = words.first, ["report", "date", "list"].contains(first), words.count > 1 {
    words.removeFirst()
  }
  guard let first = words.first else { return false }
  let rest = words.dropFirst()
  switch first {
  case "page": return hasNumber && rest.allSatisfy { isDigits($0) || $0 == "of" || $0 == "page" }
  case "total", "totals", "subtotal", "count":
    return rest.allSatisfy { isDigits($0) || countWords.contains($0) }
  case "grand", "sub", "overall", "running": return rest.first?.hasPrefix("total") ?? false
  case "end": return rest.first == "of" && rest.last.map { endWords.contains($0) } ?? false
  case "printed", "generated", "produced", "exported", "extracted", "created", "run":
    return hasNumber
  default:
    // "312 rows selected", "Number of records: 312", "(1 row affected)".
    return hasNumber && words.allSatisfy { isDigits($0) || countWords.contains($0) }
      && words.contains { pluralWords.contains($0) }
  }
}

private let pluralWords: Set<Substring> = [
  "rows", "records", "jobs", "cases", "affected", "selected",
]
private let countWords: Set<Substring> = pluralWords.union([
  "row", "record", "job", "case", "number", "count", "of", "all", "in", "total", "found",
  "returned", "listed", "printed", "list", "report", "for", "this", "page", "requests", "reports",
  "enquiries",
])
private let endWords: Set<Substring> = ["report", "list", "file", "data", "export", "extract"]

private func isDigits(_ word: Substring) -> Bool { word.utf8.allSatisfy { $0 &- 0x30 <= 9 } }

/// Whether cells hold nothing but the strokes that rule a line ("-----", "=====").
private func isRule(_ row: RowFields) -> Bool {
  let strokes: Set<UInt8> = [0x2D, 0x3D, 0x5F, 0x2A, 0x2B, 0x20]
  var strokesSeen = 0
  for column in 0..<row.count {
    let cell = CellText.trimmed(row[column])
    guard cell.allSatisfy({ strokes.contains($0) }) else { return false }
    strokesSeen += cell.count
  }
  return strokesSeen >= 3
}
