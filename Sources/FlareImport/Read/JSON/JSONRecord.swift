import Glibc

/// Reads one object of a JSON text (RFC 8259) into the cells of a row.
///
/// Strings are unescaped, numbers and `true` stay as they are written, `null` is an empty cell. The
/// scalars of an array are one cell, joined with ", ", and the first of them cells of their own; the
/// objects of an array are cells below their index. Of a key that comes twice the last counts.
struct JSONRecord: ~Copyable {
  /// Deeper than any list, and little enough for the stack.
  static let deepest = 64
  private static let mostScalars = 8
  private static let mostObjects = 256

  enum Outcome {
    case complete(end: Int)
    /// The record goes on behind what is in memory.
    case needsMore
    case malformed(at: Int)
  }

  private(set) var paths = JSONPaths()
  private var fields: UnsafeMutablePointer<Field>
  /// Room in ``fields``; those that were never set are `Field(start: 0, end: 0)`.
  private var room = 64
  /// Whether new cells are taken in; else they are passed over.
  private var isCollecting = true
  /// Lone halves of UTF-16 pairs, and bytes that are nothing in windows-1252.
  private(set) var badCharacters = 0
  /// Zero characters that were written as an escape, and left out.
  private(set) var zeros = 0

  // Of the record that is being read.
  private var bytes: UnsafeMutablePointer<UInt8>
  private var at = 0
  private var end = 0
  private var scratch = 0
  private var scratchEnd = 0
  private var isWindows1252 = false
  private var isAtDataEnd = false
  private var scalars: [(start: Int, end: Int)] = []
  /// Columns of cells that are not empty.
  private var filled: [Int] = []

  init() {
    fields = .allocate(capacity: room)
    fields.initialize(repeating: Field(start: 0, end: 0), count: room)
    bytes = UnsafeMutablePointer(mutating: UnsafePointer(bitPattern: 1)!)
  }

  deinit { fields.deallocate() }

  /// Reads the record at the window's position; of a longer one than ``CSVReader/rowLimit`` only
  /// so much.
  mutating func read(_ window: borrowing JSONWindow) -> Outcome {
    bytes = window.bytes
    at = window.position
    end = min(window.filled, window.position + CSVReader.rowLimit)
    scratch = window.capacity
    scratchEnd = window.capacity + window.scratchCapacity
    isWindows1252 = window.encoding == .windows1252
    isAtDataEnd = false
    scalars.removeAll(keepingCapacity: true)
    for column in filled { fields[column] = Field(start: 0, end: 0) }
    filled.removeAll(keepingCapacity: true)
    at += 1
    let before = (badCharacters, zeros)
    if object(JSONPaths.root, depth: 1) { return .complete(end: at) }
    (badCharacters, zeros) = before
    return isAtDataEnd ? .needsMore : .malformed(at: at)
  }

  /// After the first pass: from here on cells are given out, and oddities counted.
  mutating func collected() {
    isCollecting = false
    (badCharacters, zeros) = (0, 0)
  }

  /// The cells of the record last read. Good while its window stays as it is.
  var row: RowFields {
    RowFields(
      bytes: bytes, fields: fields, count: paths.count, total: paths.count, endsWithFile: false,
      isWindows1252: false, isFilled: !filled.isEmpty)
  }

  // MARK: - Values; each says whether it could be read, and leaves `at` where it could not

  /// Goes to the next byte that is no white space, and gives it.
  @inline(__always)
  private mutating func byteBehindSpace() -> UInt8? {
    while at < end {
      let byte = bytes[at]
      if byte > 0x20 { return byte }
      if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return byte }
      at &+= 1
    }
    isAtDataEnd = true
    return nil
  }

  private mutating func object(_ node: Int32, depth: Int) -> Bool {
    guard depth <= JSONRecord.deepest else { return false }
    var guess = paths.first(below: node)
    var isFirst = true
    while true {
      guard var byte = byteBehindSpace() else { return false }
      if byte == UInt8(ascii: "}"), isFirst {
        at &+= 1
        return true
      }
      guard byte == UInt8(ascii: "\"") else { return false }
      let before = scratch
      guard let key = string() else { return false }
      let child = paths.child(
        of: node, key: UnsafeBufferPointer(start: bytes + key.start, count: key.end - key.start),
        guess: guess, adding: isCollecting)
      scratch = before
      guess = paths.next(behind: child)
      guard let colon = byteBehindSpace(), colon == UInt8(ascii: ":") else { return false }
      at &+= 1
      guard value(child, depth: depth) else { return false }
      guard let behind = byteBehindSpace() else { return false }
      byte = behind
      at &+= 1
      if byte == UInt8(ascii: "}") { return true }
      guard byte == UInt8(ascii: ",") else {
        at &-= 1
        return false
      }
      isFirst = false
    }
  }

  private mutating func value(_ node: Int32, depth: Int) -> Bool {
    guard let byte = byteBehindSpace() else { return false }
    switch byte {
    case UInt8(ascii: "{"):
      at &+= 1
      return object(node, depth: depth + 1)
    case UInt8(ascii: "["):
      at &+= 1
      return array(node, depth: depth + 1)
    default:
      guard let cell = scalar(byte) else { return false }
      put(node, cell)
      return true
    }
  }

  private mutating func array(_ node: Int32, depth: Int) -> Bool {
    guard depth <= JSONRecord.deepest else { return false }
    let first = scalars.count
    var guess = paths.first(below: node)
    var index = 0
    var isScalar = true
    defer { scalars.removeSubrange(first...) }
    while true {
      guard let byte = byteBehindSpace() else { return false }
      if byte == UInt8(ascii: "]"), index == 0 {
        at &+= 1
        put(node, (0, 0))
        return true
      }
      let isObject = byte == UInt8(ascii: "{")
      var child = JSONPaths.none
      if index < (isObject ? JSONRecord.mostObjects : JSONRecord.mostScalars) {
        child = paths.child(of: node, index: index, guess: guess, adding: isCollecting)
        guess = paths.next(behind: child)
      }
      if isObject || byte == UInt8(ascii: "[") {
        isScalar = false
        guard value(child, depth: depth) else { return false }
      } else {
        guard let cell = scalar(byte) else { return false }
        put(child, cell)
        if cell.end > cell.start { scalars.append(cell) }
      }
      index += 1
      guard let behind = byteBehindSpace() else { return false }
      at &+= 1
      if behind == UInt8(ascii: "]") { break }
      guard behind == UInt8(ascii: ",") else {
        at &-= 1
        return false
      }
    }
    if isScalar || scalars.count > first { return join(node, from: first) }
    return true
  }

  /// The scalars of an array as one cell.
  private mutating func join(_ node: Int32, from first: Int) -> Bool {
    guard node >= 0, scalars.count > first else {
      put(node, (0, 0))
      return true
    }
    if scalars.count == first + 1 {
      put(node, scalars[first])
      return true
    }
    let start = scratch
    for (position, cell) in scalars[first...].enumerated() {
      guard cell.end - cell.start + 2 <= scratchEnd - scratch else { return false }
      if position > 0 {
        bytes[scratch] = UInt8(ascii: ",")
        bytes[scratch + 1] = UInt8(ascii: " ")
        scratch += 2
      }
      memcpy(bytes + scratch, bytes + cell.start, cell.end - cell.start)
      scratch += cell.end - cell.start
    }
    put(node, (start, scratch))
    return true
  }

  @inline(__always)
  private mutating func put(_ node: Int32, _ cell: (start: Int, end: Int)) {
    let column = paths.column(node, adding: isCollecting)
    guard column >= 0 else { return }
    if column >= room { makeRoom() }
    fields[column] = Field(start: cell.start, end: cell.end)
    if cell.end > cell.start { filled.append(column) }
  }

  /// Columns come one by one, so twice the room is always enough.
  private mutating func makeRoom() {
    let larger = UnsafeMutablePointer<Field>.allocate(capacity: 2 * room)
    larger.moveInitialize(from: fields, count: room)
    (larger + room).initialize(repeating: Field(start: 0, end: 0), count: room)
    fields.deallocate()
    fields = larger
    room *= 2
  }

  private mutating func scalar(_ byte: UInt8) -> (start: Int, end: Int)? {
    switch byte {
    case UInt8(ascii: "\""): return string()
    case UInt8(ascii: "t"): return literal("true")
    case UInt8(ascii: "f"): return literal("false")
    case UInt8(ascii: "n"): return literal("null").map { ($0.start, $0.start) }
    default: return number()
    }
  }

  private mutating func literal(_ word: StaticString) -> (start: Int, end: Int)? {
    let start = at
    for index in 0..<word.utf8CodeUnitCount {
      if at == end {
        isAtDataEnd = true
        return nil
      }
      guard bytes[at] == word.utf8Start[index] else { return nil }
      at &+= 1
    }
    return (start, at)
  }

  private mutating func number() -> (start: Int, end: Int)? {
    let start = at
    if at < end, bytes[at] == UInt8(ascii: "-") { at &+= 1 }
    let first = at
    guard digits() else { return nil }
    if bytes[first] == UInt8(ascii: "0"), at > first + 1 { return nil }
    if at < end, bytes[at] == UInt8(ascii: ".") {
      at &+= 1
      guard digits() else { return nil }
    }
    if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at &+= 1
      if at < end, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at &+= 1 }
      guard digits() else { return nil }
    }
    if at == end {
      isAtDataEnd = true
      return nil
    }
    return (start, at)
  }

  private mutating func digits() -> Bool {
    let start = at
    while at < end, bytes[at] &- 0x30 <= 9 { at &+= 1 }
    if at == end { isAtDataEnd = true }
    return at > start && at < end
  }

  // MARK: - Strings

  /// The text of the string at `at`, where it stands in the file, or unescaped behind it.
  private mutating func string() -> (start: Int, end: Int)? {
    at &+= 1
    let start = at
    while at < end {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at &+= 1
        return (start, at &- 1)
      }
      if byte == UInt8(ascii: "\\") || (byte >= 0x80 && isWindows1252) {
        return unescaped(from: start)
      }
      // Tabs and line ends should be escaped and are not by every system; zeros are gone already.
      if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return nil }
      at &+= 1
    }
    isAtDataEnd = true
    return nil
  }

  private mutating func unescaped(from start: Int) -> (start: Int, end: Int)? {
    let text = scratch
    guard copy(start, at) else { return nil }
    while at < end {
      let byte = bytes[at]
      switch byte {
      case UInt8(ascii: "\""):
        at &+= 1
        return (text, scratch)
      case UInt8(ascii: "\\"):
        guard escape() else { return nil }
      case 0x80... where isWindows1252:
        guard scratchEnd - scratch >= 3 else { return nil }
        if isUndefinedInWindows1252(byte) { badCharacters += 1 }
        scratch += putWindows1252(byte, at: bytes + scratch)
        at &+= 1
      default:
        if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return nil }
        guard add(byte) else { return nil }
        at &+= 1
      }
    }
    isAtDataEnd = true
    return nil
  }

  private mutating func escape() -> Bool {
    guard at + 1 < end else {
      isAtDataEnd = true
      return false
    }
    let letter = bytes[at + 1]
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      at &+= 2
      return add(letter)
    case UInt8(ascii: "n"):
      at &+= 2
      return add(0x0A)
    case UInt8(ascii: "r"):
      at &+= 2
      return add(0x0D)
    case UInt8(ascii: "t"):
      at &+= 2
      return add(0x09)
    case UInt8(ascii: "b"), UInt8(ascii: "f"):
      at &+= 2
      return add(0x20)
    case UInt8(ascii: "u"): return codePoint()
    default: return false
    }
  }

  /// `\uXXXX`, and the pair of them that stands for one character beyond U+FFFF.
  private mutating func codePoint() -> Bool {
    guard let high = hexadecimal(at + 2) else { return false }
    at &+= 6
    var point = high
    if (0xD800..<0xDC00).contains(high) {
      point = 0xFFFD
      if at + 1 >= end {
        isAtDataEnd = true
        return false
      }
      if bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") {
        guard let low = hexadecimal(at + 2) else { return false }
        if (0xDC00..<0xE000).contains(low) {
          at &+= 6
          point = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        }
      }
    } else if (0xDC00..<0xE000).contains(high) {
      point = 0xFFFD
    }
    if point == 0xFFFD { badCharacters += 1 }
    if point == 0 {
      zeros += 1
      return true
    }
    guard let scalar = Unicode.Scalar(point) else { return false }
    return UTF8.encode(scalar).map { $0.allSatisfy { add($0) } } ?? false
  }

  private mutating func hexadecimal(_ start: Int) -> UInt32? {
    guard start + 4 <= end else {
      isAtDataEnd = true
      return nil
    }
    var value: UInt32 = 0
    for position in start..<(start + 4) {
      let byte = bytes[position]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46, 0x61...0x66: digit = (byte | 0x20) - 0x61 + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  @inline(__always)
  private mutating func add(_ byte: UInt8) -> Bool {
    guard scratch < scratchEnd else { return false }
    bytes[scratch] = byte
    scratch &+= 1
    return true
  }

  private mutating func copy(_ start: Int, _ end: Int) -> Bool {
    guard end - start <= scratchEnd - scratch else { return false }
    memcpy(bytes + scratch, bytes + start, end - start)
    scratch += end - start
    return true
  }
}
