import Glibc

/// One row that a reader puts together cell by cell, for formats whose rows are no lines of text:
/// a workbook's, XML's, JSON's. It is handed on as ``RowFields`` like a row of a CSV list.
///
/// Cells may come in any order and some not at all: what was not put is empty. Text beyond
/// ``CSVReader/rowLimit`` bytes is not kept and makes the row ``isTooLong``; cells from
/// ``CSVReader/columnLimit`` on are counted and not kept. Memory is bounded by those two.
struct RowBuffer: ~Copyable {
  /// So many values of a repeated cell are joined; the others are left out.
  static let mostValues = 100

  private var bytes: UnsafeMutablePointer<UInt8>
  private var capacity = 16 << 10
  private var used = 0
  /// Cells that are not set are `Field(start: 0, end: 0)`, also behind ``count``.
  private var cells: UnsafeMutablePointer<Field>
  /// How many cells there is room for: no fewer than ``count``, as far as they are kept.
  private var cellRoom = 64
  /// One behind the last cell that was set.
  private var setCount = 0
  /// Further values of cells that have one, in the order in which they came.
  private var further: [(column: Int, value: Field)] = []

  /// How many cells the row has, empty ones at its end among them.
  private(set) var count = 0
  /// Whether text was left out because the row is longer than ``CSVReader/rowLimit``.
  private(set) var isTooLong = false

  init() {
    bytes = .allocate(capacity: capacity)
    cells = .allocate(capacity: cellRoom)
    cells.initialize(repeating: Field(start: 0, end: 0), count: cellRoom)
  }

  deinit {
    bytes.deallocate()
    cells.deallocate()
  }

  /// The row as it stands. Good until the next change of the buffer.
  var fields: RowFields {
    RowFields(
      bytes: bytes, fields: cells, count: min(count, CSVReader.columnLimit), total: count,
      endsWithFile: false, isWindows1252: false, isFilled: !isBlank)
  }

  /// Whether every cell is empty.
  var isBlank: Bool { used == 0 && !isTooLong }

  /// Begins the next row.
  mutating func clear() {
    cells.update(repeating: Field(start: 0, end: 0), count: setCount)
    if !further.isEmpty { further.removeAll(keepingCapacity: true) }
    (used, setCount, count, isTooLong) = (0, 0, 0, false)
  }

  /// Puts the row's next cell.
  mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    put(text, at: count)
  }

  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
  }

  /// Puts a cell, in place of what it held. Cells before it that were not put are empty.
  mutating func put(_ text: UnsafeBufferPointer<UInt8>, at column: Int) {
    guard reach(column), let value = keep(text) else { return }
    cells[column] = value
    setCount = max(setCount, column + 1)
  }

  /// Puts a cell or, where it has a text already, a further value of it; ``finish(width:)`` joins
  /// them with ", ". Empty values are passed over.
  mutating func join(_ text: UnsafeBufferPointer<UInt8>, at column: Int) {
    guard reach(column), !text.isEmpty, let value = keep(text) else { return }
    if cells[column].count == 0 {
      cells[column] = value
      setCount = max(setCount, column + 1)
    } else {
      further.append((column, value))
    }
  }

  mutating func join(_ text: String, at column: Int) {
    var text = text
    text.withUTF8 { join($0, at: column) }
  }

  /// Says that a cell was left out because its text alone is longer than a row may be.
  mutating func putTooLong() { isTooLong = true }

  /// Ends the row: joins repeated values, and fills it with empty cells up to a width.
  mutating func finish(width: Int = 0) {
    count = max(count, width)
    makeCells(min(count, CSVReader.columnLimit))
    guard !further.isEmpty else { return }
    further.sort { ($0.column, $0.value.start) < ($1.column, $1.value.start) }
    var at = 0
    while at < further.count {
      let column = further[at].column
      let start = used
      copy(cells[column])
      var values = 1
      while at < further.count, further[at].column == column {
        if values < RowBuffer.mostValues {
          separate()
          copy(further[at].value)
        }
        values += 1
        at += 1
      }
      cells[column] = Field(start: start, end: used)
    }
    further.removeAll(keepingCapacity: true)
  }

  /// Counts a column, and says whether it is kept.
  private mutating func reach(_ column: Int) -> Bool {
    guard column >= 0 else { return false }
    count = max(count, min(column, Int(Int32.max)) + 1)
    guard column < CSVReader.columnLimit else {
      makeCells(CSVReader.columnLimit)
      return false
    }
    makeCells(column + 1)
    return true
  }

  private mutating func keep(_ text: UnsafeBufferPointer<UInt8>) -> Field? {
    guard text.count <= CSVReader.rowLimit - used else {
      isTooLong = true
      return nil
    }
    makeRoom(text.count)
    let start = used
    if let base = text.baseAddress { memcpy(bytes + start, base, text.count) }
    used += text.count
    return Field(start: start, end: used)
  }

  // What is joined lies in the buffer already, so joining at most doubles it, separators apart.

  private mutating func copy(_ field: Field) {
    makeRoom(field.count)
    memcpy(bytes + used, bytes + field.start, field.count)
    used += field.count
  }

  private mutating func separate() {
    makeRoom(2)
    bytes[used] = UInt8(ascii: ",")
    bytes[used + 1] = UInt8(ascii: " ")
    used += 2
  }

  private mutating func makeRoom(_ more: Int) {
    guard used + more > capacity else { return }
    let larger = max(2 * capacity, used + more)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    memcpy(moved, bytes, used)
    bytes.deallocate()
    bytes = moved
    capacity = larger
  }

  private mutating func makeCells(_ needed: Int) {
    guard needed > cellRoom else { return }
    let larger = min(CSVReader.columnLimit, max(2 * cellRoom, needed))
    let moved = UnsafeMutablePointer<Field>.allocate(capacity: larger)
    moved.moveInitialize(from: cells, count: cellRoom)
    (moved + cellRoom).initialize(repeating: Field(start: 0, end: 0), count: larger - cellRoom)
    cells.deallocate()
    cells = moved
    cellRoom = larger
  }
}
