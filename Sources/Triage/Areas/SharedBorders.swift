/// Finds the borders that two areas share, so that a cell has each of their edges once.
struct SharedBorders {
  typealias Record = CellBuilder.Record

  private let outlines: Outlines
  private var table: [Int32] = []

  init(_ outlines: Outlines) { self.outlines = outlines }

  /// Puts a cell's edges on the records; one that two polygons have, in either direction, once.
  mutating func pair(
    _ entries: UnsafeBufferPointer<Record>, into records: inout GrowingMemory<Record>
  ) {
    if entries[0].first == entries[entries.count - 1].first {
      for entry in entries { records.append(entry) }
    } else if entries.count <= 48 {
      pairFew(entries, into: &records)
    } else {
      pairMany(entries, into: &records)
    }
  }

  /// Looks among the others' edges. After one that is shared the next one nearly always is: it lies
  /// beside it, before or behind.
  private func pairFew(
    _ entries: UnsafeBufferPointer<Record>, into records: inout GrowingMemory<Record>
  ) {
    outlines.points.withUnsafeBufferPointer { points in
      var polygon: Int32 = -1
      var others = 0
      var guess = -1
      for entry in entries {
        if entry.first != polygon { (polygon, others, guess) = (entry.first, records.count, -1) }
        let (a, b) = (points[Int(entry.edge)], points[Int(entry.edge) + 1])
        /// 1 in the same direction, −1 in the other, 0 for another edge.
        @inline(__always) func direction(_ at: Int) -> Int {
          let record = records[at]
          if record.second >= 0 { return 0 }
          let (c, d) = (points[Int(record.edge)], points[Int(record.edge) + 1])
          return a == d && b == c ? -1 : a == c && b == d ? 1 : 0
        }
        var found = -1
        var turn = 0
        if guess >= 0, guess < others {
          turn = direction(guess)
          if turn != 0 { found = guess }
        }
        var at = 0
        while turn == 0, at < others {
          turn = direction(at)
          if turn != 0 { found = at }
          at += 1
        }
        if found < 0 {
          records.append(entry)
          continue
        }
        records[found].second = polygon
        guess = found + turn
      }
    }
  }

  /// By a hash table.
  private mutating func pairMany(
    _ entries: UnsafeBufferPointer<Record>, into records: inout GrowingMemory<Record>
  ) {
    var size = 8
    while size < 2 * entries.count { size *= 2 }
    if table.count < size { table = [Int32](repeating: -1, count: size) }
    for at in 0..<size { table[at] = -1 }
    outlines.points.withUnsafeBufferPointer { points in
      for entry in entries {
        let (a, b) = (points[Int(entry.edge)], points[Int(entry.edge) + 1])
        var hash = (a.x.bitPattern &+ b.x.bitPattern) &* 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ (a.y.bitPattern &+ b.y.bitPattern)) &* 0xBF58_476D_1CE4_E5B9
        var at = Int(truncatingIfNeeded: hash >> 32) & (size - 1)
        while true {
          let known = Int(table[at])
          if known < 0 {
            table[at] = Int32(records.count)
            records.append(entry)
            break
          }
          let record = records[known]
          if record.second < 0, record.first != entry.first {
            let (c, d) = (points[Int(record.edge)], points[Int(record.edge) + 1])
            if (a == d && b == c) || (a == c && b == d) {
              records[known].second = entry.first
              break
            }
          }
          at = (at + 1) & (size - 1)
        }
      }
    }
  }
}
