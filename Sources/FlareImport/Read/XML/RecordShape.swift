/// Which elements of an XML list are its rows, and which column holds what.
struct RecordShape {
  /// The column's heading is its path inside the row: `Location.Easting`, `@id`, `Address.@uprn`.
  private(set) var header: [String] = []
  /// By node: whether it is a row, and its column or -1.
  private(set) var isRow: [Bool]
  private(set) var column: [Int]

  /// - Parameter records: the name of the elements that are rows; `nil`: those that hold the most.
  init(_ tree: PathTree, records: String?) {
    let nodes = tree.nodes
    isRow = Array(repeating: false, count: nodes.count)
    column = Array(repeating: -1, count: nodes.count)
    if let records {
      for node in nodes.indices where !nodes[node].isAttribute && nodes[node].name == records {
        isRow[node] = node > 0
      }
    } else if let node = RecordShape.likeliest(nodes) {
      isRow[node] = true
    }
    name(nodes)
  }

  /// Gives each element with text of its own, and each attribute, of the rows a column.
  private mutating func name(_ nodes: [PathTree.Node]) {
    // Parents come before their children.
    var path = [String?](repeating: nil, count: nodes.count)
    var columns: [String: Int] = [:]
    for node in nodes.indices.dropFirst() {
      let this = nodes[node]
      let name = this.isAttribute ? "@" + this.name : this.name
      if let above = path[this.parent] {
        // A row inside a row is a part of it.
        isRow[node] = false
        path[node] = above.isEmpty ? name : above + "." + name
      } else if isRow[node] {
        path[node] = ""
      }
      guard let heading = path[node], this.hasText || !this.hasElements else { continue }
      if heading.isEmpty, !this.hasText { continue }
      let title = heading.isEmpty ? name : heading
      if columns[title] == nil, header.count < CSVReader.columnLimit {
        columns[title] = header.count
        header.append(title)
      }
      column[node] = columns[title] ?? -1
    }
  }

  /// The element that is a row: of those that come several times in one parent and hold others (or
  /// several attributes) the outermost, then the commonest. Where nothing is repeated, the outermost
  /// below the root that holds a value. An element around it that has more values itself than it holds
  /// in all is the row, and what was found a group inside it.
  private static func likeliest(_ nodes: [PathTree.Node]) -> Int? {
    let elements = nodes.indices.dropFirst().filter { !nodes[$0].isAttribute }
    // By node: its attributes, the values directly in it, all values in it, how deep it is.
    var attributes = [Int](repeating: 0, count: nodes.count)
    var values = attributes
    var all = attributes
    var depth = attributes
    for node in nodes.indices.dropFirst() {
      depth[node] = depth[nodes[node].parent] + 1
      if nodes[node].isAttribute { attributes[nodes[node].parent] += 1 }
    }
    for node in nodes.indices.dropFirst().reversed() {
      let isValue = nodes[node].isAttribute || !nodes[node].hasElements
      all[nodes[node].parent] += all[node] + (isValue ? 1 : 0)
      if isValue, !nodes[node].isAttribute { values[nodes[node].parent] += 1 }
    }
    func isGroup(_ node: Int) -> Bool { nodes[node].hasElements || attributes[node] >= 2 }
    func above(_ node: Int) -> [Int] {
      var path: [Int] = []
      var at = nodes[node].parent
      while at > 0 {
        path.append(at)
        at = nodes[at].parent
      }
      return path
    }
    let repeated = Set(
      elements.filter { depth[$0] > 1 && nodes[$0].mostTogether > 1 && isGroup($0) })
    let outermost = repeated.filter { !above($0).contains(where: repeated.contains) }
    let found =
      outermost.max { (nodes[$0].instances, -$0) < (nodes[$1].instances, -$1) }
      ?? elements.filter { depth[$0] > 1 && isGroup($0) && values[$0] + attributes[$0] > 0 }
      .min { (depth[$0], -values[$0], $0) < (depth[$1], -values[$1], $1) }
      ?? elements.first { values[$0] > 0 || attributes[$0] >= 2 }
    guard let found else { return nil }
    let richer = above(found).filter { values[$0] > all[found] }
    return richer.max { values[$0] < values[$1] } ?? found
  }
}
