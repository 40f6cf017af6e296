import Foundation
import Synchronization

/// The lock that makes this process the only one with the store open: `flock(2)` on a file
/// beside the database, held until it is released or the value goes. The file stays, for removing
/// it would race.
final class FileLock: Sendable {
  private let held: Mutex<Int32?>

  /// - Throws: ``StoreError/inUse(file:by:)`` at once when another process holds it.
  init(path: String, for file: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw StoreError.unreachable(file: path, why: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let why = errno
      let holder = Self.holder(descriptor)
      close(descriptor)
      if why == EWOULDBLOCK { throw StoreError.inUse(file: file, by: holder) }
      throw StoreError.unreachable(file: path, why: String(cString: strerror(why)))
    }
    let line = "\(getpid())\n"
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, line, line.utf8.count, 0) }
    held = Mutex(descriptor)
  }

  deinit {
    release()
  }

  func release() {
    held.withLock { descriptor in
      if let descriptor { close(descriptor) }
      descriptor = nil
    }
  }

  private static func holder(_ descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: bytes[..<count], as: UTF8.self).prefix { $0.isNumber })
  }
}
