/// From the bytes of a cell to its text: decoded, `""` made `"`, trimmed, null words emptied.
struct CellText: ~Copyable {
  /// Bytes so far that stand for no character in windows-1252.
  private(set) var badBytes = 0
  private let nullWords: [[UInt8]]
  private var scratch = ByteScratch()

  init(nullWords: [String]) {
    self.nullWords = nullWords.map { Array($0.lowercased().utf8) }
  }

  /// The trimmed text of a cell in UTF-8; empty for a null word, a short row, or no column.
  /// Good only until the next call.
  mutating func bytes(_ row: RowFields, _ column: Int?) -> UnsafeBufferPointer<UInt8> {
    let none = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    guard let column else { return none }
    let raw = CellText.trimmed(row[column])
    if raw.isEmpty { return none }
    let hasQuotes = row.hasDoubledQuotes(column)
    let text =
      hasQuotes || (row.isWindows1252 && !raw.allSatisfy { $0 < 0x80 })
      ? decode(raw, hasQuotes, row.isWindows1252) : raw
    let bare = CellText.withoutHardSpaces(text)
    return isNull(bare) ? none : bare
  }

  mutating func string(_ row: RowFields, _ column: Int?) -> String {
    String(decoding: bytes(row, column), as: UTF8.self)
  }

  /// The cells of several columns that are not empty, joined with ", "; the lines of a cell too, in
  /// whatever way they are parted (see ``lines(of:)``).
  mutating func joined(_ row: RowFields, _ columns: [Int]) -> String {
    if columns.count == 1 {
      let text = bytes(row, columns[0])
      if !CellText.mayHaveLines(text) { return String(decoding: text, as: UTF8.self) }
    }
    var joined: [UInt8] = []
    for column in columns {
      for line in CellText.lines(of: bytes(row, column)) {
        if !joined.isEmpty { joined += [UInt8(ascii: ","), UInt8(ascii: " ")] }
        joined.append(contentsOf: line)
      }
    }
    return String(decoding: joined, as: UTF8.self)
  }

  /// A cell of several lines with one way to part them: LF. Blank lines are left out.
  mutating func lines(_ row: RowFields, _ column: Int?) -> String {
    let text = bytes(row, column)
    if !CellText.mayHaveLines(text) { return String(decoding: text, as: UTF8.self) }
    return CellText.lines(of: text).map { String(decoding: $0, as: UTF8.self) }
      .joined(separator: "\n")
  }

  /// Lines end with CR, LF or both, and where a system has no room for line ends, with a backslash
  /// and an n, or with a bar between spaces.
  private static func lines(
    of text: UnsafeBufferPointer<UInt8>
  ) -> [UnsafeBufferPointer<UInt8>] {
    var lines: [UnsafeBufferPointer<UInt8>] = []
    var start = 0
    func end(_ at: Int) {
      let line = trimmed(UnsafeBufferPointer(rebasing: text[start..<at]))
      if !line.isEmpty { lines.append(line) }
    }
    var at = 0
    while at < text.count {
      let next = at + 1 < text.count ? text[at + 1] : 0
      let width: Int
      switch text[at] {
      case 0x0A, 0x0D: width = 1
      case UInt8(ascii: "\\") where next == UInt8(ascii: "n"): width = 2
      // "\r\n" so written: the r goes with the n.
      case UInt8(ascii: "\\")
      where next == UInt8(ascii: "r") && at + 3 < text.count
        && text[at + 2] == UInt8(ascii: "\\") && text[at + 3] == UInt8(ascii: "n"):
        width = 4
      case UInt8(ascii: "|") where next <= 0x20 && at > 0 && text[at - 1] <= 0x20: width = 1
      default: width = 0
      }
      if width == 0 {
        at += 1
      } else {
        end(at)
        at += width
        start = at
      }
    }
    end(text.count)
    return lines
  }

  private static func mayHaveLines(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.contains {
      $0 == 0x0A || $0 == 0x0D || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "|")
    }
  }

  private mutating func decode(
    _ raw: UnsafeBufferPointer<UInt8>, _ hasQuotes: Bool, _ isWindows1252: Bool
  ) -> UnsafeBufferPointer<UInt8> {
    let text = scratch.room(for: 3 * raw.count)
    var count = 0
    var at = 0
    while at < raw.count {
      let byte = raw[at]
      at += 1
      if isWindows1252, byte >= 0x80 {
        if isUndefinedInWindows1252(byte) { badBytes += 1 }
        count += putWindows1252(byte, at: text + count)
        continue
      }
      text[count] = byte
      count += 1
      if hasQuotes, byte == UInt8(ascii: "\""), at < raw.count, raw[at] == byte { at += 1 }
    }
    return UnsafeBufferPointer(start: text, count: count)
  }

  private func isNull(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    for word in nullWords where word.count == text.count {
      if zip(word, text).allSatisfy({ $0 == ($1 &- 0x41 <= 25 ? $1 | 0x20 : $1) }) { return true }
    }
    return false
  }

  /// Without ASCII white space and controls at both ends.
  static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = text.count
    while start < end, text[start] <= 0x20 { start &+= 1 }
    while end > start, text[end &- 1] <= 0x20 { end &-= 1 }
    return UnsafeBufferPointer(rebasing: text[start..<end])
  }

  static func trimmed(_ text: String) -> String {
    var text = text
    return text.withUTF8 { String(decoding: trimmed($0), as: UTF8.self) }
  }

  /// UTF-8 without no-break spaces (U+00A0) and white space at both ends, and without the mark that
  /// stands in the middle of a file where two were put one behind the other.
  private static func withoutHardSpaces(
    _ text: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    var text = text
    while text.count >= 2 {
      if text[0] == 0xC2, text[1] == 0xA0 {
        text = trimmed(UnsafeBufferPointer(rebasing: text[2...]))
      } else if text[text.count - 1] == 0xA0, text[text.count - 2] == 0xC2 {
        text = trimmed(UnsafeBufferPointer(rebasing: text[..<(text.count - 2)]))
      } else if text.starts(with: byteOrderMark) {
        text = trimmed(UnsafeBufferPointer(rebasing: text[3...]))
      } else {
        break
      }
    }
    return text
  }
}

/// U+FEFF in UTF-8.
let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

/// Memory for one text, kept from cell to cell.
private struct ByteScratch: ~Copyable {
  private var memory: UnsafeMutablePointer<UInt8>
  private var capacity: Int

  init() {
    capacity = 4096
    memory = .allocate(capacity: capacity)
  }

  deinit { memory.deallocate() }

  mutating func room(for count: Int) -> UnsafeMutablePointer<UInt8> {
    if count > capacity {
      memory.deallocate()
      capacity = count
      memory = .allocate(capacity: capacity)
    }
    return memory
  }
}
