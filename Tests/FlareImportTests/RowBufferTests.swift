import Testing

@testable import FlareImport

@Suite("A row put together cell by cell")
struct RowBufferTests {
  private static func cells(_ row: borrowing RowBuffer) -> [String] {
    let fields = row.fields
    return (0..<fields.count).map { String(decoding: fields[$0], as: UTF8.self) }
  }

  @Test("Cells may come in any order, several times, or not at all")
  func order() {
    var row = RowBuffer()
    for _ in 0..<3 {
      row.join("c", at: 3)
      row.join("a", at: 0)
      row.join("c2", at: 3)
      row.join("", at: 3)
      row.join("a2", at: 0)
      row.finish(width: 6)
      let cells = RowBufferTests.cells(row)
      #expect(cells == ["a, a2", "", "", "c, c2", "", ""])
      let total = row.fields.total
      #expect(total == 6)
      row.clear()
      let isBlank = row.isBlank
      #expect(isBlank)
    }
    row.add("x")
    row.add("")
    row.add("y")
    let cells = RowBufferTests.cells(row)
    #expect(cells == ["x", "", "y"])
  }

  @Test("A row holds no more than its limits")
  func limits() {
    var row = RowBuffer()
    row.join("x", at: CSVReader.columnLimit + 5)
    row.join("x", at: -1)
    let (total, count, isBlank) = (row.fields.total, row.fields.count, row.isBlank)
    #expect(total == CSVReader.columnLimit + 6)
    #expect(count == CSVReader.columnLimit && isBlank)
    let long = String(repeating: "y", count: CSVReader.rowLimit / 2)
    row.add("before")
    row.clear()
    for _ in 0..<3 { row.join(long, at: 0) }
    let isTooLong = row.isTooLong
    #expect(isTooLong)
    row.finish()
    let cells = RowBufferTests.cells(row)
    #expect(cells == [long + ", " + long])
    row.clear()
    row.add("next")
    let isStillTooLong = row.isTooLong
    #expect(!isStillTooLong)
    let next = RowBufferTests.cells(row)
    #expect(next == ["next"])
  }

  @Test("A row that grows keeps what it held, and is empty again for the next")
  func growth() {
    var row = RowBuffer()
    row.add("first")
    row.join("far", at: 300)
    row.join("farther", at: CSVReader.columnLimit - 1)
    let cells = RowBufferTests.cells(row)
    #expect(cells.count == CSVReader.columnLimit)
    #expect(cells[0] == "first" && cells[300] == "far" && cells.last == "farther")
    #expect(cells.count { $0.isEmpty } == CSVReader.columnLimit - 3)
    row.clear()
    row.finish(width: 500)
    let next = RowBufferTests.cells(row)
    #expect(next == Array(repeating: "", count: 500))
  }
}
