/// Square cells over a box, each divisible into 2¹⁶ × 2¹⁶ fine ones, and one empty cell all round.
///
/// A coordinate's fine number grows with the coordinate and never falls, whatever rounding does; so a
/// cell is a run of fine numbers, and every point lies in exactly one cell of each size. The borders
/// in metres are known but for rounding: ``slack`` is far more than that, and far less than a cell.
struct CellGrid: Sendable {
  static let fineBits = 16

  let originX: Double
  let originY: Double
  /// Fine cells in a metre.
  let scale: Double
  let columns: Int
  let rows: Int
  private let lastX: Double
  private let lastY: Double
  /// Metres by which an edge may miss a cell and still be taken for one that passes through it.
  let slack: Double

  /// - Parameters:
  ///   - count: about how many cells the box is to have.
  ///   - leastSide: metres that a cell's side has at least.
  init(over box: Box, count: Int, leastSide: Double = 0) {
    guard !box.isNothing else {
      (originX, originY, scale, columns, rows) = (0, 0, 1, 1, 1)
      (lastX, lastY, slack) = (0, 0, 1)
      return
    }
    let (width, height) = (box.maxX - box.minX, box.maxY - box.minY)
    let reach = max(
      box.minX.magnitude, box.maxX.magnitude, box.minY.magnitude, box.maxY.magnitude)
    slack = max((reach + width + height) * 0x1p-44, 1e-200)
    let side = max(
      (width / Double(count)).squareRoot() * height.squareRoot(), max(width, height) / 4000,
      slack * 1024, leastSide)
    scale = Double(1 << CellGrid.fineBits) / side
    columns = Int(width / side) + 3
    rows = Int(height / side) + 3
    originX = box.minX - side
    originY = box.minY - side
    lastX = Double(columns << CellGrid.fineBits) - 1
    lastY = Double(rows << CellGrid.fineBits) - 1
  }

  @inline(__always)
  func fineX(_ x: Double) -> Int { CellGrid.fine((x - originX) * scale, last: lastX) }

  @inline(__always)
  func fineY(_ y: Double) -> Int { CellGrid.fine((y - originY) * scale, last: lastY) }

  /// Points outside the box, and what is no number, come to lie in the empty cells all round: the
  /// order of the arguments is what sends a NaN there.
  ///
  /// Rounded down by adding 2⁵² − ½, after which the lowest bits are the whole number; one that is
  /// whole already may be taken for the one below, which is on the same border. Like `Int(_:)` it never
  /// falls as the coordinate grows, and it has nothing to check.
  @inline(__always)
  private static func fine(_ value: Double, last: Double) -> Int {
    let number = max(0.5, min(last, value)) + (0x1p52 - 0.5)
    return Int(truncatingIfNeeded: number.bitPattern &- (0x1p52).bitPattern)
  }

  @inline(__always)
  func borderX(_ fine: Int) -> Double { originX + Double(fine) / scale }

  @inline(__always)
  func borderY(_ fine: Int) -> Double { originY + Double(fine) / scale }

  /// Left of and below every point of the cell that begins with these fine numbers, and nearer to
  /// it than ``slack``.
  @inline(__always)
  func corner(_ fineX: Int, _ fineY: Int) -> GridPoint {
    GridPoint(x: borderX(fineX) - slack / 16, y: borderY(fineY) - slack / 16)
  }
}

/// A block of equal cells within a ``CellGrid``: all of it, or the parts of one cell.
struct CellBlock {
  let fineX: Int
  let fineY: Int
  /// A cell is 2^`shift` fine cells wide.
  let shift: Int
  let columns: Int
  let rows: Int

  /// Calls with the number of every cell that the edge passes through or comes near to, and of few
  /// others. Rows first: number = row · columns + column.
  @inline(__always)
  func forEachCell(
    on grid: CellGrid, from a: GridPoint, to b: GridPoint, _ body: (Int) -> Void
  ) {
    let slack = grid.slack
    @inline(__always) func column(_ x: Double) -> Int { (grid.fineX(x) - fineX) >> shift }
    @inline(__always) func row(_ y: Double) -> Int { (grid.fineY(y) - fineY) >> shift }
    let (low, high) = a.y <= b.y ? (a, b) : (b, a)
    let (left, right) = (min(a.x, b.x), max(a.x, b.x))
    let firstRow = max(row(low.y - slack), 0)
    let lastRow = min(row(high.y + slack), rows - 1)
    let firstColumn = max(column(left - slack), 0)
    let lastColumn = min(column(right + slack), columns - 1)
    guard firstRow <= lastRow, firstColumn <= lastColumn else { return }
    if firstRow == lastRow || firstColumn == lastColumn {
      for row in firstRow...lastRow {
        for column in firstColumn...lastColumn { body(row * columns + column) }
      }
      return
    }
    let perMetre = (high.x - low.x) / (high.y - low.y)
    for row in firstRow...lastRow {
      let bottom = grid.borderY(fineY + row << shift) - slack
      let top = grid.borderY(fineY + (row + 1) << shift) + slack
      let from = bottom <= low.y ? low.x : low.x + (bottom - low.y) * perMetre
      let to = top >= high.y ? high.x : low.x + (top - low.y) * perMetre
      let first = max(column(min(from, to) - slack), firstColumn)
      let last = min(column(max(from, to) + slack), lastColumn)
      if first <= last { for column in first...last { body(row * columns + column) } }
    }
  }
}
