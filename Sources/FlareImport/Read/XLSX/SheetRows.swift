import Glibc

/// The rows of one sheet as events, numbered as the sheet numbers them: what the file leaves out comes
/// as blank rows, of which there are never more than ``SheetEvents/rowLimit``.
struct SheetRows: ~Copyable {
  /// What all sheets of a workbook share.
  struct Contents {
    let archive: ZipArchive
    let texts: SharedTexts
    let styles: CellStyles
    let counts1904: Bool
  }

  private let sheet: SheetEvents
  private let pump: XMLPump<ZipPart>
  private let blank: RowBuffer
  private var showsBlank = false
  /// The number of the row that the sheet is at, and how many blank ones come before it.
  private var number = 0
  private var blanks = 0
  private var isWaiting = false
  private var isOver = false

  init(_ contents: Contents, _ part: UInt64) throws(ReadTrouble) {
    sheet = SheetEvents(
      texts: contents.texts, styles: contents.styles, counts1904: contents.counts1904)
    guard let parser = ExpatParser(sheet) else { throw .system(ENOMEM) }
    pump = XMLPump(parser, try contents.archive.open(part))
    var blank = RowBuffer()
    blank.finish(width: 1)
    self.blank = blank
  }

  var fields: RowFields { showsBlank ? blank.fields : sheet.row.fields }

  /// - Throws: `.noList` when the sheet is none, or unpacks to more than it may.
  mutating func next() throws(ReadTrouble) -> RowEvent {
    if isOver { return .end }
    if !isWaiting {
      switch try pump.run() {
      case .paused:
        blanks = sheet.number - number - 1
        number = sheet.number
        isWaiting = true
      case .finished:
        isOver = true
        return .end
      case .broken:
        isOver = true
        if number == 0, let stop = sheet.stop {
          throw .noList(partTrouble(stop, called: "sheet"))
        }
        return .cutOff
      }
    }
    showsBlank = blanks > 0
    if showsBlank {
      blanks -= 1
      return .row
    }
    isWaiting = false
    return sheet.row.isTooLong ? .tooLong : .row
  }
}
