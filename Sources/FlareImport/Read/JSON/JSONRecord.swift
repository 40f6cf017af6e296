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
  /// Of the record that is being read.
  private var text = JSONText()
  private var scalars: [(start: Int, end: Int)] = []
  /// Columns of cells that are not empty.
  private var filled: [Int] = []

  init() {
    fields = .allocate(capacity: room)
    fields.initialize(repeating: Field(start: 0, end: 0), count: room)
  }

  deinit { fields.deallocate() }

  /// See ``JSONText/badCharacters`` and ``JSONText/zeros``.
  var badCharacters: Int { text.badCharacters }
  var zeros: Int { text.zeros }

  /// Reads the record at the window's position; of a longer one than ``CSVReader/rowLimit`` only
  /// so much.
  mutating func read(_ window: borrowing JSONWindow) -> Outcome {
    text.begin(window)
    scalars.removeAll(keepingCapacity: true)
    for column in filled { fields[column] = Field(start: 0, end: 0) }
    filled.removeAll(keepingCapacity: true)
    text.at += 1
    let before = (text.badCharacters, text.zeros)
    if object(JSONPaths.root, depth: 1) { return .complete(end: text.at) }
    (text.badCharacters, text.zeros) = before
    return text.isAtDataEnd ? .needsMore : .malformed(at: text.at)
  }

  /// After the first pass: from here on cells are given out, and oddities counted.
  mutating func collected() {
    isCollecting = false
    (text.badCharacters, text.zeros) = (0, 0)
  }

  /// The cells of the record last read. Good while its window stays as it is.
  var row: RowFields {
    RowFields(
      bytes: text.bytes, fields: fields, count: paths.count, total: paths.count,
      endsWithFile: false,
      isWindows1252: false, isFilled: !filled.isEmpty)
  }

  // MARK: - Values; each says whether it could be read, and leaves `at` where it could not

  private mutating func object(_ node: Int32, depth: Int) -> Bool {
    guard depth <= JSONRecord.deepest else { return false }
    var guess = paths.first(below: node)
    var isFirst = true
    while true {
      guard var byte = text.byteBehindSpace() else { return false }
      if byte == UInt8(ascii: "}"), isFirst {
        text.at &+= 1
        return true
      }
      guard byte == UInt8(ascii: "\"") else { return false }
      let before = text.scratch
      guard let key = text.string() else { return false }
      let child = paths.child(
        of: node,
        key: UnsafeBufferPointer(start: text.bytes + key.start, count: key.end - key.start),
        guess: guess, adding: isCollecting)
      text.scratch = before
      guess = paths.next(behind: child)
      guard let colon = text.byteBehindSpace(), colon == UInt8(ascii: ":") else { return false }
      text.at &+= 1
      guard value(child, depth: depth) else { return false }
      guard let behind = text.byteBehindSpace() else { return false }
      byte = behind
      text.at &+= 1
      if byte == UInt8(ascii: "}") { return true }
      guard byte == UInt8(ascii: ",") else {
        text.at &-= 1
        return false
      }
      isFirst = false
    }
  }

  private mutating func value(_ node: Int32, depth: Int) -> Bool {
    guard let byte = text.byteBehindSpace() else { return false }
    switch byte {
    case UInt8(ascii: "{"):
      text.at &+= 1
      return object(node, depth: depth + 1)
    case UInt8(ascii: "["):
      text.at &+= 1
      return array(node, depth: depth + 1)
    default:
      guard let cell = text.scalar(byte) else { return false }
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
      guard let byte = text.byteBehindSpace() else { return false }
      if byte == UInt8(ascii: "]"), index == 0 {
        text.at &+= 1
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
        guard let cell = text.scalar(byte) else { return false }
        put(child, cell)
        if cell.end > cell.start { scalars.append(cell) }
      }
      index += 1
      guard let behind = text.byteBehindSpace() else { return false }
      text.at &+= 1
      if behind == UInt8(ascii: "]") { break }
      guard behind == UInt8(ascii: ",") else {
        text.at &-= 1
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
    let start = text.scratch
    for (position, cell) in scalars[first...].enumerated() {
      guard cell.end - cell.start + 2 <= text.scratchEnd - text.scratch else { return false }
      if position > 0 {
        text.bytes[text.scratch] = UInt8(ascii: ",")
        text.bytes[text.scratch + 1] = UInt8(ascii: " ")
        text.scratch += 2
      }
      memcpy(text.bytes + text.scratch, text.bytes + cell.start, cell.end - cell.start)
      text.scratch += cell.end - cell.start
    }
    put(node, (start, text.scratch))
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
}
