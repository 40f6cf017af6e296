import Glibc

/// A file that appears at its path whole or not at all: written beside it as `<path>.part`, synced,
/// renamed. What was not committed is removed with its owner; what a killed process left is
/// removed by the next one.
///
/// Its errors are sentences with the system's reason and without the path.
struct DownloadFile: ~Copyable {
  private let path: String
  private let temporary: String
  private let descriptor: CInt
  private var committed = false

  /// - Throws: also when another fetch to the same path is under way, which holds a lock on it.
  init(path: String) throws(TransferError) {
    self.path = path
    temporary = path + ".part"
    var opened = Self.create(temporary)
    if opened < 0, errno == EEXIST {
      let left = open(temporary, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
      if left >= 0 {
        let isLeftOver = flock(left, LOCK_EX | LOCK_NB) == 0
        if isLeftOver { unlink(temporary) }
        close(left)
        guard isLeftOver else {
          throw TransferError(why: "The same file is being fetched already.", permanent: false)
        }
      }
      opened = Self.create(temporary)
    }
    guard opened >= 0 else { throw Self.failure() }
    descriptor = opened
    flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit {
    if !committed { unlink(temporary) }
    close(descriptor)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(TransferError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let buffer = UnsafeRawBufferPointer(rebasing: rest)
      let written = Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw Self.failure()
      }
      rest = rest.dropFirst(written)
    }
  }

  /// Gives the file the time of another's last change, in seconds since 1970.
  func date(_ seconds: Int) throws(TransferError) {
    let time = timespec(tv_sec: seconds, tv_nsec: 0)
    guard futimens(descriptor, [time, time]) == 0 else { throw Self.failure() }
  }

  mutating func commit() throws(TransferError) {
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw Self.failure() }
    committed = true
    let cut = path.lastIndex(of: "/")
    let folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { throw Self.failure() }
    defer { close(opened) }
    guard fsync(opened) == 0 else { throw Self.failure() }
  }

  private static func create(_ path: String) -> CInt {
    open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
  }

  private static func failure() -> TransferError {
    let reason = String(cString: strerror(errno))
    return TransferError(why: "The answer could not be stored: \(reason).", permanent: false)
  }
}
