import Glibc

/// A file in memory with a path of its own, written anew for every list: half a million lists an
/// hour leave nothing on a disk.
package final class MemoryFile {
  private let descriptor: Int32

  package init() {
    // Its name is taken back at once: nothing is left behind even by a crash.
    let name = "/triaged-list-\(getpid())-\(UInt64.random(in: .min ... .max))"
    descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    shm_unlink(name)
    precondition(descriptor >= 0, "No file in memory could be made.")
  }

  deinit { close(descriptor) }

  /// Leads to the file for as long as this value lives.
  package var path: String { "/proc/self/fd/\(descriptor)" }

  package func write(_ bytes: UnsafeRawBufferPointer) {
    precondition(ftruncate(descriptor, off_t(bytes.count)) == 0, "The file could not be cut.")
    var written = 0
    while written < bytes.count {
      let step = pwrite(
        descriptor, bytes.baseAddress! + written, bytes.count - written, off_t(written))
      precondition(step > 0, "The file could not be written.")
      written += step
    }
  }

  package func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }

  /// Opens it for a reader that does its own reading. The caller closes.
  func reopened() -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }
}
