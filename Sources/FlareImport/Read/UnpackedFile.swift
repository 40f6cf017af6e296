import Glibc

/// What came out of a ZIP or gzip file: a temporary file without a name, which is gone when this
/// is, or with the process.
struct UnpackedFile: ~Copyable {
  let descriptor: Int32
  private(set) var size = 0
  private let limit: Int
  private let isRatio: Bool

  /// - Parameters:
  ///   - folder: where the system may put it, made if it is not there; nothing but the daemon's user can read it.
  ///   - packed: how many bytes there are to unpack.
  ///   - maxBytes: how many bytes a list may have.
  ///   - maxRatio: how many times larger than packed it may be. A megabyte is always allowed, since a
  ///     short list of blanks packs well.
  init(in folder: String, packed: Int, maxBytes: Int, maxRatio: Int) throws(ReadTrouble) {
    let (product, overflows) = packed.multipliedReportingOverflow(by: max(1, maxRatio))
    let grace = UnpackedFile.grace
    let byRatio = overflows || product > Int.max - grace ? Int.max : product + grace
    isRatio = byRatio < maxBytes
    limit = min(byRatio, maxBytes)
    mkdir(folder, 0o700)
    let nameless = open(folder, __O_TMPFILE | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o600)
    if nameless >= 0 {
      descriptor = nameless
      return
    }
    // A file system that has no files without a name.
    var path = Array((folder + "/.unpacked-XXXXXX").utf8CString)
    descriptor = mkstemp(&path)
    if descriptor < 0 { throw .system(errno) }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  private static let grace = 1 << 20

  deinit { close(descriptor) }

  /// Counts what really comes, whatever the packed file declares.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(ReadTrouble) {
    if bytes.count > limit - size {
      if !isRatio { throw .longerThanAllowed }
      throw .noList(
        "It unpacks to many times its size, as no list does.",
        next: "Nothing of it was taken; raise max_ratio if the list is truly so.")
    }
    var written = 0
    while written < bytes.count {
      let count = write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(errno)
      }
      written += count
    }
    size += bytes.count
  }
}
