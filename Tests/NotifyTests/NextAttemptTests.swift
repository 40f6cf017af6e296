import Foundation
import Notify
import Testing

@Suite struct NextAttemptTests {
  private let created = Date(timeIntervalSince1970: 1_795_250_000)

  private func pause(
    _ attempts: Int, at now: Date? = nil, retryAfter: Double? = nil, random: Double = 0.5
  ) -> Double? {
    let now = now ?? created
    return nextAttempt(
      after: attempts, created: created, now: now, retryAfter: retryAfter,
      settings: RetrySettings(), random: random
    )?.timeIntervalSince(now)
  }

  @Test("Pauses double from five minutes to four hours, however many attempts there were")
  func doubling() {
    let minutes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 1000, Int.max].map { pause($0)! / 60 }
    #expect(minutes == [5, 5, 10, 20, 40, 80, 160, 240, 240, 240, 240])
  }

  @Test("Chance makes a pause up to a fifth shorter or longer")
  func jitter() {
    #expect(abs(pause(1, random: 0)! - 240) < 0.001)
    #expect(abs(pause(1, random: 0.999_999)! - 360) < 0.001)
  }

  @Test("The other side's wish is kept when it is longer")
  func retryAfter() {
    #expect(pause(1, retryAfter: 3600) == 3600)
    #expect(pause(1, retryAfter: 1) == 300)
  }

  @Test("After five days there is no other attempt")
  func lifetime() {
    let day = 86_400.0
    #expect(pause(30, at: created + 5 * day - 14_400) == 14_400)
    #expect(pause(30, at: created + 5 * day - 14_399) == nil)
    #expect(pause(1, retryAfter: 6 * day) == nil)
  }

  @Test("What was hardly tried yet is tried again, however old it is")
  func oldAndUntried() {
    let later = created + 9 * 86_400
    #expect(pause(1, at: later) == 300)
    #expect(pause(4, at: later) != nil)
    #expect(pause(5, at: later) == nil)
  }
}
