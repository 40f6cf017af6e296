import Synchronization

/// Whether what is known has been judged since the start.
final class Judgements: Sendable {
  private let flag = Atomic<Bool>(false)

  var hasBegun: Bool { flag.load(ordering: .relaxed) }

  func begin() { flag.store(true, ordering: .relaxed) }
}
