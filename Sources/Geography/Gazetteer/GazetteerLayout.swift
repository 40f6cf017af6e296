import Glibc
import Triage

/// How a gazetteer file is laid out. All numbers are little-endian and of 8 bytes unless they are said
/// to be others.
///
///     0     magic, version, UPRNs, postcodes, length of the facts, sum of the body, sum of all these
///     4096  the body: UPRNs, then postcodes, each in the order of their keys without a repetition
///           as key, x and y (4 bytes each, centimetres); then ``GazetteerFacts`` as JSON, padded with
///           spaces to a whole number of words
struct GazetteerLayout: Equatable {
  static let magic: UInt64 = 0x5A41_4754_4149_5254  // "TRIATGAZ"
  static let version: UInt64 = 1
  static let bodyStart = 4096
  static let entrySize = 16
  private static let words = 7

  var uprns: Int
  var postcodes: Int
  var factsLength: Int
  var bodySum: UInt64

  var entriesLength: Int { (uprns + postcodes) * GazetteerLayout.entrySize }
  var fileLength: Int { GazetteerLayout.bodyStart + entriesLength + factsLength }

  /// The first bytes of the file.
  var head: [UInt64] {
    let words = [
      GazetteerLayout.magic, GazetteerLayout.version, UInt64(uprns), UInt64(postcodes),
      UInt64(factsLength), bodySum,
    ]
    var sum = Checksum()
    for word in words { sum.add(word) }
    return (words + [sum.value]).map(\.littleEndian)
  }

  init(uprns: Int, postcodes: Int, factsLength: Int, bodySum: UInt64) {
    self.uprns = uprns
    self.postcodes = postcodes
    self.factsLength = factsLength
    self.bodySum = bodySum
  }

  /// - Parameter length: of the whole file.
  /// - Throws: a sentence on what is wrong.
  init(descriptor: Int32, length: Int) throws(GazetteerError) {
    var head = [UInt64](repeating: 0, count: GazetteerLayout.words)
    let count = head.withUnsafeMutableBytes { readFully(descriptor, $0, at: 0) }
    let words = head.map { UInt64(littleEndian: $0) }
    guard count >= 8, words[0] == GazetteerLayout.magic else {
      throw GazetteerError("It is no gazetteer file.")
    }
    guard count == GazetteerLayout.words * 8 else { throw GazetteerLayout.cutShort(length) }
    guard words[1] == GazetteerLayout.version else {
      throw GazetteerError("It was made by another version of this program.")
    }
    var sum = Checksum()
    for word in words.dropLast() { sum.add(word) }
    // Beyond any file, so that the lengths add up without overflow.
    let most = UInt64(1) << 40
    guard sum.value == words[6], words[2] < most, words[3] < most, words[4] < most
    else { throw GazetteerError("Its first bytes are damaged.") }
    self.init(
      uprns: Int(words[2]), postcodes: Int(words[3]), factsLength: Int(words[4]), bodySum: words[5])
    if length < fileLength { throw GazetteerLayout.cutShort(length, of: fileLength) }
    guard fileLength == length else { throw GazetteerError("It is longer than it says.") }
  }

  private static func cutShort(_ length: Int, of whole: Int? = nil) -> GazetteerError {
    let of = whole.map { " of \($0)" } ?? ""
    return GazetteerError("It is cut short: \(length)\(of) bytes are there.")
  }
}

/// Tells damage by chance: any change of one word changes the sum for certain, others with a chance
/// of 2⁻⁶⁴ to be missed. Each step maps both the sum and the word one to one.
struct Checksum {
  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always)
  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0xD6E8_FEB8_6659_FD93
    value ^= value >> 32
  }

  /// A whole number of little-endian words.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    for at in stride(from: 0, to: bytes.count & ~7, by: 8) {
      add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
    }
  }
}

/// Fills the buffer unless the file ends before or cannot be read. - Returns: how many bytes.
func readFully(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int
{
  var count = 0
  while count < buffer.count, let base = buffer.baseAddress {
    let got = pread(descriptor, base + count, buffer.count - count, off_t(offset + count))
    if got < 0, errno == EINTR { continue }
    if got <= 0 { break }
    count += got
  }
  return count
}

/// - Returns: whether all of it was written; `errno` says why not.
func writeFully(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
  var count = 0
  while count < bytes.count, let base = bytes.baseAddress {
    let put = pwrite(descriptor, base + count, bytes.count - count, off_t(offset + count))
    if put < 0, errno == EINTR { continue }
    if put <= 0 { return false }
    count += put
  }
  return true
}

/// Why the last call failed.
func systemWhy() -> String { String(cString: strerror(errno)) + "." }
