import Foundation
import Logging
import Synchronization
import Testing

@testable import triaged

@Suite("Whether the loops go round")
struct LoopPulseTests {
  private let start = SuspendingClock.now

  @Test("A round hangs once it takes longer than it may, and no sooner")
  func round() {
    let pulses = LoopPulses()
    pulses.begins("poll", most: .seconds(600), at: start)
    #expect(pulses.hanging(at: start + .seconds(600)).isEmpty)
    #expect(pulses.hanging(at: start + .seconds(601)) == ["poll"])
  }

  @Test("A round of many steps may take as long as it likes while each step comes in time")
  func steps() {
    let pulses = LoopPulses()
    pulses.begins("deliver", most: .seconds(660), at: start)
    for step in 1...10 { pulses.steps("deliver", at: start + .seconds(600 * step)) }
    #expect(pulses.hanging(at: start + .seconds(6600)).isEmpty)
    #expect(pulses.hanging(at: start + .seconds(6661)) == ["deliver"])
  }

  @Test("A wait of an hour is no hang, and one that never ends is")
  func wait() {
    let pulses = LoopPulses()
    pulses.begins("retention", most: .seconds(600), at: start)
    pulses.waits("retention", for: .seconds(3600), at: start + .seconds(1))
    #expect(pulses.hanging(at: start + .seconds(3601)).isEmpty)
    // A step that is told late, by what a round has left behind, is no sign of life of one that waits.
    pulses.steps("retention", at: start + .seconds(3600))
    #expect(pulses.hanging(at: start + .seconds(3662)) == ["retention"])
  }

  @Test("One loop that hangs is told whatever the others do; one that is over is not expected back")
  func others() {
    let pulses = LoopPulses()
    pulses.begins("poll", most: .seconds(10), at: start)
    pulses.begins("deliver", most: .seconds(10), at: start)
    pulses.begins("desk", most: .seconds(10), at: start)
    pulses.ends("deliver")
    pulses.waits("desk", for: .seconds(20), at: start + .seconds(5))
    #expect(pulses.hanging(at: start + .seconds(12)) == ["poll"])
    pulses.begins("poll", most: .seconds(10), at: start + .seconds(12))
    #expect(pulses.hanging(at: start + .seconds(12)).isEmpty)
  }

  @Test("What reads a list, or waits until one is recorded, may take as long as a list")
  func waitsForLists() async throws {
    let instance = try Instance()
    let daemon = try await instance.daemon(RecordedJournal())
    let loops = try daemon.parts(started: .now, manager: .none).loops
    for name in [LoopName.poll, .areas, .areasTold, .retention] {
      let loop = try #require(loops.first { $0.name == name.rawValue })
      #expect(loop.longest >= longestPollStep, "\(name)")
    }
    await daemon.close()
  }

  @Test("A loop tells of its rounds, its waits and its end by itself")
  func loop() async throws {
    let failures = OwnFailures()
    let inRound = Mutex<[String]>([])
    let service = RepeatingService(
      name: "once", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      failures: failures,
      round: {
        inRound.withLock {
          $0 = failures.pulses.hanging(at: SuspendingClock.now + .seconds(31))
        }
        return .seconds(3600)
      }, longest: .seconds(30))
    let task = Task { try await service.run() }
    let deadline = ContinuousClock.now + .seconds(30)
    while !failures.hasComeRound("once"), ContinuousClock.now < deadline { await Task.yield() }
    #expect(inRound.withLock { $0 } == ["once"], "in its round it may take thirty seconds")
    while !failures.pulses.hanging(at: SuspendingClock.now + .seconds(100)).isEmpty,
      ContinuousClock.now < deadline
    {
      await Task.yield()
    }
    #expect(
      failures.pulses.hanging(at: SuspendingClock.now + .seconds(3600)).isEmpty,
      "it waits for an hour")
    #expect(failures.pulses.hanging(at: SuspendingClock.now + .seconds(3700)) == ["once"])
    task.cancel()
    try? await task.value
    #expect(failures.pulses.hanging(at: SuspendingClock.now + .seconds(9999)).isEmpty, "it is over")
  }
}
