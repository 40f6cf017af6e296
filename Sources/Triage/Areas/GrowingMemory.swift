import Foundation

/// A list of plain numbers in memory of its own, for the inner loops of ``CellBuilder``: without an
/// `Array`'s checks, and without a copy when it is done and handed over (``taken()``).
///
/// Not a value: copies share the memory, and one of them must free it or hand it over.
struct GrowingMemory<Element: BitwiseCopyable> {
  private(set) var base: UnsafeMutablePointer<Element>?
  private(set) var capacity = 0
  var count = 0

  mutating func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    capacity = max(wanted, capacity + capacity / 2, 64)
    resize(to: capacity)
  }

  private mutating func resize(to elements: Int) {
    guard let memory = realloc(base, max(1, elements) * MemoryLayout<Element>.stride) else {
      fatalError("There is no memory left for the area index.")
    }
    base = memory.assumingMemoryBound(to: Element.self)
  }

  @inline(__always)
  subscript(_ at: Int) -> Element {
    get {
      assert(at >= 0 && at < count)
      return base.unsafelyUnwrapped[at]
    }
    // Mutating, so that it finds the memory where it is after the new value was computed, which may
    // have moved it.
    mutating set {
      assert(at >= 0 && at < count)
      base.unsafelyUnwrapped[at] = newValue
    }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { reserve(count + 1) }
    base.unsafelyUnwrapped[count] = element
    count &+= 1
  }

  /// Makes room for more at the end, which is to be written.
  @inline(__always)
  mutating func extend(by more: Int) {
    reserve(count + more)
    count += more
  }

  mutating func append(copies: Int, of element: Element) {
    let start = count
    extend(by: copies)
    for at in start..<count { self[at] = element }
  }

  func free() { Foundation.free(base) }

  /// The memory, no larger than it need be, which is the caller's to free; `count` is at least one.
  mutating func taken() -> UnsafePointer<Element> {
    resize(to: count)
    return UnsafePointer(base.unsafelyUnwrapped)
  }
}
