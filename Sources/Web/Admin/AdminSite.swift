import Foundation
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import Synchronization
import Triage

/// The admin socket: HTTP with JSON at a Unix socket that only the daemon's own user (and root) can
/// speak to. The file's mode keeps others out, and so does a look at who has connected; so there are
/// no passwords and no tokens.
package struct AdminSite: Sendable {
  private let desk: CurrentDesk
  private let path: String
  private let logger: Logger
  private let onRunning: @Sendable () async -> Void

  /// - Parameters:
  ///   - socket: the path of the socket, in a folder that is there.
  ///   - onRunning: called once questions are answered.
  /// - Throws: ``AdminSocketError``.
  package init(
    desk: AdminDesk, socket: String, logger: Logger,
    onRunning: @escaping @Sendable () async -> Void = {}
  ) throws {
    guard socket.utf8.count <= AdminSite.longestPath else {
      throw AdminSocketError.tooLong(socket)
    }
    self.desk = CurrentDesk(desk)
    path = socket
    self.logger = logger
    self.onRunning = onRunning
  }

  /// From the next question on another desk answers, at the same socket.
  package func exchange(for desk: AdminDesk) { self.desk.value = desk }

  /// Bytes that a `sockaddr_un` holds, without its closing NUL (unix(7)).
  package static let longestPath = 107

  /// Serves until graceful shutdown, then removes the socket.
  ///
  /// A socket at which nobody answers was left by a process that was killed, and is removed. Where somebody
  /// does, another instance is configured with the same path, and this one gives way. What is no socket is
  /// left alone.
  /// - Throws: ``AdminSocketError``.
  package func run() async throws {
    try removeLeftover()
    let begun = Begun()
    let path = path
    // By the end another may have taken the path.
    defer { if let own = begun.socket, own == FileMark(socketAt: path) { unlink(path) } }
    do {
      try await serve(
        AdminResponder(desk: desk, logger: logger),
        by: .http1(
          configuration: .init(
            additionalChannelHandlers: [OwnerOnlyHandler()], idleTimeout: .seconds(30))),
        at: ServerConfiguration(address: .unixDomainSocket(path: path)),
        logger: criticalOnly(logger)
      ) { [onRunning] _ in
        chmod(path, 0o600)
        begun.begin(FileMark(socketAt: path))
        await onRunning()
      }
    } catch  where !begun.hasBegun {
      throw AdminSocketError.unusable(path, why: "\(error)")
    }
  }

  /// Takes away what a process that was killed has left at the path.
  /// - Throws: ``AdminSocketError`` where somebody answers there, or something else lies there.
  package func removeLeftover() throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw AdminSocketError.notASocket(path) }
    guard !isAnswered(path) else { throw AdminSocketError.inUse(path) }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw AdminSocketError.unusable(path, why: String(cString: strerror(errno)))
    }
  }
}

/// The desk that answers now.
final class CurrentDesk: Sendable {
  private let desk: Mutex<AdminDesk>

  init(_ desk: AdminDesk) { self.desk = Mutex(desk) }

  var value: AdminDesk {
    get { desk.withLock { $0 } }
    set { desk.withLock { $0 = newValue } }
  }
}

/// The admin socket cannot be made. One sentence that says what to do.
package enum AdminSocketError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooLong(String)
  case notASocket(String)
  case inUse(String)
  case unusable(String, why: String)

  package var description: String {
    switch self {
    case .tooLong(let path):
      "The path of the admin socket, \(path), is longer than the \(AdminSite.longestPath) bytes that a "
        + "socket's path may have; set 'admin_socket' in triaged.yaml to a shorter one."
    case .notASocket(let path):
      "At the path of the admin socket, \(path), lies something that is no socket; move it away."
    case .inUse(let path):
      "Another instance answers at the admin socket \(path); set 'admin_socket' in triaged.yaml of one of "
        + "the two to another path."
    case .unusable(let path, let why):
      "The admin socket \(path) cannot be made: \(why)."
    }
  }
}

/// Whether the server got as far as listening, and at which socket.
private final class Begun: Sendable {
  private let state = Mutex<(hasBegun: Bool, socket: FileMark?)>((false, nil))

  var hasBegun: Bool { state.withLock { $0.hasBegun } }
  var socket: FileMark? { state.withLock { $0.socket } }

  func begin(_ socket: FileMark?) { state.withLock { $0 = (true, socket) } }
}

/// What a socket's file is told from another by that came to lie at its path.
private struct FileMark: Equatable, Sendable {
  let device: UInt64
  let inode: UInt64
  /// The inode's number may be used again.
  let changed: Int64

  init?(socketAt path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    changed = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
  }
}

/// Whether somebody listens at a socket; a long queue there is somebody too. Does not wait.
private func isAnswered(_ path: String) -> Bool {
  let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
  let descriptor = socket(AF_UNIX, kind, 0)
  guard descriptor >= 0 else { return false }
  defer { close(descriptor) }
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  let length = socklen_t(MemoryLayout<sockaddr_un>.size)
  let result = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
  }
  return result == 0 || errno == EAGAIN || errno == EINPROGRESS
}
