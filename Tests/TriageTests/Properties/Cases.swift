import Foundation
import Testing
import Triage

/// How many cases a property is tried on: `TRIAGED_CASES`, or 2,000 in the short form of `make test`.
/// The first seed is `TRIAGED_SEED`, or 1 in the short form and any number in the slow one. Both are printed, and
/// each failure names its own seed: `TRIAGED_SEED=n TRIAGED_CASES=1` plays it again.
struct Cases {
  let count: Int
  let seed: UInt64

  init(_ property: String, times: Int = 1) {
    let environment = ProcessInfo.processInfo.environment
    let asked = environment["TRIAGED_CASES"].flatMap { Int($0) }
    count = (asked ?? 2000) * (asked == 1 ? 1 : times)
    seed =
      environment["TRIAGED_SEED"].flatMap { UInt64($0) }
      ?? (asked == nil ? 1 : .random(in: 0...(1 << 40)))
    print("\(property): \(count) cases from seed \(seed)")
  }

  /// Stops at the first case that breaks the property. The few threads that all tests share are given up after
  /// each case: others wait for a daemon or a server meanwhile.
  /// - Parameter body: gives what is wrong with a case, or `nil`.
  func check(_ body: (inout Seeded) -> String?) async {
    for number in 0..<count {
      await Task.yield()
      var random = Seeded(seed &+ UInt64(number))
      if let wrong = body(&random) {
        Issue.record("\(wrong) (TRIAGED_SEED=\(seed &+ UInt64(number)) TRIAGED_CASES=1)")
        return
      }
    }
  }
}

extension Seeded {
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  mutating func one<Value>(of values: [Value]) -> Value { values.randomElement(using: &self)! }
}
