import Glibc

/// The bytes of an XML file from a place on, made fit for the parser: zero bytes and the control
/// characters that XML forbids become spaces, and are counted.
final class FileRange: ByteStream {
  private let descriptor: Int32
  private let maxBytes: Int
  private let encoding: Encoding
  private var offset: Int
  private var check = UTF8Check()
  /// Bytes of the next reading. Grows, so that of a file with many small documents little is read twice.
  private var chunk = 2048

  /// What the bytes are, as far as it matters here.
  enum Encoding {
    /// ASCII's control characters are single bytes.
    case bytes
    case windows1252
    case utf16
  }

  /// Whether all bytes so far can be UTF-8.
  private(set) var isUTF8 = true
  private(set) var zeroBytes = 0
  private(set) var badCharacters = 0

  init(descriptor: Int32, from offset: Int, maxBytes: Int, encoding: Encoding) {
    self.descriptor = descriptor
    self.offset = offset
    self.maxBytes = maxBytes
    self.encoding = encoding
  }

  func read(
    into target: UnsafeMutableRawPointer, capacity: Int
  ) throws(ReadTrouble) -> Int? {
    let buffer = UnsafeMutableRawBufferPointer(start: target, count: max(0, min(capacity, chunk)))
    chunk = min(4 * chunk, 1 << 20)
    let count = try ByteSource.read(descriptor, buffer, at: offset)
    offset += count
    if offset > maxBytes { throw .longerThanAllowed }
    let bytes = target.assumingMemoryBound(to: UInt8.self)
    switch encoding {
    case .utf16: return count
    case .windows1252:
      for at in 0..<count where isUndefinedInWindows1252(bytes[at]) { badCharacters += 1 }
    case .bytes:
      if isUTF8 { isUTF8 = check.accept(bytes, count) }
    }
    for at in 0..<count where bytes[at] < 0x20 {
      switch bytes[at] {
      case 0x09, 0x0A, 0x0D: continue
      case 0: zeroBytes += 1
      default: badCharacters += 1
      }
      bytes[at] = 0x20
    }
    return count
  }
}
