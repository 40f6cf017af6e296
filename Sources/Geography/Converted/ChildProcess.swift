import CSpawn
import Foundation
import Glibc

/// A program that is run to its end, with its input and output in memory: no shell, no inherited files, no
/// environment but the given one, a process group of its own, and no network: the kernel (seccomp) refuses
/// it and what it starts any socket, or it is not started. Blocks the thread that runs it.
///
/// Foundation's `Process` hears of an end by a socket that every program started at the same moment
/// inherits, so that two at a time wait for each other; here the kernel is asked. Two may run at a time, and
/// whatever a program has started in its group ends with it.
package struct ChildProcess {
  package enum Outcome {
    case finished(output: [UInt8], complaint: String, code: Int32)
    case tooSlow
    case tooMuch
    case notStarted
  }

  package var program: String
  package var arguments: [String]
  package var folder: String
  package var environment: [String: String]
  /// What it reads from its standard input.
  package var input: [UInt8] = []
  /// Bytes of address space that it may have.
  package var memory = 4 << 30

  package init(
    program: String, arguments: [String], folder: String, environment: [String: String],
    input: [UInt8] = [], memory: Int = 4 << 30
  ) {
    self.program = program
    self.arguments = arguments
    self.folder = folder
    self.environment = environment
    self.input = input
    self.memory = memory
  }

  /// util-linux's program that bounds what another takes; every Debian has it.
  private static let bounder = "/usr/bin/prlimit"
  private static let mostComplaint = 64 << 10

  package func run(seconds: Double, mostBytes: Int) -> Outcome {
    guard let out = ChildPipe(), let err = ChildPipe(), let feed = inputFile() else {
      return .notStarted
    }
    guard let process = start(input: feed, output: out.entry, complaint: err.entry) else {
      return .notStarted
    }
    // Only the program holds them now, so that its end is the end of its output.
    out.entry.close()
    err.entry.close()
    let deadline = ContinuousClock.now + .seconds(seconds)
    var (output, complaint): ([UInt8], [UInt8]) = ([], [])
    var (hasOutput, hasComplaint) = (true, true)
    while hasOutput || hasComplaint {
      let left = (deadline - .now) / .milliseconds(1)
      if left <= 0 { return end(process, .tooSlow) }
      var polls = [
        pollfd(fd: hasOutput ? out.exit.number : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: hasComplaint ? err.exit.number : -1, events: Int16(POLLIN), revents: 0),
      ]
      if poll(&polls, 2, Int32(min(left, 1e6)) + 1) < 0 {
        if errno == EINTR { continue }
        return end(process, .tooSlow)
      }
      if polls[0].revents != 0 { hasOutput = out.exit.read(into: &output) }
      if polls[1].revents != 0 { hasComplaint = err.exit.read(into: &complaint) }
      if output.count > mostBytes { return end(process, .tooMuch) }
      complaint.removeLast(max(0, complaint.count - ChildProcess.mostComplaint))
    }
    // It has closed its output, and may take its time to end.
    while !hasEnded(process) {
      if ContinuousClock.now > deadline { return end(process, .tooSlow) }
      usleep(1000)
    }
    return .finished(
      output: output, complaint: String(decoding: complaint, as: UTF8.self),
      code: reap(process) ?? -1)
  }

  /// - Returns: the number of the process; `nil` where it could not be started.
  private func start(input: ChildFile, output: ChildFile, complaint: ChildFile) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
    defer { posix_spawn_file_actions_destroy(&actions) }
    guard posix_spawnattr_init(&attributes) == 0 else { return nil }
    defer { posix_spawnattr_destroy(&attributes) }
    // Signals as for a fresh program: ours ignores some, and a thread may have blocked others.
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    let settings = [
      posix_spawn_file_actions_adddup2(&actions, input.number, 0),
      posix_spawn_file_actions_adddup2(&actions, output.number, 1),
      posix_spawn_file_actions_adddup2(&actions, complaint.number, 2),
      posix_spawn_file_actions_addclosefrom_np(&actions, 3),
      posix_spawn_file_actions_addchdir_np(&actions, folder),
      posix_spawnattr_setflags(&attributes, Int16(flags)),
      posix_spawnattr_setpgroup(&attributes, 0),
      posix_spawnattr_setsigmask(&attributes, &none),
      posix_spawnattr_setsigdefault(&attributes, &all),
    ]
    guard settings.allSatisfy({ $0 == 0 }) else { return nil }
    let isBounded = FileManager.default.isExecutableFile(atPath: ChildProcess.bounder)
    let words =
      (isBounded ? [ChildProcess.bounder, "--as=\(memory)", "--core=0", program] : [program])
      + arguments
    var argv = words.map { strdup($0) } + [nil]
    var env = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + env { free(text) } }
    var process: pid_t = 0
    let code = spawn_without_sockets(&process, words[0], &actions, &attributes, &argv, &env)
    return code == 0 ? process : nil
  }

  /// A file without a name, at its beginning.
  private func inputFile() -> ChildFile? {
    guard let file = ChildFile(memfd_create("input", memfd_cloexec)) else { return nil }
    var written = 0
    while written < input.count {
      let count = input[written...].withUnsafeBytes {
        write(file.number, $0.baseAddress, $0.count)
      }
      if count <= 0, errno != EINTR { return nil }
      written += max(0, count)
    }
    return lseek(file.number, 0, SEEK_SET) == 0 ? file : nil
  }

  /// Whether it has ended; it is not reaped, so its number stays its own.
  private func hasEnded(_ process: pid_t) -> Bool {
    var end = siginfo_t()
    let code = waitid(P_PID, id_t(process), &end, WEXITED | WNOHANG | WNOWAIT)
    if code != 0 { return errno == ECHILD }
    return end._sifields._sigchld.si_pid == process
  }

  private func end(_ process: pid_t, _ outcome: Outcome) -> Outcome {
    kill(-process, SIGKILL)
    kill(process, SIGKILL)
    // The kernel may be busy with it for a while, on a disk that does not answer for ever.
    let deadline = ContinuousClock.now + .seconds(5)
    while !hasEnded(process), ContinuousClock.now < deadline { usleep(1000) }
    if hasEnded(process) { _ = reap(process) }
    return outcome
  }

  /// Of one that has ended: what it left running ends too.
  /// - Returns: its exit code; `nil` where a signal ended it.
  private func reap(_ process: pid_t) -> Int32? {
    kill(-process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { return nil }
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
  }
}

/// A file descriptor above those of standard input and output, closed when nobody needs it any more.
private final class ChildFile {
  private(set) var number: Int32

  /// - Parameter opened: taken over; below zero where it could not be opened.
  init?(_ opened: Int32) {
    if opened < 0 { return nil }
    guard opened < 3 else {
      number = opened
      return
    }
    number = fcntl(opened, F_DUPFD_CLOEXEC, 3)
    Glibc.close(opened)
    if number < 0 { return nil }
  }

  deinit { close() }

  func close() {
    if number >= 0 { Glibc.close(number) }
    number = -1
  }

  /// - Returns: whether there may be more.
  func read(into bytes: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = buffer.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) }
    if count > 0 { bytes += buffer[..<count] }
    return count > 0 || (count < 0 && errno == EINTR)
  }
}

/// What one program writes at the entry the other reads at the exit.
private struct ChildPipe {
  let exit: ChildFile
  let entry: ChildFile

  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
    let (exit, entry) = (ChildFile(ends[0]), ChildFile(ends[1]))
    guard let exit, let entry else { return nil }
    (self.exit, self.entry) = (exit, entry)
  }
}
