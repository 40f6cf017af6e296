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

  /// The cells of several columns that are not empty, joined with ", "; line ends within a cell
  /// become ", " too.
  mutating func joined(_ row: RowFields, _ columns: [Int]) -> String {
    if columns.count == 1 {
      let text = bytes(row, columns[0])
      if !text.contains(where: CellText.endsLine) { return String(decoding: text, as: UTF8.self) }
    }
    var joined: [UInt8] = []
    for column in columns {
      for line in bytes(row, column).split(whereSeparator: CellText.endsLine) {
        let line = CellText.trimmed(UnsafeBufferPointer(rebasing: line))
        if line.isEmpty { continue }
        if !joined.isEmpty { joined += [UInt8(ascii: ","), UInt8(ascii: " ")] }
        joined.append(contentsOf: line)
      }
    }
    return String(decoding: joined, as: UTF8.self)
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

  private static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Without ASCII white space and controls at both ends.
  static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = text.count
    while start < end, text[start] <= 0x20 { start &+= 1 }
    while end > start, text[end &- 1] <= 0x20 { end &-= 1 }
    return UnsafeBufferPointer(rebasing: text[start..<end])
  }

  /// UTF-8 without no-break spaces (U+00A0) and white space at both ends.
  private static func withoutHardSpaces(
    _ text: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    var text = text
    while text.count >= 2 {
      if text[0] == 0xC2, text[1] == 0xA0 {
        text = trimmed(UnsafeBufferPointer(rebasing: text[2...]))
      } else if text[text.count - 1] == 0xA0, text[text.count - 2] == 0xC2 {
        text = trimmed(UnsafeBufferPointer(rebasing: text[..<(text.count - 2)]))
      } else {
        break
      }
    }
    return text
  }
}

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
