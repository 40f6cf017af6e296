import Crypto
import Foundation
import Glibc
import Triage

/// A file that grows by pieces and is hashed meanwhile; it appears at its path only when it is whole.
final class AppendedFile {
  private let path: String
  private let partial: String
  private let descriptor: Int32
  private var hasher = SHA256()
  private(set) var bytes = 0
  private var isDone = false

  /// What the system said.
  struct Refused: Error {
    let code: Int32
  }

  init(path: String) throws(Refused) {
    self.path = path
    partial = path + ".all"
    unlink(partial)
    descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Refused(code: errno) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    if !isDone { unlink(partial) }
    close(descriptor)
  }

  func append(_ buffer: UnsafeRawBufferPointer) throws(Refused) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let written = write(descriptor, piece.baseAddress, piece.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw Refused(code: errno)
      }
      rest = rest.dropFirst(written)
    }
    hasher.update(bufferPointer: buffer)
    bytes += buffer.count
  }

  /// In hexadecimal, of all so far.
  var sha256: String { hexadecimal(hasher.finalize()) }

  func commit() throws(Refused) {
    guard fsync(descriptor) == 0, rename(partial, path) == 0 else { throw Refused(code: errno) }
    isDone = true
  }
}
