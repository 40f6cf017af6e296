import Foundation
import Glibc

/// A program that is run to its end, with its output in memory: no shell, no inherited files, no
/// environment but the given one. Blocks the thread that runs it.
struct ChildProcess {
  enum Outcome {
    case finished(output: [UInt8], complaint: String, code: Int32)
    case tooSlow
    case tooMuch
    case notStarted
  }

  var program: String
  var arguments: [String]
  var folder: String
  var environment: [String: String]

  /// util-linux's program that bounds what another takes; every Debian has it.
  private static let bounder = "/usr/bin/prlimit"
  private static let bounds = ["--as=4294967296", "--core=0"]
  private static let mostComplaint = 64 << 10

  func run(seconds: Double, mostBytes: Int) -> Outcome {
    let process = Process()
    let isBounded = FileManager.default.isExecutableFile(atPath: ChildProcess.bounder)
    process.executableURL = URL(filePath: isBounded ? ChildProcess.bounder : program)
    process.arguments = (isBounded ? ChildProcess.bounds + [program] : []) + arguments
    process.environment = environment
    process.currentDirectoryURL = URL(filePath: folder)
    let (out, err) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = out
    process.standardError = err
    do {
      try process.run()
    } catch {
      return .notStarted
    }
    let (outEnd, errEnd) = (
      out.fileHandleForReading.fileDescriptor, err.fileHandleForReading.fileDescriptor
    )
    func end(_ outcome: Outcome) -> Outcome {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      return outcome
    }
    let deadline = ContinuousClock.now + .seconds(seconds)
    var (output, complaint): ([UInt8], [UInt8]) = ([], [])
    var (hasOutput, hasComplaint) = (true, true)
    while hasOutput || hasComplaint {
      let left = (deadline - .now) / .milliseconds(1)
      if left <= 0 { return end(.tooSlow) }
      var polls = [
        pollfd(fd: hasOutput ? outEnd : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: hasComplaint ? errEnd : -1, events: Int16(POLLIN), revents: 0),
      ]
      if poll(&polls, 2, Int32(min(left, 1e6)) + 1) < 0, errno != EINTR { return end(.tooSlow) }
      if polls[0].revents != 0 { hasOutput = read(outEnd, into: &output) }
      if polls[1].revents != 0 { hasComplaint = read(errEnd, into: &complaint) }
      if output.count > mostBytes { return end(.tooMuch) }
      complaint.removeLast(max(0, complaint.count - ChildProcess.mostComplaint))
    }
    // It has closed its output, and may take its time to end.
    while process.isRunning {
      if ContinuousClock.now > deadline { return end(.tooSlow) }
      usleep(1000)
    }
    let isExit = process.terminationReason == .exit
    return .finished(
      output: output, complaint: String(decoding: complaint, as: UTF8.self),
      code: isExit ? process.terminationStatus : -1)
  }

  /// - Returns: whether there may be more.
  private func read(_ descriptor: Int32, into bytes: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    if count > 0 { bytes += buffer[..<count] }
    return count > 0 || (count < 0 && errno == EINTR)
  }
}
