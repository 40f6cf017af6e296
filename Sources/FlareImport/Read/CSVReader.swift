import CScan
import Glibc

/// Reads comma-separated values (RFC 4180) row by row in memory that does not grow with the file.
///
/// Rows end with CRLF, LF or CR. A quote opens a quoted field only as the field's first byte; in it
/// `""` is one quote, and delimiters and line ends are text. Anything behind the closing quote
/// makes the row malformed. A row that is malformed, open at the end of the file, or longer than
/// ``rowLimit`` costs its first physical line only: reading goes on with the line behind it.
///
/// The machine jumps from one structural byte to the next by two bit masks over the buffer (see
/// `scan.h`): where fields can end, and where quotes are. Bytes that are neither are not looked at.
/// Zero bytes are taken out before anything else.
struct CSVReader: RowReader, ~Copyable {
  /// The longest row, in bytes of UTF-8.
  static let rowLimit = 1 << 20
  /// As many as a spreadsheet has. Fields behind them are counted and not kept.
  static let columnLimit = 16_384
  private static let chunk = 256 << 10
  private static let slack = 256

  private var source: ByteSource
  private let delimiter: UInt8
  private let bytes: UnsafeMutablePointer<UInt8>
  private let ends: UnsafeMutablePointer<UInt64>
  private let quotes: UnsafeMutablePointer<UInt64>
  private let found: UnsafeMutablePointer<Field>
  /// Of the buffer, in bytes: no larger than a short file needs.
  private let capacity: Int
  /// Start of the row that comes next, and the end of what is in the buffer.
  private var position = 0
  private var filled = 0
  private var isAtEnd = false

  private var fieldCount = 0
  /// Of the line last passed over, in the buffer; empty where it was longer than that.
  private var line = 0..<0
  private var endsWithFile = false
  /// Zero bytes that were taken out so far.
  private(set) var zeroBytes = 0

  var encoding: TextEncoding { source.encoding }
  var account: ReaderAccount {
    ReaderAccount(
      format: .csv, encoding: source.encoding.name,
      delimiter: Delimiter(rawValue: delimiter)?.name ?? "", zeroBytes: zeroBytes,
      badCharacters: source.badCharacters)
  }

  /// The row last read. Good until the next call of ``next()``.
  var fields: RowFields {
    RowFields(
      bytes: bytes, fields: found, count: min(fieldCount, CSVReader.columnLimit),
      total: fieldCount, endsWithFile: endsWithFile,
      isWindows1252: source.encoding == .windows1252)
  }

  /// The line of a row that cannot be read, without its end.
  var passed: UnsafeRawBufferPointer? {
    line.isEmpty ? nil : UnsafeRawBufferPointer(start: bytes + line.lowerBound, count: line.count)
  }

  init(_ source: ByteSource, delimiter: UInt8) {
    self.source = source
    self.delimiter = delimiter
    // As UTF-8 a file is half as long again at most; one that grows meanwhile is refused later.
    capacity = min(
      CSVReader.rowLimit + CSVReader.chunk,
      2 * min(source.size, CSVReader.rowLimit) + CSVReader.slack)
    bytes = .allocate(capacity: capacity + CSVReader.padding)
    ends = .allocate(capacity: capacity / 64 + 2)
    quotes = .allocate(capacity: capacity / 64 + 2)
    found = .allocate(capacity: min(CSVReader.columnLimit, capacity + 1))
    scan(from: 0)
  }

  deinit {
    bytes.deallocate()
    ends.deallocate()
    quotes.deallocate()
    found.deallocate()
  }

  mutating func next() throws(ReadTrouble) -> RowEvent {
    while true {
      if position == filled, isAtEnd { return .end }
      switch walk() {
      case .complete(let end):
        if end - position > CSVReader.rowLimit { return try passLine(.malformedQuotes) }
        position = end
        return .row
      case .needsMore:
        if filled - position > CSVReader.rowLimit { return try passLine(.malformedQuotes) }
        try refill()
      case .malformed: return try passLine(.malformedQuotes)
      case .open: return try passLine(.cutOff)
      }
    }
  }

  private enum Walk {
    case complete(end: Int)
    case needsMore
    case malformed
    case open
  }

  /// Finds the fields of the row at ``position``.
  @inline(__always)
  private mutating func walk() -> Walk {
    let (bytes, ends, quotes, found) = (bytes, ends, quotes, found)
    let (filled, isAtEnd, delimiter) = (filled, isAtEnd, delimiter)
    var at = position
    var count = 0
    while true {
      let field: Field
      if bytes[at] == UInt8(ascii: "\""), at < filled {
        var close = at &+ 1
        var doubled = false
        while true {
          close = CSVReader.nextBit(quotes, close)
          if close == filled { return isAtEnd ? .open : .needsMore }
          if bytes[close &+ 1] != UInt8(ascii: "\"") { break }
          doubled = true
          close &+= 2
        }
        field = Field(start: at &+ 1, end: close, hasDoubledQuotes: doubled)
        at = close &+ 1
      } else {
        let end = CSVReader.nextBit(ends, at)
        field = Field(start: at, end: end)
        at = end
      }
      if count < CSVReader.columnLimit { found[count] = field }
      count &+= 1
      if at == filled {
        if !isAtEnd { return .needsMore }
        fieldCount = count
        endsWithFile = true
        return .complete(end: at)
      }
      let byte = bytes[at]
      at &+= 1
      if byte == delimiter { continue }
      if byte == UInt8(ascii: "\r") {
        if at == filled, !isAtEnd { return .needsMore }
        if bytes[at] == UInt8(ascii: "\n"), at < filled { at &+= 1 }
      } else if byte != UInt8(ascii: "\n") {
        return .malformed
      }
      fieldCount = count
      endsWithFile = false
      return .complete(end: at)
    }
  }

  /// The first set bit at or after a position; one is always set at ``filled``.
  @inline(__always)
  private static func nextBit(_ masks: UnsafePointer<UInt64>, _ from: Int) -> Int {
    var block = from &>> 6
    var word = masks[block] & (~0 &<< UInt64(truncatingIfNeeded: from & 63))
    while word == 0 {
      block &+= 1
      word = masks[block]
    }
    return block &<< 6 | word.trailingZeroBitCount
  }

  /// Goes to the line behind the first physical line of the row at ``position``.
  ///
  /// A row beyond the limit whose first line is short was held together by a quote.
  private mutating func passLine(_ event: RowEvent) throws(ReadTrouble) -> RowEvent {
    var passed = 0
    var at = position
    while true {
      let end = CSVReader.nextBit(ends, at)
      if end == filled, !isAtEnd {
        passed += filled - position
        position = filled
        try refill()
        at = position
        continue
      }
      let byte = bytes[end]
      if end < filled, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
        at = end + 1
        continue
      }
      if end < filled, byte == UInt8(ascii: "\r"), end + 1 == filled, !isAtEnd {
        passed += end - position
        position = end
        try refill()
        at = position
        continue
      }
      let isCRLF = end + 1 < filled && byte == UInt8(ascii: "\r") && bytes[end + 1] == 0x0A
      let behind = min(filled, end + (isCRLF ? 2 : 1))
      line = passed == 0 ? position..<end : 0..<0
      passed += behind - position
      position = behind
      return passed > CSVReader.rowLimit ? .tooLong : event
    }
  }

  /// Moves the unread bytes to the front and reads a chunk behind them.
  private mutating func refill() throws(ReadTrouble) {
    let kept = filled - position
    var first = filled >> 6
    if position > 0 {
      memmove(bytes, bytes + position, kept)
      position = 0
      filled = kept
      first = 0
    }
    let room = min(CSVReader.chunk, capacity - kept)
    let count = room < CSVReader.slack / 2 ? 0 : try source.fill(bytes + kept, capacity: room)
    filled = kept + count
    if count == 0 {
      isAtEnd = true
      try source.confirmEnd()
    }
    var seen = scan(from: first)
    if seen & CSCAN_NUL != 0 {
      dropZeros(from: kept)
      seen = scan(from: first)
    }
    if seen & CSCAN_NON_ASCII != 0 || source.isMidway {
      try source.confirm(bytes + kept, filled - kept)
    }
  }

  /// Fills the masks from a block on and sets the bit behind the last byte in both.
  @discardableResult
  private func scan(from first: Int) -> UInt32 {
    let block = filled >> 6
    memset(bytes + filled, 0x20, CSVReader.padding)
    let seen = cscan_masks(
      bytes + first << 6, block - first + 1, delimiter, ends + first, quotes + first)
    ends[block] |= 1 << UInt64(filled & 63)
    quotes[block] |= 1 << UInt64(filled & 63)
    return seen
  }

  /// Two blocks: the rest of the last one, and what the machine looks at behind the last byte.
  private static let padding = 128

  private mutating func dropZeros(from start: Int) {
    var kept = start
    for at in start..<filled where bytes[at] != 0 {
      bytes[kept] = bytes[at]
      kept += 1
    }
    zeroBytes += filled - kept
    filled = kept
  }
}
