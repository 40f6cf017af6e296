import Glibc
import Triage

/// A regular file held open through one descriptor, so that what is read is one file however its
/// name moves on meanwhile.
struct OpenedFile: ~Copyable {
  let descriptor: Int32
  /// As the descriptor said when it was opened.
  let identity: FileIdentity

  /// - Parameter followsLink: whether a symbolic link may lead to the file.
  /// - Throws: `errno` of the failed call, or `EINVAL` for what is no regular file.
  init(_ path: String, followsLink: Bool) throws(ReadTrouble) {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLink ? 0 : O_NOFOLLOW)
    let descriptor = open(path, flags)
    guard descriptor >= 0 else { throw .system(errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = errno
      close(descriptor)
      throw .system(reason)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .system(EINVAL)
    }
    self.descriptor = descriptor
    identity = FileIdentity(status)
  }

  deinit { close(descriptor) }

  /// Whether size and time of the last change are still as they were at opening.
  var isUnchanged: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && FileIdentity(status) == identity
  }
}
