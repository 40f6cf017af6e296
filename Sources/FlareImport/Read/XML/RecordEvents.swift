/// The second pass over an XML list: its rows. Pauses behind each.
final class RecordEvents: ListEvents {
  private(set) var row = RowBuffer()
  /// Whether the pause is one behind a row.
  override var hasRow: Bool { isRowReady }
  private var isRowReady = false

  private let tree: PathTree
  private let shape: RecordShape
  /// The elements around the present place, and where the text of each begins. -1 is an element that
  /// the first pass has not seen.
  private var open: [(node: Int, start: Int)] = []
  private var text: [UInt8] = []
  private var rowDepth = 0

  init(_ tree: PathTree, _ shape: RecordShape) {
    self.tree = tree
    self.shape = shape
  }

  override func beginDocument() {
    super.beginDocument()
    open.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    rowDepth = 0
  }

  /// To be called once a row has been read.
  func goOn() { isRowReady = false }

  override func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    let parent = open.isEmpty ? 0 : open[open.count - 1].node
    let node = parent < 0 ? -1 : tree.find(name, in: parent) ?? -1
    if rowDepth > 0, let last = open.last, text.count > last.start, text.last != 0x20 {
      // Two pieces of text with an element between them are two words.
      text.append(0x20)
    }
    open.append((node, text.count))
    guard node >= 0 else { return }
    if rowDepth == 0, shape.isRow[node] {
      rowDepth = depth
      row.clear()
    }
    guard rowDepth > 0 else { return }
    attributes.visit { name, value in
      guard let node = tree.find(name, in: node, isAttribute: true) else { return }
      row.join(CellText.trimmed(value), at: shape.column[node])
    }
  }

  override func end() {
    if let (node, start) = open.popLast(), rowDepth > 0 {
      if node >= 0, shape.column[node] >= 0 {
        text.withUnsafeBufferPointer {
          row.join(
            CellText.trimmed(UnsafeBufferPointer(rebasing: $0[start...])), at: shape.column[node])
        }
      }
      text.removeSubrange(start...)
      if depth < rowDepth { endRow() }
    }
    noteEnd()
  }

  private func endRow() {
    rowDepth = 0
    row.finish(width: shape.header.count)
    isRowReady = true
    pause()
  }

  override func text(_ piece: UnsafeBufferPointer<UInt8>) {
    guard rowDepth > 0, let last = open.last, last.node >= 0, shape.column[last.node] >= 0 else {
      return
    }
    if text.count + piece.count > CSVReader.rowLimit {
      row.putTooLong()
    } else {
      text.append(contentsOf: piece)
    }
  }
}
