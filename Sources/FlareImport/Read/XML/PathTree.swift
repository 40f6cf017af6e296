import Glibc

/// The elements and attributes of a list by their paths, each path once, in the order in which they
/// first came. Node 0 is the file; its children are the root elements.
final class PathTree {
  /// A file with more different paths, or a longer name, is no list.
  static let mostNodes = 65_536
  static let longestName = 256

  struct Node {
    var parent: Int
    var name: String
    var isAttribute: Bool
    /// How often it came, and the most often in one instance of its parent.
    var instances = 0
    var mostTogether = 0
    /// Whether an instance of it holds elements, or text that is no white space.
    var hasElements = false
    var hasText = false

    fileprivate var together = 0
    fileprivate var parentInstance = -1
    /// The child that came last, and the sibling that came behind this one: lists repeat themselves.
    fileprivate var lastChild = -1
    fileprivate var follower = -1
  }

  private struct Key: Hashable {
    var parent: Int
    var name: String
    var isAttribute: Bool
  }

  var nodes = [Node(parent: -1, name: "", isAttribute: false)]
  private var index: [Key: Int] = [:]

  /// The node of a child, if it was seen before.
  func find(_ name: XMLName, in parent: Int, isAttribute: Bool = false) -> Int? {
    let last = nodes[parent].lastChild
    if last >= 0 {
      let next = nodes[last].follower
      for guess in [next, last] where guess >= 0 {
        if nodes[guess].isAttribute == isAttribute, nodes[guess].name.isSame(name) {
          nodes[parent].lastChild = guess
          return guess
        }
      }
    }
    let key = Key(parent: parent, name: name.string, isAttribute: isAttribute)
    guard let found = index[key] else { return nil }
    if last >= 0 { nodes[last].follower = found }
    nodes[parent].lastChild = found
    return found
  }

  /// Counts one more instance of a child.
  /// - Returns: `nil` where the tree is full.
  func count(_ name: XMLName, in parent: Int, isAttribute: Bool = false) -> Int? {
    guard
      let node = find(name, in: parent, isAttribute: isAttribute) ?? add(name, parent, isAttribute)
    else { return nil }
    nodes[node].instances += 1
    if nodes[node].parentInstance != nodes[parent].instances {
      nodes[node].parentInstance = nodes[parent].instances
      nodes[node].together = 0
    }
    nodes[node].together += 1
    nodes[node].mostTogether = max(nodes[node].mostTogether, nodes[node].together)
    return node
  }

  private func add(_ name: XMLName, _ parent: Int, _ isAttribute: Bool) -> Int? {
    guard nodes.count < PathTree.mostNodes, strlen(name.pointer) <= PathTree.longestName else {
      return nil
    }
    let node = nodes.count
    nodes.append(Node(parent: parent, name: name.string, isAttribute: isAttribute))
    index[Key(parent: parent, name: name.string, isAttribute: isAttribute)] = node
    return node
  }
}

extension String {
  fileprivate func isSame(_ name: XMLName) -> Bool {
    withCString { strcmp($0, name.pointer) == 0 }
  }
}
