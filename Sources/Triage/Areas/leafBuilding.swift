extension CellBuilder {
  /// Puts an edge's polygons on ``slots``, which are then to be settled.
  @inline(__always)
  mutating func addSlots(_ record: Record) {
    if !isAmongLast(record.first) { slots.append(record.first) }
    if record.second >= 0, !isAmongLast(record.second) { slots.append(record.second) }
  }

  /// The next edge nearly always has the same polygon, or the same two.
  @inline(__always)
  private func isAmongLast(_ polygon: Int32) -> Bool {
    let count = slots.count
    return (count > 0 && slots[count - 1] == polygon) || (count > 1 && slots[count - 2] == polygon)
  }

  /// Ascending, and each once.
  mutating func settleSlots() {
    if slots.count <= 1 { return }
    if slots.count == 2 {
      if slots[0] > slots[1] { slots.swapAt(0, 1) }
      if slots[0] == slots[1] { slots.removeLast() }
      return
    }
    slots.sort()
    var count = 1
    for at in 1..<slots.count where slots[at] != slots[count - 1] {
      slots[count] = slots[at]
      count += 1
    }
    slots.removeLast(slots.count - count)
  }

  /// A cell that is not divided any further (``Leaf`` says how it is laid out).
  /// - Parameter reference: the cell's reference point.
  mutating func leaf(
    _ list: Range<Int>, _ reference: GridPoint, _ inside: SortedPolygons, covers: Int32
  ) -> UInt32 {
    kept.count = 0
    slots.removeAll(keepingCapacity: true)
    for at in list {
      let record = records[at]
      let (a, b) = points(record)
      if let mark = marks(a, b, reference) {
        kept.append(Kept(record: record, mark: mark))
        addSlots(record)
      }
    }
    settleSlots()
    var covers = covers
    for polygon in inside.items where !slots.contains(sorted: polygon) {
      covers = addCover(outlines.owners[Int(polygon)], to: covers)
    }
    if kept.count == 0 { return coverWord(covers) }
    let word = UInt32(leaves.count) << 2 | AreaCells.Tag.leaf
    var start = 0
    while start < slots.count {
      let end = min(start + Leaf.slotLimit, slots.count)
      addBlock(slots[start..<end], inside, covers, isLast: end == slots.count)
      start = end
    }
    return word
  }

  private mutating func addBlock(
    _ group: ArraySlice<Int32>, _ inside: SortedPolygons, _ covers: Int32, isLast: Bool
  ) {
    let header = leaves.count
    let least = covers < 0 ? Int32.max : self.covers[Int(covers)].least
    leaves.append(0)
    leaves.append(UInt64(UInt32(bitPattern: covers)) << 32 | UInt64(UInt32(bitPattern: least)))
    var state: UInt64 = 0
    var pair: UInt64 = 0
    for (at, polygon) in group.enumerated() {
      if inside.items.contains(sorted: polygon) { state |= 1 << UInt64(at) }
      pair |= UInt64(UInt32(bitPattern: outlines.owners[Int(polygon)])) << UInt64(at % 2 * 32)
      if at % 2 == 1 || at == group.count - 1 {
        leaves.append(pair)
        pair = 0
      }
    }

    func bit(_ polygon: Int32) -> UInt64 {
      for at in group.indices where group[at] == polygon {
        return 1 << UInt64(at - group.startIndex)
      }
      return 0
    }
    // Marks first, then vertices: two rounds over the same edges.
    var count = 0
    var last: GridPoint?
    for at in 0..<kept.count {
      let (record, mark) = (kept[at].record, kept[at].mark)
      let owners = bit(record.first) | (record.second >= 0 ? bit(record.second) : 0)
      if owners == 0 { continue }
      let (a, b) = points(record)
      let marks = UInt64(mark) | owners | (last == a ? 0 : UInt64(Leaf.Mark.start))
      pair |= marks << UInt64(count % 4 * 16)
      count += 1
      if count % 4 == 0 {
        leaves.append(pair)
        pair = 0
      }
      last = b
    }
    if count % 4 != 0 { leaves.append(pair) }
    last = nil
    for at in 0..<kept.count {
      let record = kept[at].record
      if bit(record.first) == 0, record.second < 0 || bit(record.second) == 0 { continue }
      let (a, b) = points(record)
      if last != a {
        leaves.append(a.x.bitPattern)
        leaves.append(a.y.bitPattern)
      }
      leaves.append(b.x.bitPattern)
      leaves.append(b.y.bitPattern)
      last = b
    }
    let more = isLast ? 0 : UInt64(Leaf.more)
    leaves[header] =
      UInt64(count) | (UInt64(group.count) | more) << 32 | state << 48
  }

  // MARK: Areas that cover a cell whole

  mutating func addCovers(_ polygons: [Int32], to first: Int32) -> Int32 {
    var first = first
    for polygon in polygons { first = addCover(outlines.owners[Int(polygon)], to: first) }
    return first
  }

  /// An area in front of a list of them.
  private mutating func addCover(_ area: Int32, to first: Int32) -> Int32 {
    guard first >= 0 else { return only(area) }
    let head = covers[Int(first)]
    if head.area == area { return first }
    covers.append(.init(area: area, next: first, least: min(area, head.least)))
    return Int32(covers.count - 1)
  }

  /// A list of one area: each such list is kept once, where it was made first.
  private mutating func only(_ area: Int32) -> Int32 {
    if singles.isEmpty {
      singles = [Int32](repeating: -1, count: Int(outlines.owners.last ?? 0) + 1)
    }
    if singles[Int(area)] < 0 {
      covers.append(.init(area: area, next: -1, least: area))
      singles[Int(area)] = Int32(covers.count - 1)
    }
    return singles[Int(area)]
  }

  /// The word of a cell without edges.
  mutating func wordOfCovers(_ polygons: [Int32], on first: Int32) -> UInt32 {
    let list = addCovers(polygons, to: first)
    return coverWord(list)
  }

  private func coverWord(_ first: Int32) -> UInt32 {
    guard first >= 0 else { return 0 }
    let head = covers[Int(first)]
    if head.next < 0 { return UInt32(head.area + 1) << 2 | AreaCells.Tag.area }
    return UInt32(first) << 2 | AreaCells.Tag.covers
  }
}
