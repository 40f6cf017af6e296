import Crypto
import Foundation
import Synchronization
import Triage

/// The SHA-256 of a file, taken on a thread of its own beside the reading: the bytes are in the
/// page cache already, and with a second core it costs no time. A small file is hashed at once.
final class FileHash: Sendable {
  private static let chunk = 256 << 10

  private let answer = Mutex<(sha256: String, print: ListPrint)?>(nil)
  private let done = DispatchSemaphore(value: 0)
  private let isCancelled = Atomic<Bool>(false)

  /// The descriptor must stay open until ``wait()`` has returned, which must be called.
  init(descriptor: Int32, size: Int) {
    if size <= FileHash.chunk {
      run(descriptor, size)
    } else {
      Thread.detachNewThread { self.run(descriptor, size) }
    }
  }

  /// Makes ``wait()`` return soon, without a hash.
  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// - Returns: 64 hexadecimal digits; `nil` after ``cancel()`` or when the file cannot be read.
  func wait() -> String? {
    done.wait()
    done.signal()
    return answer.withLock { $0?.sha256 }
  }

  /// What the file can be told by once it is longer; `nil` where ``wait()`` is.
  var print: ListPrint? {
    _ = wait()
    return answer.withLock { $0?.print }
  }

  private func run(_ descriptor: Int32, _ size: Int) {
    let result = hash(descriptor, size)
    answer.withLock { $0 = result }
    done.signal()
  }

  private func hash(_ descriptor: Int32, _ size: Int) -> (String, ListPrint)? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(FileHash.chunk, size + 1), alignment: 64)
    defer { buffer.deallocate() }
    var hasher = SHA256()
    var print = ListPrint(size: size)
    var offset = 0
    while !isCancelled.load(ordering: .relaxed) {
      guard let count = try? ByteSource.read(descriptor, buffer, at: offset) else { return nil }
      if count == 0 { return (hexadecimal(hasher.finalize()), print) }
      var done = 0
      while done < count {
        let end = min(count, done + print.bytesToBlockEnd)
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[done..<end]))
        if print.count(end - done) { print.add(hasher.finalize()) }
        done = end
      }
      offset += count
    }
    return nil
  }
}
