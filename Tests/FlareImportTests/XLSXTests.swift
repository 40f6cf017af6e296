import Foundation
import Testing

@testable import FlareImport

@Suite("Workbooks")
struct XLSXTests {
  static let list = [["Ref", "Received"], ["A1", "13/03/2026"], ["A2", "14/03/2026"]]
  static let wanted = ColumnMap(reference: "Ref", received: ["Received"])

  @Test("Every kind of cell becomes the text that a person sees")
  func kinds() throws {
    let rows = try book("kinds").rows
    #expect(rows.events == ["row", "row", "end"])
    #expect(rows.rows.first == ["plain & simple", "rich text", "東京"])
    #expect(
      rows.rows.last == [
        " in line ", "worked out", "TRUE", "FALSE", "", "42", "100012345678", "450123.45", "-7",
        "2026-03-13T11:45:00", "0.0000001", "1e+300", "not a number", "100000000000000000", "",
        "one\rtwo _x000D_ 😀 _xZZZZ_ ab",
      ])
  }

  @Test("Serial numbers are dates by their style")
  func dates() throws {
    let rows = try book("dates").rows
    #expect(
      rows.rows.map(\.[0]) == [
        "2024-04-01", "2024-04-01T12:00:00", "2024-04-01T11:45:00", "45383", "45383", "2024-04-01",
        "36:00:00", "2024-04-01", "45383", "12:00:00", "06:00:00", "2024-04-01", "2024-04-01",
        "1900-02-28", "1900-02-29", "1900-03-01", "1900-01-01", "00:00:00", "-1", "9999-12-31",
        "2958466", "2024-04-02", "1900-01-01", "45383", "45383",
      ])
  }

  @Test("A workbook may count its days from 1904")
  func dates1904() throws {
    let rows = try book("dates-1904").rows
    #expect(
      rows.rows.prefix(3).map(\.[0]) == [
        "2028-04-02", "2028-04-02T12:00:00", "2028-04-02T11:45:00",
      ])
    #expect(
      rows.rows[13..<17].map(\.[0]) == ["1904-02-29", "1904-03-01", "1904-03-02", "1904-01-02"])
  }

  @Test("Rows and cells that the file leaves out are empty, and rows keep the sheet's numbers")
  func gaps() throws {
    let rows = try book("gaps").rows.rows
    #expect(
      rows == [
        [""], [""], ["", "", "1"], [""], [""], ["2", "", "", "3", "4"],
        ["", "5", "", "", ""], [""], [""],
        ["", "7"] + Array(repeating: "", count: 24) + ["6"],
        ["8"] + Array(repeating: "", count: 26), ["9"] + Array(repeating: "", count: 26),
      ])
  }

  @Test("A row a million rows further on costs a million blank ones and no more")
  func far() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/book.xlsx"
    try makeBook("far", at: path)
    let file = try OpenForReading(path)
    var reader = try XLSXReader(
      descriptor: file.descriptor, size: file.size, shape: ListShape(), wanted: nil)
    var rows = 0
    var filled: [Int] = []
    while case .row = try reader.next() {
      rows += 1
      if !reader.fields.isBlank(0) { filled.append(rows) }
    }
    #expect(rows == SheetEvents.rowLimit)
    #expect(filled == [1, SheetEvents.rowLimit])
  }

  @Test("Columns beyond the last are counted and not kept; a row that is too long is passed over")
  func wide() throws {
    let rows = try book("wide").rows
    #expect(rows.events == ["row", "row", "tooLong", "row", "end"])
    #expect(rows.rows[1].count == CSVReader.columnLimit)
    #expect(rows.rows[1].first == "1")
    #expect(rows.rows[2].first == "4")
  }

  @Test(
    "Prefixes, the strict form, other folders, stored parts, odd paths and missing parts are no obstacle",
    arguments: [
      "simple", "other-folder", "stored", "paths", "no-package-links",
    ])
  func forms(_ name: String) throws {
    let read = try book(name)
    #expect(read.rows.rows == XLSXTests.list)
    #expect(read.rows.events.last == "end" && read.rows.isWhole)
    #expect(read.sheet == "Jobs")
    #expect(read.rows.account.format == .xlsx)
  }

  @Test("The strict form with prefixes on every element is read")
  func prefixed() throws {
    #expect(try book("prefixed").rows.rows == [["Ref"]])
  }

  @Test("The sheet is the one that is named, else the first visible one with the headings")
  func sheets() throws {
    #expect(try book("several", wanted: XLSXTests.wanted).sheet == "Jobs")
    #expect(try book("several").sheet == "Jobs")
    #expect(try book("several", wanted: ColumnMap(reference: "Elsewhere")).sheet == "Cover")
    #expect(try book("several", shape: ListShape(sheet: "old JOBS")).rows.rows == XLSXTests.list)
    #expect(try book("several", shape: ListShape(sheet: "Secret")).rows.rows.count == 2)
    #expect(try refusal("several", shape: ListShape(sheet: "Old job")).contains("'Old jobs'"))
    #expect(try refusal("all-hidden").contains("hidden"))
  }

  @Test(
    "What is no workbook that can be read is refused with a sentence",
    arguments: [
      ("locked", "password"), ("locked-zip", "password"), ("xls", "old Excel"), ("ods", ".ods"),
      ("xlsb", ".xlsb"), ("plain-zip", "no workbook"), ("no-workbook", "no workbook"),
      ("no-links", "without a sheet"), ("no-sheet", "damaged"), ("escaping", "damaged"),
      ("no-styles", "damaged"), ("no-texts", "damaged"), ("cut-texts", "shared texts"),
      ("cut-styles", "styles"),
      ("doctype", "document type"), ("laughs", "document type"), ("chart", "none with rows"),
      ("bomb-sheet", "max_ratio"), ("bomb-texts", "max_ratio"), ("vast-directory", "more parts"),
      ("text-number-vast", "does not hold"),
    ])
  func refused(_ name: String, _ word: String) throws {
    #expect(try refusal(name).contains(word))
  }

  @Test(
    "A sheet that is cut off or damaged ends as cut off, behind the rows before",
    arguments: [
      ("cut-sheet", 2), ("broken-behind", 3), ("text-out-of-range", 3), ("deep", 3), ("names", 3),
    ])
  func cut(_ name: String, _ count: Int) throws {
    let rows = try book(name, shape: ListShape(maxRatio: 1000)).rows
    #expect(rows.rows == Array(XLSXTests.list.prefix(count)))
    #expect(rows.events.suffix(2) == ["cutOff", "end"])
  }

  @Test("A sheet without rows is whole and empty")
  func empty() throws {
    #expect(try book("empty-sheet").rows.events == ["end"])
  }

  @Test("Random workbooks read as openpyxl reads them")
  func oracle() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/random.xlsx"
    let printed = try makeBook("random", at: path, count: 40)
    let expected = try JSONDecoder().decode([[[String]]].self, from: printed)
    try #require(expected.count == 40)
    for (number, expected) in expected.enumerated() {
      let rows = try readBook("\(path).\(number)").rows
      #expect(rows.isWhole)
      #expect(trimmed(rows.rows) == trimmed(expected), "book \(number)")
    }
  }

  /// Without the empty cells at the ends of rows, and the empty rows at the end.
  private func trimmed(_ rows: [[String]]) -> [[String]] {
    var rows = rows.map { row in Array(row[...(row.lastIndex { !$0.isEmpty } ?? -1)]) }
    while rows.last?.isEmpty == true { rows.removeLast() }
    return rows
  }

  @Test("A workbook that is cut at any place or has any byte changed crashes nothing")
  func hurt() throws {
    let folder = try TemporaryFolder()
    try makeBook("random", at: folder.path + "/whole.xlsx", count: 1)
    let path = folder.path + "/whole.xlsx.0"
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let whole = try readBook(path).rows
    for length in stride(from: 0, to: bytes.count, by: 97) {
      let cut = try folder.file("cut.xlsx", Array(bytes[..<length]))
      #expect(throws: ReadTrouble.self) { try readBook(cut) }
    }
    var differing = 0
    for place in stride(from: 0, to: bytes.count, by: 31) {
      var changed = bytes
      changed[place] ^= UInt8(1 + place % 255)
      let hurt = try folder.file("hurt.xlsx", changed)
      guard let rows = try? readBook(hurt).rows, rows.isWhole else { continue }
      // The checksum of each part guards its rows; elsewhere a byte may not matter.
      if rows != whole { differing += 1 }
    }
    #expect(differing == 0)
  }
}
