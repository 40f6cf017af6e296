import Glibc

/// The rows of one sheet: `worksheet/sheetData/row/c`. Pauses behind each row.
final class SheetEvents: XMLEvents {
  /// The last row that a spreadsheet can have. Numbers beyond are not believed.
  static let rowLimit = 1_048_576
  /// Rows are filled with empty cells up to the widest row so far, but no further than this.
  private static let fillLimit = 1024

  /// The row at the pause, and its number as the sheet counts.
  private(set) var row = RowBuffer()
  private(set) var number = 0

  private let texts: SharedTexts
  private let styles: CellStyles
  private let counts1904: Bool

  private enum Place { case outside, sheet, data, row, cell, value, inline }
  private var place = Place.outside
  /// Elements inside one that is passed over.
  private var passed = 0
  private var isDone = false
  private var width = 0

  private enum Kind { case number, shared, text, boolean, error, date }
  private var column = -1
  private var kind = Kind.number
  private var style = 0
  private var richText = TextPlace()
  private var value: [UInt8] = []
  private var isLongValue = false
  private var written: [UInt8] = []

  init(texts: SharedTexts, styles: CellStyles, counts1904: Bool) {
    self.texts = texts
    self.styles = styles
    self.counts1904 = counts1904
  }

  override func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    if passed > 0 {
      passed += 1
      return
    }
    switch place {
    case .outside where name == "worksheet": place = .sheet
    case .sheet where !isDone && name == "sheetData": place = .data
    case .data where name == "row": beginRow(attributes)
    case .row where name == "c": beginCell(attributes)
    case .cell where name == "v":
      place = .value
    case .cell where name == "is":
      place = .inline
      richText = TextPlace()
    case .inline: richText.begin(name)
    case .outside: halt(.noList("Its sheet is none with rows."))
    default: passed = 1
    }
  }

  override func end() {
    if passed > 0 {
      passed -= 1
      return
    }
    switch place {
    case .outside: break
    case .sheet: place = .outside
    case .data:
      place = .sheet
      isDone = true
    case .row:
      place = .data
      endRow()
    case .cell:
      place = .row
      endCell()
    case .value: place = .cell
    case .inline:
      if depth > 4 { richText.end() } else { place = .cell }
    }
  }

  override func text(_ piece: UnsafeBufferPointer<UInt8>) {
    guard passed == 0, place == .value || (place == .inline && richText.isText) else { return }
    if value.count + piece.count > CSVReader.rowLimit {
      isLongValue = true
    } else {
      value.append(contentsOf: piece)
    }
  }

  /// A row without a number, or with one that does not rise, is the next one.
  private func beginRow(_ attributes: XMLAttributes) {
    place = .row
    let said = attributes["r"].map { wholeNumber($0) } ?? 0
    number = said > number && said <= SheetEvents.rowLimit ? said : number + 1
    column = -1
    row.clear()
  }

  private func endRow() {
    width = min(max(width, row.count), SheetEvents.fillLimit)
    row.finish(width: row.isBlank ? 1 : width)
    pause()
  }

  private func beginCell(_ attributes: XMLAttributes) {
    place = .cell
    column = attributes["r"].flatMap { columnNumber($0) } ?? column + 1
    style = attributes["s"].map { wholeNumber($0) } ?? 0
    kind =
      switch attributes["t"] {
      case nil: .number
      case let type?:
        if strcmp(type, "s") == 0 {
          .shared
        } else if strcmp(type, "inlineStr") == 0 || strcmp(type, "str") == 0 {
          .text
        } else if strcmp(type, "b") == 0 {
          .boolean
        } else if strcmp(type, "e") == 0 {
          .error
        } else if strcmp(type, "d") == 0 {
          .date
        } else {
          .number
        }
      }
    value.removeAll(keepingCapacity: true)
    isLongValue = false
  }

  /// Empty cells are not put, so that they do not widen the row.
  private func endCell() {
    if isLongValue { return row.putTooLong() }
    if value.isEmpty { return }
    written.removeAll(keepingCapacity: true)
    value.withUnsafeBufferPointer { value in
      switch kind {
      case .error: break
      case .text: appendUnescaped(value, to: &written)
      case .boolean:
        written.append(
          contentsOf: (value.first == 0x30 || value.first == 0x66 ? "FALSE" : "TRUE").utf8)
      case .date: appendISODate(value, to: &written)
      case .number: appendByStyle(value)
      case .shared:
        let found = texts.with(textNumber(value)) { if !$0.isEmpty { row.put($0, at: column) } }
        if !found {
          halt(.noList("A cell of its sheet names a text that the workbook does not hold."))
        }
      }
    }
    if !written.isEmpty { written.withUnsafeBufferPointer { row.put($0, at: column) } }
  }

  private func appendByStyle(_ value: UnsafeBufferPointer<UInt8>) {
    let kind = styles[style]
    if kind != .number, let serial = decimal(value) {
      let isWritten =
        kind == .date
        ? SerialDate.append(serial, counts1904: counts1904, to: &written)
        : SerialDate.appendElapsed(serial, to: &written)
      if isWritten { return }
    }
    appendNumber(value, to: &written)
  }
}

/// A date of ISO 8601 without the fraction of its second, and without a midnight.
private func appendISODate(_ value: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
  let value = CellText.trimmed(value)
  guard let point = value.firstIndex(of: UInt8(ascii: ".")) else {
    bytes.append(
      contentsOf: value.suffix(9).elementsEqual("T00:00:00".utf8) ? value.dropLast(9) : value[...])
    return
  }
  bytes.append(contentsOf: value[..<point])
  bytes.append(contentsOf: value[(point + 1)...].drop { $0 &- 0x30 <= 9 })
}

/// -1 for what is no number of up to nine digits.
private func textNumber(_ text: UnsafeBufferPointer<UInt8>) -> Int {
  let text = CellText.trimmed(text)
  guard !text.isEmpty, text.count <= 9 else { return -1 }
  var number = 0
  for byte in text {
    guard byte &- 0x30 <= 9 else { return -1 }
    number = number * 10 + Int(byte &- 0x30)
  }
  return number
}

/// Zero for what is no number of up to nine digits.
private func wholeNumber(_ text: UnsafePointer<CChar>) -> Int {
  var number = 0
  var at = text
  while at.pointee != 0 {
    let digit = UInt8(bitPattern: at.pointee) &- 0x30
    guard digit <= 9, at - text < 9 else { return 0 }
    number = number * 10 + Int(digit)
    at += 1
  }
  return number
}

/// The column of a cell's name, from 0 ("C5" is 2); `nil` where there is none. What lies beyond the
/// last column of a spreadsheet is the first column that is not kept.
private func columnNumber(_ name: UnsafePointer<CChar>) -> Int? {
  var column = 0
  var at = name
  while true {
    let letter = (UInt8(bitPattern: at.pointee) & 0xDF) &- 0x41
    guard letter < 26 else { break }
    column = min(column * 26 + Int(letter) + 1, CSVReader.columnLimit + 1)
    at += 1
  }
  return column == 0 ? nil : column - 1
}
