/// The first pass over an XML list: which paths it has.
final class SurveyEvents: ListEvents {
  let tree = PathTree()
  private var open = [0]

  override func beginDocument() {
    super.beginDocument()
    open = [0]
  }

  override func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    let parent = open.last ?? 0
    tree.nodes[parent].hasElements = true
    guard let node = tree.count(name, in: parent) else { return refuse() }
    open.append(node)
    attributes.visit { name, _ in
      if tree.count(name, in: node, isAttribute: true) == nil { refuse() }
    }
  }

  override func end() {
    if open.count > 1 { open.removeLast() }
    noteEnd()
  }

  override func text(_ text: UnsafeBufferPointer<UInt8>) {
    let node = open.last ?? 0
    if !tree.nodes[node].hasText, !text.allSatisfy({ $0 <= 0x20 }) {
      tree.nodes[node].hasText = true
    }
  }

  private func refuse() {
    halt(
      .noList(
        "It has more than \(PathTree.mostNodes) different elements, or one with a name of more than \(PathTree.longestName) letters, as no list has."
      ))
  }
}
