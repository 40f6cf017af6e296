/// Goes through a JSON text from record to record. What lies round the records is stepped over
/// without being kept, however large it is.
///
/// Records are the objects of one array, or of several top-level arrays one behind the other (pages
/// of a server), or top-level objects (JSON lines), or what lies at a path of keys.
struct JSONWalk: ~Copyable {
  enum Step {
    /// A record begins at the window's position.
    case record
    /// Something else stands in a record's place; it has been stepped over.
    case stranger
    /// The file is cut off or damaged, and nothing behind can be told.
    case brokenOff
    case end
  }

  private enum Place {
    case top
    /// In as many objects of the path, before a key or behind a value.
    case key(level: Int)
    case behindValue(level: Int)
    /// In the array of records, `level` objects deep.
    case array(level: Int, isFirst: Bool)
    case over
  }

  var window: JSONWindow
  private let path: [[UInt8]]
  private var place = Place.top
  /// Whether the path has led somewhere.
  private(set) var hasFound: Bool

  init(_ source: ByteSource, path: [[UInt8]]) {
    window = JSONWindow(source)
    self.path = path
    hasFound = path.isEmpty
  }

  /// Whether records stand on their own and not in an array.
  var isAtTop: Bool {
    if case .top = place { true } else { false }
  }

  mutating func next() throws(ReadTrouble) -> Step {
    while true {
      guard let byte = try window.peekBehindSpace() else {
        if isAtTop { return .end }
        if case .over = place { return .end }
        return breakOff()
      }
      switch place {
      case .over: return .end
      case .top:
        if byte == UInt8(ascii: "{") {
          if path.isEmpty { return .record }
          window.position += 1
          place = .key(level: 0)
        } else if byte == UInt8(ascii: "["), path.isEmpty {
          window.position += 1
          place = .array(level: 0, isFirst: true)
        } else if byte == UInt8(ascii: ",") {
          // Objects of an array whose brackets were lost on the way.
          window.position += 1
        } else {
          return breakOff()
        }
      case .array(let level, let isFirst):
        if byte == UInt8(ascii: "]") {
          window.position += 1
          place = level == 0 ? .top : .behindValue(level: level - 1)
          continue
        }
        if !isFirst {
          guard byte == UInt8(ascii: ",") else { return breakOff() }
          window.position += 1
          guard let behind = try window.peekBehindSpace() else { return breakOff() }
          if behind == UInt8(ascii: "]") { continue }
        }
        place = .array(level: level, isFirst: false)
        if try window.peekBehindSpace() == UInt8(ascii: "{") { return .record }
        guard try window.skipValue() else { return breakOff() }
        return .stranger
      case .key(let level):
        if byte == UInt8(ascii: "}") {
          window.position += 1
          place = level == 0 ? .top : .behindValue(level: level - 1)
          continue
        }
        guard let isRecord = try step(level) else { return breakOff() }
        if isRecord { return .record }
      case .behindValue(let level):
        window.position += 1
        if byte == UInt8(ascii: ",") {
          place = .key(level: level)
        } else if byte == UInt8(ascii: "}") {
          place = level == 0 ? .top : .behindValue(level: level - 1)
        } else {
          return breakOff()
        }
      }
    }
  }

  /// Past a key and its value, or into the value where the path leads there.
  /// - Returns: whether a record begins; `nil` where the text is broken.
  private mutating func step(_ level: Int) throws(ReadTrouble) -> Bool? {
    guard let key = try window.takeKey(), let byte = try window.peekBehindSpace() else {
      return nil
    }
    place = .behindValue(level: level)
    guard key == path[level] else { return try window.skipValue() ? false : nil }
    let isLast = level == path.count - 1
    switch byte {
    case UInt8(ascii: "[") where isLast:
      window.position += 1
      hasFound = true
      place = .array(level: level + 1, isFirst: true)
      return false
    case UInt8(ascii: "{") where isLast:
      // One record where others have an array.
      hasFound = true
      return true
    case UInt8(ascii: "{"):
      window.position += 1
      place = .key(level: level + 1)
      return false
    default: return try window.skipValue() ? false : nil
    }
  }

  /// Past a record that is not well formed.
  /// - Parameter at: how far it could be read.
  /// - Returns: whether what follows can be told.
  mutating func passMalformed(at: Int) throws(ReadTrouble) -> Bool {
    if isAtTop {
      try window.skipLine(from: at)
      return true
    }
    guard try window.skipValue() else {
      place = .over
      return false
    }
    let behind = try window.peekBehindSpace()
    let ends: Set<UInt8> = [UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")]
    if let behind, ends.contains(behind) { return true }
    place = .over
    return false
  }

  /// The file ends within a record.
  mutating func stop() { place = .over }

  private mutating func breakOff() -> Step {
    place = .over
    return .brokenOff
  }
}

/// Steps that are taken outside of records, over text of any length.
extension JSONWindow {
  /// Past the value at the position. Looks at brackets and strings only.
  /// - Returns: `false` when the file ends before the value does, or a bracket closes too many.
  mutating func skipValue() throws(ReadTrouble) -> Bool {
    var depth = 0
    while let byte = try peekBehindSpace() {
      switch byte {
      case UInt8(ascii: "\""):
        guard try skipString() else { return false }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return false }
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        if depth == 0 { return false }
        position += 1
        continue
      default:
        try skipWord()
      }
      if depth == 0 { return true }
    }
    return false
  }

  /// The key at the position, and its colon. Of a key longer than a path may be only the beginning.
  /// - Returns: `nil` where there is none.
  mutating func takeKey() throws(ReadTrouble) -> [UInt8]? {
    guard try peekBehindSpace() == UInt8(ascii: "\"") else { return nil }
    var key: [UInt8] = []
    position += 1
    while let byte = try peek(), byte != UInt8(ascii: "\"") {
      position += 1
      if key.count < 1024 { key.append(byte) }
      if byte == UInt8(ascii: "\\"), let escaped = try peek() {
        position += 1
        if key.count < 1024 { key.append(escaped) }
      }
    }
    guard try peek() != nil else { return nil }
    position += 1
    guard try peekBehindSpace() == UInt8(ascii: ":") else { return nil }
    position += 1
    return key
  }

  /// To the line behind the one that holds `at`, or to the line itself where another record begins
  /// there: what lies before was left open.
  mutating func skipLine(from at: Int) throws(ReadTrouble) {
    var line = at
    while line > position, bytes[line - 1] != 0x0A { line -= 1 }
    if line > position, line < filled, bytes[line] == UInt8(ascii: "{") {
      position = line
      return
    }
    position = at
    while let byte = try peek() {
      position += 1
      if byte == 0x0A { return }
    }
  }

  private mutating func skipString() throws(ReadTrouble) -> Bool {
    position += 1
    while let byte = try peek() {
      position += 1
      if byte == UInt8(ascii: "\"") { return true }
      if byte == UInt8(ascii: "\\") {
        if try peek() == nil { return false }
        position += 1
      }
    }
    return false
  }

  /// A number or a literal.
  private mutating func skipWord() throws(ReadTrouble) {
    while let byte = try peek() {
      switch byte {
      case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "{"),
        UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"):
        if byte < 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { position += 1 }
        return
      default: position += 1
      }
    }
  }
}
