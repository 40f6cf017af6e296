import Foundation
import Glibc
import Hummingbird
import Logging
import Synchronization
import Triage

/// The admin socket: HTTP with JSON at a Unix socket that only the daemon's own user (and root) can
/// speak to. The file's mode keeps others out, and so does a look at who has connected; so there are
/// no passwords and no tokens.
package struct AdminSite: Sendable {
  private let desk: AdminDesk
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
    self.desk = desk
    path = socket
    self.logger = logger
    self.onRunning = onRunning
  }

  /// Bytes that a `sockaddr_un` holds, without its closing NUL (unix(7)).
  package static let longestPath = 107

  /// Serves until graceful shutdown, then removes the socket.
  ///
  /// The caller holds the lock of the instance's store: so a socket that lies there belongs to nobody
  /// any more, and is removed. What is no socket is left alone.
  /// - Throws: ``AdminSocketError``.
  package func run() async throws {
    try removeSocket()
    defer { try? removeSocket() }
    let begun = Begun()
    let path = path
    do {
      try await Application(
        responder: AdminResponder(desk: desk, logger: logger),
        server: .http1(
          configuration: .init(
            additionalChannelHandlers: [OwnerOnlyHandler()], idleTimeout: .seconds(30))),
        configuration: .init(address: .unixDomainSocket(path: path)),
        onServerRunning: { [onRunning] _ in
          chmod(path, 0o600)
          begun.flag.store(true, ordering: .relaxed)
          await onRunning()
        },
        logger: logger
      ).run()
    } catch  where !begun.flag.load(ordering: .relaxed) {
      throw AdminSocketError.unusable(path, why: "\(error)")
    }
  }

  private func removeSocket() throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw AdminSocketError.notASocket(path) }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw AdminSocketError.unusable(path, why: String(cString: strerror(errno)))
    }
  }
}

/// The admin socket cannot be made. One sentence that says what to do.
package enum AdminSocketError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooLong(String)
  case notASocket(String)
  case unusable(String, why: String)

  package var description: String {
    switch self {
    case .tooLong(let path):
      "The path of the admin socket, \(path), is longer than the \(AdminSite.longestPath) bytes that a "
        + "socket's path may have; set 'admin_socket' in triaged.yaml to a shorter one."
    case .notASocket(let path):
      "At the path of the admin socket, \(path), lies something that is no socket; move it away."
    case .unusable(let path, let why):
      "The admin socket \(path) cannot be made: \(why)."
    }
  }
}

/// Whether the server got as far as listening.
private final class Begun: Sendable {
  let flag = Atomic<Bool>(false)
}
