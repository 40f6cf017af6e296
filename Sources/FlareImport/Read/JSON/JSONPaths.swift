/// The names of all cells of a list's records, as a tree of keys: "location.lat" is `lat` below
/// `location`, "attributes.0.value" goes through an array.
///
/// Records mostly have the same keys in the same order, so the key that is looked for is nearly
/// always the next one; a table finds the others. What a hostile list may fill is bounded.
struct JSONPaths {
  private struct Node {
    var parent: Int32
    var firstChild: Int32 = -1
    var lastChild: Int32 = -1
    var next: Int32 = -1
    var column: Int32 = -1
    var keyStart: Int32
    var keyCount: Int32
    var pathLength: Int32
  }

  /// The record itself.
  static let root: Int32 = 0
  static let none: Int32 = -1
  private static let mostNodes = 4 * CSVReader.columnLimit
  private static let longestPath: Int32 = 512

  private var nodes: [Node] = [Node(parent: -1, keyStart: 0, keyCount: 0, pathLength: 0)]
  private var keys: [UInt8] = []
  /// Open addressing over the nodes by parent and key; twice as many slots as nodes at least.
  private var slots: [Int32] = Array(repeating: -1, count: 256)
  private var columns: [Int32] = []

  /// Each column's path, in the order in which they were found.
  var header: [String] { columns.map(path) }
  var count: Int { columns.count }

  /// The key that came first below a node, for a guess at what comes.
  func first(below node: Int32) -> Int32 {
    node < 0 ? JSONPaths.none : nodes[Int(node)].firstChild
  }

  func next(behind node: Int32) -> Int32 {
    node < 0 ? JSONPaths.none : nodes[Int(node)].next
  }

  /// The node of a key below a node.
  /// - Parameters:
  ///   - guess: looked at first.
  ///   - adding: whether a new key may be taken in.
  /// - Returns: ``none`` for a key that is not known and not taken in.
  mutating func child(
    of parent: Int32, key: UnsafeBufferPointer<UInt8>, guess: Int32 = none, adding: Bool
  ) -> Int32 {
    if parent < 0 { return JSONPaths.none }
    if guess >= 0, has(guess, key) { return guess }
    var slot = hash(parent, key) & (slots.count - 1)
    while slots[slot] >= 0 {
      let node = slots[slot]
      if nodes[Int(node)].parent == parent, has(node, key) { return node }
      slot = (slot + 1) & (slots.count - 1)
    }
    let length = nodes[Int(parent)].pathLength + Int32(min(key.count, 1 << 20)) + 1
    guard adding, nodes.count < JSONPaths.mostNodes, length <= JSONPaths.longestPath else {
      return JSONPaths.none
    }
    return add(parent, key, length, slot)
  }

  /// The node of an array's element.
  mutating func child(of parent: Int32, index: Int, guess: Int32, adding: Bool) -> Int32 {
    var digits: (UInt8, UInt8, UInt8) = (0, 0, 0)
    return withUnsafeMutableBytes(of: &digits) { bytes in
      var count = 0
      for power in [100, 10, 1] where index >= power || power == 1 {
        bytes[count] = UInt8(truncatingIfNeeded: 0x30 + index / power % 10)
        count += 1
      }
      let key = UnsafeBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[..<count])
      return child(of: parent, key: key, guess: guess, adding: adding)
    }
  }

  /// The column of the cell at a node.
  /// - Returns: -1 where it has none.
  mutating func column(_ node: Int32, adding: Bool) -> Int {
    if node < 0 { return -1 }
    if adding, nodes[Int(node)].column < 0, columns.count < CSVReader.columnLimit {
      nodes[Int(node)].column = Int32(columns.count)
      columns.append(node)
    }
    return Int(nodes[Int(node)].column)
  }

  private mutating func add(
    _ parent: Int32, _ key: UnsafeBufferPointer<UInt8>, _ length: Int32, _ slot: Int
  ) -> Int32 {
    let node = Int32(nodes.count)
    nodes.append(
      Node(
        parent: parent, keyStart: Int32(keys.count), keyCount: Int32(key.count),
        pathLength: length))
    keys.append(contentsOf: key)
    let before = nodes[Int(parent)].lastChild
    if before >= 0 {
      nodes[Int(before)].next = node
    } else {
      nodes[Int(parent)].firstChild = node
    }
    nodes[Int(parent)].lastChild = node
    slots[slot] = node
    if nodes.count * 2 > slots.count { grow() }
    return node
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: 2 * slots.count)
    for node in nodes.indices.dropFirst() {
      let (parent, range) = (nodes[node].parent, keyRange(Int32(node)))
      var slot =
        keys.withUnsafeBufferPointer { hash(parent, UnsafeBufferPointer(rebasing: $0[range])) }
        & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(node)
    }
  }

  private func keyRange(_ node: Int32) -> Range<Int> {
    let start = Int(nodes[Int(node)].keyStart)
    return start..<(start + Int(nodes[Int(node)].keyCount))
  }

  private func has(_ node: Int32, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = Int(nodes[Int(node)].keyStart)
    guard Int(nodes[Int(node)].keyCount) == key.count else { return false }
    for at in 0..<key.count where keys[start + at] != key[at] { return false }
    return true
  }

  /// Seeded anew in each process, so that nobody can choose keys that all fall into one slot.
  private func hash(_ parent: Int32, _ key: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(parent)
    hasher.combine(bytes: UnsafeRawBufferPointer(key))
    return hasher.finalize() & Int.max
  }

  private func path(_ node: Int32) -> String {
    var parts: [String] = []
    var node = node
    while node > JSONPaths.root {
      parts.append(String(decoding: keys[keyRange(node)], as: UTF8.self))
      node = nodes[Int(node)].parent
    }
    return parts.reversed().joined(separator: ".")
  }
}
