import Crypto
import Foundation
import Synchronization

/// The SHA-256 of a file, taken on a thread of its own beside the reading: the bytes are in the
/// page cache already, and with a second core it costs no time. A small file is hashed at once.
final class FileHash: Sendable {
  private static let chunk = 256 << 10

  private let answer = Mutex<String?>(nil)
  private let done = DispatchSemaphore(value: 0)
  private let isCancelled = Atomic<Bool>(false)

  /// The descriptor must stay open until ``wait()`` has returned, which must be called.
  init(descriptor: Int32, size: Int) {
    if size <= FileHash.chunk {
      run(descriptor)
    } else {
      Thread.detachNewThread { self.run(descriptor) }
    }
  }

  /// Makes ``wait()`` return soon, without a hash.
  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// - Returns: 64 hexadecimal digits; `nil` after ``cancel()`` or when the file cannot be read.
  func wait() -> String? {
    done.wait()
    done.signal()
    return answer.withLock { $0 }
  }

  private func run(_ descriptor: Int32) {
    let result = hash(descriptor)
    answer.withLock { $0 = result }
    done.signal()
  }

  private func hash(_ descriptor: Int32) -> String? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: FileHash.chunk, alignment: 64)
    defer { buffer.deallocate() }
    var hasher = SHA256()
    var offset = 0
    while !isCancelled.load(ordering: .relaxed) {
      guard let count = try? ByteSource.read(descriptor, buffer, at: offset) else { return nil }
      if count == 0 { return FileHash.hexadecimal(hasher.finalize()) }
      hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      offset += count
    }
    return nil
  }

  static func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
