import Foundation
import Logging
import Testing

@testable import triaged

@Suite("The watchdog")
struct WatchdogTests {
  @Test("It is silent while a loop hangs, says so once, and goes on when that comes round")
  func hanging() async throws {
    let folder = try TemporaryFolder()
    let socket = try NotifySocket(folder.path + "/notify")
    let manager = ServiceManager(
      environment: [
        "NOTIFY_SOCKET": folder.path + "/notify", "WATCHDOG_USEC": "40000",
      ], process: 1)
    let journal = RecordedJournal()
    let pulses = LoopPulses()
    let watchdog = Watchdog(
      manager: manager, pulses: pulses, logger: Logger(label: "test") { _ in journal.handler })
    #expect(watchdog.every == .milliseconds(10))
    pulses.begins("poll", most: .zero, at: SuspendingClock.now - .seconds(1))
    let task = Task { try await watchdog.run() }
    var heard: [String] = []
    func hear(until condition: ([String]) -> Bool) async {
      let deadline = ContinuousClock.now + .seconds(30)
      while !condition(heard), ContinuousClock.now < deadline {
        await Task.yield()
        heard += socket.heard()
      }
    }
    await hear { !$0.isEmpty }
    #expect(heard == ["STATUS=A loop hangs: poll."])
    pulses.ends("poll")
    await hear { $0.count >= 3 }
    #expect(heard.dropFirst().allSatisfy { $0 == "WATCHDOG=1" })
    task.cancel()
    try? await task.value
    let lines = journal.lines.filter { $0.contains("loop") }
    #expect(lines.count == 2, "\(lines)")
  }
}
