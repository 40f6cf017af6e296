/// What a file is remembered by, so that the next one can be told for its beginning: a list that was cut
/// off between two rows looks whole by itself.
///
/// The digests of the file's first block, its first two blocks and so on, up to 256 of them. Which file
/// it was cannot be read out of it.
package struct ListPrint: Codable, Hashable, Sendable {
  /// Of the whole file.
  package private(set) var bytes = 0
  /// Bytes of a block: a power of two, so that a shorter file's blocks end where a longer one's do.
  private let block: Int
  /// The first eight bytes of each SHA-256.
  private var digests: [UInt64] = []

  private static let mostBlocks = 256
  /// Shorter than a row.
  private static let leastBlock = 16

  init(size: Int) {
    var block = ListPrint.leastBlock
    while block * ListPrint.mostBlocks < size { block *= 2 }
    self.block = block
  }

  /// How many bytes are to be hashed until ``add(_:)`` wants to know the digest so far.
  var bytesToBlockEnd: Int { block - bytes % block }

  /// - Returns: whether the bytes so far end with a block.
  mutating func count(_ more: Int) -> Bool {
    bytes += more
    return bytes % block == 0 && digests.count < ListPrint.mostBlocks
  }

  mutating func add(_ digest: some Sequence<UInt8>) {
    digests.append(digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// Whether this file is shorter than another and, as far as whole blocks can tell, its beginning.
  ///
  /// What lies behind the last whole block, less than a hundredth of the other file, is not compared. A file
  /// that is shorter than one block is not told.
  package func isBeginning(of other: ListPrint) -> Bool {
    guard bytes < other.bytes, block <= other.block else { return false }
    let count = min(bytes / other.block, other.digests.count)
    if count == 0 { return false }
    let own = count * (other.block / block) - 1
    return own < digests.count && digests[own] == other.digests[count - 1]
  }
}
