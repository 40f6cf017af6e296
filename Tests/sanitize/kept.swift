/// What lives to the end, and of which LeakSanitizer tells all the same: kept weak | regex
///
/// `weak` was referred to weakly, `regex` is a constant.
@main
struct Kept {
  nonisolated(unsafe) private static var nodes: [Node] = []
  nonisolated(unsafe) private static let mark = /\[\[([a-z0-9_.*A-Z]+)\]\]/

  static func main() {
    for _ in 1...5 {
      if CommandLine.arguments.dropFirst().first == "weak" {
        nodes.append(Node())
        look(at: nodes[nodes.count - 1])
      } else {
        print("[[a.b]]".matches(of: mark).count)
      }
    }
    print(nodes.count)
  }

  @inline(never)
  private static func look(at node: Node) {
    weak let weakly = node
    if weakly == nil { print("never") }
  }
}

final class Node {}
