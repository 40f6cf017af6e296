import Foundation

/// The cells of an ``AreaIndex`` in flat memory that never changes once it is built.
///
/// A cell is one word of 32 bits. Its two lowest bits say what the others are:
/// - 0: one area covers the cell, its position + 1; or 0, none does, and no edge is near;
/// - 1: parts: the cell is divided, 2^(three bits) each way; the first part stands at four times the rest;
/// - 2: boundary: where in `leaves` its edges are (``LeafHeader``), in units of 8 bytes;
/// - 3: several: which of `covers` names the first of the areas that cover it.
///
/// A class for its memory's sake alone, which is freed with the last copy of the index. Nothing is ever
/// written after it is made, so every thread may read: that is what the compiler cannot see of a pointer.
final class AreaCells: @unchecked Sendable {
  enum Tag {
    static let area: UInt32 = 0
    static let parts: UInt32 = 1
    static let leaf: UInt32 = 2
    static let covers: UInt32 = 3
  }

  /// An area that covers a cell, and the next one that does, or −1. `least` is the smallest position
  /// from here on.
  struct Cover {
    let area: Int32
    let next: Int32
    let least: Int32
  }

  let grid: CellGrid
  private let words: UnsafePointer<UInt32>
  private let leaves: UnsafePointer<UInt64>
  private let covers: UnsafePointer<Cover>
  let byteCount: Int

  /// Takes the memory over.
  init(
    _ grid: CellGrid, _ words: inout GrowingMemory<UInt32>, _ leaves: inout GrowingMemory<UInt64>,
    _ covers: inout GrowingMemory<Cover>
  ) {
    self.grid = grid
    byteCount =
      words.count * MemoryLayout<UInt32>.stride + leaves.count * MemoryLayout<UInt64>.stride
      + covers.count * MemoryLayout<Cover>.stride
    self.words = words.taken()
    self.leaves = leaves.taken()
    self.covers = covers.taken()
  }

  deinit {
    free(UnsafeMutablePointer(mutating: words))
    free(UnsafeMutablePointer(mutating: leaves))
    free(UnsafeMutablePointer(mutating: covers))
  }

  /// The first area that holds the point, or −1.
  @inline(__always)
  func first(_ x: Double, _ y: Double) -> Int32 {
    let (fineX, fineY) = (grid.fineX(x), grid.fineY(y))
    let word = topWord(fineX, fineY)
    if word & 3 == Tag.area { return Int32(truncatingIfNeeded: word >> 2) &- 1 }
    return first(in: word, fineX, fineY, x, y)
  }

  @inline(__always)
  private func topWord(_ fineX: Int, _ fineY: Int) -> UInt32 {
    words[(fineY >> CellGrid.fineBits) &* grid.columns &+ (fineX >> CellGrid.fineBits)]
  }

  /// The word of the smallest cell: never one that is divided.
  @inline(__always)
  private func smallest(_ top: UInt32, _ fineX: Int, _ fineY: Int) -> UInt32 {
    var word = top
    var shift = CellGrid.fineBits
    while word & 3 == Tag.parts {
      let bits = Int((word >> 2) & 7)
      shift &-= bits
      let mask = 1 &<< bits &- 1
      let part = ((fineY &>> shift) & mask) &<< bits | ((fineX &>> shift) & mask)
      word = words[Int(word >> 5) &* 4 &+ part]
    }
    return word
  }

  @inline(never)
  private func first(
    in top: UInt32, _ fineX: Int, _ fineY: Int, _ x: Double, _ y: Double
  ) -> Int32 {
    settled(smallest(top, fineX, fineY), x, y)
  }

  /// What a word says that is not divided any further.
  @inline(__always)
  private func settled(_ word: UInt32, _ x: Double, _ y: Double) -> Int32 {
    switch word & 3 {
    case Tag.area: return Int32(truncatingIfNeeded: word >> 2) &- 1
    case Tag.leaf:
      var leaf = Leaf(leaves + Int(word >> 2))
      while true {
        let held = leaf.slots(holding: x, y)
        let least = leaf.firstCover
        if held != 0 { return min(leaf.area(held.trailingZeroBitCount), least) }
        if leaf.isLast { return least == Int32.max ? -1 : least }
        leaf = leaf.next
      }
    default: return covers[Int(word >> 2)].least
    }
  }

  /// Blocks of points, each taken in steps: the words and the first lines of the boundaries of all
  /// of them are on their way from memory before the first is looked into.
  func first(
    _ points: UnsafeBufferPointer<GridPoint>, _ positions: UnsafeMutableBufferPointer<Int32>
  ) {
    let block = 64
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: block) { found in
      var start = 0
      var sum: UInt64 = 0
      while start < points.count {
        let count = min(block, points.count - start)
        for at in 0..<count {
          let point = points[start &+ at]
          found[at] = topWord(grid.fineX(point.x), grid.fineY(point.y))
        }
        for at in 0..<count where found[at] & 3 == Tag.parts {
          let point = points[start &+ at]
          found[at] = smallest(found[at], grid.fineX(point.x), grid.fineY(point.y))
        }
        for at in 0..<count {
          let isLeaf = found[at] & 3 == Tag.leaf
          let place = isLeaf ? Int(found[at] >> 2) : 0
          sum = sum | leaves[place]
        }
        for at in 0..<count {
          let point = points[start &+ at]
          positions[start &+ at] = settled(found[at], point.x, point.y)
        }
        start += count
      }
      // No leaf's header has all bits; the compiler does not know, and keeps the loads.
      if sum == .max, !points.isEmpty { positions[0] &+= 0 }
    }
  }

  /// Calls with every area that holds the point, in no order, some of them maybe twice.
  func forEach(holding x: Double, _ y: Double, _ body: (Int32) -> Void) {
    let (fineX, fineY) = (grid.fineX(x), grid.fineY(y))
    let word = smallest(topWord(fineX, fineY), fineX, fineY)
    switch word & 3 {
    case Tag.area: if word != 0 { body(Int32(truncatingIfNeeded: word >> 2) &- 1) }
    case Tag.leaf:
      var leaf = Leaf(leaves + Int(word >> 2))
      forEachCover(leaf.covers, body)
      while true {
        var held = leaf.slots(holding: x, y)
        while held != 0 {
          body(leaf.area(held.trailingZeroBitCount))
          held &= held &- 1
        }
        if leaf.isLast { break }
        leaf = leaf.next
      }
    default: forEachCover(Int32(truncatingIfNeeded: word >> 2), body)
    }
  }

  private func forEachCover(_ first: Int32, _ body: (Int32) -> Void) {
    var at = first
    while at >= 0 {
      body(covers[Int(at)].area)
      at = covers[Int(at)].next
    }
  }

  /// Calls with every boundary cell that touches the box.
  func forEachLeaf(in box: Box, _ body: (Leaf) -> Void) {
    let (lowX, highX) = (grid.fineX(box.minX), grid.fineX(box.maxX))
    let (lowY, highY) = (grid.fineY(box.minY), grid.fineY(box.maxY))
    func visit(_ word: UInt32, _ fineX: Int, _ fineY: Int, _ shift: Int) {
      if word & 3 == Tag.leaf { return body(Leaf(leaves + Int(word >> 2))) }
      guard word & 3 == Tag.parts else { return }
      let bits = Int((word >> 2) & 7)
      let inner = shift - bits
      let last = 1 << bits - 1
      let columns = max(0, (lowX - fineX) >> inner)...min(last, (highX - fineX) >> inner)
      let rows = max(0, (lowY - fineY) >> inner)...min(last, (highY - fineY) >> inner)
      for row in rows {
        for column in columns {
          visit(
            words[Int(word >> 5) * 4 + row << bits + column], fineX + column << inner,
            fineY + row << inner, inner)
        }
      }
    }
    let shift = CellGrid.fineBits
    for row in lowY >> shift...highY >> shift {
      for column in lowX >> shift...highX >> shift {
        visit(words[row * grid.columns + column], column << shift, row << shift, shift)
      }
    }
  }
}
