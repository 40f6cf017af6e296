import FlareImport

/// What a feed file says about how its lists are written and named.
func readShape(_ file: Section, _ settings: inout FeedSettings) {
  settings.format = file.choice("format", default: .detect)
  settings.shape = ListShape(
    sheet: file.text("sheet"),
    headerRow: file.has("header_row") ? file.int("header_row", default: 1, in: 1...1000) : nil,
    records: file.text("records"), member: file.text("member"),
    maxRatio: file.int("max_ratio", default: 200, in: 1...100_000))
  settings.dateInName = file.text("date_in_name")
  settings.refusedWords = file.list("refuse_columns")
  let marks: ZoneMarks = file.choice("zone_marks", default: .meant)
  settings.zoneMarksAreLocal = marks == .local
  for (key, problem) in settings.problems() {
    if key == "date_in_name" { file.problem(at: key, problem) }
  }
  guard let columns = file.section("columns") else { return }
  for (meaning, problem) in settings.specialCategoryProblems() {
    let keys = columnKeys[meaning] ?? [meaning]
    columns.problem(at: keys.first(where: columns.has) ?? meaning, problem)
  }
}

/// The keys of a feed file that have other names than the meanings of ``ColumnMap``.
private let columnKeys = [
  "x": ["easting", "longitude"], "y": ["northing", "latitude"], "caller_type": ["caller"],
]

/// What a `Z` behind a time stands for.
private enum ZoneMarks: String, CaseIterable {
  /// UTC, as it says.
  case meant
  /// Nothing: the time is one of the feed's zone.
  case local
}
