import Foundation
import Glibc

/// Waits for the end of a program that was started, and holds up the calling thread meanwhile.
///
/// Foundation hears of an end by a socket that every program started at the same moment may have inherited:
/// where one of those runs on, `waitUntilExit` and `terminationHandler` wait for that one too, and a few tests
/// that do so block each other for ever. The kernel is asked here instead; Foundation still does the reaping.
/// - Returns: the exit code, or the number of the signal that ended it.
@discardableResult
package func waitForEnd(of process: Process) -> Int32 {
  var end = siginfo_t()
  while waitid(P_PID, id_t(process.processIdentifier), &end, WEXITED | WNOWAIT) != 0 {
    if errno == EINTR { continue }
    // It has been reaped, so Foundation knows.
    process.waitUntilExit()
    return process.terminationStatus
  }
  return end._sifields._sigchld.si_status
}

/// The same on a thread of its own, so that none of the few that all tests share is held up.
package func exitCode(of process: Process) async -> Int32 {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: waitForEnd(of: process)) }
  }
}
