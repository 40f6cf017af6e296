import Glibc

/// A piece of a JSON text in memory, with what it has unescaped behind it, so that one pointer
/// reaches both. Goes through the text front to back; what stands from ``mark`` on stays.
struct JSONWindow: ~Copyable {
  private let chunk: Int
  /// Room for a record, and for the chunk in which it ends.
  let capacity: Int
  /// What is made of one record: each byte of windows-1252 three at most, once as a cell of its own and
  /// once as part of an array.
  let scratchCapacity: Int

  private var source: ByteSource
  let bytes: UnsafeMutablePointer<UInt8>
  /// End of what is in memory.
  private(set) var filled = 0
  private(set) var isAtEnd = false
  /// Where reading goes on.
  var position = 0
  /// What stands before may be let go.
  var mark = 0
  private(set) var zeroBytes = 0

  init(_ source: ByteSource) {
    self.source = source
    // A short file is in memory whole: at most three bytes of UTF-8 for two of UTF-16.
    let size = source.size
    let isShort = size <= 64 << 10
    chunk = isShort ? 2 * size + 4096 : 256 << 10
    capacity = isShort ? 2 * chunk : CSVReader.rowLimit + 2 * chunk
    scratchCapacity = isShort ? 8 * chunk : 8 * CSVReader.rowLimit
    bytes = .allocate(capacity: capacity + scratchCapacity)
  }

  deinit { bytes.deallocate() }

  var encoding: TextEncoding { source.encoding }
  var badCharacters: Int { source.badCharacters }
  /// Where text may be put that is not in the file as it is.
  var scratch: UnsafeMutablePointer<UInt8> { bytes + capacity }

  /// Reads on, and lets go what stands before ``mark``.
  /// - Returns: whether there is more, and room for it.
  mutating func refill() throws(ReadTrouble) -> Bool {
    if isAtEnd { return false }
    if mark > 0 {
      memmove(bytes, bytes + mark, filled - mark)
      filled -= mark
      position -= mark
      mark = 0
    }
    guard capacity - filled >= chunk else { return false }
    let start = filled
    let count = try source.fill(bytes + start, capacity: chunk)
    if count == 0 {
      isAtEnd = true
      try source.confirmEnd()
      return false
    }
    filled = start + count
    dropZeros(from: start)
    try source.confirm(bytes + start, filled - start)
    return true
  }

  private mutating func dropZeros(from start: Int) {
    guard memchr(bytes + start, 0, filled - start) != nil else { return }
    var kept = start
    for at in start..<filled where bytes[at] != 0 {
      bytes[kept] = bytes[at]
      kept += 1
    }
    zeroBytes += filled - kept
    filled = kept
  }

  // MARK: - Outside of records, where nothing need stay

  /// The byte that comes next; `nil` at the end of the file.
  mutating func peek() throws(ReadTrouble) -> UInt8? {
    while position == filled {
      mark = position
      if try !refill() { if position == filled { return nil } }
    }
    return bytes[position]
  }

  /// The next byte that is no white space; `nil` at the end of the file.
  mutating func peekBehindSpace() throws(ReadTrouble) -> UInt8? {
    while let byte = try peek() {
      if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return byte }
      position += 1
    }
    return nil
  }
}
