import Foundation
import Storage
import TestSeeds
import Testing
import Triage

@testable import triaged

@Suite("Leases by a clock that goes anywhere")
struct LeaseClockTests {
  private let start = Counter.now
  private let hour = 3600.0
  private let day = 86_400.0

  /// The machine as it is: the time that nobody can change, and what its clocks show.
  private struct Machine {
    var now: Date
    var error = 0.0
    /// Since when the clock is wrong without a break.
    var wrongSince: Date?
    var boot = 1
    var booted: Date

    var wall: Date { now + error }
    var time: MachineTime {
      MachineTime(seconds: now.timeIntervalSince(booted), boot: "\(boot)")
    }

    mutating func set(_ error: Double) {
      self.error = error
      if error <= 60 { wrongSince = nil } else if wrongSince == nil { wrongSince = now }
    }
  }

  @Test(
    "Of 60 leases none ends more than an hour early, but by a clock that was wrong for an hour; all end at last",
    arguments: 1...40)
  func anyClock(seed: UInt64) {
    var random = Seeded(seed)
    var machine = Machine(now: start, booted: start - 90 * day)
    var trust = ClockTrust(now: machine.wall, machine: machine.time)
    var clock = LeaseClock()
    var held = (1...60).map {
      Lease(
        opportunity: Int64($0), generation: 1, holder: "bob",
        until: start + Double.random(in: 0...(5 * day), using: &random))
    }
    var early = 0
    func look() {
      _ = trust.look(now: machine.wall, machine: machine.time)
      guard trust.isTrusted else { return clock.forget() }
      let wall = machine.wall
      let ended = clock.ended(
        held.filter { $0.until < wall }, now: wall, seconds: machine.time.seconds)
      for lease in ended where machine.now < lease.until - hour - 180 {
        // The bound: whoever looks has seen the wrong clock for an hour.
        let wrong = machine.wrongSince.map { machine.now.timeIntervalSince($0) } ?? 0
        #expect(wrong >= hour, "lease \(lease.opportunity), \(wrong) s")
        early += 1
      }
      held.removeAll { ended.contains($0) }
    }
    let end = start + 6 * day
    while machine.now < end {
      machine.now += Double.random(in: 5...600, using: &random)
      switch Int.random(in: 0..<60, using: &random) {
      case 0: machine.set(Double.random(in: 0...4e8, using: &random))
      case 1: machine.set(Double.random(in: -4e8...0, using: &random))
      case 2: machine.set(machine.error + Double.random(in: 0...7200, using: &random))
      case 3...8: machine.set(0)
      case 9:  // The program: what it kept is all that it knows.
        clock = LeaseClock()
      case 10:  // The machine, off for a while; its clock is right then, or wrong by years.
        machine.now += Double.random(in: 60...7200, using: &random)
        machine.boot += 1
        machine.booted = machine.now - 30
        machine.set(
          Bool.random(using: &random) ? 0 : Double.random(in: 3e8...4e8, using: &random))
        clock = LeaseClock()
      default: break
      }
      look()
    }
    machine.set(0)
    for _ in 0..<40 {
      machine.now += 300
      look()
    }
    #expect(held.isEmpty)
  }

  @Test("A clock that is right ends every lease within two minutes of its end, and none before")
  func rightClock() {
    var random = Seeded(7)
    var machine = Machine(now: start, booted: start - day)
    var trust = ClockTrust(now: machine.wall, machine: machine.time)
    var clock = LeaseClock()
    var held = (1...60).map {
      Lease(
        opportunity: Int64($0), generation: 1, holder: "bob",
        until: start + Double.random(in: 0...day, using: &random))
    }
    while machine.now < start + day + 200 {
      machine.now += 20
      _ = trust.look(now: machine.wall, machine: machine.time)
      #expect(trust.isTrusted)
      let ended = clock.ended(held, now: machine.wall, seconds: machine.time.seconds)
      for lease in ended {
        let late = machine.now.timeIntervalSince(lease.until)
        #expect(late >= 60 && late <= 120)
      }
      held.removeAll { ended.contains($0) }
    }
    #expect(held.isEmpty)
  }
}
