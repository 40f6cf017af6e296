/// Reads the rows of one sheet of a workbook (.xlsx, .xlsm; ECMA-376), from its first row on.
///
/// The sheet is unpacked and parsed as it is read; of the workbook only its shared texts and styles
/// are in memory, both bounded. Events are numbered as the sheet numbers its rows: rows that the file
/// leaves out come as blank ones (one empty cell), as do rows whose cells are all empty. Rows that lack
/// cells at their end are filled up to the widest row so far.
///
/// What a cell holds becomes text: whole numbers as digits, dates by their style as ISO 8601, formulas
/// by the value that was last worked out, truth values as TRUE and FALSE, errors as nothing. A sheet
/// that is cut off or damaged ends with ``RowEvent/cutOff``.
struct XLSXReader: RowReader, ~Copyable {
  /// Rows that a sheet is judged by when one must be chosen, and sheets that are judged.
  private static let judgedRows = 50
  private static let judgedSheets = 256

  /// The name of the sheet that is read.
  let sheetName: String

  private var rows: SheetRows

  /// - Parameters:
  ///   - descriptor: stays the caller's, and open as long as the reader lives.
  ///   - wanted: headings that tell the right sheet where `shape` does not name one: of the visible
  ///     sheets the first that has most of them in one of its first rows.
  /// - Throws: `.noList` with a sentence for what is no workbook, is locked, or has no such sheet.
  init(
    descriptor: Int32, size: Int, shape: ListShape, wanted: ColumnMap?
  ) throws(ReadTrouble) {
    if let why = try compoundFileTrouble(descriptor) { throw .noList(why) }
    let archive = try ZipArchive(descriptor: descriptor, size: size, maxRatio: shape.maxRatio)
    let book = try Workbook(archive)
    let contents = SheetRows.Contents(
      archive: archive,
      texts: try book.sharedTexts.map { (index) throws(ReadTrouble) in
        try SharedTexts(try archive.open(index))
      } ?? SharedTexts(),
      styles: try book.styles.map { (index) throws(ReadTrouble) in
        try CellStyles(try archive.open(index))
      } ?? CellStyles(),
      counts1904: book.counts1904)
    let sheet = try XLSXReader.choose(book, contents, shape, wanted)
    rows = try SheetRows(contents, sheet.part)
    sheetName = sheet.name
  }

  var fields: RowFields { rows.fields }

  var account: ReaderAccount { ReaderAccount(format: .xlsx, encoding: "utf-8", delimiter: "") }

  mutating func next() throws(ReadTrouble) -> RowEvent { try rows.next() }

  private static func choose(
    _ book: Workbook, _ contents: SheetRows.Contents, _ shape: ListShape, _ wanted: ColumnMap?
  ) throws(ReadTrouble) -> Workbook.Sheet {
    if let name = shape.sheet {
      let key = headingKey(name)
      if let sheet = book.sheets.first(where: { headingKey($0.name) == key }) { return sheet }
      let nearest = nearestHeading(to: name, in: book.sheets.map(\.name))
      throw .noList(
        "The workbook has no sheet called '\(name)'"
          + (nearest.map { "; the nearest is '\($0)'." } ?? "."))
    }
    let visible = book.sheets.filter(\.isVisible)
    guard var best = visible.first else {
      throw .noList(
        "All sheets of the workbook are hidden; name the right one as the feed's sheet.")
    }
    if visible.count == 1 { return best }
    var most = 0
    for sheet in visible.prefix(judgedSheets) {
      let score = try judge(sheet, contents, shape, wanted)
      if score > most { (best, most) = (sheet, score) }
    }
    return best
  }

  /// How many of the wanted headings one row of the sheet holds; where none are known, whether it
  /// looks like a table at all.
  private static func judge(
    _ sheet: Workbook.Sheet, _ contents: SheetRows.Contents, _ shape: ListShape,
    _ wanted: ColumnMap?
  ) throws(ReadTrouble) -> Int {
    var reader = try SheetRows(contents, sheet.part)
    var cells = CellText(nullWords: [])
    var most = 0
    var wideRows = 0
    for _ in 0..<max(judgedRows, min(shape.headerRow ?? 0, 1000)) {
      let event = try reader.next()
      if case .end = event { break }
      guard case .row = event else { continue }
      let row = reader.fields
      if let wanted {
        let header = (0..<row.count).map { cells.string(row, $0) }
        most = max(most, wanted.requiredHeadings.count - wanted.missing(in: header).count)
      } else if (0..<row.count).count(where: { !row.isBlank($0) }) >= 2 {
        wideRows += 1
      }
    }
    return wanted == nil ? (wideRows >= 2 ? 1 : 0) : most
  }
}
