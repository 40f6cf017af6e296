import CExpat
import Glibc

/// What one XML parser may hold, bounded: expat keeps every name of an element or attribute that it
/// has seen, so a file with nothing but new names would fill the machine. A parser that is refused
/// memory fails with an error, and its file with it.
///
/// expat's functions for memory know no parser, so the thread remembers for which it works; a block
/// remembers in front of itself.
struct ExpatMemory: ~Copyable {
  /// Ordinary lists take some hundred kilobytes.
  static let limit = 64 << 20

  private let held: UnsafeMutablePointer<Int>

  init() {
    held = .allocate(capacity: 1)
    held.initialize(to: 0)
  }

  /// To be freed when no block is left.
  func free() { held.deallocate() }

  /// A parser whose memory counts here.
  func parser(encoding: String?) -> XML_Parser? {
    var suite = XML_Memory_Handling_Suite(
      malloc_fcn: { ExpatMemory.allocate($0) },
      realloc_fcn: { ExpatMemory.resize($0, $1) },
      free_fcn: { ExpatMemory.release($0) })
    return counting { XML_ParserCreate_MM(encoding, &suite, nil) }
  }

  /// Lets a call of expat's take memory.
  func counting<Result>(_ body: () -> Result) -> Result {
    let before = pthread_getspecific(current)
    pthread_setspecific(current, held)
    defer { pthread_setspecific(current, before) }
    return body()
  }

  /// In front of each block; its size keeps what is behind it aligned.
  private struct Header {
    var size: Int
    var held: UnsafeMutablePointer<Int>
  }

  private static let header = 16

  private static func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
    guard let held = pthread_getspecific(current)?.assumingMemoryBound(to: Int.self),
      take(count, held)
    else { return nil }
    guard let block = malloc(count + header) else {
      held.pointee -= count
      return nil
    }
    block.storeBytes(of: Header(size: count, held: held), as: Header.self)
    return block + header
  }

  private static func resize(
    _ pointer: UnsafeMutableRawPointer?, _ count: Int
  ) -> UnsafeMutableRawPointer? {
    guard let pointer else { return allocate(count) }
    let block = pointer - header
    let before = block.load(as: Header.self)
    guard take(count, before.held) else { return nil }
    guard let moved = realloc(block, count + header) else {
      before.held.pointee -= count
      return nil
    }
    before.held.pointee -= before.size
    moved.storeBytes(of: Header(size: count, held: before.held), as: Header.self)
    return moved + header
  }

  private static func release(_ pointer: UnsafeMutableRawPointer?) {
    guard let pointer else { return }
    let block = pointer - header
    let before = block.load(as: Header.self)
    before.held.pointee -= before.size
    Glibc.free(block)
  }

  private static func take(_ count: Int, _ held: UnsafeMutablePointer<Int>) -> Bool {
    guard count >= 0, count <= limit - held.pointee else { return false }
    held.pointee += count
    return true
  }
}

/// Of the thread: where the parser that it works for counts its memory.
private let current: pthread_key_t = {
  var key = pthread_key_t()
  pthread_key_create(&key, nil)
  return key
}()
