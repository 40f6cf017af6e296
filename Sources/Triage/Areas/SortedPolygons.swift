/// The polygons that hold a reference point while it moves from cell to cell, in ascending order.
/// Nearly always none, one or two.
struct SortedPolygons {
  private(set) var items: [Int32] = []

  /// In, if it was out; out, if it was in.
  mutating func toggle(_ polygon: Int32) {
    var (low, high) = (0, items.count)
    while low < high {
      let middle = (low + high) / 2
      if items[middle] < polygon { low = middle + 1 } else { high = middle }
    }
    if low < items.count, items[low] == polygon {
      items.remove(at: low)
    } else {
      items.insert(polygon, at: low)
    }
  }

  mutating func become(_ other: SortedPolygons) {
    items.removeAll(keepingCapacity: true)
    items.append(contentsOf: other.items)
  }

  mutating func empty() { items.removeAll(keepingCapacity: true) }
}
