import CDispatch
import Foundation
import Glibc
import Logging
import Storage
import Triage

/// The one answer to whether the clock is to be believed, for all loops that take something by it
/// (``ClockTrust``). It is kept over restarts, and the journal says once when it changes.
actor ClockWatch {
  private let store: Store
  private let logger: Logger
  private var trust: ClockTrust?
  private var kept: ClockTrust?

  /// Seconds after which what changes with every look is kept anew.
  private static let keepsEvery = 600.0

  init(_ store: Store, logger: Logger) {
    self.store = store
    self.logger = logger
  }

  /// - Parameters:
  ///   - now: what the wall clock shows.
  ///   - machine: of the same moment.
  func isTrusted(now: Date, machine: MachineTime) async throws -> Bool {
    if trust == nil {
      let before = try await store.clockTrust()
      if trust == nil { (trust, kept) = (before, before) }
    }
    var next = trust ?? ClockTrust(now: now, machine: machine)
    let news = next.look(now: now, machine: machine)
    trust = next
    if let news { say(news) }
    if isWorthKeeping(next) {
      kept = next
      try await store.keep(next)
    }
    return next.isTrusted
  }

  private func isWorthKeeping(_ next: ClockTrust) -> Bool {
    guard let kept else { return true }
    return kept.boot != next.boot || kept.isTrusted != next.isTrusted || kept.doubt != next.doubt
      || abs(kept.offset - next.offset) > 1
      || abs(next.believed.timeIntervalSince(kept.believed)) >= ClockWatch.keepsEvery
  }

  private func say(_ news: ClockTrust.News) {
    switch news {
    case .jumped(let seconds):
      logger.warning(
        "The clock has jumped ahead; until it has stayed so for an hour no claim goes back, nobody is reminded and nothing is deleted.",
        metadata: ["by": "\(CivilWords.duration(seconds))"])
    case .stayed:
      logger.notice("The clock has stayed as it is for an hour and is believed.")
    case .right:
      logger.notice("The clock is right again.")
    }
  }
}

extension MachineTime {
  /// Now, on this machine.
  static func now() -> MachineTime {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return MachineTime(
      seconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9, boot: thisBoot)
  }
}

/// Linux gives every start of the machine an id. Where it cannot be read, every start of the program counts as one.
private let thisBoot: String = {
  let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
  let id = text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
  return id.isEmpty ? UUID().uuidString : id
}()
