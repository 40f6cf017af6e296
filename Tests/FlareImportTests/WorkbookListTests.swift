import FlareImport
import Foundation
import Testing
import Triage

/// Workbooks as whole lists: what lies above and below the rows, dates, and how they come packed.
@Suite("Lists in workbooks")
struct WorkbookListTests {
  /// Rows of cells; a text that begins with "@" is a date and time.
  static func book(_ sheets: [(name: String, rows: [[String]])]) throws -> [UInt8] {
    let script = """
      import datetime, io, json, sys, openpyxl
      book = openpyxl.Workbook()
      book.remove(book.active)
      for name, rows in json.load(sys.stdin):
          sheet = book.create_sheet(name)
          for row in rows:
              cells = []
              for cell in row:
                  if cell.startswith("@"):
                      cell = datetime.datetime.fromisoformat(cell[1:])
                  elif cell.isdigit():
                      cell = int(cell)
                  cells.append(cell if cell != "" else None)
              sheet.append(cells)
      out = io.BytesIO()
      book.save(out)
      sys.stdout.buffer.write(out.getvalue())
      """
    let input = try JSONSerialization.data(
      withJSONObject: sheets.map { [$0.name, $0.rows] as [Any] })
    return try Packing.python(script, Array(input))
  }

  static let headings = heading.split(separator: ",").map(String.init)

  static func row(_ reference: String, _ received: String = "@2026-03-13T11:45:00") -> [String] {
    [reference, received, "Open", "Bulky waste", "12 Mill Lane", "10001", "450500", "359500", ""]
  }

  static let sheet = [
    ["Open jobs of Ashby"], [], headings, row("A1"), row("00123", "@2026-06-13T00:00:00"), [],
    ["Total", "", "2"],
  ]

  @Test("Titles, dates, totals and references with zeros are read as in any list")
  func whole() throws {
    let list = try read(
      try WorkbookListTests.book([("Jobs", WorkbookListTests.sheet)]), name: "jobs.xlsx")
    #expect(list.references == ["A1", "123"])
    #expect(
      list.jobs.map(\.received)
        == [
          MappingTests.date("2026-03-13T11:45:00Z"), MappingTests.date("2026-06-12T23:00:00Z"),
        ])
    #expect(list.noted == ["footer 7"])
    #expect(list.report.counts.rows == 3)
    #expect(list.report.format == "xlsx")
  }

  @Test("The sheet and the header row may be given, and a workbook may come in a ZIP file")
  func given() throws {
    let other = [WorkbookListTests.headings, WorkbookListTests.row("B1")]
    let book = try WorkbookListTests.book([
      ("Front", [["Street Scene"]]), ("Jobs", WorkbookListTests.sheet), ("Closed", other),
    ])
    #expect(try read(book, name: "jobs.xlsx").references == ["A1", "123"])
    let closed = try read(
      try Packing.zip([("jobs.xlsx", book)]), settings { $0.shape.sheet = "closed" },
      name: "jobs.zip")
    #expect(closed.references == ["B1"])
    #expect(closed.report.format == "zip/xlsx")
    let later = settings {
      $0.shape.sheet = "Jobs"
      $0.shape.headerRow = 4
    }
    #expect(throws: ImportError.self) { try read(book, later, name: "jobs.xlsx") }
  }

  @Test("A workbook under the name of a CSV list is read only where the feed says that it is one")
  func wrongName() throws {
    let book = try WorkbookListTests.book([("Jobs", WorkbookListTests.sheet)])
    #expect(throws: ImportError.self) { try read(book, name: "jobs.csv") }
    #expect(
      try read(book, settings { $0.format = .xlsx }, name: "jobs.csv").references.count == 2)
  }
}
