extension Outlines {
  /// The edges of each cell of a block, in the order of the polygons, and where each cell's end in that
  /// list, which is the caller's to free.
  ///
  /// Counted first and then put in their places. Nearly every edge lies in one cell: which one is
  /// remembered from the counting.
  func sorted(
    into block: CellBlock, on grid: CellGrid
  ) -> (ends: [Int32], entries: GrowingMemory<CellBuilder.Record>) {
    var ends = [Int32](repeating: 0, count: block.columns * block.rows)
    var entries = GrowingMemory<CellBuilder.Record>()
    var cellOf = GrowingMemory<Int32>()
    let (none, several) = (Int32(-1), Int32(-2))
    cellOf.append(copies: points.count, of: none)
    defer { cellOf.free() }
    points.withUnsafeBufferPointer { points in
      ends.withUnsafeMutableBufferPointer { ends in
        for ring in rings {
          for edge in ring.edges where points[edge] != points[edge + 1] || ring.isDot {
            var cell = none
            block.forEachCell(on: grid, from: points[edge], to: points[edge + 1]) {
              ends[$0] &+= 1
              cell = cell == none ? Int32(truncatingIfNeeded: $0) : several
            }
            cellOf[edge] = cell
          }
        }
        var total: Int32 = 0
        for cell in 0..<ends.count {
          let count = ends[cell]
          ends[cell] = total
          total += count
        }
        entries.extend(by: Int(total))
        for ring in rings {
          for edge in ring.edges {
            let entry = CellBuilder.Record(edge: Int32(edge), first: ring.polygon)
            let cell = Int(cellOf[edge])
            if cell >= 0 {
              entries[Int(ends[cell])] = entry
              ends[cell] &+= 1
            } else if cell == several {
              block.forEachCell(on: grid, from: points[edge], to: points[edge + 1]) {
                entries[Int(ends[$0])] = entry
                ends[$0] &+= 1
              }
            }
          }
        }
      }
    }
    return (ends, entries)
  }
}
