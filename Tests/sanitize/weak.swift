/// What lives to the end and was referred to weakly: LeakSanitizer tells of the 32 bytes in which that is counted.
@main
struct Weak {
  nonisolated(unsafe) private static var kept: [Node] = []

  static func main() {
    for _ in 1...5 {
      kept.append(Node())
      look(at: kept[kept.count - 1])
    }
    print(kept.count)
  }

  @inline(never)
  private static func look(at node: Node) {
    weak let weakly = node
    if weakly == nil { print("never") }
  }
}

final class Node {}
