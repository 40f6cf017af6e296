import Foundation
import Testing

@testable import triaged

private let monday = WatchedFeed.monday

@Suite("When a feed is polled next")
struct TurnTests {
  @Test("After failures it is tried again less and less soon, up to the cadence")
  func backOff() {
    var turn = Turn()
    var waits: [Double] = []
    for _ in 0..<7 {
      turn.fail(at: monday, cadence: 1800, retryAfter: nil, random: 0.5)
      waits.append(turn.next.timeIntervalSince(monday))
    }
    #expect(waits == [60, 120, 240, 480, 960, 1800, 1800])
    turn.failures = 0
    turn.fail(at: monday, cadence: 2, retryAfter: nil, random: 0)
    #expect(turn.next == monday + 2)
  }

  @Test(
    "A server's wish postpones the next poll, for six hours at most",
    arguments: [(30.0, 60.0), (900.0, 900.0), (86_400.0, 21_600.0), (-5.0, 60.0)])
  func wish(_ retryAfter: Double, _ wait: Double) {
    var turn = Turn()
    turn.fail(at: monday, cadence: 600, retryAfter: retryAfter, random: 0.5)
    #expect(turn.next == monday + wait)
    #expect(!turn.isDue(monday + wait - 1) && turn.isDue(monday + wait))
    #expect(turn.isDue(monday - 1), "the clock went back")
  }
}
