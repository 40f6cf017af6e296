import CDispatch
import Foundation
import Glibc
import Synchronization

/// What fails just now for a reason on this machine: a full disk, a database that takes nothing. Told by the
/// loops, asked by `status` and by monitors; kept in memory, since nothing can be written down then.
final class OwnFailures: Sendable {
  enum Work: Hashable, Sendable {
    /// The polling of one feed.
    case feed(String)
    /// A ``RepeatingService``, by its name.
    case loop(String)
  }

  private let failing = Mutex<[Work: OwnFailure]>([:])
  /// When a round of a loop ended last without a failure, by the loop's name.
  private let rounds = Mutex<[String: ContinuousClock.Instant]>([:])
  private let started: ContinuousClock.Instant
  /// Whether the loops go round, for the service manager.
  let pulses = LoopPulses()
  private let tallies = Mutex<[String: LoopTally]>([:])

  init(started: ContinuousClock.Instant = .now) { self.started = started }

  /// - Parameter why: a sentence without personal data; the latest counts.
  /// - Returns: whether it worked until now.
  @discardableResult
  func fails(_ work: Work, _ why: String, at now: Date) -> Bool {
    if case .loop(let name) = work {
      tallies.withLock { $0[name, default: LoopTally()].failures += 1 }
    }
    return failing.withLock { failing in
      let since = failing[work]?.since
      failing[work] = OwnFailure(since: since ?? now, why: why)
      return since == nil
    }
  }

  /// - Returns: whether it failed until now.
  @discardableResult
  func works(_ work: Work) -> Bool {
    failing.withLock { $0.removeValue(forKey: work) != nil }
  }

  /// - Parameter date: the same moment by the wall clock, for monitors.
  func roundEnded(
    of loop: String, at now: ContinuousClock.Instant = .now, _ date: Date = .now
  ) {
    rounds.withLock { $0[loop] = now }
    tallies.withLock { tallies in
      tallies[loop, default: LoopTally()].rounds += 1
      tallies[loop]?.lastRound = date
    }
  }

  /// A loop has been started: from now on it is known that it has come round, or has not.
  func begins(_ loop: String) { tallies.withLock { $0[loop] = $0[loop] ?? LoopTally() } }

  /// By the loop's name, what it has done since the start.
  var loopTallies: [String: LoopTally] { tallies.withLock { $0 } }

  /// Whether a loop has ended a round since the start.
  func hasComeRound(_ loop: String) -> Bool { rounds.withLock { $0[loop] != nil } }

  /// Whether a loop has not ended a round for longer than that: it waits for ever, say, for what it asks.
  func hangs(
    _ loop: String, longerThan longest: Duration, now: ContinuousClock.Instant = .now
  ) -> Bool {
    rounds.withLock { now - ($0[loop] ?? started) > longest }
  }

  subscript(work: Work) -> OwnFailure? { failing.withLock { $0[work] } }

  /// By the loop's name.
  var loops: [String: OwnFailure] {
    failing.withLock { failing in
      var loops: [String: OwnFailure] = [:]
      for case (.loop(let name), let failure) in failing { loops[name] = failure }
      return loops
    }
  }
}

/// What a loop has done since the start, for monitors.
struct LoopTally: Hashable, Sendable {
  /// That ended without a failure.
  var rounds = 0
  var failures = 0
  var lastRound: Date?
}

/// Since when something fails, and why.
struct OwnFailure: Codable, Hashable, Sendable {
  var since: Date
  /// A sentence without personal data.
  var why: String
}

/// Bytes that are left on the disk of a folder for a program that is not root's; `nil` where nobody knows.
func bytesLeft(at folder: String) -> Int? { bytes(at: folder) { $0.f_bavail } }

/// Bytes that the disk of a folder has, full or not; `nil` where nobody knows.
func bytesInAll(at folder: String) -> Int? { bytes(at: folder) { $0.f_blocks } }

private func bytes(at folder: String, _ blocks: (statvfs) -> fsblkcnt_t) -> Int? {
  var disk = statvfs()
  // Some file systems do not count.
  guard statvfs(folder, &disk) == 0, disk.f_blocks > 0 else { return nil }
  let (bytes, overflows) = Int(clamping: blocks(disk)).multipliedReportingOverflow(
    by: Int(clamping: disk.f_frsize))
  return overflows ? .max : bytes
}

/// With less on the disk than this the database cannot be relied on to take a list or a claim; what was
/// written before may still be written over, so that a small change alone shows nothing.
let leastBytesLeft = 16 << 20
