import Glibc

/// Reads a file front to back through a descriptor that it does not own, and hands its text on as
/// UTF-8 or, where the file is so, as windows-1252; both have ASCII's delimiters and quotes.
///
/// Reads with `pread`, so several may work on one descriptor, and a file that is truncated
/// meanwhile is a short file and no SIGBUS.
struct ByteSource {
  private let descriptor: Int32
  private let maxBytes: Int
  /// Of the file when it was opened, in bytes; zero where the system does not say.
  let size: Int
  private var offset: Int
  private(set) var encoding: TextEncoding
  private var check = UTF8Check()
  private var utf16: UTF16Decoder?

  /// - Parameter assumed: the encoding where it is known from an earlier reading.
  init(descriptor: Int32, maxBytes: Int, assumed: TextEncoding? = nil) throws(ReadTrouble) {
    self.descriptor = descriptor
    self.maxBytes = maxBytes
    var status = stat()
    size = fstat(descriptor, &status) == 0 ? max(0, Int(status.st_size)) : 0
    let head = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
    defer { head.deallocate() }
    let count = try ByteSource.read(descriptor, head, at: 0)
    let sniffed = TextEncoding.sniff(
      UnsafeBufferPointer(rebasing: head.bindMemory(to: UInt8.self)[..<count]))
    encoding = assumed ?? sniffed.encoding
    offset = sniffed.mark
    if case .utf16(let bigEndian) = encoding { utf16 = UTF16Decoder(bigEndian: bigEndian) }
  }

  /// Characters that could not be read and stand as U+FFFD (UTF-16 only).
  var badCharacters: Int { utf16?.badCharacters ?? 0 }

  /// Puts the next bytes at `target`, at most `capacity`.
  /// - Returns: how many; zero at the end of the file only.
  mutating func fill(
    _ target: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(ReadTrouble) -> Int {
    guard utf16 != nil else {
      let count = try ByteSource.read(
        descriptor, UnsafeMutableRawBufferPointer(start: target, count: capacity), at: offset)
      try advance(by: count)
      return count
    }
    // A code unit of two bytes becomes three bytes of UTF-8 at most.
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity / 2, alignment: 16)
    defer { raw.deallocate() }
    while true {
      let count = try ByteSource.read(descriptor, raw, at: offset)
      try advance(by: count)
      if count == 0 { return utf16!.finish(target) }
      let written = utf16!.decode(UnsafeRawBufferPointer(rebasing: raw[..<count]), to: target)
      if written > 0 { return written }
    }
  }

  /// Looks at bytes that ``fill(_:capacity:)`` has given. What proves not to be UTF-8 is
  /// windows-1252 from the file's first byte: at once where all before was ASCII, else by
  /// reading the file again.
  mutating func confirm(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(ReadTrouble) {
    guard case .utf8 = encoding else { return }
    if !check.accept(bytes, count) { try becomeWindows1252() }
  }

  /// At the end of the file: half a character as its only one beyond ASCII is not UTF-8 either.
  mutating func confirmEnd() throws(ReadTrouble) {
    guard case .utf8 = encoding, check.isMidway, !check.hasBeyondASCII else { return }
    try becomeWindows1252()
  }

  /// Whether bytes must go through ``confirm(_:_:)`` even if all of them are ASCII.
  var isMidway: Bool { check.isMidway }

  private mutating func becomeWindows1252() throws(ReadTrouble) {
    if check.hasBeyondASCII { throw .notUTF8 }
    encoding = .windows1252
  }

  private mutating func advance(by count: Int) throws(ReadTrouble) {
    offset += count
    if offset > maxBytes { throw .longerThanAllowed }
  }

  /// Fills the buffer unless the file ends before.
  static func read(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ReadTrouble) -> Int {
    var count = 0
    while count < buffer.count {
      let got = pread(
        descriptor, buffer.baseAddress! + count, buffer.count - count, off_t(offset + count))
      if got < 0 {
        if errno == EINTR { continue }
        throw .system(errno)
      }
      if got == 0 { break }
      count += got
    }
    return count
  }
}
