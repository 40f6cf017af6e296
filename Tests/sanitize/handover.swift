import Foundation
import Synchronization

/// Ways to hand something from a thread to who waits for it, 20 times: handover late | early | lent | raced
///
/// `late` and `early` are by a continuation, which is resumed after or before it is awaited. `lent` is by a count of references:
/// who lent it writes to it when nobody else has it any more. These three are in order. `raced` is not: the thread writes to
/// it once more when it has handed it over.
@main
struct Handover {
  @MainActor
  static func main() async {
    let way = CommandLine.arguments.dropFirst().first ?? ""
    var sum = 0
    for number in 1...20 {
      switch way {
      case "late": sum += await late(number)
      case "early": sum += await early(number, again: false)
      case "raced": sum += await early(number, again: true)
      case "lent": sum += lend(number)
      default: exit(2)
      }
    }
    print(sum)
  }

  /// By a continuation that is awaited before the thread begins: who waits has the main actor until then.
  @MainActor
  private static func late(_ number: Int) async -> Int {
    let handed: Handed = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Handed, Never>) in
      Task { @MainActor in
        Thread.detachNewThread { continuation.resume(returning: Handed(box: Box(number))) }
      }
    }
    return handed.box.value
  }

  /// By a continuation that is resumed before its closure ends. The flag tells of it and puts nothing in order.
  private nonisolated static func early(_ number: Int, again: Bool) async -> Int {
    let resumed = Flag()
    let handed: Handed = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Handed, Never>) in
      Thread.detachNewThread {
        let handed = Handed(box: Box(number))
        continuation.resume(returning: handed)
        if again { handed.box.value += 1 }
        resumed.raised.store(true, ordering: .relaxed)
      }
      while !resumed.raised.load(ordering: .relaxed) { sched_yield() }
    }
    return handed.box.value
  }

  /// By a count of references.
  private nonisolated static func lend(_ number: Int) -> Int {
    var box = Box(number)
    let lent = Handed(box: box)
    Thread.detachNewThread { [lent] in
      if lent.box.value == 0 { print("never") }
    }
    _ = consume lent
    while !isKnownUniquelyReferenced(&box) { sched_yield() }
    box.value += 1
    return box.value
  }
}

/// What is handed over.
final class Box {
  var value: Int
  init(_ value: Int) { self.value = value }
}

/// A box that the compiler lets out of hand.
struct Handed: @unchecked Sendable { let box: Box }

final class Flag: Sendable { let raised = Atomic(false) }
