/// Answers "which areas hold this point", exactly: points on an edge or a vertex are inside.
///
/// Method: true-hit filtering. A grid lies over all areas, its cells refined where edges are dense
/// (``CellBuilder``). Nearly every cell is crossed by no edge and knows the areas that cover it
/// whole: a look-up there is one load from memory, or one more for each refinement. A cell on a
/// boundary keeps the few edges that pass through it and, for each polygon that they belong to,
/// whether a reference point at the cell's corner lies inside; the look-up counts the edges between
/// that corner and the point (``AreaCells``). A border that two areas share is kept once and counts
/// for both. Near an edge the exact ``orientation`` decides, so the answer is that of even-odd
/// arithmetic without rounding.
///
/// With n edges, building and memory are about O(n) for boundaries as people draw them, some 200 ns and
/// 30 bytes a vertex. Whatever the shapes, cells are made larger and division ends before more than a
/// fixed number of entries an edge is made (``CellBuilder``), so memory is O(n) at worst; what is paid
/// for hostile shapes is time. A look-up takes O(depth + edges of one cell), both small for boundaries as
/// people draw them and O(n) at worst, without allocation or reference counting. Papers: A. Kipf et al., "Adaptive Main-Memory Indexing for
/// High-Performance Point-Polygon Joins", EDBT 2020 (cells that are true hits); J. R. Shewchuk,
/// "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates", 1997;
/// H. Edelsbrunner and E. P. Mücke, "Simulation of Simplicity", ACM Transactions on Graphics 9
/// (1990), for vertices on the way; the y-stripes of tidwall's `tg` came before it and lost
/// (docs/decisions/0009-area-index.md).
///
/// A value without references to anything that changes: every loop may hold a copy.
package struct AreaIndex: Sendable {
  /// In the stated order: where areas overlap, the first one owns what lies in both. An area holds
  /// what any of its polygons holds, also where an admin has let two of them overlap.
  package let areas: [PilotArea]
  /// The box round all areas; ``Box/nothing`` where there are none.
  package let box: Box
  let cells: AreaCells

  /// A ring with a coordinate that is no number, or is beyond ±10¹⁰⁰, encloses nothing; nor does a
  /// polygon whose outer ring is such a one.
  package init(_ areas: [PilotArea]) { self.init(areas, tuning: .init()) }

  init(_ areas: [PilotArea], tuning: CellBuilder.Tuning) {
    self.areas = areas
    let outlines = Outlines(areas)
    box = outlines.box
    var builder = CellBuilder(outlines, tuning: tuning)
    cells = builder.build()
  }

  /// Bytes that the index takes, beyond the areas' own coordinates.
  package var byteCount: Int { cells.byteCount }

  /// The position in ``areas`` of the first area that holds the point.
  @inline(__always)
  package func firstPosition(holding point: GridPoint) -> Int? {
    let found = cells.first(point.x, point.y)
    return found < 0 ? nil : Int(found)
  }

  /// For each of the points the position of the first area that holds it, or −1.
  ///
  /// Faster than one by one where the index is larger than the processor's cache.
  /// - Precondition: there is room for as many answers as there are points.
  package func firstPositions(
    of points: UnsafeBufferPointer<GridPoint>, into positions: UnsafeMutableBufferPointer<Int32>
  ) {
    precondition(positions.count >= points.count)
    cells.first(points, positions)
  }

  /// For each of the points the position of the first area that holds it, or −1.
  package func firstPositions(of points: [GridPoint]) -> [Int32] {
    [Int32](unsafeUninitializedCapacity: points.count) { positions, count in
      points.withUnsafeBufferPointer { cells.first($0, positions) }
      count = points.count
    }
  }

  /// Positions in ``areas`` of all areas that hold the point, in the stated order.
  package func positions(holding point: GridPoint) -> [Int] {
    var positions: [Int] = []
    cells.forEach(holding: point.x, point.y) { positions.append(Int($0)) }
    guard positions.count > 1 else { return positions }
    positions.sort()
    var last = -1
    positions.removeAll { position in
      defer { last = position }
      return position == last
    }
    return positions
  }

  package func areas(holding point: GridPoint) -> [PilotArea] {
    positions(holding: point).map { areas[$0] }
  }
}
