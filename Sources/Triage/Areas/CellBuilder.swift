/// Makes the cells of an ``AreaIndex``: sorts edges into cells, divides cells that have many, and
/// carries the polygons that hold a cell's reference point along from cell to cell.
struct CellBuilder {
  /// An edge in a cell, and the polygons that it belongs to: two, where they share a border.
  struct Record {
    let edge: Int32
    let first: Int32
    var second: Int32 = -1
  }

  struct Kept {
    let record: Record
    var mark: UInt32
  }

  /// What was found to pay (docs/decisions/0009-area-index.md).
  struct Tuning {
    /// Cells that are not divided yet, for each edge; and how many at least and at most.
    var cellsPerEdge = 1.0
    var fewestCells = 4096
    var mostCells = 1_000_000
    /// A cell with more edges is divided.
    var edgesInLeaf = 12
  }

  let outlines: Outlines
  let grid: CellGrid
  let tuning: Tuning
  private var words = GrowingMemory<UInt32>()
  var leaves = GrowingMemory<UInt64>()
  var covers = GrowingMemory<AreaCells.Cover>()
  /// Lists of records of the cells that are being made, one behind the other.
  var records = GrowingMemory<Record>()
  private var ends = GrowingMemory<Int32>()
  /// The records that may still be made by dividing: hostile shapes make long lists, not endless ones.
  private var allowance: Int
  private var borders: SharedBorders
  /// The records of the leaf that is being made, with their marks.
  var kept = GrowingMemory<Kept>()
  var slots: [Int32] = []
  /// For each area the list in `covers` that names it alone, or −1.
  var singles: [Int32] = []

  init(_ outlines: Outlines, tuning: Tuning = .init()) {
    self.outlines = outlines
    self.tuning = tuning
    borders = SharedBorders(outlines)
    var count = max(
      tuning.fewestCells,
      min(tuning.mostCells, Int(Double(outlines.edgeCount) * tuning.cellsPerEdge)))
    let (box, edges) = (outlines.box, outlines.edgeCount)
    // Where areas lie over each other in hundreds, every cell has a long list of them.
    let depth = outlines.boxesArea / ((box.maxX - box.minX) * (box.maxY - box.minY))
    if depth > 8, depth.isFinite {
      count = max(64, min(count, Int(Double(min(8_000_000, 65_536 + 64 * edges)) / depth)))
    }
    // Hostile shapes have edges right across it in thousands: so many cells that each would be in
    // hundreds of them take more memory than they are worth.
    let most = 65_536 + min(64 * edges, 2_000_000 + 3 * edges)
    grid = CellGrid(
      over: box, count: count, leastSide: outlines.extent / Double(most - edges))
    allowance = 4096 + min(12 * edges, 4_000_000 + 4 * edges)
  }

  /// To be called once.
  mutating func build() -> AreaCells {
    let (columns, rows) = (grid.columns, grid.rows)
    words.append(copies: (columns * rows + 3) / 4 * 4, of: 0)
    if outlines.edgeCount > 0 { makeCells() }
    // Reading ahead may touch the first of each, so there is one.
    if leaves.count == 0 { leaves.append(0) }
    if covers.count == 0 { covers.append(.init(area: -1, next: -1, least: -1)) }
    records.free()
    ends.free()
    kept.free()
    return AreaCells(grid, &words, &leaves, &covers)
  }

  private mutating func makeCells() {
    let (columns, rows) = (grid.columns, grid.rows)
    let bits = CellGrid.fineBits
    let all = CellBlock(fineX: 0, fineY: 0, shift: bits, columns: columns, rows: rows)
    let (ends, entries) = outlines.sorted(into: all, on: grid)
    defer { entries.free() }
    leaves.reserve(outlines.edgeCount * 7 / 2)
    var inside = SortedPolygons()
    var start = 0
    for row in 0..<rows {
      inside.empty()
      var word: UInt32? = 0
      for column in 0..<columns {
        let cell = row * columns + column
        let end = Int(ends[cell])
        if start == end {
          if word == nil { word = wordOfCovers(inside.items, on: -1) }
          words[cell] = word!
          continue
        }
        records.count = 0
        borders.pair(
          UnsafeBufferPointer(start: entries.base! + start, count: end - start), into: &records)
        start = end
        let (fineX, fineY) = (column << bits, row << bits)
        let count = records.count
        words[cell] = place(0..<count, fineX, fineY, bits, inside, covers: -1)
        move(&inside, along: 0..<count, fineX, fineY, bits)
        word = nil
      }
    }
  }

  // MARK: Cells

  /// Makes one cell.
  /// - Parameters:
  ///   - list: its edges in ``records``.
  ///   - inside: polygons that hold its reference point, but for those that cover the cell that it is
  ///     a part of.
  ///   - covers: those.
  private mutating func place(
    _ list: Range<Int>, _ fineX: Int, _ fineY: Int, _ shift: Int, _ inside: SortedPolygons,
    covers: Int32
  ) -> UInt32 {
    if list.isEmpty { return wordOfCovers(inside.items, on: covers) }
    if list.count > tuning.edgesInLeaf,
      let word = divide(list, fineX, fineY, shift, inside, covers: covers)
    {
      return word
    }
    return leaf(list, grid.corner(fineX, fineY), inside, covers: covers)
  }

  /// `nil` where dividing would not pay.
  private mutating func divide(
    _ list: Range<Int>, _ fineX: Int, _ fineY: Int, _ shift: Int, _ inside: SortedPolygons,
    covers: Int32
  ) -> UInt32? {
    let count = list.count
    guard allowance > count else { return nil }
    let polygons = polygonCount(list)
    var bits = count <= 16 ? 1 : count <= 48 ? 2 : count <= 160 ? 3 : 4
    while bits > 1, polygons << (2 * bits) > 32 * count { bits -= 1 }
    let inner = shift - bits
    guard inner >= 0, Double(1 << inner) / grid.scale > 64 * grid.slack else { return nil }
    let parts = 1 << bits
    let block = CellBlock(fineX: fineX, fineY: fineY, shift: inner, columns: parts, rows: parts)

    // The parts' edges go on top of the stack; where each part's end, on top of another.
    let ends = self.ends.count
    defer { self.ends.count = ends }
    self.ends.append(copies: parts * parts, of: 0)
    for at in list {
      let (a, b) = points(records[at])
      block.forEachCell(on: grid, from: a, to: b) { self.ends[ends &+ $0] &+= 1 }
    }
    var most: Int32 = 0
    var total: Int32 = 0
    for part in ends..<ends + parts * parts {
      let size = self.ends[part]
      most = max(most, size)
      self.ends[part] = total
      total += size
    }
    // Edges that all meet in one place stay together however small the part.
    if Int(most) * 10 > count * 9, count <= 4 * tuning.edgesInLeaf { return nil }
    let top = records.count
    defer { records.count = top }
    allowance -= Int(total)
    records.extend(by: Int(total))
    for at in list {
      let record = records[at]
      let (a, b) = points(record)
      block.forEachCell(on: grid, from: a, to: b) { part in
        records[top &+ Int(self.ends[ends &+ part])] = record
        self.ends[ends &+ part] &+= 1
      }
    }

    // What covers all of this cell need not be carried along in it.
    slots.removeAll(keepingCapacity: true)
    for at in list { addSlots(records[at]) }
    settleSlots()
    var carried = SortedPolygons()
    var covering: [Int32] = []
    for polygon in inside.items {
      if slots.contains(sorted: polygon) {
        carried.toggle(polygon)
      } else {
        covering.append(polygon)
      }
    }
    let covers = addCovers(covering, to: covers)

    let base = words.count
    words.append(copies: parts * parts, of: 0)
    var here = SortedPolygons()
    var start = top
    for row in 0..<parts {
      here.become(carried)
      for column in 0..<parts {
        let part = row * parts + column
        let list = start..<top + Int(self.ends[ends + part])
        start = list.upperBound
        let (x, y) = (fineX + column << inner, fineY + row << inner)
        words[base + part] = place(list, x, y, inner, here, covers: covers)
        if column < parts - 1, !list.isEmpty { move(&here, along: list, x, y, inner) }
        if column == 0, row < parts - 1 { move(&carried, up: list, x, y, inner) }
      }
    }
    return UInt32(base / 4) << 5 | UInt32(bits) << 2 | AreaCells.Tag.parts
  }

  private func polygonCount(_ list: Range<Int>) -> Int {
    // Ascending by polygon but for the second ones: an upper bound is enough.
    var count = 0
    var last: Int32 = -1
    for at in list {
      if records[at].first != last { count += 1 }
      last = records[at].first
      if records[at].second >= 0, count == 1 { count = 2 }
    }
    return count
  }

  // MARK: From reference point to reference point

  /// To that of the next cell in the row, along their common level.
  private func move(
    _ inside: inout SortedPolygons, along list: Range<Int>, _ fineX: Int, _ fineY: Int, _ shift: Int
  ) {
    let from = grid.corner(fineX, fineY)
    let to = grid.corner(fineX + 1 << shift, fineY)
    for at in list {
      let (a, b) = points(records[at])
      guard crossesLevel(a, b, from.y), isRight(a, b, of: from), !isRight(a, b, of: to) else {
        continue
      }
      inside.toggle(records[at].first)
      if records[at].second >= 0 { inside.toggle(records[at].second) }
    }
  }

  /// To that of the next cell in the column.
  private func move(
    _ inside: inout SortedPolygons, up list: Range<Int>, _ fineX: Int, _ fineY: Int, _ shift: Int
  ) {
    let from = grid.corner(fineX, fineY)
    let to = grid.corner(fineX, fineY + 1 << shift)
    for at in list {
      let (a, b) = points(records[at])
      guard (a.x > from.x) != (b.x > from.x), !isBelow(a, b, from), isBelow(a, b, to) else {
        continue
      }
      inside.toggle(records[at].first)
      if records[at].second >= 0 { inside.toggle(records[at].second) }
    }
  }

  @inline(__always)
  func points(_ record: Record) -> (GridPoint, GridPoint) {
    (outlines.points[Int(record.edge)], outlines.points[Int(record.edge) + 1])
  }
}

extension Array where Element == Int32 {
  /// Whether a sorted list has the number.
  func contains(sorted number: Int32) -> Bool {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == number
  }
}
