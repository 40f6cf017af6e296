import CExpat
import Glibc
import Synchronization

/// What all XML parsers of this process hold together, bounded: expat keeps every name of an
/// element or attribute that it has seen, so a file with nothing but new names would fill the
/// machine. A parser that is refused memory fails with an error, and its file with it.
enum ExpatMemory {
  /// Ordinary lists take some hundred kilobytes.
  static let limit = 256 << 20
  private static let held = Atomic<Int>(0)
  /// In front of each block: its size. Sixteen bytes keep what is behind them aligned.
  private static let header = 16

  /// A parser whose memory counts.
  static func parser(encoding: String?) -> XML_Parser? {
    var suite = XML_Memory_Handling_Suite(
      malloc_fcn: { ExpatMemory.allocate($0) },
      realloc_fcn: { ExpatMemory.resize($0, $1) },
      free_fcn: { ExpatMemory.release($0) })
    return XML_ParserCreate_MM(encoding, &suite, nil)
  }

  private static func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
    guard take(count), let block = malloc(count + header) else { return nil }
    block.storeBytes(of: count, as: Int.self)
    return block + header
  }

  private static func resize(
    _ pointer: UnsafeMutableRawPointer?, _ count: Int
  ) -> UnsafeMutableRawPointer? {
    guard let pointer else { return allocate(count) }
    let block = pointer - header
    let before = block.load(as: Int.self)
    guard take(count), let moved = realloc(block, count + header) else { return nil }
    give(before)
    moved.storeBytes(of: count, as: Int.self)
    return moved + header
  }

  private static func release(_ pointer: UnsafeMutableRawPointer?) {
    guard let pointer else { return }
    let block = pointer - header
    give(block.load(as: Int.self))
    free(block)
  }

  private static func take(_ count: Int) -> Bool {
    guard count >= 0, count <= limit else { return false }
    let now = held.add(count, ordering: .relaxed).newValue
    if now <= limit { return true }
    give(count)
    return false
  }

  private static func give(_ count: Int) {
    held.subtract(count, ordering: .relaxed)
  }
}
