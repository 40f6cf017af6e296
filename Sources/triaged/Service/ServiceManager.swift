import CDispatch
import Foundation
import Glibc
import Synchronization

/// The service manager that has started this process, systemd for one, as far as it wants to be told how it goes:
/// single datagrams to the socket that it names (sd_notify(3)).
///
/// Nothing is answered, and where nobody listens nothing is said. No line has personal data.
final class ServiceManager: Sendable {
  /// Within which it wants to hear that the loops go round; `nil`: it does not.
  let watchdog: Duration?
  private let path: String?
  private let status = Mutex("")

  /// Of a process that nobody watches.
  static let none = ServiceManager(environment: [:], process: 0)

  /// - Parameters:
  ///   - environment: `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` are looked at.
  ///   - process: the own id; a watchdog that is meant for another process is none.
  init(environment: [String: String], process: Int32) {
    let named = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
    path = named.flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
    let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
    if path != nil, isMeant, let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }),
      microseconds > 0
    {
      watchdog = .microseconds(microseconds)
    } else {
      watchdog = nil
    }
  }

  /// The one of this process. Its names are taken out of the environment, so that no child speaks to it in our place.
  static func ofThisProcess() -> ServiceManager {
    let manager = ServiceManager(
      environment: ProcessInfo.processInfo.environment, process: getpid())
    for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
    return manager
  }

  var listens: Bool { path != nil }

  /// The pages and the admin socket can be reached.
  func ready() { send("READY=1") }

  /// The configuration is being read again, until ``ready()``.
  func reloading() {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    send("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
  }

  func stopping() { send("STOPPING=1") }

  /// The loops go round.
  func alive() { send("WATCHDOG=1") }

  /// What a person reads in `systemctl status`; said where it is another than before.
  func says(_ line: String) {
    let line = JournalLogHandler.escaped(line)
    let isNew = status.withLock { status in
      defer { status = line }
      return status != line
    }
    if isNew { send("STATUS=\(line)") }
  }

  /// A datagram that is not taken within two seconds is let go.
  private func send(_ text: String) {
    guard let path else { return }
    let descriptor = datagramSocket()
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    _ = sendDatagram(Array(text.utf8), to: path, by: descriptor)
  }
}
