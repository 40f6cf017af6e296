import Foundation
import Testing
import Triage

@Suite("Whether the clock is to be believed")
struct ClockTrustTests {
  private let start = Date(timeIntervalSince1970: 1_795_428_000)
  private let hour = 3600.0
  private let day = 86_400.0

  private func machine(_ seconds: Double, _ boot: String = "one") -> MachineTime {
    MachineTime(seconds: seconds, boot: boot)
  }

  @Test("A clock that is set two years ahead is believed after an hour, and told once")
  func ahead() {
    var trust = ClockTrust(now: start, machine: machine(1000))
    let ahead = start + 730 * day
    #expect(trust.look(now: ahead + 20, machine: machine(1020)) == .jumped(730 * day))
    for at in stride(from: 40.0, through: 3600, by: 20) {
      #expect(trust.look(now: ahead + at, machine: machine(1000 + at)) == nil)
      #expect(!trust.isTrusted)
    }
    #expect(trust.look(now: ahead + 3620, machine: machine(4620)) == .stayed)
    #expect(trust.isTrusted)
  }

  @Test("Put right within the hour it is believed at once; an hour's step is no matter")
  func right() {
    var trust = ClockTrust(now: start, machine: machine(0))
    _ = trust.look(now: start + 9 * day, machine: machine(20))
    #expect(trust.look(now: start + 3000, machine: machine(3000)) == .right)
    #expect(trust.isTrusted)
    #expect(trust.look(now: start + 3600 + 3020, machine: machine(3020)) == nil)
    #expect(trust.isTrusted)
    #expect(trust.look(now: start - 9 * day, machine: machine(3040)) == nil, "back")
    #expect(trust.isTrusted)
  }

  @Test("A clock that goes on jumping is not believed, however long")
  func restless() {
    var trust = ClockTrust(now: start, machine: machine(0))
    for at in 1...100 {
      _ = trust.look(now: start + Double(at) * 30 * day, machine: machine(Double(at) * 1800))
      #expect(!trust.isTrusted)
    }
  }

  @Test("Steps of less than an hour do not add up")
  func small() {
    var trust = ClockTrust(now: start, machine: machine(0))
    for at in 1...3 {
      _ = trust.look(now: start + Double(at) * 1500, machine: machine(Double(at) * 20))
    }
    #expect(!trust.isTrusted)
  }

  @Test("While the machine was off 35 days may have gone by; more than that waits for an hour")
  func off() {
    var trust = ClockTrust(now: start, machine: machine(50_000))
    #expect(trust.look(now: start + 34 * day, machine: machine(10, "two")) == nil)
    #expect(trust.isTrusted)
    let news = trust.look(now: start + 34 * day + 36 * day, machine: machine(10, "three"))
    guard case .jumped = news else {
      Issue.record("not told")
      return
    }
    #expect(!trust.isTrusted)
    // Another start of the machine within that hour does not make it right.
    #expect(trust.look(now: start + 70 * day + 60, machine: machine(10, "four")) == nil)
    #expect(!trust.isTrusted)
    #expect(trust.look(now: start + 70 * day + 3660, machine: machine(3610, "four")) == .stayed)
  }
}
