/// What an export is written in. A file's extension says nothing about it.
package enum ListFormat: String, Hashable, Sendable, CaseIterable {
  /// Told by the first bytes, once `.gz` and `.zip` are unwrapped.
  case detect
  case csv
  case xlsx
  /// One array of objects, an object that holds it, or one object a line.
  case json
  case xml
}

/// Where in a file the rows are, for what cannot be told by looking.
package struct ListShape: Hashable, Sendable {
  /// The name of a spreadsheet's sheet; `nil`: the first one that has the header.
  package var sheet: String?
  /// The row with the headings, as a spreadsheet counts; `nil`: the first of the first 50 rows that
  /// holds the most mapped headings.
  package var headerRow: Int?
  /// JSON: the dotted path of the array. XML: the name of the element that is one row. `nil`: the
  /// array, or the repeated element, that holds the most objects.
  package var records: String?
  /// The one file to read in a ZIP that holds several, as a glob.
  package var member: String?
  /// How many times larger than packed the unpacked file may be.
  package var maxRatio: Int

  package init(
    sheet: String? = nil, headerRow: Int? = nil, records: String? = nil, member: String? = nil,
    maxRatio: Int = 200
  ) {
    self.sheet = sheet
    self.headerRow = headerRow
    self.records = records
    self.member = member
    self.maxRatio = maxRatio
  }
}
